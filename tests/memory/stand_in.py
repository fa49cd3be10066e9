"""A small embedder for tests: hashed words, deterministic, no files."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from memory.vectors import TokenVectors, unit


class WordEmbedder:
    """Texts that share words are near."""

    dimension = 64

    def __init__(self, name: str = "words/64") -> None:
        self.name = name
        self.embedded = 0

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        self.embedded += len(texts)
        rows = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                row[zlib.crc32(word.encode("utf-8", "replace")) % self.dimension] += 1
            row[0] += 0.01
        return unit(rows).astype(np.float32)

    def tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        raise NotImplementedError
