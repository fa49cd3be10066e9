"""A long sentence cut into claims that each stand alone: every part has a subject of its own, or gets
that of the sentence. Where neither is certain the sentence stays whole."""

from __future__ import annotations

import re

from corpus.verbs import ACTIONS, VERBS, base
from corpus.words import is_plural

_LEAST_WORDS = 14
_HELPERS = frozenset("is are was were has have can cannot may must will should does do".split())
_FINITE = frozenset(VERBS | ACTIONS | _HELPERS)
_BASES = frozenset(map(base, VERBS | ACTIONS))
_PARTICIPLES = {
    f"{verb.removesuffix('e')}ing": verb
    for verb in """allow avoid cause decrease enable ensure force give help improve increase keep lead
    lower make prevent reduce remove require result""".split()
}
_NO_START = _FINITE | _BASES | _PARTICIPLES.keys() | {"which"}
_SEAMS = (
    re.compile(r";\s+"),
    re.compile(r",?\s+(?:but|whereas|while|although|however)\s+"),
    re.compile(rf",\s+(?=(?:which|{'|'.join(_PARTICIPLES)})\s)"),
    re.compile(r"\s+[—–]\s+"),
    re.compile(rf",?\s+and\s+(?=(?:(?:it|they)\s+)?(?:{'|'.join(sorted(_FINITE | _BASES))})\s)"),
)
_SERIES = re.compile(rf",\s+(?:{'|'.join(sorted(_FINITE))})\s")
_NESTED = re.compile(
    r"\b(?:that|which|who|whose|where|when|if|because|since|as|unless|how|why)\b", re.I
)
_PRONOUN = re.compile(r"(?:it|they|this|these|those|he|she|such|both|its|their|there)\b", re.I)
_NAMED = re.compile(r"(?:[\w-]+ ){1,2}?(?:is|are|was|were|has|have|can|may|must|will)\b")
_THERE = re.compile(r"\bthere (?:is|are|was|were)\b", re.I)
_NO_CLAIM = re.compile(r"(?:see|for example|for instance|e\.g\.|i\.e\.|refer to)\b", re.I)
_NO_SUBJECT = re.compile(
    r"^(?:in|on|at|for|with|by|to|from|if|when|while|after|before|since|as|because|although|unlike|"
    r"it|they|this|that|these|those|you|we|i|he|she|there|here|what|which|who|not|no|each|both)\b|[,;:(]",
    re.I,
)


def clauses(sentence: str) -> list[str]:
    """The sentence cut at the first kind of seam where every part can stand alone."""
    if len(sentence.split()) < _LEAST_WORDS:
        return [sentence]
    for seam in _SEAMS:
        parts = [p.strip(" ,;.") for p in seam.split(sentence)]
        if len(parts) < 2 or any(len(p.split()) < 4 or p.count("(") != p.count(")") for p in parts):
            continue
        if _SERIES.search(parts[0]) and seam is _SEAMS[-1]:
            continue  # One of three things that the subject does would stay with the first.
        made = [parts[0], *(_whole(p, parts[0]) for p in parts[1:])]
        if all(made):
            return [p[0].upper() + p[1:] for p in made]
    return [sentence]


def subject_of(sentence: str) -> str:
    """The noun phrase that a sentence begins with, before its verb; "" if that is not certain."""
    words = sentence.split()
    for place in range(1, min(len(words), 8)):
        word, before = words[place].lower(), words[place - 1]
        plural = word in _BASES and is_plural(before)
        if word in _FINITE or plural:
            place -= before.endswith("ly")
            subject = " ".join(words[:place])
            if not plural and word not in _HELPERS and is_plural(subject):
                return ""
            return "" if _NO_SUBJECT.search(subject) or _NESTED.search(subject) else subject
    return ""


def _whole(part: str, first: str) -> str:
    """`part` as a claim with a subject, that of the `first` part if it has none; "" if it cannot be one."""
    if _NO_CLAIM.match(part):
        return ""
    start, _, rest = part.partition(" ")
    start = start.lower()
    if start not in _FINITE and _NAMED.match(rest):
        return part if subject_of(part) else ""  # "record IDs are ...": the verb was a noun
    if start not in _NO_START and not _PRONOUN.match(part):
        return part if subject_of(part) else ""
    subject = subject_of(first)
    if not subject or _NESTED.search(first):
        return ""
    plural = is_plural(subject)
    if start in ("it", "they"):
        return f"{subject} {rest}" if plural == (start == "they") else ""
    if start == "which":
        if _THERE.search(first):
            return ""
        start, _, rest = rest.partition(" ")
        if start not in VERBS | ACTIONS or plural:
            return ""
    elif start in _PARTICIPLES:
        if re.search(r"\b(?:is|are|was|were|be|been)\b", first):
            return ""
        start = _PARTICIPLES[start] + "s" * (not plural)
    elif start in _BASES and not plural and start not in _FINITE:
        return ""
    return f"{subject} {start} {rest}"
