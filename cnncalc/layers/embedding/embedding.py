from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight, Weight
from cnncalc.layers.embedding._indices import WITHOUT_EFFECT, indices
from cnncalc.layers.keeping import Keeps

_LOWEST = -(1 << 31)


class Embedding(Layer):
    """Looks up a learned vector for the index at every position.

    The input holds indices, such as the words of a sentence; the features come last, in every layout. The forward pass
    takes any real numbers: their floor, modulo the vocabulary, is the index. FLOPs: none, because rows are only copied.
    """

    type = "embedding"
    aliases = ("embed", "lookup_table", "ReversibleEmbedding")
    family = "embedding"
    least_axes = 0
    without_effect: ClassVar[tuple[str, ...]] = WITHOUT_EFFECT
    refused: ClassVar[dict[str, str]] = {
        "lora_rank": "its low-rank matrices are not counted", "bias_term": "write bias_add after it",
    }  # fmt: skip
    rule = "embedding: T → T×dimension\nvocabulary·dimension parameters"
    sources = ("Keras, keras.layers.Embedding", "PyTorch, torch.nn.Embedding")
    examples = ("80 -> embedding 20000 128", "7 -> embedding vocabulary=101 dimension=12 -> flatten -> dense 2")

    vocabulary = declare.count("vocabulary size", positional=True, symbol="V", aliases=("num_embeddings", "input_dim"))
    dimension = declare.count(
        "length of each vector", positional=True, symbol="d", aliases=("embedding_dim", "output_dim", "num_output")
    )
    padding_index = declare.count(
        "the index of padding; its vector is not trained, but counted", default=None, minimum=_LOWEST,
        aliases=("padding_idx",),
    )  # fmt: skip
    mask_zero = declare.flag("whether index 0 is masked in the layers after it; without effect here", default=False)

    def steps_first(self) -> bool:
        return True

    def features_last(self) -> bool:
        return True

    def shape(self, x: Shape) -> Shape:
        check_padding_index(self.padding_index, self.vocabulary)
        return (*x, self.dimension)

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        yield Weight("table", (self.vocabulary, self.dimension), positions=x)

    def output_axes(self, weight: Weight) -> tuple[int, ...]:
        """The first axis in PyTorch: each row of the table is the vector of one index."""
        return (0,)

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return Keeps(arrays=(keeping.indices(prod(x)),))

    def windows(self, x: Shape) -> Sight:
        """Undefined: indices have no spatial axes that correspond to the output's."""
        return ()

    def forward(self, np: ModuleType, x: Array, *, table: Array) -> Array:
        return table[indices(np, x, len(table))]


def check_padding_index(index: int | None, vocabulary: int) -> None:
    """Reject a padding index outside of the vocabulary; negative ones count from the end."""
    if index is not None and not -vocabulary <= index < vocabulary:
        raise Refusal(
            f"padding index {int(index)} is outside of a vocabulary of {int(vocabulary)}",
            hint=f"use {-vocabulary} to {vocabulary - 1}",
            field="padding_index",
            code="E304",
        )
