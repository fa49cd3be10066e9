"""Between a grader and a model: what the Evaluator is asked, and what of its reply survives.

The model proposes a verdict and a quote per expectation; code checks every quote against the
learner's turns, keeps the built-in grader's refusals, and computes the score.
"""

from __future__ import annotations

import re
from dataclasses import replace

from agents.briefs import ClaimedPoint, Claims, ErrorName, JudgeBrief, PointBrief
from agents.judgement import ErrorHit, Judgement, Overall, Point, PointVerdict, Task

COVERAGE = {"covered": 1.0, "partial": 0.5, "missing": 0.0, "contradicted": 0.0}

DISAGREE = 0.6
"""Distance in coverage from which two judges disagree strongly."""

_MARKS = str.maketrans({"“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "`": "'", "\u00a0": " "})


def brief_of(task: Task) -> JudgeBrief:
    """What the Evaluator is shown of `task`."""
    return JudgeBrief(
        ask=task.question,
        answer="\n".join(task.turns),
        points=tuple(PointBrief(id=p.id, text=p.text, wordings=p.wordings) for p in task.points),
        errors=tuple(ErrorName(id=e.id, text=e.text) for e in task.errors),
    )


def task_of(brief: JudgeBrief) -> Task:
    """The grader's task behind a brief."""
    points = tuple(Point(p.id, p.text, wordings=p.wordings, words=p.words) for p in brief.points)
    return Task(brief.ask, (brief.answer,), points)


def find_quote(quote: str, turns: tuple[str, ...]) -> str:
    """The exact piece of a turn that `quote` copies, whitespace and quote marks aside; "" if none."""
    wanted = quote.translate(_MARKS).split()
    if not wanted:
        return ""
    pattern = re.compile(r"\s+".join(re.escape(word) for word in wanted), re.IGNORECASE)
    for turn in turns:
        found = pattern.search(turn.translate(_MARKS))
        if found:
            return turn[found.start() : found.end()]
    return ""


def reconcile(task: Task, builtin: Judgement, claims: Claims, grader: str) -> Judgement:
    """The model's `claims` as a judgement, checked by code and against the built-in grader.

    Credit without a real quote is dropped; a point the built-in grader refused with a reason stays
    refused; where both disagree strongly the point is marked unsure, so that the learner is asked.
    """
    claimed = {claim.id: claim for claim in claims.points}
    points = tuple(_point(task, p, claimed.get(p.id)) for p in builtin.points)
    weights = {p.id: p.weight for p in task.points}
    total = sum(weights.get(p.id, 1.0) for p in points) or 1.0
    score = sum(weights.get(p.id, 1.0) * p.coverage for p in points) / total
    contradicted = any(p.verdict == "contradicted" for p in points)
    known = {error.id for error in task.errors}
    errors = {hit.id: hit for hit in builtin.errors}
    for name in claims.misconceptions:
        if name in known and name not in errors:
            errors[name] = ErrorHit(name, "")
    return replace(
        builtin,
        verdict=overall(score, contradicted),
        score=score,
        points=points,
        errors=tuple(errors.values()),
        grader=grader,
        sure=min((p.sure for p in points), default=builtin.sure),
    )


def overall(score: float, contradicted: bool) -> Overall:
    """The verdict on the whole from the weighted coverage."""
    if contradicted and score < 0.8:
        return "contradictory"
    if score >= 0.8:
        return "correct"
    return "partial" if score >= 0.25 else "incorrect"


def _point(task: Task, own: PointVerdict, claim: ClaimedPoint | None) -> PointVerdict:
    if claim is None or own.note:
        return own
    quote = find_quote(claim.quote, task.turns)
    verdict = claim.verdict if quote or claim.verdict == "missing" else "missing"
    coverage = COVERAGE[verdict]
    apart = abs(coverage - own.coverage)
    sure = 0.4 if apart >= DISAGREE else max(own.sure, 0.75)
    return PointVerdict(own.id, verdict, coverage, quote, sure, text=own.text)
