"""The grader that needs no model: guards in code, features, small trained heads, verified quotes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agents.grading import guards
from agents.grading.heads import PointHead, PointOdds, plain_points
from agents.grading.lexicon import stem
from agents.grading.point import Finding, find, nothing
from agents.grading.reader import Reader, pieces
from agents.grading.text import Text, is_content, split_words
from agents.grading.view import View, view
from agents.judgement import (
    ErrorHit,
    Judgement,
    Overall,
    Point,
    PointVerdict,
    Task,
    Verdict,
)
from corpus.points import derive
from memory.embedder import Embedder, load_embedder

COVERED, PARTIAL = 0.55, 0.3
"""Coverage from which a point counts as covered, and as partly covered."""
CONTRADICTED = 0.5
ERROR = 0.6
_SALAD_CAP = 0.5
_WORD_TURN = 6  # a turn of at most this many words may be an answer to a one-word prompt


@dataclass(frozen=True)
class _Case:
    """A task with its texts read and its guards applied."""

    task: Task
    points: tuple[Point, ...]
    derived: bool
    question: Text
    views: tuple[View, ...]  # what counts after turn 1, 2, ... of the task
    notes: tuple[str, ...]
    refused: str  # why nothing at all counts, else empty
    salad: bool


class BuiltinGrader:
    """Judges answers without a language model. Deterministic; safe to share between tasks."""

    name = "built-in"

    def __init__(self, embedder: Embedder | None = None) -> None:
        self._embedder = embedder or load_embedder()
        self._reader = Reader(self._embedder, {}, 9.0)
        self._points: PointHead = plain_points

    def grade(self, task: Task) -> Judgement:
        """Judge one answer."""
        return self.grade_many([task])[0]

    def grade_many(self, tasks: list[Task]) -> list[Judgement]:
        """Judge answers in one batch; the same judgements as one by one."""
        cases = self._read(tasks)
        findings = [self._findings(case) for case in cases]
        rows = [found.features for one in findings for group in one for found in group]
        odds = self._points(np.stack(rows)) if rows else PointOdds(np.zeros(0), np.zeros(0))
        judgements, at = [], 0
        for case, groups in zip(cases, findings, strict=True):
            count = sum(len(group) for group in groups)
            mine = PointOdds(odds.credit[at : at + count], odds.contradicted[at : at + count])
            judgements.append(self._judge(case, groups, mine))
            at += count
        return judgements

    def _read(self, tasks: Sequence[Task]) -> list[_Case]:
        points = [task.points or _derived(task) for task in tasks]
        cuts = []
        texts: list[str] = [""]
        for task, own in zip(tasks, points, strict=True):
            fixed = [task.question, *_material(own), *task.references, *task.shown]
            fixed += [text for error in task.errors for text in (error.text, *error.wordings)]
            wanted = _stems([task.question, *_material(own), *task.references])
            cuts.append([pieces(turn, wanted) for turn in task.turns])
            texts += fixed
            texts += [
                turn[a:b]
                for turn, parts in zip(task.turns, cuts[-1], strict=True)
                for a, b in parts
            ]
        self._reader.prepare(texts)
        return [
            self._case(task, own, cut) for task, own, cut in zip(tasks, points, cuts, strict=True)
        ]

    def _case(
        self, task: Task, points: tuple[Point, ...], cuts: Sequence[Sequence[tuple[int, int]]]
    ) -> _Case:
        question = self._reader.text(task.question)
        turns = [self._reader.turn(turn, cut) for turn, cut in zip(task.turns, cuts, strict=True)]
        material = [split_words(text)[0] for text in _material(points)] if task.points else []
        shown = [split_words(text)[0] for text in task.shown]
        keep, notes = [], []
        for turn, text in zip(task.turns, turns, strict=True):
            kept, why = _screen(turn, text, question, material, shown)
            keep.append(kept)
            notes += why
        views = tuple(view(turns[: n + 1], keep[: n + 1]) for n in range(len(turns)))
        refused = ""
        if not any(len(text) for text in turns):
            refused = guards.NOTE_EMPTY
        elif not len(views[-1].text):
            refused = notes[0] if notes else guards.NOTE_EMPTY
        unique = tuple(dict.fromkeys(notes or ([refused] if refused else [])))
        salad = bool(len(views)) and guards.keyword_list(views[-1].text)
        if salad and not refused:
            unique = (*unique, guards.NOTE_LIST)
        return _Case(task, points, not task.points, question, views, unique, refused, salad)

    def _findings(self, case: _Case) -> list[list[Finding]]:
        """Per view of the case the findings for its points; last the misconceptions'."""
        groups = []
        for seen in case.views:
            groups.append([
                find(case.question, [self._reader.text(t) for t in (p.text, *p.wordings)], seen)
                if not case.refused
                else nothing()
                for p in case.points
            ])  # fmt: skip
        if case.views and not case.refused:
            groups.append([
                find(case.question, [self._reader.text(t) for t in (e.text, *e.wordings)],
                     case.views[-1])
                for e in case.task.errors
            ])  # fmt: skip
        return groups

    def _judge(self, case: _Case, groups: list[list[Finding]], odds: PointOdds) -> Judgement:
        hits = ()
        if case.refused or not case.views:
            verdicts = [self._refused(case, point) for point in case.points]
        else:
            size = len(case.points)
            credit = odds.credit[: size * len(case.views)].reshape(len(case.views), size)
            against = odds.contradicted[: size * len(case.views)].reshape(len(case.views), size)
            verdicts = [
                _point_verdict(case, place, groups, credit[:, place], against[:, place])
                for place in range(size)
            ]
            hits = _hits(case, groups[-1], odds.credit[size * len(case.views) :])
        return _overall(case, verdicts, hits, self.name)

    def _refused(self, case: _Case, point: Point) -> PointVerdict:
        granted = _prompted(case, point)
        if granted:
            return granted
        return PointVerdict(
            point.id, "missing", 0.0, note=case.refused, text=_shown_text(case, point)
        )


