"""Vectors of texts and of the tokens inside them, whichever model made them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class TokenVectors:
    """One text, token by token: strings, character spans in the text, contextual vectors [t, d]
    (not scaled), and the pooled unit vector [d] of the whole."""

    tokens: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    vectors: np.ndarray
    pooled: np.ndarray


def unit(rows: np.ndarray) -> np.ndarray:
    """Rows scaled to length 1; a row of zeros stays as it is."""
    norm = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(norm > 0, norm, 1)
