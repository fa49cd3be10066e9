"""What documents said when they were imported, so that a later import knows what changed since.

Without it an edit by the learner would look like an edit of the document, and be undone by the next
import. It can be lost: questions are then matched by their wording.
"""

from __future__ import annotations

import json
from pathlib import Path

from corpus.deck import write_text
from corpus.model import Question
from corpus.naming import fingerprint


class Ledger:
    """Per document, which wording and answer became which question id."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._changed = False
        self._ids: dict[str, list[str]] = {}
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            self._ids = {str(k): [str(i) for i in v] for k, v in data.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            self._ids = {}

    def ids(self, question: Question) -> list[str]:
        """The ids under which exactly this was imported before from the same documents."""
        return list(dict.fromkeys(i for key in _keys(question) for i in self._ids.get(key, ())))

    def holds(self, name: str, question: Question) -> bool:
        """True if `question`, as the document has it, is what was imported as `name`."""
        keys = _keys(question)
        return bool(keys) and all(name in self._ids.get(key, ()) for key in keys)

    def note(self, name: str, question: Question) -> None:
        """Remember that `question` was imported as `name`."""
        for key in _keys(question):
            known = self._ids.setdefault(key, [])
            if name not in known:
                known.append(name)
                self._changed = True

    def save(self) -> None:
        """Write what was noted."""
        if self._changed:
            write_text(self._path, json.dumps(self._ids, indent=0, sort_keys=True))
            self._changed = False


def _keys(question: Question) -> list[str]:
    said = "\n".join((question.ask, *question.options, question.answer))
    return [f"{source.title}:{fingerprint(said, 16)}" for source in question.sources]
