from __future__ import annotations

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.listed_axes import place
from cnncalc.layers.reshaping._permutation import Permutation
from cnncalc.layers.reshaping.permute import order_from


class Transpose(Permutation):
    """Swaps two axes; or, as in ONNX, reorders all of them.

    `transpose 1x2` is torch.transpose(x, 1, 2); `perm` is read as `permute` reads its order. FLOPs: none.
    """

    type = "transpose"
    aliases = ("swapaxes", "swap_axes")
    rule = "transpose: two axes are swapped"
    sources = ("PyTorch, torch.transpose", "ONNX operators, Transpose")
    examples = ("49x64 -> transpose 1x2", "5x7x3 -> transpose [1,-1]", "5x7x3 -> transpose perm=[0,3,1,2]")

    axes = declare.listed_axes(
        "the two axes, counted from 1, or from -1 backwards",
        aliases=("dims",),
        default=None,
        default_text="the order of perm",
    )  # type: ignore[assignment]
    perm = declare.listed_axes(
        "all axes in the output's order, as in permute",
        aliases=("order",),
        default=None,
        default_text="the swap of axes",
        minimum=0,
    )

    def order_of(self, x: Shape) -> tuple[int, ...]:
        swapped: tuple[int, ...] | None = self.axes
        if (swapped is None) == (self.perm is None):
            raise Refusal("exactly one of axes and perm is needed", hint="for example: transpose 1x2", code="E205")
        if swapped is None:
            return order_from(self.perm or (), x)
        if len(swapped) != 2:
            raise Refusal(
                f"{len(swapped)} axes, but two are needed",
                hint="give a whole order as perm=[…]",
                field="axes",
                code="E303",
            )
        first, second = (place(axis, len(x), x, "axes") for axis in swapped)
        exchanged = {first: second, second: first}
        return tuple(exchanged.get(axis, axis) for axis in range(len(x)))
