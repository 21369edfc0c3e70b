"""The base of attention without projections: scores of all pairs of query and key, then a weighted sum of values."""

from __future__ import annotations

from math import prod
from types import ModuleType
from typing import Any, ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.attention._scores import check_lengths, query_key_value, visible, weigh
from cnncalc.layers.base import Array, Layer, Sight, show_shape
from cnncalc.layers.keeping import Keeps, KeptArray


class PairwiseAttention(Layer):
    """Attention whose inputs are the queries, keys and values themselves: sequences of positions × features."""

    family = "attention"
    without_effect: ClassVar[tuple[str, ...]] = (
        "dropout",
        "dropout_p",
        "attn_mask",
        "qk_matmul_output_mode",
        "softmax_precision",
    )
    inputs: ClassVar[tuple[int, int | None]] = (1, 3)
    branching = True

    causal = declare.flag(
        "whether a query attends only to keys up to its own position", default=False,
        aliases=("is_causal", "use_causal_mask"),
    )  # fmt: skip

    def steps_first(self) -> bool:
        return True

    def features_last(self) -> bool:
        return True

    def shape(self, *inputs: Shape) -> Shape:
        for shape in inputs:
            if len(shape) != 2:
                raise Refusal(
                    f"{self.type} needs sequences, positions × features, got {show_shape(shape)}",
                    hint="reshape it to positions × features first",
                    code="E303",
                )
        check_lengths(inputs)
        query, key, value = query_key_value(inputs)
        if query[-1] != key[-1]:
            raise Refusal(
                f"queries with {int(query[-1])} features cannot be compared with keys with {int(key[-1])}",
                hint="add a dense layer before one of them",
                code="E308",
            )
        return (*query[:-1], value[-1])

    def pairs(self, inputs: tuple[Shape, ...]) -> int:
        """The number of scores."""
        query, key, _ = query_key_value(inputs)
        return query[0] * key[0]

    def weighing(self, *shapes: Shape) -> int:
        """Multiply–accumulates of the weighted sum of the values."""
        *inputs, y = shapes
        return self.pairs(tuple(inputs)) * y[-1]

    def kept(self, *shapes: Shape) -> Keeps:
        """The values, the attention weights, and the arrays that the scores are computed from."""
        scores = KeptArray("attention weights", self.pairs(shapes[:-1]))
        value = len(shapes[:-1][:3]) - 1
        return Keeps((value,), arrays=(*self.kept_of_scores(*shapes), scores), folded_axes=2)

    def kept_of_scores(self, *shapes: Shape) -> tuple[KeptArray, ...]:
        """The arrays that the scores are computed from."""
        query, key, _ = query_key_value(shapes[:-1])
        return (KeptArray("scaled queries and keys", prod(query) + prod(key)),)

    def windows(self, *inputs: Shape) -> Sight:
        return "whole"

    def forward(self, np: ModuleType, *arrays: Array, **weights: Array) -> Array:
        query, key, value = (arrays[0], arrays[min(1, len(arrays) - 1)], arrays[-1])
        scores = self.scores(np, query, key, **weights)
        return weigh(np, visible(np, scores, key.shape[1], causal=self.causal), value)

    def scores(self, np: ModuleType, *args: Any, **weights: Any) -> Array:
        """The score of each query with each key: batch × queries × keys."""
        raise NotImplementedError


def sums(query: Array, key: Array) -> Array:
    """The sum of each query and each key: batch × queries × keys × features."""
    return query[..., :, None, :] + key[..., None, :, :]
