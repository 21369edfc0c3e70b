from __future__ import annotations

from math import prod
from types import ModuleType
from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Sight, show_shape


class CategoryEncoding(Layer):
    """The classes that occur among the indices of the last axis, or their counts, as in Keras.

    With `mode` multi_hot or count, the last axis becomes one number for each class; with one_hot each index becomes a
    vector, as in `one_hot`, which replaces a last axis of size 1. FLOPs: one per index and class if indices are
    combined.
    """

    type = "category_encoding"
    without_effect: ClassVar[tuple[str, ...]] = ("sparse",)
    aliases = ("multi_hot",)
    family = "embedding"
    least_axes = 0
    rule = "category_encoding: the size of the last axis becomes the number of classes"
    sources = ("Keras, keras.layers.CategoryEncoding",)
    examples = ("7 -> category_encoding 13 -> dense 5", "1 -> category_encoding 13 mode=one_hot -> dense 5")

    classes = declare.count("number of classes", positional=True, symbol="K", aliases=("num_tokens", "num_classes"))
    mode = declare.choice(
        "the encoding: whether a class occurs, its count, or one vector per index",
        ("multi_hot", "count", "one_hot"), default="multi_hot", aliases=("output_mode",),
    )  # fmt: skip
    keeps = keeping.NOTHING

    def shape(self, x: Shape) -> Shape:
        if self.mode != "one_hot" and len(x) != 1:
            raise Refusal(
                f"one list of indices is needed, got {show_shape(x)}",
                hint="Keras's shape rule and its call disagree here: use one_hot and a reduction", code="E303",
            )  # fmt: skip
        kept = x if self.mode == "one_hot" and x[-1:] != (1,) else x[:-1]
        return (*kept, self.classes)

    def elementwise(self, x: Shape, y: Shape) -> int:
        return 0 if self.mode == "one_hot" else prod(x) * self.classes

    def windows(self, x: Shape) -> Sight:
        """Undefined: the input has no channels."""
        return ()

    def forward(self, np: ModuleType, x: Array) -> Array:
        hot = (np.floor(x)[..., None] == np.arange(self.classes)).astype(x.dtype)
        if self.mode == "one_hot":
            return hot[..., 0, :] if x.shape[1:][-1:] == (1,) else hot
        return hot.max(axis=-2) if self.mode == "multi_hot" else hot.sum(axis=-2)
