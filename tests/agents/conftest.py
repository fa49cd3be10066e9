"""One embedder and one grader for all sessions of a run: what they return depends on the text alone,
and loading them anew for each session was most of what these tests cost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agents.grading.builtin import BuiltinGrader
from memory.embedder import Embedder, load_embedder


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return load_embedder()


@pytest.fixture(scope="session")
def grader(embedder: Embedder) -> BuiltinGrader:
    return BuiltinGrader(embedder)


@pytest.fixture(scope="session", autouse=True)
def _loaded_once(embedder: Embedder, grader: BuiltinGrader) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("memory.rebuild.load_embedder", lambda: embedder)
        patch.setattr("agents.grading.builtin.BuiltinGrader", lambda: grader)
        yield
