"""The base of pools with a dilation."""

from __future__ import annotations

from typing import ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.pooling._pool import Pool


class DilatedPool(Pool):
    """A pool with a `dilation`, which not every framework has."""

    undilated: ClassVar[tuple[str, ...]] = ()
    """The conventions whose framework has no dilation for this type."""

    dilation = declare.per_axis(
        "distance between the positions of a window",
        default=1,
        symbol="D",
        short="d",
        aliases=("dilation_rate", "dilations"),
    )

    def dilations(self, x: Shape) -> tuple[int, ...]:
        dilations = self.axes(self.dilation, x, "dilation")
        if self.setting.convention.name in self.undilated and max(dilations) > 1:
            raise Refusal(
                f"{self.setting.convention.title} has no dilation for {self.type}",
                hint="remove it, or choose another convention",
                field="dilation",
                code="E304",
            )
        return dilations
