"""Images resized by scales or to sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cnncalc.importing.onnx.attributes import Malformed, place_of
from cnncalc.importing.onnx.call import NodeCall
from cnncalc.importing.onnx.operators import operator
from cnncalc.importing.tensors import windows
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeArray, TapeTensor

_MODES = ("nearest", "linear", "cubic")
_COORDINATES = ("half_pixel", "half_pixel_symmetric", "pytorch_half_pixel", "align_corners", "asymmetric")


@operator("Resize", "Upsample")
def resize(call: NodeCall) -> list[Operand]:
    """Scales or sizes of all axes, of which batch and channels stay. Their place among the inputs follows the opset."""
    x = call.tensor()
    mode = call.word("mode", "nearest", (*_MODES, "bilinear"))
    arguments: dict[str, Any] = {"mode": "linear" if mode == "bilinear" else mode}
    scales, sizes = _scales_and_sizes(call, x)
    changed = sizes or scales
    if not changed or changed[:2] != (list(x.dims[:2]) if sizes else [1, 1]):
        raise NotSaid("scales of the batch or the channels")
    if sizes:
        arguments["size"] = [int(size) for size in sizes[2:]]
    else:
        arguments["scale"] = windows.short([int(scale) if scale == int(scale) else scale for scale in scales[2:]])
    word = call.word("coordinate_transformation_mode", "half_pixel")
    if word not in _COORDINATES:
        raise NotSaid("a part of the image that is resized")
    if call.tape.convention == "pytorch":
        arguments |= {"align_corners": True} if word == "align_corners" else {}
    elif word != "half_pixel":
        arguments["coordinates"] = word
    return [windows.slide(call.tape, "upsample", arguments, x)]


def _scales_and_sizes(call: NodeCall, x: TapeTensor) -> tuple[list[Any], list[Any]]:
    """The scales and the sizes of all axes; an empty list for those that are not given."""
    if "scales" in call.node.attributes:
        value = call.node.attributes["scales"]
        if not isinstance(value, list) or len(value) != x.rank:
            raise Malformed(f'the attribute "scales" has to hold {x.rank} numbers')
        return value, []
    places = (1, None) if call.op == "Upsample" or len(call.inputs) == 2 else (2, 3)
    scales, sizes = (_numbers(call, place) for place in places)
    axes = [place_of(axis, x.rank, call.op) for axis in call.integers("axes", range(x.rank))]
    for given in (scales, sizes):
        if given and len(given) != len(axes):
            raise Malformed(f"{call.op} has {len(given)} numbers for {len(axes)} axes")
    if sizes and call.word("keep_aspect_ratio_policy", "stretch") != "stretch":
        ratios = [size / x.dims[axis] for size, axis in zip(sizes, axes, strict=True)]
        ratio = min(ratios) if call.word("keep_aspect_ratio_policy", "") == "not_larger" else max(ratios)
        sizes = [int(ratio * x.dims[axis] + 0.5) for axis in axes]
    return _of_all(scales, axes, [1] * x.rank), _of_all(sizes, axes, x.dims)


def _of_all(given: Sequence[Any], axes: Sequence[int], others: Sequence[int]) -> list[Any]:
    """Numbers of some axes as numbers of all."""
    found: list[Any] = list(others) if given else []
    for axis, value in zip(axes, given, strict=False):
        found[axis] = value
    return found


def _numbers(call: NodeCall, place: int | None) -> list[Any]:
    found: Operand | None = call.optional(place) if place is not None else None
    if found is None:
        return []
    if not isinstance(found, TapeArray) or found.values is None:
        raise NotSaid("sizes that are computed")
    return list(found.values)
