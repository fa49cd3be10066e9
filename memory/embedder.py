"""Text to vectors: the model where it can be had, a lexical stand-in where it cannot."""

from __future__ import annotations

import logging
import os
import re
import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np

from memory.minilm import MiniLM, ModelUnavailable
from memory.vectors import TokenVectors, unit

log = logging.getLogger(__name__)
Made = TypeVar("Made")


class Embedder(Protocol):
    """Makes vectors of texts.

    `name` identifies the vector space (model, revision and dimension in it): vectors of embedders
    with different names must not be mixed. Deterministic.
    """

    name: str
    dimension: int

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """One unit vector per text: float32 [n, dimension]."""
        ...

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Per text its tokens with their character spans and vectors."""
        ...


def load_embedder(cache: Path | None = None, threads: int = 1) -> Embedder:
    """The best embedder on this machine, with a cache by text in front. Never downloads.

    In order: MiniLM from its package, Chroma's copy of the same model (same vector space and same
    name), the lexical embedder. `cache` is where the check of the weights is remembered (default:
    `VIVA_HOME`, else the user's cache folder). Loaded once in a process, whoever asks: the weights
    take 90 MB.
    """
    if cache is None:
        from platformdirs import user_cache_path

        chosen = os.environ.get("VIVA_HOME")
        cache = Path(chosen, "cache") if chosen else user_cache_path("viva")
    with _LOADING:
        return _loaded(cache, threads)


_LOADING = threading.Lock()


@lru_cache(maxsize=1)
def _loaded(cache: Path, threads: int) -> Embedder:
    sources: tuple[Callable[[], MiniLM], ...] = (
        lambda: MiniLM.from_package(cache, threads),
        lambda: MiniLM.from_chroma(threads=threads),
    )
    for source in sources:
        try:
            return CachedEmbedder(source())
        except ModelUnavailable as reason:
            log.info("embedder: %s", reason)
        except Exception as error:  # a broken native library must not take Viva with it
            log.warning("embedder: %s: %s", type(error).__name__, error)
    return CachedEmbedder(LexicalEmbedder())


class CachedEmbedder:
    """Remembers the latest results by text; returned arrays are read-only. Safe between threads: the
    model itself may run in several at once."""

    def __init__(self, inner: Embedder, texts: int = 8192, token_texts: int = 1024) -> None:
        self.inner = inner
        self.name = inner.name
        self.dimension = inner.dimension
        self._pooled: OrderedDict[str, np.ndarray] = OrderedDict()
        self._tokens: OrderedDict[str, TokenVectors] = OrderedDict()
        self._room = (texts, token_texts)
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        return np.stack(self._remembered(self._pooled, self._room[0], texts, self._pool))

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return self._remembered(self._tokens, self._room[1], texts, self._tokenise)

    def _pool(self, texts: list[str]) -> list[np.ndarray]:
        with self._lock:
            known = {text: self._tokens[text].pooled for text in texts if text in self._tokens}
        rest = [text for text in texts if text not in known]
        known |= dict(zip(rest, self.inner.embed(rest), strict=True)) if rest else {}
        return [known[text] for text in texts]

    def _tokenise(self, texts: list[str]) -> list[TokenVectors]:
        made = self.inner.tokens(texts)
        for one in made:
            one.vectors.flags.writeable = False
            one.pooled.flags.writeable = False
        return made

    def _remembered(
        self,
        store: OrderedDict[str, Made],
        room: int,
        texts: Sequence[str],
        make: Callable[[list[str]], Sequence[Made]],
    ) -> list[Made]:
        with self._lock:
            known = {text: store[text] for text in dict.fromkeys(texts) if text in store}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        if new:
            known |= dict(zip(new, make(new), strict=True))
        with self._lock:
            for text in known:
                store[text] = known[text]
                store.move_to_end(text)
            while len(store) > room:
                store.popitem(last=False)
        return [known[text] for text in texts]


_WORD = re.compile(r"\w+", re.UNICODE)


class LexicalEmbedder:
    """No model: words and their character trigrams hashed with signs into a fixed space.

    Finds texts that share words or parts of words, nothing more. Feature hashing after Weinberger
    et al. 2009, subword n-grams after Bojanowski et al. 2017.
    """

    dimension = 384
    name = f"lexical-hash-1/{dimension}"

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([one.pooled for one in self.tokens(texts)]) if texts else _none(self)

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> TokenVectors:
        found = list(_WORD.finditer(text))
        words = tuple(match.group().lower() for match in found)
        vectors = np.stack([self._word(word) for word in words]) if words else _none(self)
        return TokenVectors(
            tokens=words,
            spans=tuple(match.span() for match in found),
            vectors=vectors,
            pooled=unit(vectors.sum(axis=0, keepdims=True))[0].astype(np.float32),
        )

    def _word(self, word: str) -> np.ndarray:
        row = np.zeros(self.dimension, np.float32)
        edged = f"<{word}>"
        grams = [edged[i : i + 3] for i in range(len(edged) - 2)]
        for gram, weight in [(word, 1.0), *((gram, 1 / len(grams)) for gram in grams)]:
            code = zlib.crc32(gram.encode("utf-8", "replace"))
            row[code % self.dimension] += weight if code & 0x40000000 else -weight
        return unit(row[None])[0]


def _none(embedder: Embedder) -> np.ndarray:
    return np.zeros((0, embedder.dimension), np.float32)
