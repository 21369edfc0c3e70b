"""The base of convolutions whose padding may be other than zeros."""

from __future__ import annotations

from math import prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.kernels import windows as kernel_windows
from cnncalc.kernels.windows import Slide
from cnncalc.layers import keeping, shared_fields
from cnncalc.layers.base import Array
from cnncalc.layers.convolution._sliding import SlidingConvolution
from cnncalc.layers.keeping import Keeps, KeptArray


class BorderedConvolution(SlidingConvolution):
    """A sliding kernel whose padding may repeat the input: reflected, replicated, or circular."""

    padding_mode = shared_fields.padding_mode()

    def kept(self, x: Shape, y: Shape) -> Keeps:
        """The input; or a padded copy of it, if the padding is not equal on both sides, or not of zeros."""
        sides = [(window.before, window.after) for window in self.windows(x)]
        if self.padding_mode == "zeros":
            sides = [(0, abs(after - before)) for before, after in sides]
            if not any(after for _, after in sides):
                return keeping.INPUTS
        sizes = [W + before + after for W, (before, after) in zip(self.spatial(x), sides, strict=True)]
        copy = KeptArray("padded input", prod(sizes) * self.channels(x))
        return Keeps("" if self.padding_mode in ("zeros", "circular") else "all", arrays=(copy,))

    def new_windows(self, x: Shape) -> tuple[AxisWindow, ...]:
        windows = super().new_windows(x)
        if self.padding_mode != "zeros":
            self._check_mode()
            for W, window in zip(self.spatial(x), windows, strict=True):
                self._check_reach(W, max(window.before, window.after))
        return windows

    def _check_mode(self) -> None:
        """Reject a mode that the framework lacks, or that does not define the positions that rounding up adds."""
        if self.setting.convention.name not in ("formula", "pytorch"):
            layer = {"reflect": "reflection_pad", "replicate": "replication_pad", "circular": "circular_pad"}
            raise Refusal(
                f'{self.setting.convention.title}\'s convolutions pad only with zeros, not with "{self.padding_mode}"',
                hint=f"add a {layer[self.padding_mode]} before it, and remove its own padding",
                field="padding_mode",
                code="E304",
            )
        if self.rounding in ("ceil", "caffe"):
            raise Refusal(
                f'rounding "{self.rounding}" reaches beyond the padding, where mode "{self.padding_mode}" is undefined',
                hint='use rounding "floor", or padding mode "zeros"',
                field="padding_mode",
                code="E304",
            )

    def _check_reach(self, W: int, padding: int) -> None:
        """Reject more padding than the input can fill: at most W − 1 reflected positions, or W circular ones."""
        most = {"reflect": W - 1, "circular": W}.get(self.padding_mode, padding)
        if padding > most:
            what = "the border itself is not repeated" if self.padding_mode == "reflect" else "it wraps around once"
            raise Refusal(
                f'padding {int(padding)} in mode "{self.padding_mode}" is too large for an input of {int(W)}: {what}',
                hint=f'use at most {int(most)}, or mode "replicate"',
                field="padding",
                code="E304",
            )

    def border(self) -> str:
        return self.padding_mode

    def remarks(self, x: Shape, y: Shape) -> tuple[str, ...]:
        if self.padding_mode == "zeros":
            return ()
        what = {
            "reflect": "a reflection of the input",
            "replicate": "the repeated border of the input",
            "circular": "the opposite end of the input",
        }[self.padding_mode]
        return (f"The padding is {what}; the receptive field counts the window, not the positions that it repeats.",)

    def source(self, place: int, size: int) -> int | None:
        return kernel_windows.source(place, size, self.padding_mode)

    def padded(self, np: ModuleType, x: Array) -> tuple[Array, list[Slide]]:
        """A real array, channels last, and the walk of the window over it; already padded unless the mode is zeros."""
        return kernel_windows.bordered(np, x, self.slides(x), self.padding_mode)
