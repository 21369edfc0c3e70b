from __future__ import annotations

from math import prod
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.term import exact_div
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Layer, show_shape
from cnncalc.layers.keeping import Keeps, KeptArray


class RotaryEmbedding(Layer):
    """Rotates each pair of features by an angle proportional to the position, as in rotary transformers.

    The input is positions × features, split into `heads` if given, or heads × positions × features. A pair is a feature
    of the first half and the corresponding one of the second half, or two neighbours if `interleaved`. Pair i of d
    features is rotated by position·base^(−2i/d). The cosines and sines may also be inputs, each positions × pairs, as
    in ONNX. FLOPs: three per rotated element, for the four products and two sums of each pair.
    """

    type = "rotary_embedding"
    aliases = ("rope", "RotaryPositionalEmbeddings", "rotary_position_embedding")
    family = "embedding"
    rule = "rotary embedding: the shape is unchanged"
    sources = (
        "Su et al., RoFormer: Enhanced Transformer with Rotary Position Embedding, arXiv 2104.09864",
        "ONNX operators, RotaryEmbedding",
        "KerasHub, keras_hub.layers.RotaryEmbedding",
    )
    examples = (
        "7x64 -> rotary_embedding heads=4",
        "4x7x16 -> rotary_embedding interleaved=true",
        "x: 7x64, cos: 7x8, sin: 7x8 -> rotary_embedding from=[x, cos, sin] heads=4",
    )
    inputs: ClassVar[tuple[int, int | None]] = (1, 3)

    heads = declare.count(
        "number of heads into which the features of a sequence are split", default=None, default_text="1", symbol="h",
        aliases=("num_heads",),
    )  # fmt: skip
    turned = declare.optional_count(
        "number of features of each head that are rotated, the first ones", default_text="all",
        aliases=("rotary_embedding_dim", "rotary_dim"),
    )  # fmt: skip
    interleaved = declare.flag("whether pairs are neighbours, instead of one feature of each half", default=False)
    base = declare.number(
        "wavelengths increase from 2π to 2π times this", default=10000.0, minimum=1.0,
        aliases=("theta", "max_wavelength"),
    )  # fmt: skip

    def features_last(self) -> bool:
        return True

    def shape(self, x: Shape, *tables: Shape) -> Shape:
        if len(x) not in (2, 3):
            raise Refusal(
                f"rotary_embedding needs positions × features, or heads before them, got {show_shape(x)}",
                hint="reshape it first", code="E303",
            )  # fmt: skip
        if self.setting.convention.name == "onnx" and len(x) == 2 and self.heads is None:
            raise Refusal(
                "ONNX's RotaryEmbedding splits the features of sequences into heads, but heads is not given",
                hint="write heads=1 for a single head", code="E304",
            )  # fmt: skip
        wanted = (x[-2], exact_div(self._turned(x), 2))
        if len(tables) == 1 or any(table != wanted for table in tables):
            raise Refusal(
                f"the cosines and sines are {' and '.join(map(show_shape, tables))}, but two of {show_shape(wanted)} "
                "are needed: one number for each pair at each position",
                hint="the inputs are the sequence, the cosines, the sines", code="E308",
            )  # fmt: skip
        return x

    def _heads(self, x: Shape) -> int:
        return self.heads or 1 if len(x) == 2 else 1

    def _turned(self, x: Shape) -> int:
        """The number of rotated features of a head. Raises Refusal if heads or pairs do not divide the features."""
        heads = self._heads(x)
        if x[-1] % heads:
            raise Refusal(
                f"{int(x[-1])} features cannot be divided among {int(heads)} heads",
                hint="give a number of heads that divides the features", field="heads", code="E305",
            )  # fmt: skip
        size = exact_div(x[-1], heads)
        turned = size if self.turned is None else self.turned
        if turned % 2 or turned > size:
            raise Refusal(
                f"{int(turned)} of {int(size)} features of a head cannot be rotated: use an even number",
                hint="give an even number up to the head's size",
                field="turned",
                code="E305",
            )
        return turned

    def elementwise(self, x: Shape, *others: Shape) -> int:
        heads = self._heads(x)
        places = prod(x[:-1]) * heads
        return 3 * places * self._turned(x)

    def kept(self, x: Shape, *others: Shape) -> Keeps:
        if len(others) > 1:
            return Keeps((1, 2))
        pairs = x[-2] * self._turned(x) // 2
        return Keeps(arrays=(KeptArray("cosines and sines", 2 * pairs, shared=True),))

    def forward(self, np: ModuleType, x: Array, *tables: Array) -> Array:
        heads, turned = self._heads(x.shape[1:]), self._turned(x.shape[1:])
        cut = x.reshape(*x.shape[:-1], heads, -1)
        cosines, sines = tables or self._tables(np, x.shape[-2], turned, x.dtype)
        broadcastable = (len(cosines), *[1] * (x.ndim - 3), cosines.shape[1], 1, cosines.shape[2])
        cosines, sines = cosines.reshape(broadcastable), sines.reshape(broadcastable)
        half = turned // 2
        first, second = (slice(0, turned, 2), slice(1, turned, 2)) if self.interleaved else (
            slice(0, half), slice(half, turned)
        )  # fmt: skip
        y = cut.copy()
        y[..., first] = cosines * cut[..., first] - sines * cut[..., second]
        y[..., second] = sines * cut[..., first] + cosines * cut[..., second]
        return y.reshape(x.shape)

    def _tables(self, np: ModuleType, positions: int, turned: int, dtype: Array) -> tuple[Array, Array]:
        """The cosines and sines of each pair at each position, equal for all samples."""
        angles = np.arange(positions)[:, None] * self.base ** (-np.arange(0, turned, 2) / turned)
        return np.cos(angles)[None].astype(dtype), np.sin(angles)[None].astype(dtype)
