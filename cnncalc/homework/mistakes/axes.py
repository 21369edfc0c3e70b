"""Axes confused or left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from cnncalc.arithmetic.term import Term
from cnncalc.homework.formulas import LayerFormulas
from cnncalc.homework.mistakes._tree import has_window, input_size
from cnncalc.homework.mistakes.catalogue import WORK, miscalculated
from cnncalc.homework.substitution import rewritten


def _values(own: LayerFormulas, field: str) -> tuple[int, ...]:
    """The values of a field with one for each axis."""
    value = getattr(own.inner, field, None)
    return value if isinstance(value, tuple) else ()


def _turned(own: LayerFormulas, field: str) -> LayerFormulas | None:
    """The layer with the two values of a field exchanged."""
    values = _values(own, field)
    return own.with_fields(**{field: values[::-1]}) if len(values) == 2 else None


def _repeated(field: str) -> Callable[[LayerFormulas], Iterator[str]]:
    """The places of the different values of a field."""

    def places(own: LayerFormulas) -> Iterator[str]:
        values = _values(own, field)
        return iter([str(values.index(value)) for value in dict.fromkeys(values)])

    return places


def _everywhere(own: LayerFormulas, field: str, place: str) -> LayerFormulas | None:
    """The layer with one of a field's values on every axis."""
    values = _values(own, field)
    if int(place) >= len(values):
        return None
    return own.with_fields(**{field: (values[int(place)],) * len(values)})


@miscalculated("kernel axes swapped", "F_h ↔ F_w", likely=1, about="output", when=has_window)
def kernel_axes_swapped(own: LayerFormulas) -> LayerFormulas | None:
    """Here, a kernel's height comes before its width."""
    return _turned(own, "kernel")


@miscalculated("stride axes swapped", "S_h ↔ S_w", likely=1, about="output", when=has_window)
def stride_axes_swapped(own: LayerFormulas) -> LayerFormulas | None:
    """Here, the stride along the height comes before that along the width."""
    return _turned(own, "stride")


@miscalculated("padding axes swapped", "P_h ↔ P_w", likely=1, about="output", when=has_window)
def padding_axes_swapped(own: LayerFormulas) -> LayerFormulas | None:
    """Here, the padding along the height comes before that along the width."""
    return _turned(own, "padding")


@miscalculated("one stride on all axes", "S_h = S_w", likely=1, about="output", when=has_window,
               choices=_repeated("stride"))  # fmt: skip
def one_stride_for_both_axes(own: LayerFormulas, place: str) -> LayerFormulas | None:
    """Each axis has its own stride."""
    return _everywhere(own, "stride", place)


@miscalculated("one kernel size on all axes", "F_h = F_w", likely=2, about="output", when=has_window,
               choices=_repeated("kernel"))  # fmt: skip
def one_kernel_for_both_axes(own: LayerFormulas, place: str) -> LayerFormulas | None:
    """Each axis has its own kernel size."""
    return _everywhere(own, "kernel", place)


@miscalculated("one padding on all axes", "P_h = P_w", likely=2, about="output", when=has_window,
               choices=_repeated("padding"))  # fmt: skip
def one_padding_for_both_axes(own: LayerFormulas, place: str) -> LayerFormulas | None:
    """Each axis has its own padding."""
    return _everywhere(own, "padding", place)


@miscalculated("height and width swapped", "H ↔ W", likely=2, about="output", when=has_window)
def height_and_width_swapped(own: LayerFormulas) -> LayerFormulas | None:
    """Here, shapes list the height before the width: rows come first, as in a matrix."""
    if own.layer is not own.inner or len(own.given[0]) != 3:
        return None
    first, second = own.layer.spatial(own.given[0])
    return own.with_inputs(own.layer.volume((second, first), own.layer.channels(own.given[0])))


def _spatial_names(own: LayerFormulas) -> Iterator[str]:
    names = own.axis_names()
    if len(own.spatial()) > 1:
        yield from (names[place] for place in own.spatial())


@miscalculated("the {} left unchanged", "O = W along one axis", likely=4, about="output", choices=_spatial_names)
def axis_unchanged(own: LayerFormulas, axis: str) -> LayerFormulas | None:
    """The layer works along every spatial axis."""
    names = own.axis_names()
    if axis not in names:
        return None
    at = names.index(axis)
    return own.with_shape((*own.sizes[:at], input_size(own.sizes[at]), *own.sizes[at + 1 :]))


_NAMES: Mapping[str, str] = {"h": "height", "w": "width", "d": "depth", "l": "length"}


def _lettered(own: LayerFormulas) -> Iterator[str]:
    """The names of the axes that the symbols of the formulas carry."""
    letters = dict.fromkeys(leaf.axis for leaf in own.all_leaves() if leaf.axis)
    return iter([_NAMES[letter] for letter in letters if letter in _NAMES] if len(letters) > 1 else ())


@miscalculated("the {} left out of the positions", "positions along the other axes only", likely=3, figures=WORK,
               about="macs", choices=_lettered)  # fmt: skip
def an_axis_left_out(own: LayerFormulas, axis: str) -> LayerFormulas | None:
    """Positions are counted along every spatial axis."""

    def drop(part: Term) -> int | None:
        return 1 if part.operator == "leaf" and part.axis == axis[0] and part.symbol not in ("F", "S", "P") else None

    return own.with_macs(rewritten(own.macs, drop))


@miscalculated("flattened without the {}", "n = the other sizes", likely=3, about="output", choices=_lettered,
               when=lambda layer: layer.type == "flatten")  # fmt: skip
def flatten_forgets_axis(own: LayerFormulas, axis: str) -> LayerFormulas | None:
    """A flattened volume keeps all of its elements: {elements}."""

    def drop(part: Term) -> int | None:
        return 1 if part.operator == "leaf" and part.axis == axis[0] else None

    return own.with_shape(tuple(rewritten(size, drop) for size in own.sizes)) if len(own.sizes) == 1 else None
