"""The decks that come with Viva: complete, consistent, and giving nothing away."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from corpus.deck import BUNDLED, find_cycle, find_problems, read
from corpus.model import Expectation, Question
from corpus.words import content

SHARE = 0.4
ANSWERS = Path(__file__).parent.parent / "answers"
KINDS = {"complete", "partial", "vague", "wrong", "contradicting", "off-topic"}
STAGES = ["requirements", "architecture", "data", "evaluation", "scale", "safety"]

READINGS = [
    read(folder) for folder in sorted(BUNDLED.iterdir()) if (folder / "deck.yaml").is_file()
]
QUESTIONS = {q.id: q for reading in READINGS for q in reading.deck.questions}
SERIES: dict[str, list[Question]] = defaultdict(list)
for _question in QUESTIONS.values():
    if _question.series:
        SERIES[_question.series].append(_question)


def words(text: str) -> int:
    return len(text.split())


def test_there_are_two_decks_of_fifty():
    sizes = {r.deck.id: len({q.series or q.id for q in r.deck.questions}) for r in READINGS}
    assert sizes == {"genai-interview": 50, "llm-foundations": 50}


def test_prerequisites_exist_and_have_no_circle():
    assert find_problems(READINGS) == []
    assert not find_cycle(list(QUESTIONS.values()))


def test_ten_design_questions_have_six_stages_in_order():
    assert len(SERIES) == 10
    for name, stages in SERIES.items():
        assert [q.id.split("/")[1] for q in stages] == STAGES, name
        for before, after in pairwise(stages):
            assert before.id in after.prerequisites
        assert any(q.misconceptions for q in stages), name


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_a_question_is_complete(question: Question):
    staged = bool(question.series)
    assert question.topic
    assert len(question.variants) >= 2 or staged
    assert question.sources and any(s.year for s in question.sources)
    low, high = (40, 120) if staged else (60, 150)
    assert low <= words(question.answer) <= high, words(question.answer)
    assert 3 <= len(question.expectations) <= 8
    if not staged:
        assert 1 <= len(question.misconceptions) <= 3
    for error in question.misconceptions:
        assert error.correction and error.wordings
        # A comma in an unquoted YAML list cuts a sentence in two.
        assert all(wording[-1] in ".!?" for wording in error.wordings), error.id
    for point in question.expectations:
        assert len(point.wordings) >= 2, point.id
        assert 6 <= words(point.text) <= 30, point.id
        assert point.words, point.id
        assert len(point.denials) != 1, point.id
        assert not set(point.denials) & {point.text, *point.wordings}, point.id
        assert all(denial[-1] in ".!?" for denial in point.denials), point.id
        for field in ("probe", "hint", "prompt"):
            text = getattr(point, field)
            assert 1 <= words(text) <= 25, (point.id, field)
            assert text.count("?") <= 1, (point.id, field)


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_no_probe_hint_or_prompt_gives_its_point_away(question: Question):
    known = content(" ".join([question.ask, *question.variants]))
    leaks = [
        (point.id, field, why)
        for point in question.expectations
        for field in ("probe", "hint", "prompt")
        for why in leaked(point, getattr(point, field), known)
    ]
    assert leaks == []


def leaked(point: Expectation, text: str, known: frozenset[str]) -> list[str]:
    stems = content(text)
    found = [word for word in point.words if content(word) and content(word) <= stems]
    for wording in (point.text, *point.wordings):
        wanted = content(wording) - known
        if wanted and len(wanted & (stems - known)) / len(wanted) > SHARE:
            found.append(wording)
    return found


def answers() -> list[dict[str, Any]]:
    files = sorted(ANSWERS.glob("*/*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]


def test_every_question_has_six_kinds_of_graded_answers():
    kinds: dict[str, set[str]] = defaultdict(set)
    rows = answers()
    for row in rows:
        kinds[row["question"].split("/")[0]].add(row["kind"])
        question = QUESTIONS[row["question"]]
        assert set(row["verdicts"]) == {e.id for e in question.expectations}, row
        allowed = {"covered", "partial", "missing", "contradicted"}
        assert set(row["verdicts"].values()) <= allowed
        assert set(row["misconceptions"]) <= {m.id for m in question.misconceptions}
    assert len(rows) >= 600
    assert set(kinds) == {q.series or q.id for q in QUESTIONS.values()}
    assert all(found == KINDS for found in kinds.values())


def test_three_hundred_answers_are_set_aside_some_of_every_question():
    counts = Counter((row["question"].split("/")[0], row["split"]) for row in answers())
    assert {split for _, split in counts} == {"train", "test"}
    assert sum(n for (_, split), n in counts.items() if split == "test") >= 300
    names = {q.series or q.id for q in QUESTIONS.values()}
    assert all(counts[name, split] >= 3 for name in names for split in ("train", "test"))
