"""A text as the grader reads it: words with stems, rarity, polarity and vectors, and its clauses."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from agents.grading.lexicon import FUNCTION_WORDS, NEGATIONS, NUMBER_WORDS, WORD, stem
from memory.vectors import TokenVectors, unit

_CLAUSE_END = re.compile(r"[.;!?:\n\r]+(?=\s|$)|\n|\s[-–—]\s|,\s")
_CONNECTIVES = frozenset("but because while whereas which although though so however since".split())
_NEGATION_REACH = 4
_REMEMBERED = 1000
"""Characters up to which a text's words are remembered: material comes again with every answer."""


@dataclass(frozen=True)
class Text:
    """Words of a text in order, as parallel sequences.

    `spans` are character positions in the source; `rarity` is an inverse document frequency;
    `negated` says whether a negation stands up to four words before in the same clause; `vectors`
    are unit rows, one per word; `clauses` are ranges of word indices that cover all words.
    """

    words: tuple[str, ...]
    stems: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    content: np.ndarray
    rarity: np.ndarray
    negated: np.ndarray
    negations: int
    vectors: np.ndarray
    pooled: np.ndarray
    clauses: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def picks(self) -> np.ndarray:
        """Indices of the content words, or of all words where there are none."""
        found = np.flatnonzero(self.content)
        return found if len(found) else np.arange(len(self.words))

    @cached_property
    def stem_list(self) -> list[str]:
        return [self.stems[i] for i in self.picks]

    @cached_property
    def stem_places(self) -> dict[str, list[int]]:
        """Where each stem stands in `stem_list`."""
        places: dict[str, list[int]] = {}
        for place, one in enumerate(self.stem_list):
            places.setdefault(one, []).append(place)
        return places

    @cached_property
    def stem_starts(self) -> dict[str, list[str]]:
        """The stems of four letters or more by their first letter and by the two after it."""
        starts: dict[str, list[str]] = {}
        for one in self.stem_places:
            if len(one) >= 4:
                starts.setdefault(one[0], []).append(one)
                starts.setdefault(one[1:3], []).append(one)
        return starts

    @cached_property
    def polarity(self) -> dict[str, bool]:
        """Whether each stem of `stem_list` stands under a negation, where it stands last."""
        return {self.stems[i]: bool(self.negated[i]) for i in self.picks}

    @cached_property
    def stem_set(self) -> frozenset[str]:
        return frozenset(self.stem_list)

    @cached_property
    def stem_rarity(self) -> dict[str, float]:
        return {self.stems[i]: float(self.rarity[i]) for i in self.picks}

    @cached_property
    def picked_vectors(self) -> np.ndarray:
        return self.vectors[self.picks]

    @cached_property
    def picked_rarity(self) -> np.ndarray:
        return self.rarity[self.picks]

    @cached_property
    def numbers(self) -> frozenset[str]:
        return frozenset(word for word in self.words if word[0].isdigit())

    @cached_property
    def initials(self) -> str:
        return "".join(word[0] for word in self.words)

    @cached_property
    def initial_runs(self) -> frozenset[str]:
        """The initials of every three to six words in a row."""
        found = self.initials
        return frozenset(
            found[start : start + n] for n in range(3, 7) for start in range(len(found) - n + 1)
        )

    @cached_property
    def short_words(self) -> frozenset[str]:
        """Content words that may be an acronym by their length."""
        words = (self.words[i] for i in self.picks)
        return frozenset(one for one in words if 3 <= len(one) <= 6 and one.isalpha())

    @cached_property
    def bigrams(self) -> frozenset[tuple[str, str]]:
        return frozenset(zip(self.stems, self.stems[1:], strict=False))

    @cached_property
    def trigrams(self) -> frozenset[str]:
        """Character trigrams of the words with edges marked."""
        return frozenset().union(*map(_trigrams, self.words))

    @cached_property
    def mean(self) -> np.ndarray:
        """The unit mean of the content words' vectors."""
        return unit(self.picked_vectors.mean(axis=0)[None])[0] if len(self) else self.pooled

    @cached_property
    def clause_vectors(self) -> np.ndarray:
        if not self.clauses:
            return self.pooled[None]
        return unit(np.stack([self.vectors[a:b].mean(axis=0) for a, b in self.clauses]))

    def part(self, start: int, end: int) -> Text:
        """The words from `start` to `end` as a text of their own (vectors keep their context)."""
        vectors = self.vectors[start:end]
        clauses = tuple(
            (max(a, start) - start, min(b, end) - start)
            for a, b in self.clauses
            if a < end and b > start
        )
        return Text(
            words=self.words[start:end],
            stems=self.stems[start:end],
            spans=self.spans[start:end],
            content=self.content[start:end],
            rarity=self.rarity[start:end],
            negated=self.negated[start:end],
            negations=sum(is_negation(word) for word in self.words[start:end]),
            vectors=vectors,
            pooled=unit(vectors.mean(axis=0)[None])[0] if len(vectors) else self.pooled,
            clauses=clauses,
        )


