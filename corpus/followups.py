"""Follow-ups for points that nobody wrote follow-ups for: worded from the kind of the point.

Nothing of the point's own words goes into them. The one-word prompt gives the first letter and the
length of the word that is looked for, as in a crossword.
"""

from __future__ import annotations

import re
from typing import TypedDict

from corpus.words import STOP, content, stem, tokens

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("example", re.compile(r"for example|for instance|e\.g\.|such as", re.I)),
    (
        "limit",
        re.compile(r"\b(?:but|however|drawback|disadvantage|cost|limit|fail|cannot|risk)", re.I),
    ),
    ("reason", re.compile(r"\b(?:because|since|due to|so that|therefore|hence|reason)\b", re.I)),
    ("contrast", re.compile(r"\b(?:whereas|unlike|while|rather than|instead|differ|than)\b", re.I)),
    ("figure", re.compile(r"\b\d")),
    ("condition", re.compile(r"\b(?:when|if|during|unless|only|where|until)\b", re.I)),
    (
        "purpose",
        re.compile(r"\b(?:used|helps?|allows?|enables?|to (?:avoid|reduce|prevent))\b", re.I),
    ),
    (
        "effect",
        re.compile(r"\b(?:leads?|causes?|results?|improves?|reduces?|increases?|makes?)\b", re.I),
    ),
    ("meaning", re.compile(r"\b(?:is|are|means|refers|stands for|called)\b", re.I)),
)

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
    kind = "item" if listed else next((k for k, p in _KINDS if p.search(text)), "other")
    word = _key_word(text, question)
    probe, hint = _PROBES[kind], _HINTS[kind]
    if word and stem(word.lower()) in content(f"{probe} {hint}"):
        probe, hint = _PROBES["other"], _HINTS["other"]
    if not word:
        return FollowUps(probe=probe, hint=hint, prompt="", words=())
    prompt = (
        f"Which word is missing? It begins with {word[0].upper()} and has {len(word)} characters."
    )
    return FollowUps(probe=probe, hint=hint, prompt=prompt, words=(word,))


def _key_word(text: str, question: str) -> str:
    """The most telling word of the point: not in the question, a name or a long word."""
    asked = {stem(t) for t in tokens(question)}
    best, worth = "", 0.0
    label = re.match(r"[^:.]{2,40}:\s+(?=\S+\s)", text)
    text = text[label.end() :] if label else text
    for match in re.finditer(r"[A-Za-z0-9][A-Za-z0-9+#-]*[A-Za-z0-9+#]", text):
        word = match.group()
        low = word.lower()
        if low in STOP or stem(low) in asked or len(word) < 3:
            continue
        name = sum(c.isupper() for c in word) > 1 or (word[0].isupper() and match.start() > 0)
        score = min(len(word), 12) + 6 * name - 2 * low.endswith(("ing", "ly", "ed"))
        if score > worth:
            best, worth = word, score
    return best
