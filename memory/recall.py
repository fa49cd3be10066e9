"""Recalling what was said: words and meaning of each turn, and of the turns around it.

A turn's evidence is its BM25 score plus its cosine times `MEANING` (people's names are taken out of
the question for that: they draw it to everything those people said). Both are added as they are, not
by rank: how much better a turn fits tells more than its place. Then each turn gets a share of its
neighbours' evidence, because a question often holds the words and the answer to it the point. The
weights were chosen on conversations written for it (`bench/recall.py`), where they lie in the middle
of a plateau. Times in the question are a preference, never a filter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from memory.events import Event, now_ms
from memory.index import Index
from memory.journal import Journal
from memory.lexical import EVERYTHING, LexicalIndex, Turn, Where, said
from memory.records import printable
from memory.timewords import When, when

MEANING = 18.0
"""BM25 points that a cosine of 1 is worth."""
NEIGHBOURS = (0.5, 0.25)
"""Share of its evidence that a turn gives to the next one on either side, and to the one after."""
BASE = 8.0
"""Added to every turn's evidence before it is multiplied by preferences."""
DEPTH = 200
"""How many turns are found by words, and how many by meaning."""
CANDIDATES = 500
"""How many of those with the most evidence are weighed by speaker, time and kind."""
LONGLIST = 100
"""How many of the best are looked at more closely."""
CONTEXT = 2
IN_TIME, SOON_AFTER = 1.6, 1.3
"""Preference for turns of the time asked about, and for those of the week after: what happened is
told later."""
WEEK = 7 * 86_400_000
NAMED_SPEAKER = 1.2
ERROR_ASKED = 1.3
ASKING = 0.3
"""How much a turn loses that only asks: questions hold the words of a question, not its answer."""
FITTING = 0.55
"""Share of the best score from which a turn fits "the first time" about as well."""
SMALL = 2000
"""With so few turns left by a filter, their vectors are compared one by one."""
_ROLES = frozenset({"learner", "tutor", "viva"})
_ERROR_WORDS = re.compile(
    r"\b(wrong|mistakes?|mistaken|mixed|confus\w+|misunderst\w+|misconce\w+)\b"
)
_SENTENCE = re.compile(r"[^.!?]+[.!?]*")


@dataclass(frozen=True, slots=True)
class Filters:
    """What may be recalled. Empty fields allow everything; times are [since, until) in ms."""

    kinds: Collection[str] = ()
    speaker: str = ""
    session: str = ""
    question: str = ""
    topic: str = ""
    since: int | None = None
    until: int | None = None

    def where(self) -> Where:
        terms, values = list[str](), list[object]()
        if self.kinds:
            terms.append(f"t.kind IN ({','.join('?' * len(self.kinds))})")
            values += sorted(self.kinds)
        for column in ("speaker", "session", "question", "topic"):
            if wanted := getattr(self, column):
                terms.append(f"t.{column} = ?")
                values.append(printable(wanted))
        for sign, bound in ((">=", self.since), ("<", self.until)):
            if bound is not None:
                terms.append(f"t.at {sign} ?")
                values.append(bound)
        return Where(" AND ".join(terms), tuple(values)) if terms else EVERYTHING


@dataclass(frozen=True, slots=True)
class Recollection:
    """Something remembered, with what was said around it.

    `ranks` tells where it stands (from 1) by "words" and by "meaning"; empty if it was found through
    its neighbours.
    """

    event: Event
    score: float
    before: tuple[Event, ...] = ()
    after: tuple[Event, ...] = ()
    ranks: dict[str, int] = field(default_factory=dict)


