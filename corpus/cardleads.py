"""Cards from lists: the question that a list answers, by the sentence before it."""

from __future__ import annotations

import re

from corpus.cardrelations import Draft
from corpus.phrasing import is_noun_phrase, lower_first, points_away, unquoted, without_article
from corpus.prose import Prose
from corpus.words import is_plural, sentences

_ARE = re.compile(
    r"^(?:There (?:are|exist)|We (?:have|distinguish)|You can choose from)\s+(.{4,90})$", re.I
)
_HAS = re.compile(
    r"^(.{3,60}?)\s+(consists? of|comprises?|includes?|contains?|involves?|has|have|supports?|"
    r"provides?|offers?)\b"
    r"\s*(?:the|several|many|two|three|four|five|six|seven)?\s*(?:following)?\s*([\w -]{0,50})$"
)
_NOUN = re.compile(
    r"\b((?:main |key |common |typical |possible )?(?:reasons?|ways|types|kinds|steps|factors|advantages|"
    r"disadvantages|functions|causes|effects|consequences|features|elements|uses|sources|forms|categories|"
    r"classes|criteria|objectives|symptoms|tasks|roles|aspects|approaches|methods|techniques|properties|"
    r"principles|rules|conditions|components|"
    r"strategies|goals|benefits|challenges|limitations|phases|stages|layers|levels)\s+(?:of|for|to|in|"
    r"behind|why|"
    r"that|when)\s.{3,70})$",
    re.I,
)
_ADVERB = re.compile(
    r"^(?:Specifically|In particular|Here|Then|Thus|So|However|Also|Typically|Generally),?\s+"
)
_FOLLOWING = re.compile(
    r"\b(?:the )?following\b\s*|,?\s*\bas follows\b|\b(?:such as|including|namely)$"
)
_POINTER = re.compile(r"\b(?:this|these|both|it|they|our|we|you|your|i)\b", re.I)
_SOME = re.compile(r"^(?:the|several|many|various|some|a number of|a few)\s+")
_LOCAL = re.compile(r"\b(?:currently|available|supported)\b")
_NO_KIND = re.compile(r".* that$|\w+(?:ed|en)\b|is\b|are\b|not\b")
_VERB = re.compile(r"\b(?:can|may|must|will|should|is|are|has|have)\b")
_VAGUE = re.compile(
    r"^(?:(?:the|valid|special|possible|available|supported|accepted|allowed|other|current|default) )*"
    r"(?:values?|options?|types?|arguments?|fields?|settings?|flags?|keys?|choices?|modes?|things?)\b",
    re.I,
)
"""Subjects that only mean something where they stand."""


def lead_question(lead: str, prose: Prose) -> Draft | None:
    """The question that a list answers, from the sentence before it that ends with a colon."""
    last = sentences(unquoted(lead.rstrip(": ")))[-1:] or [""]
    text = _FOLLOWING.sub("", _ADVERB.sub("", last[0])).strip(" ,")
    if not text or points_away(text) or _POINTER.search(text) or text.endswith((" that", " so")):
        return None
    if match := _ARE.match(text):
        what = _SOME.sub("", match.group(1))
        return (f"What are the {what}?", 0.8, "enumeration") if prose.about(what) else None
    match = _HAS.match(text)
    if match and is_noun_phrase(match.group(1)) and prose.about(match.group(1)):
        return _has(match, prose)
    match = _NOUN.search(re.sub(r"\s+(?:are|is|includes?)(?: \w+ly)?$", "", text))
    if match and len(match.group(1).split()) <= 12 and not _VERB.search(match.group(1)):
        return f"What are the {lower_first(match.group(1), prose)}?", 0.74, "enumeration"
    return _are(text, prose)


def _has(match: re.Match[str], prose: Prose) -> Draft | None:
    """``The stack consists of the following layers``: subject, verb, and what the items are."""
    subject, verb, what = lower_first(match.group(1), prose), match.group(2), match.group(3).strip()
    if match.group(1).lower().startswith("examples of "):
        return f"What are some {subject}?", 0.74, "enumeration"
    if _VAGUE.search(subject) or _LOCAL.search(subject) or _NO_KIND.match(what):
        return None
    verb = _base(verb)
    does = "do" if is_plural(match.group(1)) else "does"
    if what and not re.match(r"(?:an?|the|one)\b", what):
        return f"Which {what} {does} {subject} {verb}?", 0.74, "enumeration"
    return (f"What {does} {subject} {verb}?", 0.7, "enumeration") if verb != "have" else None


def _base(verb: str) -> str:
    """``has`` as ``have``, ``consists of`` as ``consist of``, ``includes`` as ``include``."""
    if verb in ("has", "have"):
        return "have"
    return "consist of" if " of" in verb else verb.removesuffix("s")


def _are(text: str, prose: Prose) -> Draft | None:
    """``The layers of the stack are``."""
    match = re.match(r"^((?:The |A |An )?.{3,80}?)\s+are$", text)
    if match is None or _VAGUE.search(match.group(1)):
        return None
    if not is_noun_phrase(match.group(1), 8) or not prose.about(match.group(1)):
        return None
    said = lower_first(match.group(1), prose)
    what = said if said != without_article(said) else f"the {said}"
    return f"What are {what}?", 0.72, "enumeration"
