"""What weight and spectral normalization share: a layer inside that has a kernel."""

from __future__ import annotations

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers.wrapping._wrapper import Wrapper


class KernelWrapper(Wrapper):
    """A layer whose kernel is computed from other numbers."""

    def shape(self, x: Shape) -> Shape:
        y = self.layer.shape(x)
        if all(weight.name != "kernel" for weight in self.layer.weights(x, y)):
            raise Refusal(
                f"{self.type} rewrites a kernel, and {self.layer.type} has none",
                hint="put a convolution or a dense layer inside",
                field="layer",
                code="E304",
            )
        return y
