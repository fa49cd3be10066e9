"""Follow-ups for points that nobody wrote follow-ups for: worded from the question and from the kind
and the build of the point.

A probe names what the question names already, the label under which the point stands, or one clause
of it; the hint begins the sentence that is missing, or says what sort of thing it is; the one-word
prompt gives the first letter and the length of the word that is looked for, as in a crossword.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TypedDict

from corpus.openings import after_case, beginning, case_question, small
from corpus.verbs import VERBS, base
from corpus.words import STOP, Asked, tokens

_KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    ("example", frozenset("example instance e.g such".split())),
    (
        "limit",
        frozenset("however drawback disadvantage cost limit fail fails cannot risk".split()),
    ),
    ("reason", frozenset("because since due therefore hence reason".split())),
    ("contrast", frozenset("whereas unlike rather instead differ differs than".split())),
    ("figure", frozenset(("figure",))),
    ("condition", frozenset("when if unless until".split())),
    ("purpose", frozenset("used helps help allows allow enables enable crucial essential".split())),
    (
        "effect",
        frozenset("leads lead causes results improves reduces increases makes make".split()),
    ),
    ("meaning", frozenset("means refers stands called defined".split())),
)
"""Words that show what sort of statement a point is; a digit makes it a figure."""
_RANKS = {word: rank for rank, (_, signs) in enumerate(_KINDS) for word in signs}

_PROBES = {
    "example": "Which concrete example could you give of {topic}?",
    "limit": "What speaks against {topic}, or where does it stop working?",
    "reason": "What is the reason behind {topic}?",
    "contrast": "How does {topic} compare with the alternative?",
    "figure": "Which number matters for {topic}?",
    "condition": "On what does {topic} depend?",
    "purpose": "What is {topic} good for?",
    "effect": "What follows from {topic}?",
    "meaning": "What sort of thing is {topic}, and what sets it apart?",
    "item": "What else belongs to {topic}?",
    "other": "What else is there to say about {topic}?",
}
_PLURAL = {
    "condition": "On what do {topic} depend?",
    "contrast": "How do {topic} compare with the alternative?",
    "purpose": "What are {topic} good for?",
    "meaning": "What sort of things are {topic}, and what sets them apart?",
}
"""The probes that change where the topic is a plural."""
_HINTS = {
    "example": "Something concrete is still missing, a case one could point at.",
    "limit": "The other side of the coin is still missing: a cost, a danger or a limit.",
    "reason": "That it happens is one thing; the ground for it is still missing.",
    "contrast": "Set it beside what people would do otherwise.",
    "figure": "Something is still missing that can be counted or measured.",
    "condition": "It does not always hold: think about the situation.",
    "purpose": "Think about what somebody gains from it.",
    "effect": "Go one step further along the chain of effects.",
    "meaning": "Say what it belongs to, and what others of its kind do not have.",
    "item": "One more of the same sort is missing.",
    "other": "One part of the answer has not come up yet.",
}
_BEGINNINGS = (
    "You could begin like this: {begun}",
    "The missing part can begin so: {begun}",
    "Finish this thought: {begun}",
)
_PROMPTS = (
    "It begins with “{letter}” and has {size} {marks}: which key word is still missing{about}?",
    "Which key word with {size} {marks}, beginning with “{letter}”, is still missing{about}?",
    "What is the key word{about} that has {size} {marks} and begins with “{letter}”?",
)
_WEAK = frozenset(
    """first second third last whole long short large small great many several different kind type part
    case seconds minutes hours days weeks years degrees percent number numbers times usually often
    always never called used takes""".split()
)
"""Words that say little alone, and so make a poor key word."""
_CLAUSE_VERBS = VERBS | {verb[:-1] for verb in VERBS}

_WITH = {
    "help": "help with",
    "allow": "make possible",
    "enable": "make possible",
    "depend": "depend on",
    "focus": "focus on",
    "apply": "apply to",
    "attend": "attend to",
    "differ": "differ in",
}


class FollowUps(TypedDict):
    """The fields of an expectation that aim a follow-up at it."""

    probe: str
    hint: str
    prompt: str
    words: tuple[str, ...]


def followups(
    text: str, question: str = "", *, listed: bool = False, asked: Asked | None = None
) -> FollowUps:
    """Probe, hint and one-word prompt for the point `text`; `listed` if it is an item of a list.

    `asked` are the words of the question, for a caller that has them already.
    """
    asked = Asked(question) if asked is None else asked
    words = tokens(text)
    kind = "item" if listed else _kind(text, words, asked)
    word = _key_word(after_case(text), asked)
    topic = _topic(question)
    labelled = _labelled(text, word)
    if labelled:
        probe, hint = labelled
    else:
        new = len(asked.new(words))
        probe = _clause_probe(text, question, asked) or case_question(
            text, question, asked, new, word
        )
        hint = _begun(text, asked, new, word) or _HINTS[kind]
    if kind in ("item", "other") and word and hint == _HINTS[kind]:
        hint = f"One part has not come up yet; a key word of it begins with “{word[0].upper()}”."
    if not probe and (kind in ("item", "other") or topic == "this"):
        probe = _asked_for(question)
    probe = probe or _about(topic, kind)
    if word and (_says(probe, word) or _says(hint, word)):
        probe, hint = _PROBES["other"].format(topic="this"), _HINTS["other"]
    if not word:
        return FollowUps(probe=probe, hint=hint, prompt="", words=())
    about = "" if topic == "this" else f" for {topic}"
    marks = "letters" if word.isalpha() else "characters"
    prompt = _PROMPTS[len(text) % len(_PROMPTS)].format(
        letter=word[0].upper(), size=len(word), marks=marks, about=about
    )
    return FollowUps(probe=probe, hint=hint, prompt=prompt, words=(word,))


def asks_for_missing_word(prompt: str) -> bool:
    """Whether `prompt` is one of those made here, which ask for a key word by its looks."""
    return any(
        all(part in prompt for part in _GAP.split(frame) if len(part) > 9) for frame in _PROMPTS
    )


_GAP = re.compile(r"\{\w+\}")


def _begun(text: str, asked: Asked, new: int, word: str) -> str:
    """A hint that begins the sentence; empty where that would say too much."""
    begun = beginning(text, asked, new, word)
    return _BEGINNINGS[len(text) % len(_BEGINNINGS)].format(begun=begun) if begun else ""


def _says(text: str, word: str) -> bool:
    """True if `text` has a word with the stem of `word`. Words with one stem begin alike, so few texts
    need be looked at closely."""
    word = word.lower()
    return word[: 2 + (len(word) > 6)] in text.lower() and word in Asked(text)


def _about(topic: str, kind: str) -> str:
    """The probe for a point of this kind about `topic`."""
    if topic == "this" and kind in ("item", "other"):
        return "What else belongs in a full answer?"
    if differ := _DIFFERENCE.match(topic):
        return f"In what else do {differ[1]} differ?"
    probe = _PROBES[kind].format(topic=topic)
    if topic.endswith("s") and not topic.endswith(("ss", "this", "is")):
        return _PLURAL.get(kind, probe).format(topic=topic)
    return probe


def _kind(text: str, words: Iterable[str], asked: Asked) -> str:
    defines = _DEFINES.match(text)
    if defines and asked.says(defines[1]):
        return "meaning"
    shown = [_RANKS[word] for word in _RANKS.keys() & words]
    if _FIGURE.search(text):
        shown.append(_RANKS["figure"])
    if defines:
        shown.append(_RANKS["means"])
    return _KINDS[min(shown)][0] if shown else "other"


_DEFINES = re.compile(r"((?:[\w-]+ ){1,4})(?:(?:is|are) (?:an?|the) |means |refers to )", re.I)
_SEVERAL = re.compile(r",\s|\s(?:and|or|\+|&)\s|;\s")
_NAMED = re.compile(r"([A-Z][\w/+&-]*(?:[ -][\w/+&-]+){0,3})(?: \([^)]{1,30}\))?:\s+(?=\S+)")


def _labelled(text: str, word: str) -> tuple[str, str] | None:
    """Probe and hint for a point that stands under a label, such as ``Storage: ...``."""
    found = _NAMED.match(text) if ":" in text else None
    if not found or not word or _says(found[1], word):
        return None
    label = found[1]
    rest = text[found.end() :]
    several = _SEVERAL.search(rest)
    what = "several things belong" if several else "something belongs"
    hint = f"Under “{label}” {what}; a key word there begins with “{word[0].upper()}”."
    return f"What would you say about “{label}”?", hint


def _clause_probe(text: str, question: str, asked: Asked) -> str:
    """``What does X ensure?`` for ``X ensures ...``, where X is named in the question."""
    words = text.split()
    for place in range(1, min(len(words), 7)):
        verb = words[place].lower()
        if verb not in _CLAUSE_VERBS or not (verb in VERBS or words[place - 1].endswith("s")):
            continue
        subject = " ".join(words[: place - words[place - 1].endswith("ly")])
        if not asked.says(subject) or _CUT.search(subject):
            return ""
        does, verb = ("does", base(verb)) if verb in VERBS else ("do", verb)
        if verb == "work":
            return f"How {does} {small(subject, question)} work?"
        return f"What {does} {small(subject, question)} {_WITH.get(verb, verb)}?"
    return ""


_CUT = re.compile(r"[,;:()“”\"]|\b(?:and|or|which|that|is|are)\b", re.I)
_MANNER = re.compile(
    r"(?:how|what)\s+(?:\w+\s+)?(?:do|would|can|could|should|might)\s+(?:you|we|one)\s+(.+?)\s*[?.]*$",
    re.I,
)
_LIST = re.compile(
    r"(?:what|which)\s+are\s+(?:some\s+(?:of\s+the\s+)?|the\s+)?(.+?)(?:,?\s+and\s+(?:why|how|what|when)\b.*)?\s*[?.]*$",
    re.I,
)
_ORDER = re.compile(
    r"(?:explain|describe|compare|design|discuss|define|outline|name|list|give|propose)\s+"
    r"(?:the\s+concept\s+of\s+|how\s+|why\s+)?(.+?)\s*[?.]*$",
    re.I,
)
_IS = re.compile(
    r"(?:what(?:'s|\s+is|\s+are)|why\s+(?:is|are))\s+(?:some\s+(?:of\s+the\s+)?)?"
    r"(.+?)(?=\s*[?.,;]|\s+(?:and|in|for|used|important|on|when|to|vs|necessary|needed|useful)\b|\s*$)",
    re.I,
)
_DOES = re.compile(
    r"(?:why|how|what)\s+(?:do|does|can)\s+(?!you\b|we\b|one\b)([^,;?]+?)\s+(?:work|help|affect|benefit|"
    r"differ|prevent|improve|reduce|handle|perform|sometimes|influence|impact|use|need|enable|allow|make|"
    r"do|mean|contain|produce|hold|give)\b",
    re.I,
)
_DIFFERENCE = re.compile(r"(?:the )?(?:\w+ )?differences? between (.+ (?:and|or|vs\.?) .+)$", re.I)
_BETWEEN = re.compile(r"(?:what|which)\s+(?:is|are)\s+(.+?\bbetween\b.+?)\s*[?.]*$", re.I)
_AFTER = re.compile(r"(?<=[?.])\s")
_WORKS = re.compile(r"\s+works?$")
LONG = 9
"""Words from which a phrase of the question is too long to be said again."""


@lru_cache(maxsize=64)
def _asked_for(question: str) -> str:
    """A probe that takes up what the question asks to do or to list; empty if it asks neither."""
    first = _first(question)
    if (found := _MANNER.match(first)) and len(found[1].split()) <= LONG:
        return f"What else would you do to {found[1]}?"
    if (found := _LIST.match(first)) and 2 <= len(found[1].split()) <= LONG:
        return f"What other {found[1]} can you name?"
    return ""


def _first(question: str) -> str:
    return _AFTER.split(question.strip(), 1)[0]


@lru_cache(maxsize=64)
def _topic(question: str) -> str:
    """What the question is about, as a phrase; ``this`` where none can be told."""
    first = _first(question)
    for pattern in (_ORDER, _BETWEEN, _IS, _DOES):
        found = pattern.match(first)
        phrase = _WORKS.sub("", found[1]) if found else ""
        if Asked(phrase) and len(phrase.split()) <= LONG:
            return small(phrase, first)
    return "this"


_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9+#-]{2,}(?<!-)")
_FIGURE = re.compile(r"\d(?<![\w.-]\d)[\d.,]*(?![\w-])")
_LABEL = re.compile(r"[^:.]{2,40}:\s+(?=\S+\s)")


def _key_word(text: str, asked: Asked) -> str:
    """The most telling word of the point: not in the question, a name or a long word."""
    label = _LABEL.match(text)
    text = text[label.end() :] if label else text
    words: list[str] = _WORD.findall(text)
    worth = [*map(_telling, words)]
    if _WORD.match(text):
        worth[0] = _telling(words[0], first=True)
    for place in sorted(range(len(words)), key=worth.__getitem__, reverse=True):
        if not worth[place]:
            break
        if words[place].lower() not in asked:
            return words[place]
    return ""


@lru_cache(maxsize=50_000)
def _telling(word: str, first: bool = False) -> int:
    """How much a word says alone; `first` if it begins a sentence, which sets it in a capital."""
    low = word.lower()
    if low in STOP:
        return 0
    worth = min(len(word), 12)
    worth += 6 * (not word[1:].islower() or (not first and not word[0].islower()))
    worth -= 2 * word.endswith(("ing", "ly", "ed"))
    worth -= 4 * (low in _WEAK or low in VERBS)
    return max(worth, 0)