class Recaller:
    """Answers from the indexes as they stand; `index` is None while Chroma cannot be had."""

    def __init__(self, journal: Journal, lexical: LexicalIndex, index: Index | None) -> None:
        self._journal = journal
        self._lexical = lexical
        self._index = index

    def recall(
        self, query: str, k: int = 10, at: int | None = None, filters: Filters | None = None
    ) -> list[Recollection]:
        """The `k` turns that best answer `query`, asked at `at` (ms; default: now), best first."""
        only = (filters or Filters()).where()
        time = self._when(query, at)
        speakers = [s for s in self._lexical.speakers() if s.lower() not in _ROLES]
        words = self.words(query, only, time)
        meaning = self.meaning(time.rest, only, speakers)
        evidence = self.spread(added(words, meaning))
        turns = self._allowed(_best(evidence)[:CANDIDATES], only)
        prefer = _preference(query, time, speakers)
        scores = {seq: (BASE + evidence[seq]) * prefer(turn) for seq, turn in turns.items()}
        texts = self._lexical.texts(_best(scores)[: max(LONGLIST, 4 * k)])
        scores = {
            seq: scores[seq] * (1 - ASKING * asking(said(turns[seq].speaker, text)))
            for seq, text in texts.items()
        }
        best = _ordered(_best(scores), scores, words, turns, time)
        ranks = {"words": _best(words), "meaning": _best(meaning)}
        return self._told(_distinct(best, texts, k), scores, ranks, turns)

    def _when(self, query: str, at: int | None) -> When:
        """The times in the query. Where nothing was said at such a time, it is read as seen from the
        last thing said: "in June" of an old memory is that memory's June."""
        time = when(query, now_ms() if at is None else at)
        if at is None and time.spans and not self._lexical.matching(_inside(time), 1):
            for latest in self._lexical.matching(EVERYTHING, 1):
                return when(query, latest.at)
        return time

    def words(self, query: str, only: Where, time: When) -> dict[int, float]:
        """BM25 scores by arrival number: of the best turns, and of the best in the time asked about."""
        found = dict(self._lexical.ranked(query, DEPTH, only))
        if time.spans:
            inside = _inside(time)
            both = Where(f"({inside.sql}) AND {only.sql}", (*inside.values, *only.values))
            found = dict(self._lexical.ranked(time.rest, DEPTH, both)) | found
        return found

    def meaning(self, query: str, only: Where, speakers: Sequence[str]) -> dict[int, float]:
        """Cosines of the nearest turns by arrival number; none while Chroma cannot be had."""
        if self._index is None:
            return {}
        vector = self._index.embedder.embed([nameless(query, speakers)])[0]
        if only is not EVERYTHING:
            few = self._lexical.matching(only, SMALL + 1)
            if len(few) <= SMALL:
                return self._compared(vector, few)
        near = self._index.nearest("turns", vector, DEPTH if only is EVERYTHING else 5 * DEPTH)
        seqs = self._lexical.seqs([name for name, _ in near])
        found = {seqs[name]: score for name, score in near if name in seqs}
        if only is not EVERYTHING:
            allowed = {turn.seq for turn in self._lexical.allowed(list(found), only)}
            found = {seq: score for seq, score in found.items() if seq in allowed}
        return dict(list(found.items())[:DEPTH])

    def _compared(self, vector: np.ndarray, turns: Sequence[Turn]) -> dict[int, float]:
        assert self._index is not None
        vectors = self._index.vectors("turns", [turn.id for turn in turns])
        near = [(float(vectors[t.id] @ vector), t.seq) for t in turns if t.id in vectors]
        return {seq: score for score, seq in sorted(near, reverse=True)[:DEPTH]}

    def spread(self, evidence: Mapping[int, float]) -> dict[int, float]:
        """The evidence of each turn with its share of its neighbours'."""
        total = dict(evidence)
        for turn in self._lexical.turns(evidence).values():
            for side in self._lexical.beside(turn, len(NEIGHBOURS)):
                for share, seq in zip(NEIGHBOURS, side, strict=False):
                    total[seq] = total.get(seq, 0.0) + share * evidence[turn.seq]
        return total

    def _allowed(self, seqs: Sequence[int], only: Where) -> dict[int, Turn]:
        if only is EVERYTHING:
            return self._lexical.turns(seqs)
        return {turn.seq: turn for turn in self._lexical.allowed(seqs, only)}

    def _told(
        self,
        chosen: Sequence[int],
        scores: Mapping[int, float],
        ranks: Mapping[str, Sequence[int]],
        turns: Mapping[int, Turn],
    ) -> list[Recollection]:
        beside = {seq: self._lexical.beside(turns[seq], CONTEXT) for seq in chosen}
        around = {s for sides in beside.values() for side in sides for s in side}
        known = self._lexical.turns({*chosen, *around})
        rows = self._journal.get([turn.id for turn in known.values()])
        events = {turn.seq: rows[turn.id].event for turn in known.values() if turn.id in rows}
        return [
            Recollection(
                event=events[seq],
                score=scores[seq],
                before=tuple(events[s] for s in reversed(beside[seq][0]) if s in events),
                after=tuple(events[s] for s in beside[seq][1] if s in events),
                ranks={name: found.index(seq) + 1 for name, found in ranks.items() if seq in found},
            )
            for seq in chosen
            if seq in events
        ]


