"""Question banks: the questions that stand in a text or in rows, with their answers. No guessing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corpus.banks.choose import find_questions
    from corpus.banks.found import Found

__all__ = ["Found", "find_questions"]


def __getattr__(name: str) -> Any:
    """The readings are imported when a document is read: most commands only need `inline`."""
    from importlib import import_module

    module = {"find_questions": "corpus.banks.choose", "Found": "corpus.banks.found"}.get(name)
    if module is None:
        raise AttributeError(name)
    return getattr(import_module(module), name)
