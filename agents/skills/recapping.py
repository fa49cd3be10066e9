"""The built-in recap writer: each sentence is one fact, and names it."""

from __future__ import annotations

from agents.briefs import Recap, RecapBrief, Sentence


def write_recap(brief: RecapBrief) -> Recap:
    """The facts as they stand, at most six, in the order given (most useful first)."""
    return Recap(sentences=[Sentence(text=fact.text, events=[fact.id]) for fact in brief.facts[:6]])
