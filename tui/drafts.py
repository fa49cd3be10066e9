"""What the learner has typed and not yet had acknowledged, kept on disk by the front end itself.

It survives a front end that is killed while the engine is away, and lets an answer whose
acknowledgement was lost be sent again under the same turn id.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Pending:
    """An answer that was sent and not acknowledged. `place` is where it belongs."""

    place: str
    kind: str
    text: str
    turn: str
    confidence: int = 0


class Drafts:
    """One file with the draft of one place (session and question) and the pending answers."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "front-end-draft.json"
        self._place = ""
        self._text = ""
        self._pending: dict[str, Pending] = {}
        self.answers = 0  # ever sent from here: who has sent some needs no hint how
        self._load()

    def _load(self) -> None:
        with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
            data: dict[str, Any] = json.loads(self._path.read_text("utf-8"))
            self._place, self._text = str(data.get("place", "")), str(data.get("text", ""))
            self.answers = int(data.get("answers", 0))
            for item in data.get("pending", []):
                pending = Pending(**item)
                self._pending[pending.turn] = pending

    def draft(self, place: str) -> str:
        """What was typed at `place` and not sent."""
        return self._text if place and place == self._place else ""

    def keep(self, place: str, text: str) -> None:
        """Saves the draft of `place`; the draft of another place is given up."""
        if (place, text) != (self._place, self._text):
            self._place, self._text = place, text
            self._save()

    def sent(self, pending: Pending) -> None:
        """An answer leaves: its text is no draft any more but must not be lost."""
        self._pending[pending.turn] = pending
        self._place, self._text = pending.place, ""
        self.answers += 1
        self._save()

    def settled(self, turn: str) -> None:
        """An answer was acknowledged, or refused and given back to the learner."""
        if self._pending.pop(turn, None) is not None:
            self._save()

    def pending(self, session: str) -> list[Pending]:
        """What was sent in `session` without an acknowledgement."""
        return [one for one in self._pending.values() if one.place.split("/")[0] == session]

    def _save(self) -> None:
        items = [{f: getattr(one, f) for f in Pending.__slots__} for one in self._pending.values()]
        data = {
            "place": self._place,
            "text": self._text,
            "pending": items,
            "answers": self.answers,
        }
        beside = self._path.with_suffix(".part")
        with contextlib.suppress(OSError):  # a full or read-only disk
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(json.dumps(data), "utf-8", "replace")
            beside.replace(self._path)
