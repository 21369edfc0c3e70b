"""Layers that turn texts into numbers: their outputs follow from their arguments, and they learn no weights."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.tensors.tensor import NotSaid

VECTORIZERS: Mapping[str, str] = MappingProxyType(
    {
        "TextVectorization": (
            "max_tokens standardize split ngrams output_mode output_sequence_length pad_to_max_tokens vocabulary "
            "idf_weights sparse ragged encoding"
        )
    }
)
"""The classes and their parameters."""


def vectorized(class_name: str, config: Mapping[str, Any], sample: Shape) -> Shape | None:
    """The output for an input of a shape, both without the batch; None for another class.

    Raises NotSaid for a size that follows from the texts, and for counts of tokens, whose axes differ between versions.

    >>> vectorized("TextVectorization", {"output_sequence_length": 20}, (1,))
    (20,)
    """
    if class_name not in VECTORIZERS:
        return None
    size = config.get("output_sequence_length")
    if config.get("output_mode", "int") != "int" or not isinstance(size, int) or sample not in ((), (1,)):
        raise NotSaid("its length follows from the texts")
    return (size,)
