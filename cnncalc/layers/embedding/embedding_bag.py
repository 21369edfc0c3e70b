from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight, Weight, show_shape
from cnncalc.layers.embedding._indices import WITHOUT_EFFECT, indices
from cnncalc.layers.embedding.embedding import _LOWEST, check_padding_index
from cnncalc.layers.keeping import Keeps


class EmbeddingBag(Layer):
    """The mean, sum or maximum of the vectors of a bag of indices.

    Entries with the padding index are skipped. The forward pass takes any real numbers: their floor, modulo the
    vocabulary, is the index. FLOPs: one addition or comparison per element of every vector after the first, and one
    division per output for a mean.
    """

    type = "embedding_bag"
    family = "embedding"
    without_effect: ClassVar[tuple[str, ...]] = WITHOUT_EFFECT
    refused: ClassVar[dict[str, str]] = {"lora_rank": "its low-rank matrices are not counted"}
    rule = "embedding_bag: T → dimension\nvocabulary·dimension parameters"
    sources = ("PyTorch, torch.nn.EmbeddingBag",)
    examples = ("7 -> embedding_bag 101 12", "7 -> embedding_bag 101 12 mode=max -> dense 2")

    vocabulary = declare.count("vocabulary size", positional=True, symbol="V", aliases=("num_embeddings", "input_dim"))
    dimension = declare.count(
        "length of each vector", positional=True, symbol="d", aliases=("embedding_dim", "output_dim")
    )
    mode = declare.choice("how the vectors are combined", ("mean", "sum", "max"), default="mean", aliases=("combiner",))
    padding_index = declare.count("the index that is skipped", default=None, minimum=_LOWEST, aliases=("padding_idx",))

    def steps_first(self) -> bool:
        return True

    def features_last(self) -> bool:
        return True

    def shape(self, x: Shape) -> Shape:
        check_padding_index(self.padding_index, self.vocabulary)
        if len(x) != 1:
            raise Refusal(
                f"embedding_bag needs one bag of indices, a vector, got {show_shape(x)}", hint="flatten it first",
                code="E303",
            )  # fmt: skip
        return (self.dimension,)

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        yield Weight("table", (self.vocabulary, self.dimension), positions=x)

    def elementwise(self, x: Shape, y: Shape) -> int:
        return x[0] * y[0] if self.mode == "mean" else (x[0] - 1) * y[0]

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return Keeps(arrays=(keeping.indices(prod(x)),))

    def output_axes(self, weight: Weight) -> tuple[int, ...]:
        """The first axis in PyTorch: each row of the table is the vector of one index."""
        return (0,)

    def windows(self, x: Shape) -> Sight:
        """Undefined: a vector of indices has no spatial axes."""
        return ()

    def forward(self, np: ModuleType, x: Array, *, table: Array) -> Array:
        vocabulary = len(table)
        found = indices(np, x, vocabulary)
        kept = np.ones(found.shape, bool) if self.padding_index is None else found != self.padding_index % vocabulary
        vectors = np.where(kept[..., None], table[found], np.float32(0))
        if self.mode == "max":
            largest = np.where(kept[..., None], table[found], -np.inf).max(axis=1)
            return np.where(kept.any(axis=1)[:, None], largest, np.float32(0)).astype(table.dtype)
        total = vectors.sum(axis=1)
        return total / np.maximum(kept.sum(axis=1), 1)[:, None].astype(table.dtype) if self.mode == "mean" else total
