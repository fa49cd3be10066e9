"""Question banks: the questions that stand in a text or in rows, with their answers. No guessing."""

from corpus.banks.choose import find_questions
from corpus.banks.found import Found

__all__ = ["Found", "find_questions"]
