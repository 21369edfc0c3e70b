"""Mistakes in counting operations."""

from __future__ import annotations

from cnncalc.arithmetic.term import Term
from cnncalc.homework.formulas import LayerFormulas
from cnncalc.homework.mistakes._tree import transposes
from cnncalc.homework.mistakes.catalogue import WORK, miscalculated, only
from cnncalc.homework.substitution import is_leaf, rewritten
from cnncalc.layers.base import Layer


def _not_recurrent(layer: Layer) -> bool:
    return layer.family != "recurrent"


@miscalculated("MACs of one position", "F·F·C·K", likely=1, about="macs", figures=WORK, when=_not_recurrent)
def one_position(own: LayerFormulas) -> LayerFormulas | None:
    """The kernel is applied at each of the {positions} positions."""
    kernel = own.kernel()
    if kernel is None or not int(own.macs) or not kernel.positions:
        return None
    return own.with_macs(sum(weight.size for weight in own.learned() if not weight.name.endswith("bias")))


@miscalculated("one operation for a multiply–accumulate", "FLOPs = MACs + O·O·K", likely=2, about="flops",
               figures=("flops",))  # fmt: skip
def macs_as_one_operation(own: LayerFormulas) -> LayerFormulas | None:
    """A multiply–accumulate is two operations: a product and an addition."""
    return own._replace(per_mac=1) if int(own.macs) else None


@miscalculated("the stride counted along one axis", "W·W/S positions", likely=2, about="macs", figures=WORK,
               when=only("convolution"))  # fmt: skip
def stride_not_squared(own: LayerFormulas) -> LayerFormulas | None:
    """The stride {S} reduces both height and width: there are S·S times fewer positions."""
    stride = own.inner.stride  # type: ignore[attr-defined]
    if not isinstance(stride, int) or len(own.spatial()) < 2 or transposes(own.inner):
        return None
    return own.with_macs(own.macs * Term.leaf(int(stride), "S"))


@miscalculated("a transposed convolution counted by its output", "O·O·F·F·C·K", likely=1, about="macs", figures=WORK,
               when=transposes)  # fmt: skip
def transposed_by_output_positions(own: LayerFormulas) -> LayerFormulas | None:
    """The kernel is used at each position of the *input*: every input adds one kernel to the output."""
    outputs = {own.output[place].axis: own.output[place] for place in own.spatial()}  # type: ignore[attr-defined]
    inputs = ("W", "H", "L")
    return own.with_macs(rewritten(own.macs, lambda part: outputs.get(part.axis) if is_leaf(part, *inputs) else None))


@miscalculated("work at every input position without the stride", "W·W·F·F·C·K", likely=4, about="macs", figures=WORK,
               when=transposes)  # fmt: skip
def transposed_stride_squared(own: LayerFormulas) -> LayerFormulas | None:
    """The zeros that a stride of {S} inserts between the inputs are not multiplied."""
    stride = own.inner.stride  # type: ignore[attr-defined]
    if not isinstance(stride, int):
        return None
    S = Term.leaf(int(stride), "S")
    return own.with_macs(rewritten(own.macs, lambda part: part * S if is_leaf(part, "W", "H", "L") else None))


@miscalculated("positions of a sequence squared", "O·O positions", likely=3, about="macs", figures=WORK,
               when=only("convolution"))  # fmt: skip
def positions_squared(own: LayerFormulas) -> LayerFormulas | None:
    """In one dimension, the window moves along one axis: {positions} positions."""
    if len(own.spatial()) != 1:
        return None
    return own.with_macs(rewritten(own.macs, lambda part: part * part if is_leaf(part, "O") else None))