def _derived(task: Task) -> tuple[Point, ...]:
    found = derive(task.references[0], task.question) if task.references else ()
    if found:
        return tuple(Point(e.id, e.text, e.weight, tuple(e.wordings)) for e in found)
    return tuple(
        Point(f"p{n}", text, 1.0) for n, text in enumerate(task.references[:1], 1) if text.strip()
    )


def _material(points: Sequence[Point]) -> list[str]:
    return [text for point in points for text in (point.text, *point.wordings)]


def _stems(texts: Sequence[str]) -> frozenset[str]:
    words = {word for text in texts for word in split_words(text)[0]}
    return frozenset(stem(word) for word in words if is_content(word))


def _screen(
    turn: str,
    text: Text,
    question: Text,
    material: Sequence[Sequence[str]],
    shown: Sequence[Sequence[str]],
) -> tuple[np.ndarray, list[str]]:
    """Which words of a turn may count, and notes on those that may not."""
    keep = np.ones(len(text), bool)
    notes = []
    for start, end in guards.pleas(turn):
        keep &= np.array([b <= start or a >= end for a, b in text.spans], bool)
    if not keep.all():
        notes.append(guards.NOTE_PLEA)
    if guards.knows_nothing(turn, text):
        return np.zeros(len(text), bool), [guards.NOTE_UNKNOWN]
    if guards.repeats_question(text, question):
        return np.zeros(len(text), bool), [guards.NOTE_QUESTION]
    for same, note in (
        (guards.pasted(text, material), guards.NOTE_PASTED),
        (guards.shown_clauses(text, shown), guards.NOTE_SHOWN),
    ):
        if (same & keep).any():
            keep &= ~same
            notes.append(note)
    if not text.content[keep].any():
        keep[:] = False
    return keep, notes


def _prompted(case: _Case, point: Point) -> PointVerdict | None:
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
                    return PointVerdict(point.id, "covered", 1.0, quote, 1.0)
    return None


def _shown_text(case: _Case, point: Point) -> str:
    return point.text if case.derived else ""


def _point_verdict(
    case: _Case, place: int, groups: list[list[Finding]], credit: np.ndarray, against: np.ndarray
) -> PointVerdict:
    point = case.points[place]
    granted = _prompted(case, point)
    if granted:
        return granted
    held = np.where(against >= CONTRADICTED, 0.0, credit)
    best = int(held.argmax())
    coverage = float(np.clip(held[best], 0, 1))
    note, last = "", len(case.views) - 1
    if case.salad:
        coverage = min(coverage, _SALAD_CAP)
    contradicted = float(against[last]) >= CONTRADICTED
    if groups[last][place].both:
        contradicted, note = True, guards.NOTE_BOTH
        coverage = coverage if best < last else 0.0
    verdict: Verdict = (
        "contradicted"
        if contradicted
        else "covered"
        if coverage >= COVERED
        else "partial"
        if coverage >= PARTIAL
        else "missing"
    )
    quote = ""
    if verdict in ("covered", "partial") or coverage >= PARTIAL:
        quote = case.views[best].quote(groups[best][place].window, case.task.turns)
    elif verdict == "contradicted":
        quote = case.views[last].quote(groups[last][place].window, case.task.turns)
    else:
        coverage = min(coverage, PARTIAL)
    sure = abs(2 * coverage - 1) if verdict != "contradicted" else float(against[last])
    return PointVerdict(
        point.id, verdict, round(coverage, 4), quote, round(sure, 4), note, _shown_text(case, point)
    )


def _hits(case: _Case, found: list[Finding], credit: np.ndarray) -> tuple[ErrorHit, ...]:
    seen = case.views[-1]
    return tuple(
        ErrorHit(error.id, seen.quote(one.window, case.task.turns))
        for error, one, value in zip(case.task.errors, found, credit, strict=True)
        if value >= ERROR
    )


def _overall(
    case: _Case, verdicts: Sequence[PointVerdict], hits: tuple[ErrorHit, ...], name: str
) -> Judgement:
    weights = np.array([point.weight for point in case.points])
    coverage = np.array([one.coverage for one in verdicts])
    score = float((weights * coverage).sum() / weights.sum()) if len(weights) else 0.0
    contradicted = any(one.verdict == "contradicted" for one in verdicts)
    against = 0.6 if contradicted else 0.05
    correct = score * (0.4 if contradicted else 1.0)
    verdict: Overall
    if contradicted and against >= correct:
        verdict = "contradictory"
    else:
        verdict = "correct" if correct >= 0.5 else "partial" if score >= 0.25 else "incorrect"
    return Judgement(
        verdict,
        round(score, 4),
        round(correct, 4),
        against,
        tuple(verdicts),
        hits,
        case.notes,
        name,
    )
