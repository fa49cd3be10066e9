"""Between a grader and a model: what the Evaluator is asked, and what of its reply survives.

The model proposes a verdict and a quote per expectation; code checks every quote against the
learner's turns, keeps the built-in grader's refusals, and computes the score.
"""

from __future__ import annotations

import re
from dataclasses import replace

from agents.briefs import ClaimedPoint, Claims, ErrorName, JudgeBrief, PointBrief
from agents.grading import guards
from agents.judgement import ErrorHit, Judgement, Overall, Point, PointVerdict, Task
from corpus.words import tokens

COVERAGE = {"covered": 1.0, "partial": 0.5, "missing": 0.0, "contradicted": 0.0}

DISAGREE = 0.6
"""Distance in coverage from which two judges disagree strongly."""

UNSURE = 0.4
"""Sureness of such a point; the interview asks below 0.55."""
AGREED = 0.75
"""Least sureness of a point on which both judges agree."""
PARTIAL, HALF = 0.3, 0.5
COPY = 5
"""Words in a row from which a quote is a copy."""

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


def reconcile(
    task: Task, builtin: Judgement, claims: Claims, model: str, prompt: str = ""
) -> Judgement:
    """The `claims` of `model`, asked with that `prompt` version, as a judgement, checked by code and
    against the built-in grader.

    Credit without a real quote is dropped; a point the built-in grader refused with a reason stays
    refused; where both disagree strongly nothing new is credited and the point is marked unsure, so
    that the learner is asked. A misconception counts if a contradicted point shows its words.
    """
    claimed = {claim.id: claim for claim in claims.points}
    points = tuple(_point(task, p, claimed.get(p.id)) for p in builtin.points)
    weights = {p.id: p.weight for p in task.points}
    total = sum(weights.get(p.id, 1.0) for p in points) or 1.0
    score = sum(weights.get(p.id, 1.0) * p.coverage for p in points) / total
    contradicted = any(p.verdict == "contradicted" for p in points)
    return replace(
        builtin,
        verdict=overall(score, contradicted),
        score=round(score, 4),
        points=points,
        errors=(*builtin.errors, *_errors(task, builtin, claims, points)),
        grader=f"{model} ({prompt}) with {builtin.grader}",
        model=model,
        prompt=prompt,
        sure=min((p.sure for p in points), default=builtin.sure),
    )


def _errors(
    task: Task, builtin: Judgement, claims: Claims, points: tuple[PointVerdict, ...]
) -> tuple[ErrorHit, ...]:
    """Misconceptions only the model saw, each with the words of a contradicted point."""
    words = next((p.quote for p in points if p.verdict == "contradicted" and p.quote), "")
    known = {error.id for error in task.errors} - {hit.id for hit in builtin.errors}
    names = dict.fromkeys(name for name in claims.misconceptions if name in known)
    return tuple(ErrorHit(name, words) for name in names) if words else ()


def overall(score: float, contradicted: bool) -> Overall:
    """The verdict on the whole from the weighted coverage."""
    if contradicted and score < 0.8:
        return "contradictory"
    if score >= 0.8:
        return "correct"
    return "partial" if score >= 0.25 else "incorrect"


def counts(quote: str, task: Task) -> bool:
    """Whether words of the learner may earn credit: no request to the grader, no copy of what the
    tutor showed, of the question or of the study material."""
    if guards.pleas(quote):
        return False
    for turn in task.turns:
        at = turn.find(quote)
        if at >= 0 and any(a < at + len(quote) and at < b for a, b in guards.pleas(turn)):
            return False
    words = tokens(quote)
    material = [text for p in task.points for text in (p.text, *p.wordings)]
    for source in (*task.shown, task.question, *material):
        listed = tokens(source)
        if len(words) >= COPY and bool(guards.copied(words, [listed], COPY).mean() >= 0.6):
            return False
    return True


def _point(task: Task, own: PointVerdict, claim: ClaimedPoint | None) -> PointVerdict:
    if claim is None or own.note:
        return own
    quote = find_quote(claim.quote, task.turns)
    if quote and not counts(quote, task):
        quote = ""
    verdict = claim.verdict if quote else "missing"
    coverage = COVERAGE[verdict]
    opposed = (verdict == "contradicted") != (own.verdict == "contradicted")
    if opposed or abs(coverage - own.coverage) >= DISAGREE:
        return _unsure(own, coverage)
    sure = max(own.sure, AGREED)
    return PointVerdict(own.id, verdict, coverage, quote, sure, text=own.text)


def _unsure(own: PointVerdict, other: float) -> PointVerdict:
    """The verdict where the judges disagree strongly: the lower coverage, never a contradiction, and
    sure enough of nothing to be asked about."""
    coverage = min(own.coverage, max(other, PARTIAL), HALF)
    verdict = "partial" if coverage >= PARTIAL else "missing"
    return PointVerdict(
        own.id, verdict, coverage, own.quote if verdict == "partial" else "", UNSURE, text=own.text
    )
