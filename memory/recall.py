"""Recalling what was said: four rankings, fused.

Turns and windows of neighbouring turns, each by words (BM25) and by meaning (vectors, with people's
names taken out of the question: they draw it to everything those people said), joined by reciprocal
rank fusion (Cormack et al. 2009) with a small constant, so that the first places count. Times in the
question are a preference, never a filter.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from memory.events import Event, now_ms
from memory.index import Index
from memory.journal import Journal
from memory.lexical import EVERYTHING, LexicalIndex, Turn, Where
from memory.records import printable
from memory.timewords import When, when

FUSION = 8
WEIGHTS = {"words": 1.0, "words around": 1.5, "meaning": 0.8, "meaning around": 0.8, "time": 1.0}
"""Words around count most: on public conversations they are the best single ranking, too."""
DEPTH = 60
"""How many places of each ranking are fused."""
CONTEXT = 2
IN_TIME = 1.6
NAMED_SPEAKER = 1.15
ERROR_ASKED = 1.3
SMALL = 2000
"""With so few turns left by a filter, their vectors are compared one by one."""
_ROLES = frozenset({"learner", "tutor", "viva"})
_ERROR_WORDS = re.compile(
    r"\b(wrong|mistakes?|mistaken|mixed|confus\w+|misunderst\w+|misconce\w+)\b"
)


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

    `ranks` tells which rankings found it, and where (from 1): "words", "words around", "meaning",
    "meaning around", "time".
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
        time = when(query, now_ms() if at is None else at)
        speakers = [s for s in self._lexical.speakers() if s.lower() not in _ROLES]
        rankings = self.rankings(query, only, time, speakers)
        ranks: dict[int, dict[str, int]] = {}
        for name, ranking in rankings.items():
            for place, seq in enumerate(ranking, 1):
                ranks.setdefault(seq, {})[name] = place
        turns = self._lexical.turns(ranks)
        preference = _preference(query, time, speakers)
        scores = {
            seq: sum(WEIGHTS[name] / (FUSION + place) for name, place in ranks[seq].items())
            * preference(turns[seq])
            for seq in ranks
            if seq in turns
        }
        best = sorted(scores, key=lambda seq: (-scores[seq], -seq))
        best = self._ordered(best, scores, turns, time)
        chosen = self._distinct(best, k)
        return self._told(chosen, scores, ranks, turns)

    def rankings(
        self, query: str, only: Where, time: When, speakers: Sequence[str]
    ) -> dict[str, list[int]]:
        """Each ranking by its name, as arrival numbers, best first."""
        words = self._lexical
        found = {
            "words": [seq for seq, _ in words.ranked(query, DEPTH, only=only)],
            "words around": [seq for seq, _ in words.ranked(query, DEPTH, windows=True, only=only)],
        }
        if time.spans:
            spans = " OR ".join("(t.at >= ? AND t.at < ?)" for _ in time.spans)
            values = tuple(bound for span in time.spans for bound in span)
            inside = Where(f"({spans}) AND {only.sql}", (*values, *only.values))
            found["time"] = [seq for seq, _ in words.ranked(time.rest, DEPTH, only=inside)]
        if self._index is not None:
            vector = self._index.embedder.embed([nameless(time.rest, speakers)])[0]
            found["meaning"] = self._nearest("turns", vector, only)
            found["meaning around"] = self._nearest("windows", vector, only)
        return found

    def _nearest(self, kind: str, vector: np.ndarray, only: Where) -> list[int]:
        assert self._index is not None
        if only is not EVERYTHING:
            few = self._lexical.matching(only, SMALL + 1)
            if len(few) <= SMALL:
                return self._compared(kind, vector, few)
        depth = DEPTH if only is EVERYTHING else 10 * DEPTH
        ids = [name for name, _ in self._index.nearest(kind, vector, depth)]
        seqs = self._lexical.seqs(ids)
        found = [seqs[name] for name in ids if name in seqs]
        if only is not EVERYTHING:
            allowed = {turn.seq for turn in self._lexical.allowed(found, only)}
            found = [seq for seq in found if seq in allowed]
        return found[:DEPTH]

    def _compared(self, kind: str, vector: np.ndarray, turns: Sequence[Turn]) -> list[int]:
        assert self._index is not None
        vectors = self._index.vectors(kind, [turn.id for turn in turns])
        near = sorted(
            (-float(vectors[turn.id] @ vector), turn.seq) for turn in turns if turn.id in vectors
        )
        return [seq for _, seq in near[:DEPTH]]

    @staticmethod
    def _ordered(
        best: list[int], scores: dict[int, float], turns: dict[int, Turn], time: When
    ) -> list[int]:
        """For "the first time": of those that fit about as well as the best, the earliest first."""
        if time.order is None or not best:
            return best
        fitting = [seq for seq in best[:20] if scores[seq] >= 0.6 * scores[best[0]]]
        fitting.sort(key=lambda seq: turns[seq].tick, reverse=time.order == "last")
        chosen = set(fitting)
        return fitting + [seq for seq in best if seq not in chosen]

    def _distinct(self, best: Sequence[int], k: int) -> list[int]:
        """The first `k` that do not repeat a text that is there already."""
        seen: set[str] = set()
        chosen = list[int]()
        for seq in best:
            if len(chosen) == k:
                break
            text = " ".join(self._lexical.texts([seq])[0].lower().split())
            if text not in seen:
                seen.add(text)
                chosen.append(seq)
        return chosen

    def _told(
        self,
        chosen: Sequence[int],
        scores: dict[int, float],
        ranks: dict[int, dict[str, int]],
        turns: dict[int, Turn],
    ) -> list[Recollection]:
        around = {seq: self._lexical.near(turns[seq], CONTEXT) for seq in chosen}
        known = self._lexical.turns({seq for near in around.values() for seq in near})
        rows = self._journal.get([turn.id for turn in known.values()])
        events = {turn.seq: rows[turn.id].event for turn in known.values() if turn.id in rows}
        return [
            Recollection(
                event=events[seq],
                score=scores[seq],
                before=tuple(
                    events[s] for s in around[seq][: around[seq].index(seq)] if s in events
                ),
                after=tuple(
                    events[s] for s in around[seq][around[seq].index(seq) + 1 :] if s in events
                ),
                ranks=ranks[seq],
            )
            for seq in chosen
            if seq in events
        ]


def _preference(query: str, time: When, speakers: Sequence[str]) -> Callable[[Turn], float]:
    """By how much a turn is preferred for its time, its speaker and its kind."""
    named = [speaker for speaker in speakers if mentions(query, speaker)]
    error_asked = _ERROR_WORDS.search(query.lower()) is not None

    def factor(turn: Turn) -> float:
        made = 1.0
        if any(start <= turn.at < end for start, end in time.spans):
            made *= IN_TIME
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