@lru_cache(maxsize=65536)
def _trigrams(word: str) -> frozenset[str]:
    edged = f"<{word}>"
    return frozenset(edged[i : i + 3] for i in range(len(edged) - 2))


Words = tuple[tuple[str, ...], tuple[tuple[int, int], ...]]


def split_words(text: str) -> Words:
    """Lower-case words (number words as digits) and their character spans."""
    return _split_remembered(text) if len(text) <= _REMEMBERED else _split(text)


def _split(text: str) -> Words:
    words, spans = [], []
    for match in WORD.finditer(text):
        word = match.group().lower().replace("’", "'")
        words.append(NUMBER_WORDS.get(word, word))
        spans.append(match.span())
    return tuple(words), tuple(spans)


_split_remembered = lru_cache(maxsize=1024)(_split)


@lru_cache(maxsize=65536)
def is_negation(word: str) -> bool:
    return word in NEGATIONS or word.endswith("n't")


@lru_cache(maxsize=65536)
def is_content(word: str) -> bool:
    """Whether a word carries meaning of its own (neither function word, negation nor sign)."""
    return word not in FUNCTION_WORDS and not is_negation(word) and word[0].isalnum()


def clause_ranges(
    text: str, words: Sequence[str], spans: Sequence[tuple[int, int]]
) -> tuple[tuple[int, int], ...]:
    """Word ranges between punctuation or before connectives; a lone word joins its neighbour."""
    cuts = {match.end() for match in _CLAUSE_END.finditer(text)}
    ordered = sorted(cuts)
    starts, at = [0], 0
    for index in range(1, len(words)):
        passed = False
        while at < len(ordered) and ordered[at] <= spans[index][0]:
            passed = passed or ordered[at] > spans[index - 1][1] - 1
            at += 1
        long_enough = index - starts[-1] >= 2
        if (passed or words[index] in _CONNECTIVES) and long_enough:
            starts.append(index)
    ranges = list(zip(starts, [*starts[1:], len(words)], strict=True)) if words else []
    if len(ranges) > 1 and ranges[-1][1] - ranges[-1][0] < 2:
        last = ranges.pop()
        ranges[-1] = (ranges[-1][0], last[1])
    return tuple(ranges)


def read(text: str, tokens: TokenVectors, rarity: Mapping[str, float], unseen: float) -> Text:
    """Analyse a text. `rarity` maps stems to their inverse document frequency, `unseen` otherwise."""
    words, spans = split_words(text)
    stems = tuple(stem(word) for word in words)
    clauses = clause_ranges(text, words, spans)
    negated = np.zeros(len(words), bool)
    negations = 0
    for start, end in clauses:
        for index in range(start, end):
            if is_negation(words[index]):
                negations += 1
                negated[index + 1 : min(index + 1 + _NEGATION_REACH, end)] ^= True
    return Text(
        words=words,
        stems=stems,
        spans=spans,
        content=np.array([is_content(word) for word in words], bool),
        rarity=np.array([rarity.get(one, unseen) for one in stems], np.float32),
        negated=negated,
        negations=negations,
        vectors=_word_vectors(spans, tokens),
        pooled=tokens.pooled,
        clauses=clauses,
    )


def _word_vectors(spans: Sequence[tuple[int, int]], tokens: TokenVectors) -> np.ndarray:
    """Per word the unit mean of its tokens' vectors; the pooled vector for a word without any."""
    rows = np.zeros((len(spans), len(tokens.pooled)), np.float32)
    count = np.zeros(len(spans), np.float32)
    word = 0
    for index, (start, end) in enumerate(tokens.spans):
        while word < len(spans) and spans[word][1] <= start:
            word += 1
        if word == len(spans):
            break
        if end > spans[word][0]:
            rows[word] += tokens.vectors[index]
            count[word] += 1
    rows[count == 0] = tokens.pooled
    return unit(rows)


def joined(texts: Sequence[Text]) -> Text:
    """Texts one after another as one; spans stay those of their own source."""
    if len(texts) == 1:
        return texts[0]
    offsets = np.cumsum([0, *(len(one) for one in texts)])
    vectors = np.concatenate([one.vectors for one in texts])
    weights = np.array([max(len(one), 1) for one in texts], np.float32)
    pooled = np.average(np.stack([one.pooled for one in texts]), axis=0, weights=weights)
    return Text(
        words=tuple(word for one in texts for word in one.words),
        stems=tuple(word for one in texts for word in one.stems),
        spans=tuple(span for one in texts for span in one.spans),
        content=np.concatenate([one.content for one in texts]),
        rarity=np.concatenate([one.rarity for one in texts]),
        negated=np.concatenate([one.negated for one in texts]),
        negations=sum(one.negations for one in texts),
        vectors=vectors,
        pooled=unit(pooled[None].astype(np.float32))[0],
        clauses=tuple(
            (int(a + offset), int(b + offset))
            for one, offset in zip(texts, offsets[:-1], strict=True)
            for a, b in one.clauses
        ),
    )
