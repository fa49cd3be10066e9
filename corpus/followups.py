"""Follow-ups for points that nobody wrote follow-ups for: worded from the kind of the point.

Nothing of the point's own words goes into them. The one-word prompt gives the first letter and the
length of the word that is looked for, as in a crossword.
"""

from __future__ import annotations

import re
from typing import TypedDict

from corpus.words import STOP, content, shared, tokens

_KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    ("example", frozenset("example instance e.g such".split())),
    (
        "limit",
        frozenset("but however drawback disadvantage cost limit fail fails cannot risk".split()),
    ),
    ("reason", frozenset("because since due therefore hence reason".split())),
    ("contrast", frozenset("whereas unlike while rather instead differ differs than".split())),
    ("figure", frozenset(("figure",))),
    ("condition", frozenset("when if during unless only where until".split())),
    ("purpose", frozenset("used helps help allows allow enables enable".split())),
    (
        "effect",
        frozenset("leads lead causes results improves reduces increases makes make".split()),
    ),
    ("meaning", frozenset("is are means refers stands called".split())),
)
"""Words that show what sort of statement a point is; a digit makes it a figure."""

_PROBES = {
    "example": "What would be an instance of that in practice?",
    "limit": "What speaks against it, or where does it stop working?",
    "reason": "Why is that so?",
    "contrast": "How does that compare with the alternative?",
    "figure": "Can you put something more exact to that?",
    "condition": "Under which circumstances does that apply?",
    "purpose": "What is it good for?",
    "effect": "What follows from it?",
    "meaning": "What exactly is meant?",
    "item": "What else belongs on the list?",
    "other": "What else belongs to a full answer?",
}

_HINTS = {
    "example": "Something concrete is still missing.",
    "limit": "Think about the other side of the coin.",
    "reason": "You have said that it happens; the ground for it is still missing.",
    "contrast": "Set it beside what people would do otherwise.",
    "figure": "Something that can be counted or named exactly is missing.",
    "condition": "It does not always hold: think about the situation.",
    "purpose": "Think about what somebody gains from it.",
    "effect": "Go one step further along the chain.",
    "meaning": "Try to pin it down in one sentence.",
    "item": "One more of the same sort is missing.",
    "other": "One part of the answer has not come up yet.",
}


class FollowUps(TypedDict):
    """The fields of an expectation that aim a follow-up at it."""

    probe: str
    hint: str
    prompt: str
    words: tuple[str, ...]


def followups(text: str, question: str = "", *, listed: bool = False) -> FollowUps:
    """Probe, hint and one-word prompt for the point `text`; `listed` if it is an item of a list."""
    kind = "item" if listed else _kind(text)
    word = _key_word(text, content(question))
    probe, hint = _PROBES[kind], _HINTS[kind]
    if word and shared((word.lower(),), content(f"{probe} {hint}")):
        probe, hint = _PROBES["other"], _HINTS["other"]
    if not word:
        return FollowUps(probe=probe, hint=hint, prompt="", words=())
    prompt = (
        f"Which word is missing? It begins with {word[0].upper()} and has {len(word)} characters."
    )
    return FollowUps(probe=probe, hint=hint, prompt=prompt, words=(word,))


def _kind(text: str) -> str:
    words = set(tokens(text))
    if _DIGIT.search(text):
        words.add("figure")
    return next((kind for kind, signs in _KINDS if not words.isdisjoint(signs)), "other")


_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9+#-]+[A-Za-z0-9+#]")
_DIGIT = re.compile(r"\d")
_LABEL = re.compile(r"[^:.]{2,40}:\s+(?=\S+\s)")


def _key_word(text: str, asked: frozenset[str]) -> str:
    """The most telling word of the point: not in the question, a name or a long word."""
    label = _LABEL.match(text)
    text = text[label.end() :] if label else text
    best, most = "", 0
    for match in _WORD.finditer(text):
        word = match.group()
        name = not word[1:].islower() or (match.start() > 0 and not word[0].islower())
        worth = min(len(word), 12) + 6 * name - 2 * word.endswith(("ing", "ly", "ed"))
        if not best or worth > most:
            low = word.lower()
            if low not in STOP and not shared((low,), asked):
                best, most = word, worth
    return best
