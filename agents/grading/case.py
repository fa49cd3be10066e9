"""A task with its texts read and its guards applied: what the heads and the judge work on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from agents.grading import facts, guards
from agents.grading.facts import Settled, settle
from agents.grading.lexicon import stem
from agents.grading.point import POINT_NAMES, Finding, Sought, against
from agents.grading.reader import Reader, pieces
from agents.grading.text import Text, is_content, split_words
from agents.grading.together import Shared, shared
from agents.grading.view import View
from agents.judgement import Point, Task
from corpus.points import derive

_RELATED = POINT_NAMES.index("cos_reference_question")
_UNRELATED = 0.18


@dataclass(frozen=True)
class Case:
    """A task as read. `views` are what counts after turn 1, 2, ...; `refused` says why nothing
    counts, if so; `salad` marks the views that are lists of keywords, `hedged` those that are lists of
    opposites."""

    task: Task
    points: tuple[Point, ...]
    derived: bool
    question: Text
    views: tuple[View, ...]
    notes: tuple[str, ...]
    refused: str
    salad: tuple[bool, ...]
    hedged: tuple[bool, ...]


@dataclass(frozen=True)
class Found:
    """What was found in one view of the answer to a question, per point and per misconception, with
    the heads' features. `denied` is what was found of each point's denials, `denial_rows` are the
    features of it, with the point for a rival; zeros where it has none.

    `asked` is false where no question was put or it has nothing to do with the points, as where a
    summary is asked for: then they are content units, and presence is all there is to judge. `shared`
    says whose words are whose, `texts` are the points' texts, `settled` is what code can tell of them.
    """

    question: Text
    points: tuple[Finding, ...]
    rows: np.ndarray
    denied: tuple[Finding, ...]
    denial_rows: np.ndarray
    errors: tuple[Finding, ...]
    error_rows: np.ndarray
    asked: bool
    shared: Shared
    texts: tuple[str, ...]
    settled: tuple[Settled | None, ...] = ()


def read_cases(reader: Reader, tasks: Sequence[Task]) -> list[Case]:
    """Read the texts of all tasks in one batch and apply the guards."""
    points = [task.points or _derived(task) for task in tasks]
    cuts = []
    texts: list[str] = [""]
    for task, own in zip(tasks, points, strict=True):
        texts += [task.question, *_material(own), *task.references]
        wanted = _stems(texts[-1 - len(task.references) - len(_material(own)) :])
        texts += [text for error in task.errors for text in (error.text, *error.wordings)]
        texts += [text for point in own for text in point.denials]
        cuts.append([pieces(turn, wanted) for turn in task.turns])
        for turn, parts in zip(task.turns, cuts[-1], strict=True):
            texts += [turn[a:b] for a, b in parts]
    reader.prepare(texts)
    return [
        _case(reader, task, own, cut) for task, own, cut in zip(tasks, points, cuts, strict=True)
    ]


def look(reader: Reader, case: Case) -> list[Found]:
    """Per view of the case what is found of its points and misconceptions."""
    wanted = (
        *((point.text, *point.wordings) for point in case.points),
        *(point.denials for point in case.points),
        *((error.text, *error.wordings) for error in case.task.errors),
    )
    sought = reader.sought(case.task.question, wanted)
    texts = tuple(point.text for point in case.points)
    wanted = [None if one.wordings else reader.text(one.text) for one in case.points]
    return [
        replace(
            _look(case.question, sought, texts, seen),
            settled=tuple(one and _settled(case.question, one, seen, turn) for one in wanted),
        )
        for turn, seen in enumerate(case.views)
    ]


def _settled(question: Text, wanted: Text, seen: View, turn: int) -> Settled | None:
    """What the words of the last turn settle of a point in one wording."""
    words = np.flatnonzero(seen.turn == turn)
    if not len(words):
        return None
    start = int(words[0])
    found = settle(question, wanted, seen.window(start, int(words[-1]) + 1))
    if found is None:
        return None
    return replace(found, window=(found.window[0] + start, found.window[1] + start))


def _look(question: Text, sought: Sought, texts: tuple[str, ...], seen: View) -> Found:
    """The points of these `texts` are sought, and then as many groups of denials; the rest are
    misconceptions."""
    points = len(texts)
    found = seen.once(sought, sought.find)
    right, denied, wrong = found[:points], found[points : 2 * points], found[2 * points :]
    rows = against(right, wrong)
    asked = bool(len(question) and len(rows) and rows[:, _RELATED].max() >= _UNRELATED)
    denial_rows = _denial_rows(right, denied)
    return Found(
        question,
        right,
        rows,
        denied,
        denial_rows,
        wrong,
        against(wrong, right),
        asked,
        shared(seen.text, right, denied, wrong),
        texts,
    )


def _denial_rows(points: Sequence[Finding], denied: Sequence[Finding]) -> np.ndarray:
    rows = np.zeros((len(points), len(POINT_NAMES)), np.float32)
    for place, (point, denial) in enumerate(zip(points, denied, strict=True)):
        if denial.sides:
            rows[place] = against([denial], [point])[0]
    return rows


def _case(
    reader: Reader,
    task: Task,
    points: tuple[Point, ...],
    cuts: Sequence[Sequence[tuple[int, int]]],
) -> Case:
    question = reader.text(task.question)
    turns = [reader.turn(turn, cut) for turn, cut in zip(task.turns, cuts, strict=True)]
    material = [split_words(text)[0] for text in _material(points)] if task.points else []
    # Without points the references are what people say; beside points they are the model answer.
    model = [split_words(text)[0] for text in task.references] if task.points else []
    shown = [split_words(text)[0] for text in task.shown]
    keep: list[np.ndarray] = []
    notes: list[str] = []
    for turn, text in zip(task.turns, turns, strict=True):
        kept, why = _screen(turn, text, question, material, model, shown)
        keep.append(kept)
        notes += why
    read = tuple(
        zip(task.turns, (tuple(cut) for cut in cuts), (k.tobytes() for k in keep), strict=True)
    )
    views = tuple(reader.view(read[:n], turns[:n], keep[:n]) for n in range(1, len(turns) + 1))
    refused = ""
    if not views or not len(views[-1].text):
        refused = notes[0] if notes else guards.NOTE_EMPTY
        notes = notes or [refused]
    salad = tuple(guards.keyword_list(one.text) for one in views)
    if not refused and salad[-1]:
        notes.append(guards.NOTE_LIST)
    unique = tuple(dict.fromkeys(notes))
    hedged = tuple(guards.opposites_list(one.text) for one in views)
    return Case(task, points, not task.points, question, views, unique, refused, salad, hedged)


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
    model: Sequence[Sequence[str]],
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
        (guards.pasted(text, model, guards.PROSE), guards.NOTE_PASTED),
        (guards.shown_clauses(text, shown), guards.NOTE_SHOWN),
    ):
        if (same & keep).any():
            keep &= ~same
            notes.append(note)
    if not text.content[keep].any() and not facts.takes_a_stand(question, text):
        keep[:] = False
    return keep, notes
