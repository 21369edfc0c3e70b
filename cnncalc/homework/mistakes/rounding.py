"""Mistakes in rounding the number of steps."""

from __future__ import annotations

from cnncalc.arithmetic.term import Term, ceil_div
from cnncalc.homework.formulas import LayerFormulas
from cnncalc.homework.mistakes._tree import (
    has_window,
    is_one_more,
    is_quotient,
    is_same,
    slides,
    with_edit,
)
from cnncalc.homework.mistakes.catalogue import miscalculated


@miscalculated(
    "rounded up instead of down", "O = ⌈(W − F + 2P)/S⌉ + 1", likely=2, about="output", when=slides
)  # fmt: skip
def ceiling_for_floor(own: LayerFormulas) -> LayerFormulas | None:
    """A window that does not fit completely gives no output: the remainder of the division is dropped."""

    def up(part: Term) -> int | None:
        return ceil_div(*part.parts) if is_quotient(part) else None

    return with_edit(own, up)


@miscalculated(
    "rounded down instead of up", "O = ⌊(W − F + 2P)/S⌋ + 1", likely=1, about="output", when=has_window
)  # fmt: skip
def floor_for_ceiling(own: LayerFormulas) -> LayerFormulas | None:
    """This layer rounds up: a last window that extends beyond the edge still counts."""
    return own.with_fields(rounding="floor")


@miscalculated("SAME rounded down", "O = ⌊W/S⌋", likely=1, about="output", when=is_same)
def same_rounded_down(own: LayerFormulas) -> LayerFormulas | None:
    """SAME rounds up: O = ⌈W/S⌉, since it pads for the last window as well."""

    def down(part: Term) -> int | None:
        return part.parts[0] // part.parts[1] if part.operator == "ceil" else None

    return with_edit(own, down)


@miscalculated(
    "the last window kept that starts in the padding", "O = ⌈(W − F + 2P)/S⌉ + 1", likely=2, about="output",
    when=slides,
)  # fmt: skip
def ceil_pool_last_window_kept(own: LayerFormulas) -> LayerFormulas | None:
    """Rounding up, a last window that would start beyond the input and its left padding is dropped."""

    def keep(size: int) -> int:
        dropped = isinstance(size, Term) and size.operator == "-" and is_one_more(size.parts[0])
        return size.parts[0] if dropped else size  # type: ignore[attr-defined]

    return own.with_sizes(keep)
