"""Whole question banks in the shapes that people keep them in, each with what has to be found in it.

A file of `tests/corpus/banks` is a document, a line ``%%%% expected``, and a line for each question:
how it begins ``=>`` how its answer begins (nothing if there is none), and the right options as
``[BD]`` if it is a choice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.importing import find
from corpus.loaders.sandbox import Sandbox
from corpus.model import Question

BANKS = sorted(Path(__file__).with_name("banks").glob("*.bank"))
RIGHT = re.compile(r"\s*\[([A-Z0-9]+)\]\s*$")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


def bare(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def right_of(question: Question) -> str:
    told = question.answer.partition("\n\n")[0]
    return "".join(o[0] for o in question.options if o.partition("\n")[0] in told)


@pytest.mark.parametrize("path", BANKS, ids=[p.name.removesuffix(".bank") for p in BANKS])
def test_a_bank_gives_its_questions_and_no_other(
    path: Path, tmp_path: Path, sandbox: Sandbox
) -> None:
    text, _, expected = path.read_text().partition("%%%% expected\n")
    document = tmp_path / path.name.removesuffix(".bank")
    document.write_text(text)
    questions = find([document], sandbox=sandbox, cards=False).questions
    wanted = [line.partition("=>") for line in expected.splitlines() if line.strip()]
    for question, (ask, _, answer) in zip(questions, wanted, strict=True):
        right = RIGHT.search(answer)
        begins = RIGHT.sub("", answer).replace("\\n", "\n")
        assert bare(question.ask).startswith(bare(ask))
        assert bare(question.answer).startswith(bare(begins))
        assert bool(question.answer) == bool(begins.strip()), "no answer is invented, none is lost"
        if right:
            assert right_of(question) == right.group(1)
