from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic import taps
from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.term import ceil_div, largest
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.kernels.unpooling import first_places, places_of_maxima, put
from cnncalc.kernels.windows import Slide, explicit_sides
from cnncalc.layers import declare
from cnncalc.layers.base import Array, Reach, Sight, show_shape
from cnncalc.layers.keeping import Keeps
from cnncalc.layers.pooling._pool import Pool

_Axis = tuple[int, int, int, tuple[int, int]]
"""W, F, S and the padding before and after."""


class MaxUnpool(Pool):
    """Max unpooling: puts each value back at the position of its window's maximum, and zeros elsewhere.

    With `from: [x, pooled]` the second input is the tensor that was pooled with the same kernel, stride, padding and
    rounding: its maxima set the positions (the first of equal ones), and its size is the output's. With one input the
    positions are unknown, and each value goes to the first position of its window. If two values have the same
    position, the later one is kept. FLOPs: none.
    """

    type = "max_unpool"
    aliases = ("MaxUnpooling",)
    inputs = (1, 2)
    shows_working = False
    data_decides = True
    slides_over_input = False
    rule = "max unpooling: O = (W − 1)·S − P₀ − P₁ + F, or the size of the tensor that was pooled; depth unchanged"
    sources = (
        "PyTorch, torch.nn.MaxUnpool2d",
        "ONNX operators, MaxUnpool",
        "Badrinarayanan, Kendall & Cipolla, SegNet, arXiv 1511.00561, section 3",
    )
    examples = (
        "7x5x64 -> max_unpool 2 s2",
        "x: 7x5x3 -> max_pool 2 s2 -> max_unpool 2 s2 from=[max_pool_1, x]",
    )

    output_size = declare.optional_per_axis("the output size, for one input", aliases=("output_shape",))
    keeps = Keeps((1,))

    def shape(self, x: Shape, pooled: Shape | None = None) -> Shape:
        self.require_spatial(x)
        return self._alone(x) if pooled is None else self._beside(x, pooled)

    def _beside(self, x: Shape, pooled: Shape) -> Shape:
        """The shape of the pooled tensor. Raises Refusal if pooling it does not give the first input's shape."""
        if self.output_size is not None:
            raise Refusal(
                "the second input already sets the output size",
                hint="remove output_size",
                field="output_size",
                code="E304",
            )
        gives = self.volume(tuple(window.output for window in self.new_windows(pooled)), self.channels(pooled))
        if gives != x:
            raise Refusal(
                f"the second input, {show_shape(pooled)}, would be pooled to {show_shape(gives)}, "
                f"but the first is {show_shape(x)}",
                hint="name the tensor that was pooled, with the kernel, stride and padding of that pool",
                code="E308",
            )
        if self.setting.convention.name == "onnx":
            self._reached(x, self.spatial(pooled))
        return pooled

    def _alone(self, x: Shape) -> Shape:
        wanted: tuple[int | None, ...] = self.axes(self.output_size, x, "output_size")  # type: ignore[arg-type]
        return self.volume(self._reached(x, wanted), self.channels(x))

    def _reached(self, x: Shape, wanted: tuple[int | None, ...]) -> tuple[int, ...]:
        """The output size along each axis: as requested, or computed from the window."""
        axes = list(zip(self.spatial(x), self.kernels(x), self.strides(x), self._sides(x), strict=True))
        computed = tuple((W - 1) * S - sides[0] - sides[1] + F for W, F, S, sides in axes)
        outputs = tuple(size if want is None else want for size, want in zip(computed, wanted, strict=True))
        for (W, F, S, sides), size, output, want in zip(axes, computed, outputs, wanted, strict=True):
            least = largest((W - 1) * S - sides[0] + 1, 1)
            if want is None and size < least:
                raise Refusal(
                    f"padding {int(sides[1])} leaves no position for the last window of {int(F)}",
                    hint=f"pad by at most {int(F) - 1}",
                    field="padding",
                    code="E304",
                )
            self._check_wanted(int(output), int(size), int(S), int(least))
        if self.setting.convention.name == "onnx":
            self._check_onnx(axes, computed, outputs)
        return outputs

    def _check_onnx(self, axes: list[_Axis], computed: tuple[int, ...], outputs: tuple[int, ...]) -> None:
        """Reject sizes outside of ONNX Runtime's limits, which also apply with a requested size."""
        for (_, F, _, sides), size in zip(axes, computed, strict=True):
            if max(sides) >= F or size < 1:
                raise Refusal(
                    f"ONNX Runtime rejects padding {int(max(sides))} for kernel {int(F)} here: without output_size "
                    f"the output would be {int(size)}",
                    hint="pad by less than the kernel, and less than the windows cover",
                    field="padding",
                    code="E304",
                )
        if prod(outputs) < prod(computed):
            raise Refusal(
                f"output size {show_shape(outputs)} has fewer positions than {show_shape(computed)}, which ONNX "
                "Runtime computes from the window",
                hint="change the stride, the kernel or the padding",
                field="output_size",
                code="E304",
            )

    def _check_wanted(self, size: int, output: int, S: int, least: int) -> None:
        """Reject sizes that the framework does not accept: PyTorch's are within a stride of the computed one."""
        low, high = max(output - S + 1, least), output + S - 1
        bounds, fits = f"between {low} and {high}", low <= size <= high
        if self.setting.convention.name == "onnx":
            bounds, fits = f"at least {least}", size >= least
        if not fits:
            raise Refusal(
                f"output size {size} cannot be reached: it must be {bounds}",
                hint="change the stride, the kernel or the padding",
                field="output_size",
                code="E304",
            )

    def _sides(self, x: Shape) -> list[tuple[int, int]]:
        """The padding before and after each axis. Raises Refusal for SAME, which does not determine the size."""
        sides = self.paddings(x)
        if any(isinstance(side, str) and side.startswith("same") for side in sides):
            raise Refusal(
                f'padding "{self.padding}" gives one output size for several inputs; it cannot be inverted',
                hint="write the padding as numbers, or also give the pooled tensor: from: [x, pooled]",
                field="padding",
                code="E304",
            )
        return [explicit_sides(side, kernel) for side, kernel in zip(sides, self.kernels(x), strict=True)]

    def elementwise(self, *shapes: Shape) -> int:
        return 0

    def windows(self, x: Shape, pooled: Shape | None = None) -> Sight:  # type: ignore[override]
        """An output reads at most ⌈F/S⌉ inputs, neighbours 1/S of an input apart; undefined with two inputs."""
        if pooled is not None:
            return ()
        axes = zip(self.kernels(x), self.strides(x), self._sides(x), self.spatial(self._alone(x)), strict=True)
        return tuple(
            AxisWindow(ceil_div(F, S), 1, (F - 1 - before) // S, 0, output, S) for F, S, (before, _), output in axes
        )

    def reach(self, x: Shape, pooled: Shape | None = None) -> Reach:
        """An output may hold the value of any window that covers it; undefined with two inputs."""
        if pooled is not None:
            return ()
        axes = zip(self.kernels(x), self.strides(x), self._sides(x), strict=True)
        return taps.patterns(taps.transposed(F, S, 1, before) for F, S, (before, _) in axes)

    def remarks(self, *shapes: Shape) -> tuple[str, ...]:
        return () if len(shapes) > 2 else (_PLACES_UNKNOWN,)

    def forward(self, np: ModuleType, x: Array, pooled: Array | None = None) -> Array:
        last = channels_last(np, x, self.setting)
        if pooled is None:
            sizes, slides = self._spread(tuple(last.shape[1:]))
            places = first_places(np, last, sizes, slides)
        else:
            before = channels_last(np, pooled, self.setting)
            sizes = tuple(before.shape[1:-1])
            places = places_of_maxima(np, before, self.slides(before))
        return as_laid_out(np, put(np, last, places, sizes), self.setting)

    def _spread(self, like: Shape) -> tuple[tuple[int, ...], list[Slide]]:
        """The output sizes and the starts of the windows, for an array of shape `like`, channels last."""
        slides = [
            Slide(W, S, 1, F, *sides)
            for W, F, S, sides in zip(like[:-1], self.kernels(like), self.strides(like), self._sides(like), strict=True)
        ]
        if self.output_size is not None:
            return self.axes(self.output_size, like, "output_size"), slides
        reach = [(step.starts - 1) * step.stride + step.kernel for step in slides]
        return tuple(end - step.before - step.after for end, step in zip(reach, slides, strict=True)), slides


_PLACES_UNKNOWN = (
    "With one input the positions of the maxima are unknown: each value goes to the first position of its window. "
    "Give the pooled tensor as well, from: [x, pooled], to restore the positions."
)
