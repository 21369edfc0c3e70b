"""Mistakes with a sliding window: steps, kernel, dilation."""

from __future__ import annotations

from cnncalc.arithmetic.term import Term, ceil_div
from cnncalc.homework.formulas import LayerFormulas
from cnncalc.homework.mistakes._tree import (
    explicit,
    has_window,
    is_one_more,
    is_same,
    letter,
    slides,
    with_edit,
)
from cnncalc.homework.mistakes.catalogue import miscalculated, only
from cnncalc.homework.substitution import contains, is_leaf, replaced
from cnncalc.layers.base import Layer


def _slides_freely(layer: Layer) -> bool:
    return slides(layer) and not is_same(layer)


@miscalculated("the + 1 forgotten", "O = (W − F + 2P)/S", likely=1, about="output", when=_slides_freely)
def plus_one_forgotten(own: LayerFormulas) -> LayerFormulas | None:
    """The quotient counts the steps; the number of window positions is one more, hence + 1."""
    return _without_one(own)


@miscalculated(
    "the + 1 forgotten, with the padding of SAME", "O = (W − F + P₀ + P₁)/S", likely=2, about="output", when=is_same
)
def plus_one_forgotten_in_same(own: LayerFormulas) -> LayerFormulas | None:
    """The quotient counts the steps; the number of window positions is one more, hence + 1."""
    return _without_one(own)


def _without_one(own: LayerFormulas) -> LayerFormulas | None:
    """The formulas without the + 1 after the quotient."""

    def drop(size: int) -> int:
        if is_one_more(size):
            return size.parts[0]  # type: ignore[attr-defined,no-any-return]
        if isinstance(size, Term) and size.operator == "ceil" and is_one_more(size.parts[0]):
            return ceil_div(size.parts[0].parts[0], size.parts[1])  # type: ignore[attr-defined]
        return size

    return explicit(own).with_sizes(drop)


@miscalculated("stride ignored", "O = W − F + 2P + 1", likely=1, about="output", when=has_window)
def stride_ignored(own: LayerFormulas) -> LayerFormulas | None:
    """The window moves by {S}, so only one position in {S} gives an output: divide by the stride."""
    default = own.inner.family == "pooling" and not _has_stride(own)
    return None if default else own.with_sizes(lambda size: replaced(size, {"S": 1}))


@miscalculated("pooling moved by one", "O = W − F + 1", likely=2, about="output", when=only("pooling"))
def pooling_without_stride(own: LayerFormulas) -> LayerFormulas | None:
    """The default stride of a pool is its kernel, {F}: the windows do not overlap."""
    return None if _has_stride(own) else own.with_fields(stride=1)


def _has_stride(own: LayerFormulas) -> bool:
    return "stride" in own.inner.values()


@miscalculated("the kernel taken for the stride", "O = (W − F + 2P)/F + 1", likely=5, about="output", when=slides)
def kernel_for_stride(own: LayerFormulas) -> LayerFormulas | None:
    """The window moves by its stride, {S}, which need not be its size, {F}: windows may overlap."""
    return own.with_fields(stride=getattr(own.inner, "kernel", None))


@miscalculated("kernel added instead of subtracted", "O = (W + F + 2P)/S + 1", likely=6, about="output", when=slides)
def kernel_added(own: LayerFormulas) -> LayerFormulas | None:
    """The window covers {extent} of the input, which leaves less room to move, not more."""

    def add(part: Term) -> int | None:
        takes = part.operator == "-" and is_leaf(part.parts[0]) and contains(part.parts[1], ("F",))
        return part.parts[0] + part.parts[1] if takes else None

    return with_edit(explicit(own), add)


@miscalculated("kernel not subtracted", "O = (W + 2P)/S + 1", likely=5, about="output", when=slides)
def kernel_not_subtracted(own: LayerFormulas) -> LayerFormulas | None:
    """The window covers {extent} of the input, so it has only W − F + 2P room to move."""

    def keep(part: Term) -> int | None:
        takes = part.operator == "-" and is_leaf(part.parts[0]) and contains(part.parts[1], ("F",))
        return part.parts[0] if takes else None

    return None if has_unit_kernel(own) else with_edit(own, keep)


def has_unit_kernel(own: LayerFormulas) -> bool:
    return all(int(letter(own.sizes[place], "F")) < 2 for place in own.spatial())


# --- dilation ----------------------------------------------------------------------------------------------------


def _extent(part: Term) -> Term | None:
    """The D·(F − 1) in a dilated kernel's D·(F − 1) + 1."""
    if not is_one_more(part) or not isinstance(part.parts[0], Term):
        return None
    inner = part.parts[0]
    return inner if inner.operator == "*" and is_leaf(inner.parts[0], "D") else None


def _with_extent(own: LayerFormulas, form: str) -> LayerFormulas | None:
    """The formulas with another extent of a dilated kernel."""

    def edit(part: Term) -> int | None:
        inner = _extent(part)
        if inner is None:
            return None
        D, gaps = inner.parts
        F = gaps + 1
        return {"long": D * F, "short": inner, "zeros": F + gaps * D, "added": F + D}[form]

    return with_edit(own, edit)


@miscalculated("dilation ignored", "O = (W − F + 2P)/S + 1", likely=1, about="output", when=has_window)
def dilation_ignored(own: LayerFormulas) -> LayerFormulas | None:
    """Dilation {D} spreads the kernel's taps: it covers D·(F − 1) + 1 = {extent} of the input."""
    return own.with_fields(dilation=1)


@miscalculated("dilated kernel one too long", "F′ = D·F", likely=1, about="output", when=has_window)
def dilated_kernel_too_long(own: LayerFormulas) -> LayerFormulas | None:
    """There are F − 1 gaps between F taps: the kernel covers D·(F − 1) + 1 = {extent}, not D·F."""
    return _with_extent(own, "long")


@miscalculated("dilated kernel one too short", "F′ = D·(F − 1)", likely=2, about="output", when=has_window)
def dilated_kernel_too_short(own: LayerFormulas) -> LayerFormulas | None:
    """The last tap counts as well: the kernel covers D·(F − 1) + 1 = {extent}."""
    return _with_extent(own, "short")


@miscalculated("dilation counted as inserted zeros", "F′ = F + (F − 1)·D", likely=3, about="output", when=has_window)
def dilation_as_zeros(own: LayerFormulas) -> LayerFormulas | None:
    """Dilation {D} is the distance between taps, with D − 1 zeros in between, so F′ = F + (F − 1)(D − 1)."""
    return _with_extent(own, "zeros")


@miscalculated("dilation added to the kernel", "F′ = F + D", likely=5, about="output", when=has_window)
def dilation_added(own: LayerFormulas) -> LayerFormulas | None:
    """Each of the F − 1 gaps becomes {D} wide: the kernel covers D·(F − 1) + 1 = {extent}."""
    return _with_extent(own, "added")
