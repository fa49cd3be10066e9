"""The grader that needs no model: guards in code, features, small trained heads, verified quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from agents.grading import guards
from agents.grading.case import Case, Found, look, read_cases
from agents.grading.heads import Heads, Odds
from agents.grading.lexicon import stem
from agents.grading.point import POINT_NAMES, Finding
from agents.grading.reader import Reader
from agents.grading.text import Text, split_words
from agents.grading.trained import load_heads
from agents.grading.view import View
from agents.judgement import ErrorHit, Judgement, Overall, Point, PointVerdict, Task, Verdict
from memory.embedder import Embedder, load_embedder

COVERED, PARTIAL = 0.56, 0.45
"""Credit from which a point counts as covered, and as partly covered."""
CONTRADICTED, BARE_CONTRADICTED = 0.5, 0.4
"""Odds from which a point counts as contradicted, if they are also above those of credit; of a point in
one wording the opposite is harder to see."""
_SALAD_CAP = 0.5
_RIGHT, _MOST = 0.7, 0.7
"""Words that say a point with so much credit voice no misconception, if so much of it lies in them."""
_SOMETHING = 0.1  # of the points' weight: from here an answer is right in part
_FEW_WORDS = 2  # content words; no more, in a short turn, name a thing but say nothing about it
_EXPLAINED = POINT_NAMES.index("whole_hybrid_new")
_LEAST = 0.2  # of a point's new words: what explains fewer is about something else
_NEWS = 0.12  # of a point's new words: a turn that explains less says nothing new about it
_WORD_TURN = 6  # a turn of at most this many words may be an answer to a one-word prompt


class BuiltinGrader:
    """Judges answers without a language model. Deterministic."""

    name = "built-in"

    def __init__(self, embedder: Embedder | None = None, heads: Heads | None = None) -> None:
        embedder = embedder or load_embedder()
        self.heads = heads or load_heads(embedder.name)
        self.name = f"built-in/{self.heads.name}"
        self.reader = Reader(embedder, self.heads.rarity, self.heads.unseen)

    def grade(self, task: Task) -> Judgement:
        """Judge one answer."""
        return self.grade_many([task])[0]

    def grade_many(self, tasks: list[Task]) -> list[Judgement]:
        """Judge answers in one batch; the same judgements as one by one, to float rounding."""
        cases = read_cases(self.reader, tasks)
        found = [[] if case.refused else look(self.reader, case) for case in cases]
        odds = self.heads.points([one for seen in found for one in seen])
        edges = np.cumsum([0, *(len(seen) for seen in found)])
        wholes = self.heads.wholes(self.reader, cases)
        return [
            _judge(case, seen, odds[start:end], whole, self.name, self._ceiling(case))
            for case, seen, (start, end), whole in zip(
                cases, found, pairwise(edges), wholes, strict=True
            )
        ]

    def _ceiling(self, case: Case) -> tuple[PointVerdict, ...]:
        """The verdicts had nothing been shown, where leaving copies out changed what is judged:
        without them the rest may look better, and what the tutor said must never help."""
        if case.refused or guards.NOTE_SHOWN not in case.notes:
            return ()
        return self.grade(replace(case.task, shown=())).points


def _judge(
    case: Case,
    found: Sequence[Found],
    odds: Sequence[Odds],
    whole: np.ndarray | None,
    name: str,
    ceiling: Sequence[PointVerdict] = (),
) -> Judgement:
    """`whole` is (correct, contradictory, incorrect, score) from the references where no points were
    given: a question's own points say better what it wants."""
    points = [_point(case, place, found, odds) for place in range(len(case.points))]
    if ceiling:
        points = [_lower(one, limit) for one, limit in zip(points, ceiling, strict=True)]
    hits = _hits(case, found[-1], odds[-1]) if found else ()
    weights = np.array([point.weight for point in case.points])
    coverage = np.array([one.coverage for one in points])
    score = float((weights * coverage).sum() / weights.sum()) if len(weights) else 0.0
    correct, against = _from_points(points, score)
    if case.refused:
        correct, against = min(correct, 0.01 if score == 0 else 1.0), 0.01
    elif whole is not None:
        correct, against, score = float(whole[0]), float(whole[1]), float(whole[3])
        fact = found[-1].settled[0] if len(points) == 1 else None
        if fact and fact.verdict == "contradicted":
            correct, against, score = min(correct, 0.1), max(against, 0.8), 0.0
        if case.salad[-1]:
            correct, score = min(correct, 0.49), min(score, _SALAD_CAP)
    verdict = _verdict(correct, against, score, PARTIAL if case.derived else _SOMETHING)
    sure = max(correct, against, 1 - correct - against)
    return Judgement(
        verdict,
        round(score, 4),
        round(correct, 4),
        round(against, 4),
        tuple(points),
        hits,
        case.notes,
        name,
        round(sure, 4),
    )


def _lower(one: PointVerdict, limit: PointVerdict) -> PointVerdict:
    if one.coverage <= limit.coverage:
        return one
    quote = one.quote if limit.coverage > 0 else limit.quote
    return replace(one, verdict=limit.verdict, coverage=limit.coverage, quote=quote)


def _verdict(correct: float, against: float, score: float, least: float) -> Overall:
    if correct >= 0.5 and correct >= against:
        return "correct"
    if against > max(correct, 1 - correct - against):
        return "contradictory"
    return "partial" if score >= least else "incorrect"


def _from_points(points: Sequence[PointVerdict], score: float) -> tuple[float, float]:
    """The odds of the whole where only expectations are known: most of their weight covered is
    correct; anything contradicted speaks against it."""
    turned = [one.sure for one in points if one.verdict == "contradicted"]
    against = min(max(turned), 0.9) if turned else 0.05
    correct = 1 / (1 + np.exp(-8 * (score - 0.55)))
    return float(min(correct, 0.95) * (1 - against)), against


