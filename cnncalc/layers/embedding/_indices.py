"""What the embeddings share: reading indices."""

from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array


def indices(np: ModuleType, x: Array, vocabulary: int) -> Array:
    """Any real numbers as indices: their floor, modulo the vocabulary."""
    return np.floor(x).astype(np.int64) % vocabulary
