"""What documents said when they were imported, so that a later import knows what changed since.

Without it an edit by the learner would look like an edit of the document, and be undone by the next
import. It can be lost: questions are then matched by their wording.
"""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from corpus.deck import write_text
from corpus.model import Question
from corpus.naming import fingerprint


class Ledger:
    """Per document, which wording and answer became which question id.

    Of a deck (`whole`) all that a question says counts, not its wording and answer alone, and its id
    is its own.
    """

    def __init__(self, path: Path, whole: bool = False) -> None:
        self._path = path
        self._whole = whole
        self._changed = False
        self._ids: dict[str, list[str]] = {}
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            self._ids = {str(k): [str(i) for i in v] for k, v in data.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            self._ids = {}
        self._latest = {(_title(key), name): key for key, ids in self._ids.items() for name in ids}

    def ids(self, question: Question) -> list[str]:
        """The ids under which exactly this was imported last from the same documents."""
        known = [i for key in self._keys(question) for i in self._ids.get(key, ())]
        return list(dict.fromkeys((*known, question.id) if self._whole else known))

    def holds(self, name: str, question: Question) -> bool:
        """True if `question`, as the document has it, is what was last imported as `name`."""
        keys = self._keys(question)
        return bool(keys) and all(name in self._ids.get(key, ()) for key in keys)

    def note(self, name: str, question: Question) -> None:
        """Remember that `question` was imported as `name`."""
        for key in self._keys(question):
            known = self._ids.setdefault(key, [])
            if name not in known:
                known.append(name)
                self._forget(name, self._latest.get((_title(key), name), ""))
                self._latest[_title(key), name] = key
                self._changed = True

    def _forget(self, name: str, key: str) -> None:
        # A document that goes back to what it said before has changed once more.
        if key:
            self._ids[key].remove(name)
            if not self._ids[key]:
                del self._ids[key]

    def save(self) -> None:
        """Write what was noted."""
        if self._changed:
            write_text(self._path, json.dumps(self._ids, indent=0, sort_keys=True))
            self._changed = False

    def _keys(self, question: Question) -> list[str]:
        if self._whole:
            return [f"deck:{sha256(question.model_dump_json().encode()).hexdigest()[:16]}"]
        said = "\n".join((question.ask, *question.options, question.answer))
        return [f"{source.title}:{fingerprint(said, 16)}" for source in question.sources]


def _title(key: str) -> str:
    return key.rpartition(":")[0]
