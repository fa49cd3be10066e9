"""What a learner's words are, besides an answer: giving up, asking back, or a commonplace."""

from __future__ import annotations

import re

from agents.briefs import WORDS
from agents.grading.guards import UNKNOWN
from corpus.words import content, tokens

WORDY = 6
"""Words from which one specific word among commonplaces is too little."""

_ASKS = re.compile(
    r"^\W*(?:sorry\W+|wait\W+|hm+\W+)?(?:"
    r"what\s+(?:do|does|did)\s+(?:you|this|that|it)\s+mean|what\s+is\s+meant|"
    r"(?:can|could|would)\s+you\s+(?:please\s+)?(?:explain|clarify|rephrase|repeat|reword|give)|"
    r"i\s+(?:do\s*n[o']t|don['’]t|do\s+not)\s+(?:understand|get)\s+(?:the|this|that|your)\s+question|"
    r"(?:do|are)\s+you\s+(?:mean|ask|asking|talking)\b|"
    r"(?:huh|eh|what|pardon|sorry|come\s+again|say\s+(?:that\s+)?again)\W*\?\W*$)",
    re.IGNORECASE,
)
_SHORT_QUESTION = re.compile(
    r"^\W*(?:what\s*['’]?s|what\s+(?:is|are|was|does|do)|why|how|which|where|who|when)\b[^.!]*\?\s*$",
    re.IGNORECASE,
)

_ANALOGY = re.compile(
    r"\b(?:analog(?:y|ies|ous)|metaphors?|eli5)\b|"
    r"\blike\s+i(?:['’]?m|\s+am|\s+were)\s+(?:five|5|a\s+child|new)\b|"
    r"\b(?:compare|liken)\s+(?:it|this|that)\s+(?:to|with)\s+something\b|"
    r"\b(?:everyday|real[- ]life)\s+(?:comparison|image|picture|example)\b",
    re.IGNORECASE,
)
BRIEF = 60
"""Most words of an explanation for a learner who asked for shorter ones."""
_WISHES = ("preference:", "fact:")
_LENGTH = re.compile(
    r"\b(?:(?P<less>shorter|briefer|briefly|concise\w*|too\s+(?:long|wordy)|(?:fewer|less)\s+(?:words|text)|"
    r"(?:short|brief)\s+(?:explanation|answer|repl)\w*)|"
    r"(?P<more>longer|(?:more|greater)\s+(?:detail|depth)\w*|too\s+short))\b",
    re.IGNORECASE,
)
_COMMONPLACE = content(
    """accurate accuracy always balance basically basic best better business case certain
    certainly choose completely complicated concept consider context data depends depending
    different difficult easier easy effective efficiency efficient everything fast faster find
    focus general generally good great handle help helps idea important improve improves kind know
    known learn look lot main make makes many matters maybe method model models modern much need
    needs nice optimal optimisation optimise optimised optimization optimize optimized particular
    performance powerful probably problem process proper properly quality quickly really reliable
    result results right robust scalable see simple simply situation slow smart sort spot standard
    stuff sure sweet system systems task technique thing things think time trade tradeoff trade-off
    type understand use used useful uses user users using usually value various way ways well
    whatever wide work works"""
)
"""Stems that say something about almost any topic, and so nothing about this one."""


_ASKING = content(
    """answer ask clarify detail explain explanation expect get give know make mean meaning more part
    huh pardon please point question really rephrase repeat right say sorry tell thing understand want word
    wrong"""
)
"""Stems with which one asks, and which say nothing about what."""


def topic_stems(text: str) -> frozenset[str]:
    """The stems of the words that say what a question to the tutor is about."""
    return content(text) - _ASKING


def asks_generally(text: str) -> bool:
    """Whether the words ask back without saying about what, such as ``what do you mean?``."""
    return asks_back(text) and not topic_stems(text)


def stays_general(text: str, question: str) -> bool:
    """Whether the words say nothing but commonplaces and words of the question, or, at some length,
    hardly anything else."""
    specific = content(text) - content(question) - _COMMONPLACE
    return not specific or (len(specific) == 1 and len(tokens(text)) >= WORDY)


def asks_analogy(text: str) -> bool:
    """Whether the words ask for a comparison with something familiar."""
    return len(text.split()) <= 30 and bool(_ANALOGY.search(text))


def words_wanted(profile: str) -> int:
    """Most words of an explanation, by the last wish about length in the profile's lines; what is said
    there of a subject is no wish."""
    wished = "\n".join(line for line in profile.splitlines() if line.startswith(_WISHES))
    wishes = [match.lastgroup for match in _LENGTH.finditer(wished)]
    return BRIEF if wishes and wishes[-1] == "less" else WORDS


def gives_up(text: str) -> bool:
    """Whether a short answer says no more than that the learner does not know."""
    return bool(UNKNOWN.match(text)) and len(content(text)) <= 6


def asks_back(text: str) -> bool:
    """Whether the words ask about the question instead of answering it."""
    words = len(text.split())
    if asks_analogy(text) and (text.rstrip().endswith("?") or words <= 6):
        return True
    return (words <= 30 and bool(_ASKS.match(text))) or (
        words <= 12 and bool(_SHORT_QUESTION.match(text))
    )