def added(words: Mapping[int, float], meaning: Mapping[int, float]) -> dict[int, float]:
    """Evidence by arrival number. Cosines count from the lowest one found."""
    floor = min(meaning.values(), default=0.0)
    total = {seq: MEANING * (score - floor) for seq, score in meaning.items()}
    for seq, score in words.items():
        total[seq] = total.get(seq, 0.0) + score
    return total


def _best(scores: Mapping[int, float]) -> list[int]:
    """By score, the later one first where they are equal."""
    return sorted(scores, key=lambda seq: (-scores[seq], -seq))


def _ordered(
    best: list[int],
    scores: Mapping[int, float],
    words: Mapping[int, float],
    turns: Mapping[int, Turn],
    time: When,
) -> list[int]:
    """For "the first time": of those that fit about as well as the best, the earliest first."""
    if time.order is None or not best:
        return best
    fitting = [
        seq
        for seq in best[:20]
        if scores[seq] >= FITTING * scores[best[0]] and (seq in words or best[0] not in words)
    ]
    fitting.sort(key=lambda seq: turns[seq].tick, reverse=time.order == "last")
    chosen = set(fitting)
    return fitting + [seq for seq in best if seq not in chosen]


def _inside(time: When) -> Where:
    spans = " OR ".join("(t.at >= ? AND t.at < ?)" for _ in time.spans)
    return Where(spans, tuple(bound for span in time.spans for bound in span))


def _distinct(best: Sequence[int], texts: Mapping[int, str], k: int) -> list[int]:
    """The first `k` that do not repeat a text that is there already."""
    first: dict[str, int] = {}
    for seq in best:
        first.setdefault(" ".join(texts[seq].lower().split()), seq)
    return list(first.values())[:k]


def asking(text: str) -> float:
    """The share of a text, in words, that asks, 0..1."""
    sentences = [found.strip() for found in _SENTENCE.findall(text)]
    words = sum(len(one.split()) for one in sentences)
    return sum(len(one.split()) for one in sentences if one.endswith("?")) / words if words else 0.0


def _preference(query: str, time: When, speakers: Sequence[str]) -> Callable[[Turn], float]:
    """By how much a turn is preferred for its time, its speaker and its kind."""
    named = [speaker for speaker in speakers if mentions(query, speaker)]
    error_asked = _ERROR_WORDS.search(query.lower()) is not None

    def factor(turn: Turn) -> float:
        made = 1.0
        if any(start <= turn.at < end for start, end in time.spans):
            made *= IN_TIME
        elif any(end <= turn.at < end + WEEK for _, end in time.spans):
            made *= SOON_AFTER
        if len(named) == 1 and turn.speaker == named[0]:
            made *= NAMED_SPEAKER
        if error_asked and turn.kind == "misconception_opened":
            made *= ERROR_ASKED
        return made

    return factor


def mentions(query: str, name: str) -> bool:
    """Whether a query names this person, by the whole name or its first word."""
    words = {word.lower() for word in re.findall(r"[^\W_]+", query)}
    parts = [word.lower() for word in re.findall(r"[^\W_]+", name)]
    return bool(parts) and parts[0] in words


def nameless(query: str, names: Sequence[str]) -> str:
    """The query without the names of people; the query itself if nothing else is left."""
    parts = {part.lower() for name in names for part in re.findall(r"[^\W_]+", name)}
    if not parts:
        return query
    pattern = (
        r"\b(?:" + "|".join(map(re.escape, sorted(parts, key=len, reverse=True))) + r")\b(?:['’]s)?"
    )
    left = " ".join(re.sub(pattern, " ", query, flags=re.I).split())
    return left if re.search(r"\w", left) else query
