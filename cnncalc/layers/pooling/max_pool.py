from __future__ import annotations

from collections.abc import Mapping
from math import prod
from types import ModuleType
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.kernels import pooling
from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.keeping import Keeps
from cnncalc.layers.pooling._dilated_pool import DilatedPool
from cnncalc.layers.type_choice import TypeChoice
from cnncalc.layers.worked_output import TapsSeen, largest_of

_POOLS: Mapping[object, str] = {
    "max": "max_pool",
    0: "max_pool",
    "ave": "avg_pool",
    "avg": "avg_pool",
    "average": "avg_pool",
    1: "avg_pool",
}


def _caffe_pool(given: Mapping[str, Any]) -> str:
    """The pool for Caffe's `pool` and `global_pooling`."""
    word = given.get("pool", "max")
    kind = _POOLS.get(word.lower() if isinstance(word, str) else word)
    if kind is None:
        raise Refusal(f"pool: got {word}. Allowed: MAX, AVE", field="pool", code="E204")
    return f"global_{kind}" if given.get("global_pooling") in (True, "true") else kind


class MaxPool(DilatedPool):
    """Max pooling: the maximum of every window.

    FLOPs: the ΠF − 1 comparisons of each output. Under onnx, `same` with a dilation and a window larger than the padded
    input are errors: ONNX Runtime ignores the dilation in its padding, and gives a size of 1 where no window fits.
    """

    type = "max_pool"
    aliases = ("MaxPooling", "pool", "pooling", "maxpool")
    choice = TypeChoice(("pool", "global_pooling"), _caffe_pool)
    examples = ("4x4x5 -> max_pool 2 s2", "112x112x64 -> max_pool 3 s2 p1")

    def kept(self, x: Shape, y: Shape) -> Keeps:
        return Keeps("all", arrays=(keeping.indices(prod(y)),))

    def forward(self, np: ModuleType, x: Array) -> Array:
        last = channels_last(np, x, self.setting)
        return as_laid_out(np, pooling.maximum(np, last, self.slides(last)), self.setting)

    def working(self, seen: TapsSeen, channel: int, **weights: Array) -> str:
        return largest_of(seen, channel)