def _adds(seen: View, turn: int, now: Finding, before: Finding) -> bool:
    """Whether turn number `turn`, the last of the view, says anything about a point: the words found
    for it are in that turn, or it explains a part of the point that was not explained before. Else a
    platitude beside an earlier answer would earn what the answer alone did not."""
    start, end = now.window
    if end > start and int(seen.turn[start]) == turn:
        return True
    return float(now.features[_EXPLAINED] - before.features[_EXPLAINED]) > _NEWS


def _prompted(case: Case, point: Point) -> PointVerdict | None:
    """Full credit for a brief turn that gives the word a prompt about this point asked for."""
    if case.task.focus != point.id or not point.words:
        return None
    accepted = [[stem(word) for word in split_words(text)[0]] for text in point.words]
    for turn in case.task.turns:
        words, spans = split_words(turn)
        if not 0 < len(words) <= _WORD_TURN:
            continue
        stems = [stem(word) for word in words]
        for wanted in accepted:
            for at in range(len(stems) - len(wanted) + 1):
                if wanted and stems[at : at + len(wanted)] == wanted:
                    quote = turn[spans[at][0] : spans[at + len(wanted) - 1][1]]
                    return PointVerdict(point.id, "covered", 1.0, quote)
    return None


def _words(found: Found, place: int, verdict: Verdict) -> tuple[int, int]:
    """The words that show a verdict on a point; against it speak those that deny it, or those that say
    it the wrong way."""
    said, denied, fact = found.points[place], found.denied[place], found.settled[place]
    if fact:
        return fact.window
    return (denied if verdict == "contradicted" and denied.score > said.score else said).window


def _facts(found: Sequence[Found], place: int) -> tuple[np.ndarray, np.ndarray]:
    """After which turns code says that a point is right, and that it is wrong; what was wrong stays so
    until it is put right."""
    right, wrong = np.zeros(len(found), bool), np.zeros(len(found), bool)
    for turn, one in enumerate(found):
        fact = one.settled[place]
        right[turn] = fact is not None and fact.verdict == "covered"
        wrong[turn] = fact.verdict == "contradicted" if fact else turn > 0 and wrong[turn - 1]
    return right, wrong


def _point(case: Case, place: int, found: Sequence[Found], odds: Sequence[Odds]) -> PointVerdict:
    """The verdict on one point: the best of what stood after each turn, so that it never falls."""
    point, text = case.points[place], case.points[place].text if case.derived else ""
    granted = _prompted(case, point)
    if granted:
        return granted
    if not found:
        return PointVerdict(point.id, "missing", 0.0, note=case.refused, text=text)
    against = np.array([one.contradicted[place] for one in odds])
    both = np.array([one.points[place].both for one in found])
    credit = np.array([one.credit[place] for one in odds])
    credit = np.where(case.salad, np.minimum(credit, _SALAD_CAP), credit)
    both |= np.array(case.hedged) & (credit >= PARTIAL)
    blank = np.array([one.points[place].window == (0, 0) for one in found])
    least = CONTRADICTED if point.wordings else BARE_CONTRADICTED
    turned = (both | ((against >= least) & (against > credit))) & ~blank
    if not case.derived:
        thin = [_thin(seen.text) for seen in case.views]
        blank = blank | (np.array(thin) & (len(split_words(point.text)[0]) > 2 * _FEW_WORDS))
    beside = np.array([one.points[place].features[_EXPLAINED] < _LEAST for one in found])
    right, wrong = _facts(found, place)
    credit = np.where(right, 1.0, np.where(blank | beside | wrong, 0.0, credit))
    turned = (turned | wrong) & ~right
    for turn in range(1, len(credit)):
        if not right[turn] and not _adds(
            case.views[turn], turn, found[turn].points[place], found[turn - 1].points[place]
        ):
            credit[turn] = min(credit[turn], credit[turn - 1])
    held = np.where(turned | (credit < PARTIAL), 0.0, credit)
    best = int(held.argmax())
    coverage, at = float(held[best]), best
    verdict: Verdict = "covered" if coverage >= COVERED else "partial" if coverage else "missing"
    note = ""
    if turned[-1]:
        verdict, note = "contradicted", guards.NOTE_BOTH if both[-1] else ""
        fact = found[-1].settled[place]
        note = fact.note if fact else note
        at = best if coverage > 0 else len(found) - 1
    quote = ""
    if verdict != "missing":
        quote = case.views[at].quote(_words(found[at], place, verdict), case.task.turns)
    sure = abs(2 * float(credit[at]) - 1)
    if turned[-1]:
        sure = max(float(against[-1]), 0.75 if both[-1] or wrong[-1] else 0.0)
    return PointVerdict(point.id, verdict, round(coverage, 4), quote, round(sure, 4), note, text)


def _thin(text: Text) -> bool:
    content = int(text.content.sum())
    return content < _FEW_WORDS or (content == _FEW_WORDS and len(text) <= 2 * _FEW_WORDS)


def _hits(case: Case, found: Found, odds: Odds) -> tuple[ErrorHit, ...]:
    seen, points = case.views[-1], len(found.points)
    right = (odds.credit >= _RIGHT) & (odds.credit > odds.contradicted)
    taken = found.shared.overlap[2 * points :, :points][:, right].max(axis=1, initial=0.0)
    return tuple(
        ErrorHit(error.id, seen.quote(one.window, case.task.turns))
        for error, one, p, share in zip(
            case.task.errors, found.errors, odds.errors, taken, strict=True
        )
        if p >= 0.5 and share < _MOST
    )
