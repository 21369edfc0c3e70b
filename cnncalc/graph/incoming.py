"""`in.channels` and its kin: the sizes of the incoming shape that an expression may ask for."""

from __future__ import annotations

from math import prod
from typing import Any

from cnncalc.arithmetic.convention import Setting, Shape
from cnncalc.number_text import show_shape
from cnncalc.reading.expression import UnknownName


def incoming_size(name: str, shape: Shape, setting: Setting) -> object:
    """The value of `in.channels` for an incoming shape. Raises UnknownName for an axis that the shape lacks."""
    spatial = setting.spatial(shape)
    known: dict[str, Any] = {"channels": setting.channels(shape), "size": prod(shape), "rank": len(shape)}
    if len(spatial) == 1:
        known["length"] = spatial[0]
    known.update(zip(("width", "height", "depth"), reversed(spatial), strict=False))
    wanted = name.partition(".")[2]
    if wanted in known:
        return known[wanted]
    raise UnknownName(f"the incoming shape {show_shape(shape)} has no {wanted}", f"it has {', '.join(known)}")
