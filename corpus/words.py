"""Words and sentences: tokens, stems, content words, sentence ends. English rules, linear time."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from functools import lru_cache

import snowballstemmer

_own = threading.local()

TOKEN = re.compile(r"[^\W_]+(?:[.'’+#-][^\W_]+)*\+{0,2}#?")
"""A word, a number or a name such as ``GPT-2``, ``C++`` or ``don't``."""
_ASCII_TOKEN = re.compile(r"[a-z0-9]+(?:[.'+#-][a-z0-9]+)*\+{0,2}#?")
"""The same for small letters without accents, in less time."""

STOP = frozenset(
    """a an the of to in on at by for with from and or but so as is are was were be been being it its
    this that these those which what when where why how who whom whose do does did done can could
    will would should may might must shall not no nor than then there their they them he she his her
    him you your we our us i me my one each every any all some more most such into out up over under
    about between if because while also only own same other another has have had having get gets let
    very just even still yet too both either neither per via etc eg ie e.g i.e vs here again once
    during before after until although though however thus hence therefore since without within
    through""".split()
)

CONTRAST = frozenset(
    """not no never none without except unlike neither nor cannot less fewer more greater lower higher
    smaller larger bigger before after above below over under first last min max minimum maximum
    least most increase decrease advantage advantages disadvantage disadvantages pro pros con cons
    benefit drawback client server encoder decoder supervised unsupervised training inference input
    output left right inner outer read write add remove start stop true false positive negative
    internal external static dynamic public private mutable immutable synchronous asynchronous local
    global precision recall horizontal vertical online offline stateful stateless push pull up down
    with old new row column even odd ascending descending begin end open close shallow deep strong
    weak forward backward upper bottom top discriminative generative sparse dense batch stream
    fast slow faster slower insert inserting delete deleting encode decode encrypt decrypt
    optimistic pessimistic lossy lossless parametric nonparametric linear nonlinear""".split()
)
"""Words whose exchange makes two otherwise equal wordings mean different things."""

_BEFORE_OF = re.compile(r"\s(?:of|in|for|with)\s")
_NO_PLURAL = (
    "ss",
    "us",
    "is",
    "ics",
    "ous",
    "news",
    "bias",
    "alias",
    "canvas",
    "atlas",
    "gas",
    "lens",
    "chaos",
)
_SHORT = 1000
_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_IRREGULAR = {"doesn't": "not", "don't": "not", "isn't": "not", "can't": "not", "won't": "not"}

_END = re.compile(r"[.!?…]+[\"”’')\]*_]*(?:\s+|$)")
_NOT_END = re.compile(
    r"(?:^|[\s(\[\"“])(?:e\.g|i\.e|etc|vs|cf|al|approx|resp|viz|ca|Dr|Mr|Mrs|Ms|Prof|St|Fig|Figs|Eq|Eqs|Sec|"
    r"Ch|No|Nos|Vol|vol|pp|p|ed|eds|Inc|Ltd|Jr|Sr|U\.S|U\.K|Ph\.D|a\.k\.a|w\.r\.t|[A-Z])\.$"
)
_LONGEST_WORD = 30
_STARTS_LOWER = re.compile(r"\(|[a-z]+(?![A-Za-z]|[._]\w)")


def tokens(text: str) -> tuple[str, ...]:
    """The words of `text` in small letters."""
    return _short_tokens(text) if len(text) < _SHORT else _tokens(text)


def _tokens(text: str) -> tuple[str, ...]:
    small = text.replace("’", "'").lower()
    found: list[str] = (_ASCII_TOKEN if small.isascii() else TOKEN).findall(small)
    if "'" in small:
        found = [_IRREGULAR.get(t, t) for t in found]
    return tuple(found)


_short_tokens = lru_cache(maxsize=512)(_tokens)
"""A sentence is looked at for one thing after the other."""


_ENDINGS = tuple("' s e y i ed ing al ful ll ism ion er ator ogist ic ant ent".split())
"""How a word ends that the stemmer shortens; no other word is changed by it."""


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The Snowball stem of a word in small letters; words with digits are left alone."""
    if not word.endswith(_ENDINGS) or (not word.isalpha() and _DIGIT.search(word)):
        return word
    return snowball(word)


def snowball(word: str) -> str:
    """The Snowball English stem of a word in small letters."""
    # A stemmer keeps the word it is at, so that threads must not share one.
    stemmer = getattr(_own, "stemmer", None)
    if stemmer is None:
        stemmer = _own.stemmer = snowballstemmer.stemmer("english")
    return str(stemmer.stemWord(word))


@lru_cache(maxsize=100_000)
def content_stem(word: str) -> str:
    """The stem of a word in small letters; "" if it carries no content."""
    return "" if word in STOP else stem(word)


@lru_cache(maxsize=8192)
def content(text: str) -> frozenset[str]:
    """The stems of the words of `text` that carry content."""
    return _content(tokens(text))


def _content(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(content_stem, words)) - _NOTHING


_NOTHING = frozenset(("",))


class Asked:
    """The content words of a text, to look words up in by their stems."""

    __slots__ = ("_known", "_stems")

    def __init__(self, text: str) -> None:
        self._stems = _content(tokens(text))
        self._known = self._stems | _NOTHING

    def __bool__(self) -> bool:
        return bool(self._stems)

    def __contains__(self, word: str) -> bool:
        """True if one of the words has the stem of `word` (in small letters)."""
        return content_stem(word) in self._stems

    def says(self, text: str) -> bool:
        """True if `text` has content words and all of them are here."""
        words = _content(tokens(text))
        return bool(words) and words <= self._stems

    def new(self, words: Iterable[str]) -> frozenset[str]:
        """The stems of those of `words` (in small letters) that carry content and are not here."""
        return frozenset(map(content_stem, words)) - self._known


def numbers(text: str) -> frozenset[str]:
    """The numbers in `text` as written, thousands separators dropped."""
    return frozenset(n.replace(",", "").rstrip(".") for n in _NUMBER.findall(text))


def contrasts(text: str) -> frozenset[str]:
    """The words of `text` whose exchange would turn its meaning."""
    return frozenset(t for t in tokens(text) if t in CONTRAST)


@lru_cache(maxsize=1024)
def is_plural(phrase: str) -> bool:
    """A guess from the ending of the last word (of the head, before "of"); short forms are none."""
    head = _BEFORE_OF.split(phrase.strip())[0].split()
    word = head[-1] if head else ""
    if not word.endswith("s") or word.isupper() or "." in word:
        return False
    return not word.lower().endswith(_NO_PLURAL)


def sentences(text: str) -> list[str]:
    """The sentences of one paragraph, in order, whitespace at the ends removed.

    Abbreviations, initials and decimals do not end a sentence.
    """
    found: list[str] = []
    start = 0
    for match in _END.finditer(text):
        mark = text[match.start() : match.end()].rstrip()
        rest = text[match.end() : match.end() + _LONGEST_WORD]
        if mark[0] == "." and len(mark) == 1:
            before = text[max(start, match.start() - 8) : match.start() + 1]
            if _NOT_END.search(before) and rest:
                continue
        if rest and _STARTS_LOWER.match(rest) and mark[0] != "?":
            continue
        piece = text[start : match.end()].strip()
        if piece:
            found.append(piece)
        start = match.end()
    rest = text[start:].strip()
    if rest:
        found.append(rest)
    return found
