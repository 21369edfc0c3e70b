"""Arguments for one axis each, `kernel_h` and `kernel_w`, `output_height` and `output_width`: one list together."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cnncalc.graph.items import Argument
from cnncalc.layers.base import Layer
from cnncalc.layers.spelling import normal
from cnncalc.reading.nodes import Scalar, Sequence

_ONE_AXIS = re.compile(r"(?:(kernel|stride|pad|dilation)_([dhw])|(?:output_)?(height|width))")
_UNSAID: Mapping[str, str] = {"stride": "1", "dilation": "1", "padding": "0"}
"""Caffe's defaults, where one axis alone is given."""


def joined(kind: type[Layer], arguments: list[Argument]) -> list[Argument]:
    """The arguments with those for one axis each as one list. A size of one axis alone stays, an unknown field."""
    keys = [argument.key.text for argument in arguments if argument.key is not None]
    if not any(_ONE_AXIS.fullmatch(key) for key in keys if key not in kind.fields):
        return arguments
    parts: dict[str, dict[str, Argument]] = {}
    rest = []
    for argument in arguments:
        found = one_axis(kind, argument.key.text) if argument.key else None
        if found is None:
            rest.append(argument)
        else:
            parts.setdefault(found[0], {})[found[1]] = argument
    for field, given in parts.items():
        whole = len(given) > 1 or field in _UNSAID
        rest.extend([_together(field, given)] if whole else given.values())
    return rest


def one_axis(kind: type[Layer], key: str) -> tuple[str, str] | None:
    """The field and the axis that a key sets; None for a field of its own."""
    found = _ONE_AXIS.fullmatch(key)
    if found is None or normal(key) in kind.spellings:
        return None
    own = "size" if "size" in kind.fields and "height" not in kind.fields else None
    field = kind.spellings.get(normal(found[1])) if found[1] else own
    axis = found[2] or {"height": "h", "width": "w"}[found[3]]
    return (field, axis) if field is not None and kind.fields[field].axes else None


def _together(field: str, given: dict[str, Argument]) -> Argument:
    first = next(iter(given.values()))
    place, key = first.value, first.key or first.value
    unsaid = Scalar(place.source, place.start, place.end, _UNSAID.get(field, ""))
    axes = ("d", "h", "w") if "d" in given else ("h", "w")
    values = [given[axis].value if axis in given else unsaid for axis in axes]
    whole = Sequence(place.source, place.start, place.end, values)
    return Argument(Scalar(key.source, key.start, key.end, field), whole)
