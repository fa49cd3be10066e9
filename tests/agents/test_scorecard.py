"""The scorecard: what a model's verdicts are worth, and whether two differ."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from agents.briefs import ClaimedPoint, Claims
from agents.grading.builtin import BuiltinGrader
from agents.judgement import Task
from agents.scorecard import card
from agents.scorecard.compare import compare, fisher, mcnemar, thumbs_of
from agents.scorecard.items import EMPTY_KINDS, Item, load_items
from corpus.library import Library


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return load_items(Library(Path("/nonexistent")).question)


def test_there_are_enough_graded_answers_of_every_kind(items: list[Item]) -> None:
    assert len(items) >= 120
    kinds = {item.kind for item in items}
    assert kinds >= {"complete", "partial", "vague", "wrong", "parroted", "hostile"}
    assert sum(item.kind in EMPTY_KINDS for item in items) >= 40


def run(grader: BuiltinGrader, items: list[Item], ask, **more) -> card.Card:
    return card.run(items, ask, grader, "openai/x", "evaluator-1", 1, **more)


def test_a_perfect_judge_and_one_that_says_yes_to_everything(
    grader: BuiltinGrader, items: list[Item]
) -> None:
    some = items[:6] + items[-4:]
    human = {item.task.turns: item for item in some}

    def perfect(task: Task) -> Claims:
        verdicts = human[task.turns].verdicts
        return Claims(points=[
            ClaimedPoint(id=name, verdict=v, quote="" if v == "missing" else task.turns[0])  # type: ignore[arg-type]
            for name, v in verdicts.items()
        ])  # fmt: skip

    def yes(task: Task) -> Claims:
        points = [
            ClaimedPoint(id=p.id, verdict="covered", quote=task.turns[0]) for p in task.points
        ]
        return Claims(points=points)

    best = run(grader, some, perfect)
    assert best.agreement == 1.0 and best.false_credit == 0.0 and best.trusted
    bad = run(grader, some, yes)
    assert bad.agreement < best.agreement and not bad.trusted
    assert "wording only" in bad.text()
    result = compare(bad, best)
    assert result.difference > 0 and result.low > 0 and result.p < 0.05
    assert result.first.false_credit > result.second.false_credit == 0.0


def test_a_judge_that_never_answers_is_the_built_in_grader(
    grader: BuiltinGrader, items: list[Item]
) -> None:
    made = run(grader, items[:3], lambda task: None)
    assert made.failures == 3 and made.agreement == made.builtin_agreement


def test_cards_are_kept_and_decide_what_a_model_is_used_for(tmp_path: Path) -> None:
    good = card.Card("a", "v1", 1, 1, 1, 0.9, 0.8, 0.0, 0.0, 0, 1.0, 1, 0.0, {"s1/p": True})
    assert card.trusted(tmp_path, "a", "v1")
    card.keep(tmp_path, good)
    (tmp_path / card.FILE).open("a").write("not json\n{}\n")
    card.keep(tmp_path, replace(good, prompt="v2", agreement=0.1))
    assert card.trusted(tmp_path, "a", "v1") and not card.trusted(tmp_path, "a", "v2")
    assert card.latest(tmp_path, "a") == replace(good, prompt="v2", agreement=0.1)
    assert card.latest(tmp_path, "b") is None


def test_the_thumbs_of_two_models_and_of_two_prompt_versions() -> None:
    a = card.Card("a", "e1", 1, 1, 1, 0.9, 0.8, 0.0, 0.0, 0, 1.0, 1, 0.0, {"s1/p": True})
    b, newer = replace(a, model="b"), replace(a, prompt="e2")
    given = {("e1", "a"): (3, 1), ("e2", "a"): (0, 4), ("q1", "b"): (2, 0), ("q1", "c"): (9, 9)}
    rows = thumbs_of(a, b, given)
    assert [(r.prompt, r.first, r.second) for r in rows] == [
        ("e1", (3, 1), (0, 0)), ("e2", (0, 4), (0, 0)), ("q1", (0, 0), (2, 0)),
    ]  # fmt: skip
    (row,) = thumbs_of(a, newer, given)
    assert (row.prompt, row.first, row.second) == ("e1, e2", (3, 1), (0, 4))
    assert compare(a, newer, [row]).thumbs_p == pytest.approx(10 / 70)
    assert fisher((5, 0), (0, 5)) == pytest.approx(2 / 252)
    assert fisher((0, 0), (3, 1)) == 1.0


def test_mcnemar_and_cards_with_nothing_in_common() -> None:
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(0, 10) == pytest.approx(2 / 1024)
    one = card.Card("a", "v", 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 0, {"s1/p": True})
    with pytest.raises(ValueError, match="in common"):
        compare(one, replace(one, right={"s2/p": True}))
