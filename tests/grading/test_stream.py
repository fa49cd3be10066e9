"""The contract of `viva grade --jsonl`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from agents.grading.builtin import BuiltinGrader
from agents.grading.stream import BATCH, grade_stream
from memory.embedder import LexicalEmbedder


@pytest.fixture(scope="module")
def grader() -> BuiltinGrader:
    return BuiltinGrader(LexicalEmbedder())


def line(id: object = "a", **more: object) -> str:
    made = {"id": id, "question": "Why?", "references": ["Water boils at 100 degrees."]}
    return json.dumps(made | {"answer": "water boils"} | more)


def run(grader: BuiltinGrader, lines: list[str]) -> tuple[int, list[dict]]:
    out: list[str] = []
    code = grade_stream(lines, out.append, grader=grader)
    return code, [json.loads(one) for one in out]


def test_one_line_out_per_line_in_with_the_fields_of_the_contract(grader: BuiltinGrader) -> None:
    ids = list(range(2 * BATCH + 3))
    code, out = run(grader, [line(id) for id in ids])
    assert code == 0
    assert [one["id"] for one in out] == ids
    for one in out:
        assert one["verdict"] in ("correct", "partial", "incorrect", "contradictory")
        assert all(0 <= one[key] <= 1 for key in ("score", "p_correct", "p_contradictory"))
        assert isinstance(one["misconceptions"], list)
        assert one["grader"]
        for point in one["expectations"]:
            assert {"id", "verdict", "coverage", "quote"} <= set(point)


@pytest.mark.parametrize(
    "bad",
    [
        "nonsense",
        "[]",
        "[" * 100_000,
        '{"id": "x"}',
        json.dumps({"id": "x", "question": "q", "answer": 3, "references": ["r"]}),
        json.dumps({"id": "x", "question": "q", "answer": "a", "references": "r"}),
        json.dumps({"id": "x", "question": "q", "answer": "a", "references": []}),
        json.dumps({"id": "x", "question": "q", "answer": "a", "expectations": [{"id": "e"}]}),
        '{"id": {"x": 1}, "question": "q", "answer": "a", "references": ["r"]}',
    ],
)
def test_a_bad_line_yields_an_error_in_its_place(grader: BuiltinGrader, bad: str) -> None:
    code, out = run(grader, [line("before"), bad, line("after")])
    assert code == 1
    assert [one["id"] for one in (out[0], out[2])] == ["before", "after"]
    assert set(out[1]) == {"id", "error"}


def test_odd_texts_are_judged(grader: BuiltinGrader) -> None:
    odd = ["", "\x00", "\ud800", "word " * 20_000, "🙂" * 100, "水は沸く", "-", "'"]
    code, out = run(grader, [line(n, answer=text) for n, text in enumerate(odd)])
    assert code == 0
    assert len(out) == len(odd)


def test_given_expectations_keep_their_ids(grader: BuiltinGrader) -> None:
    points = [{"id": "one", "text": "Water boils."}, {"id": 2, "text": "It is hot."}]
    _, out = run(grader, [line(references=[], expectations=points)])
    assert [point["id"] for point in out[0]["expectations"]] == ["one", "2"]


def test_a_caller_who_waits_for_each_answer_gets_it(grader: BuiltinGrader) -> None:
    out: list[str] = []

    def lines() -> Iterator[str]:
        for n in range(3):
            yield line(n)
            for _ in range(2000):
                if len(out) > n:
                    break
                import time

                time.sleep(0.005)
            assert len(out) == n + 1

    assert grade_stream(lines(), out.append, grader=grader) == 0


def test_an_error_of_the_source_is_not_swallowed(grader: BuiltinGrader) -> None:
    def lines() -> Iterator[str]:
        yield line()
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        grade_stream(lines(), lambda _: None, grader=grader)


def test_the_command_needs_neither_agents_nor_the_vector_store() -> None:
    code = (
        "import sys, agents.grading.stream as s; "
        f"r = s.grade_stream([{line()!r}], sys.stdout.write); "
        "assert not {'crewai', 'chromadb', 'sklearn', 'torch'} & set(sys.modules); sys.exit(r)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["id"] == "a"
