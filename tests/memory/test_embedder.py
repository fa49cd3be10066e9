"""What the embedder promises, for the model and for the lexical stand-in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory import minilm
from memory.embedder import CachedEmbedder, Embedder, LexicalEmbedder, load_embedder

TEXTS = st.text(st.characters(), max_size=60)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    if minilm.packaged_model() is None:
        pytest.skip("the weights package is not installed")
    return minilm.MiniLM.from_package(tmp_path_factory.mktemp("cache"))


@pytest.fixture(params=["model", "lexical"])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    return request.getfixturevalue("model") if request.param == "model" else LexicalEmbedder()


def test_vectors_are_those_of_the_published_model(model: Embedder) -> None:
    rows = model.embed(
        ["That is a happy person", "That is a happy dog", "That is a very happy person"]
    )
    assert np.allclose(rows @ rows[0], [1, 0.6946, 0.9429], atol=1e-3)


def test_name_tells_model_revision_and_dimension(embedder: Embedder) -> None:
    assert str(embedder.dimension) in embedder.name
    assert "lexical" in embedder.name or "all-MiniLM-L6-v2" in embedder.name


@settings(max_examples=25, deadline=None)
@given(texts=st.lists(TEXTS, min_size=1, max_size=4))
def test_any_text_gets_a_unit_vector_and_true_spans(texts: list[str]) -> None:
    for one in _both():
        rows = one.embed(texts)
        assert rows.shape == (len(texts), one.dimension)
        assert rows.dtype == np.float32
        for text, row, parts in zip(texts, rows, one.tokens(texts), strict=True):
            assert np.isfinite(row).all()
            assert np.linalg.norm(row) == pytest.approx(1, abs=1e-4) or not parts.tokens
            assert np.allclose(parts.pooled, row, atol=1e-4)
            assert len(parts.tokens) == len(parts.spans) == len(parts.vectors)
            assert all(0 <= start <= end <= len(text) for start, end in parts.spans)


_LOADED: list[Embedder] = []


def _both() -> list[Embedder]:
    if not _LOADED:
        _LOADED.extend([load_embedder(), LexicalEmbedder()])
    return _LOADED


def test_a_text_has_the_same_vector_in_any_batch(embedder: Embedder) -> None:
    texts = ["short", "a somewhat longer text about temperature", "x " * 400, ""]
    together = embedder.embed(texts)
    alone = np.concatenate([embedder.embed([text]) for text in texts])
    assert np.allclose(together, alone, atol=1e-4)


def test_no_texts_no_vectors(embedder: Embedder) -> None:
    cached = CachedEmbedder(embedder)
    assert cached.embed([]).shape == (0, embedder.dimension)
    assert cached.tokens([]) == []


def test_the_cache_answers_as_the_model_does_and_forgets_the_oldest() -> None:
    inner = LexicalEmbedder()
    cached = CachedEmbedder(inner, texts=2, token_texts=2)
    texts = ["one", "two", "three", "one"]
    assert np.allclose(cached.embed(texts), inner.embed(texts))
    assert len(cached._pooled) == 2
    assert [t.tokens for t in cached.tokens(texts)] == [t.tokens for t in inner.tokens(texts)]


def test_one_process_loads_one_embedder() -> None:
    assert load_embedder() is load_embedder()


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    file.write_bytes(b"not the model")
    with pytest.raises(minilm.ModelUnavailable, match="SHA-256"):
        minilm.verify(file, tmp_path)


def test_the_check_is_remembered_until_the_file_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import hashlib

    file = tmp_path / "model.safetensors"
    file.write_bytes(b"weights")
    monkeypatch.setattr(minilm, "SHA256", hashlib.sha256(b"weights").hexdigest())
    minilm.verify(file, tmp_path / "cache")
    monkeypatch.setattr(hashlib, "file_digest", lambda *_: pytest.fail("hashed again"))
    minilm.verify(file, tmp_path / "cache")
    monkeypatch.undo()
    file.write_bytes(b"other weights")
    with pytest.raises(minilm.ModelUnavailable):
        minilm.verify(file, tmp_path / "cache")


def test_without_package_and_chroma_copy_the_stand_in_serves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(minilm, "packaged_model", lambda: None)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    assert "lexical" in load_embedder(tmp_path).name


def test_related_texts_are_nearer_than_unrelated_ones(embedder: Embedder) -> None:
    rows = embedder.embed(["the softmax temperature", "temperature of a softmax", "boiled eggs"])
    assert rows[0] @ rows[1] > rows[0] @ rows[2]
