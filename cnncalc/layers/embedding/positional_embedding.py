from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Weight, show_shape


class PositionalEmbedding(Layer):
    """Adds a vector to each position of a sequence: learned, or sines and cosines of decreasing frequency.

    The input is positions × features, in every layout; a class token counts as a position. A learned table may be
    longer than the sequence; its first rows are then used. FLOPs: one addition per element.
    """

    type = "positional_embedding"
    aliases = ("PositionEmbedding", "pos_embedding", "pos_embed", "positional_encoding", "position_encoding")
    family = "embedding"
    rule = "positional_embedding: the shape is unchanged\nlength·features parameters if learned"
    sources = (
        "Vaswani et al., Attention Is All You Need, arXiv 1706.03762, section 3.5",
        "Dosovitskiy et al., An Image is Worth 16x16 Words, arXiv 2010.11929",
        "KerasHub, keras_hub.layers.PositionEmbedding",
    )
    examples = (
        "197x768 -> positional_embedding",
        "7x12 -> positional_embedding sinusoidal",
        "7x12 -> class_token -> positional_embedding length=50",
    )

    kind = declare.choice("whether the vectors are learned or computed", ("learned", "sinusoidal"), default="learned")
    length = declare.count(
        "number of rows of the table, the maximum length of a sequence",
        default=None,
        default_text="the sequence's length",
        symbol="N",
        aliases=("sequence_length", "max_length", "max_len", "num_positions", "max_position_embeddings"),
    )
    wavelength = declare.number(
        "longest wavelength of the sinusoidal kind, divided by 2π",
        default=10000.0,
        minimum=1.0,
        aliases=("max_wavelength",),
    )
    keeps = keeping.NOTHING

    def steps_first(self) -> bool:
        return True

    def features_last(self) -> bool:
        return True

    def shape(self, x: Shape) -> Shape:
        if len(x) != 2:
            raise Refusal(
                f"positional_embedding needs a sequence, positions × features, got {show_shape(x)}",
                hint="reshape it first", code="E303",
            )  # fmt: skip
        if self.length is not None and x[0] > self.length:
            raise Refusal(
                f"a sequence of {int(x[0])} positions is longer than the table of {int(self.length)}",
                hint=f"give length: {int(x[0])} or more", field="length", code="E304",
            )  # fmt: skip
        return x

    def weights(self, x: Shape, y: Shape) -> Iterator[Weight]:
        if self.kind == "learned":
            yield Weight("table", (x[0] if self.length is None else self.length, x[1]))

    def output_axes(self, weight: Weight) -> tuple[int, ...]:
        """The first axis in PyTorch: each row of the table is the vector of one position."""
        return (0,)

    def elementwise(self, x: Shape, y: Shape) -> int:
        return prod(y)

    def forward(self, np: ModuleType, x: Array, *, table: Array | None = None) -> Array:
        if table is not None:
            return x + table[: x.shape[1]]
        position, feature = np.arange(x.shape[1])[:, None], np.arange(x.shape[2])
        angle = position / self.wavelength ** (feature // 2 * 2 / x.shape[2])
        return x + np.where(feature % 2 == 0, np.sin(angle), np.cos(angle)).astype(x.dtype)
