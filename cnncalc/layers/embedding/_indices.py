"""Indices of embeddings, and the framework arguments that all embeddings ignore."""

from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array

WITHOUT_EFFECT = (
    "max_norm", "norm_type", "scale_grad_by_freq", "sparse", "_weight", "_freeze", "input_length",
    "include_last_offset", "lora_alpha", "tie_weights", "reverse_dtype", "logit_soft_cap",
)  # fmt: skip
"""Arguments of the frameworks' embeddings without effect here: limits of the vectors' norms, and training."""


def indices(np: ModuleType, x: Array, vocabulary: int) -> Array:
    """Real numbers as indices: their floor, modulo the vocabulary."""
    return np.floor(x).astype(np.int64) % vocabulary
