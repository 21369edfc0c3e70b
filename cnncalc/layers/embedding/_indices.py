"""What the embeddings share: reading indices."""

from __future__ import annotations

from types import ModuleType

from cnncalc.layers.base import Array

WITHOUT_EFFECT = (
    "max_norm", "norm_type", "scale_grad_by_freq", "sparse", "_weight", "_freeze", "input_length",
    "include_last_offset", "lora_alpha", "tie_weights", "reverse_dtype", "logit_soft_cap",
)  # fmt: skip
"""What the frameworks' embeddings take beside their sizes: how vectors are kept short, and trained."""


def indices(np: ModuleType, x: Array, vocabulary: int) -> Array:
    """Any real numbers as indices: their floor, modulo the vocabulary."""
    return np.floor(x).astype(np.int64) % vocabulary
