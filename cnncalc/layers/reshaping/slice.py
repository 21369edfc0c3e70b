from __future__ import annotations

from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.taps import moved
from cnncalc.arithmetic.term import ceil_div
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.base import Array, Layer, Reach, Sight


class Slice(Layer):
    """A part of an axis: from `start` to before `stop`, every `step`-th position, as in Python.

    Numbers below zero count from the end; positions outside of the axis are ignored. A step below zero goes backwards,
    which PyTorch rejects; ONNX then reads a start before the axis as its first position. The result may be empty, with
    an axis of size 0; merges, `concat` and activations accept it, as in PyTorch. FLOPs: none.
    """

    type = "slice"
    aliases = ("strided_slice", "narrow")
    family = "reshaping"
    takes_empty = True
    rule = "slice: O = ⌈(stop − start)/step⌉ along the axis"
    sources = ("ONNX operators, Slice", "PyTorch, torch.Tensor indexing", "NumPy, Basic slicing")
    examples = ("197x768 -> slice 0 1 axis=1", "16x16x8 -> slice start=4", "16x16x8 -> slice axis=height step=2")

    start = declare.count(
        "the first position", minimum=-(2**63), default=None, positional=True, symbol="start",
        aliases=("starts", "begin"), default_text="the beginning; the end if the step is below 0",
    )  # fmt: skip
    stop = declare.count(
        "the position before which the part ends", minimum=-(2**63), default=None, positional=True, symbol="stop",
        aliases=("end", "ends"), default_text="the end",
    )  # fmt: skip
    step = declare.count(
        "distance between the positions", minimum=-(2**63), default=1, symbol="step", aliases=("steps", "stride")
    )
    axis = declare.axis("the axis that is sliced", aliases=("dim", "axes"))
    keeps = keeping.VIEW

    def shape(self, x: Shape) -> Shape:
        along = self.axis_index(self.axis, x)
        self._check_step()
        size = self._size(x[along])
        return (*x[:along], size if size > 0 else 0, *x[along + 1 :])

    def _check_step(self) -> None:
        if self.step == 0:
            raise Refusal("the step must not be 0", field="step", code="E204")
        if self.step < 0 and self.setting.convention.name == "pytorch":
            raise Refusal(
                f"PyTorch slices only forwards, got step {int(self.step)}", hint="use torch.flip", field="step",
                code="E304",
            )  # fmt: skip

    def _size(self, W: int) -> int:
        """The number of selected positions; 0 or less if there are none."""
        first, last = (0, W) if self.step > 0 else (-1, W - 1)
        start = self._first(W)
        stop = _inside(self.stop, W, first, last) if self.stop is not None else (W if self.step > 0 else -1)
        return ceil_div(stop - start, self.step) if self.step != 1 else stop - start

    def _first(self, W: int) -> int:
        """The first selected position."""
        first, last = (0, W) if self.step > 0 else (-1, W - 1)
        nearest = 0 if self._starts_inside() else first
        return _inside(self.start, W, nearest, last) if self.start is not None else (0 if self.step > 0 else W - 1)

    def _starts_inside(self) -> bool:
        """Whether a start before the axis, with a negative step, is its first position, as in ONNX."""
        return self.step < 0 and self.setting.convention.name == "onnx"

    def windows(self, x: Shape) -> Sight:
        """Along the channels each output reads its own position; undefined along another axis, where positions move."""
        return "pointwise" if self.axis_index(self.axis, x) == self.axis_index("channels", x) else ()

    def reach(self, x: Shape) -> Reach:
        """Position k reads start + k·step."""
        along = self.axis_index(self.axis, x)
        return self.placed(x, along, moved(self._first(x[along]), self.step))

    def forward(self, np: ModuleType, x: Array) -> Array:
        along = 1 + self.axis_index(self.axis, x.shape[1:])
        start = self.start
        if start is not None and self._starts_inside():
            start = max(start, -x.shape[along])
        taken = slice(start, self.stop, self.step)
        return x[(slice(None),) * along + (taken,)]


def _inside(position: int, W: int, first: int, last: int) -> int:
    """A position counted from the front, limited to `first` and `last`."""
    position = W + position if position < 0 else position
    return first if position < first else last if position > last else position
