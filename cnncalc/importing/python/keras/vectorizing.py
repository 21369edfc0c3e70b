"""Layers that turn texts or numbers into tokens: their outputs follow from their arguments; they learn no weights."""

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
        ),
        "StringLookup": (
            "max_tokens num_oov_indices mask_token oov_token vocabulary idf_weights invert output_mode "
            "pad_to_max_tokens sparse encoding salt"
        ),
        "IntegerLookup": (
            "max_tokens num_oov_indices mask_token oov_token vocabulary vocabulary_dtype idf_weights invert "
            "output_mode sparse pad_to_max_tokens oov_method salt"
        ),
        "Hashing": "num_bins! mask_value salt output_mode sparse",
        "Discretization": "bin_boundaries num_bins epsilon output_mode sparse",
    }
)
"""The classes and their parameters."""


def vectorized(class_name: str, config: Mapping[str, Any], sample: Shape) -> Shape | None:
    """The output for an input of a shape, both without the batch; None for another class.

    Raises NotSaid for a size that follows from the texts, and for counts of tokens, whose axes differ between versions.

    >>> vectorized("TextVectorization", {"output_sequence_length": 20}, (1,))
    (20,)
    >>> vectorized("StringLookup", {}, (5, 3))
    (5, 3)
    """
    if class_name not in VECTORIZERS:
        return None
    if class_name != "TextVectorization":
        if config.get("output_mode", "int") != "int":
            raise NotSaid("it counts its tokens")
        return sample
    size = config.get("output_sequence_length")
    if config.get("output_mode", "int") != "int" or not isinstance(size, int) or sample not in ((), (1,)):
        raise NotSaid("its length follows from the texts")
    return (size,)


def vocabulary_size(class_name: str, config: Mapping[str, Any]) -> int | None:
    """The number of tokens of a layer that is given them, with those for masks and for unknown texts; else None.

    >>> vocabulary_size("TextVectorization", {"vocabulary": ["a", "b", "c"]})
    5
    >>> vocabulary_size("StringLookup", {"vocabulary": ["a", "b", "c"]})
    4
    """
    tokens, unknown = config.get("vocabulary"), config.get("num_oov_indices", 1)
    if not isinstance(tokens, list | tuple) or not isinstance(unknown, int):
        return None
    is_masked = class_name == "TextVectorization" or config.get("mask_token") is not None
    special = {"", "[UNK]", config.get("mask_token"), config.get("oov_token")}
    if any(not isinstance(each, str | int) or each in special for each in tokens) or len(set(tokens)) < len(tokens):
        return None
    return len(tokens) + unknown + is_masked
