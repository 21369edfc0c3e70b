from __future__ import annotations

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare
from cnncalc.layers.base import show_shape
from cnncalc.layers.reshaping._permutation import Permutation


class Permute(Permutation):
    """The axes in another order: the first axis of the output is the first one in the list.

    Axes are counted from 1 without the batch, as in Keras; an order that starts with 0, the batch, is read as in
    PyTorch and ONNX: (0, 2, 3, 1) is (2, 3, 1). FLOPs: none.
    """

    type = "permute"
    role = "permuting"
    rule = "permute: output axis i is input axis order[i]"
    sources = ("Keras, keras.layers.Permute", "PyTorch, torch.permute", "ONNX operators, Transpose")
    examples = ("5x7x3 -> permute [2,1,3]", "5x7x3 -> permute [0,3,1,2]")

    order = declare.listed_axes(
        "the input's axes in the output's order, counted from 1; optionally with a leading 0 for the batch",
        aliases=("dims", "perm", "axes"), minimum=0,
    )  # fmt: skip

    def order_of(self, x: Shape) -> tuple[int, ...]:
        return order_from(self.order or (), x)


def order_from(order: tuple[int, ...], x: Shape) -> tuple[int, ...]:
    """An order as indices from 0 without the batch. Raises Refusal unless it names every axis once."""
    axes = order[1:] if order[:1] == (0,) else order
    if sorted(axes) != list(range(1, len(x) + 1)):
        raise Refusal(
            f"{', '.join(str(int(axis)) for axis in order)} is not an order of the {len(x)} axes of {show_shape(x)}",
            hint=f"name each of {', '.join(map(str, range(1, len(x) + 1)))} once",
            field="order",
            code="E303",
        )
    return tuple(axis - 1 for axis in axes)
