from __future__ import annotations

from math import inf, prod
from types import ModuleType

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.window import AxisWindow
from cnncalc.diagnostics import Refusal
from cnncalc.kernels import pooling
from cnncalc.kernels.arrays import as_laid_out, channels_last
from cnncalc.layers import shared_fields
from cnncalc.layers.base import Array
from cnncalc.layers.keeping import Keeps, KeptArray
from cnncalc.layers.pooling._dilated_pool import DilatedPool
from cnncalc.layers.pooling._norm_exponent import check_norm
from cnncalc.layers.worked_output import TapsSeen, inside
from cnncalc.number_text import decimal


class LpPool(DilatedPool):
    """Power-average pooling: the p-norm of every window, (Σ|x|^p)^(1/p).

    With norm 1 it is the sum of the magnitudes, with an infinite norm their maximum. PyTorch raises signed values to
    the power, so that an odd norm of a negative sum is NaN, and scales a window that `ceil` extends beyond the end up
    to its full size; it has no padding and no dilation. FLOPs: the ΠF − 1 additions of each output; powers and roots
    are not counted.
    """

    type = "lp_pool"
    aliases = ("LPPooling", "PowerAveragePool")
    examples = ("8x8x10 -> lp_pool 2", "28x28x64 -> lp_pool 3 s2 norm=1")

    norm = shared_fields.norm()
    undilated = ("pytorch", "keras", "caffe")

    def kept(self, x: Shape, y: Shape) -> Keeps:
        """The powers before the mean, and the sign, the magnitude, the limited mean and the base of the root."""
        return Keeps("all", arrays=(KeptArray("powers", prod(x)), KeptArray("parts of the root", 4 * prod(y))))

    def new_windows(self, x: Shape) -> tuple[AxisWindow, ...]:
        check_norm(self.setting.convention, self.norm)
        windows = super().new_windows(x)
        if self.setting.convention.name == "pytorch":
            self._refuse_what_pytorch_lacks(x, windows)
        return windows

    def _refuse_what_pytorch_lacks(self, x: Shape, windows: tuple[AxisWindow, ...]) -> None:
        for W, F, window in zip(self.spatial(x), self.kernels(x), windows, strict=True):
            if window.before or window.after:
                raise Refusal(
                    "PyTorch's LPPool has no padding",
                    hint="add a zero_pad before it",
                    field="padding",
                    code="E304",
                )
            if W < F and len(windows) == 3:
                raise Refusal(
                    f"PyTorch's LPPool3d rejects kernel {F} on an input of {W}, for every rounding",
                    hint=f"use a kernel of at most {W}",
                    field="kernel",
                )

    def forward(self, np: ModuleType, x: Array) -> Array:
        last = channels_last(np, x, self.setting)
        pool = pooling.signed_norm if self.setting.convention.name == "pytorch" else pooling.norm
        return as_laid_out(np, pool(np, last, self.slides(last), self.norm), self.setting)

    def working(self, seen: TapsSeen, channel: int, **weights: Array) -> str:
        values = inside(seen, channel) or ["0"]
        if self.setting.convention.name != "pytorch":
            values = [f"|{value.strip('()')}|" for value in values]
        if self.norm == inf:
            return f"max({', '.join(values)})"
        powers = " + ".join(f"{value}^{decimal(self.norm)}" for value in values)
        scaled = self.setting.convention.name == "pytorch" and len(values) < len(seen.taps)
        return (
            f"(({powers})·{len(seen.taps)}/{len(values)})^(1/{decimal(self.norm)})"
            if scaled
            else f"({powers})^(1/{decimal(self.norm)})"
        )
