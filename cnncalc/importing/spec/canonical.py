"""A draft in the words in which a person writes it, and in the form in which repetitions show.

Exporters take some layers apart: a swish is a product with a sigmoid, a shuffle of channels three changes of shape.
Joins that grow, as in dense networks, are written one step after the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from math import prod
from types import MappingProxyType
from typing import NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.draft import Draft, DraftLayer


def canonical(draft: Draft, shapes: Mapping[str, tuple[Shape, ...]] = MappingProxyType({})) -> Draft:
    """The draft with whole layers in place of their parts, and with `concat(a, b, c)` as `concat(concat(a, b), c)`.

    The output of every layer that stays is the same. A draft without any of this is returned as it is. `shapes` are
    those of what flows into each layer, by its name.
    """
    found = [_depthwise(layer, draft, shapes) for layer in _joined(_whole(draft))]
    return draft if found == draft.layers else replace(draft, layers=found)


# --- joins ---------------------------------------------------------------------------------------------------------


def _joined(layers: list[DraftLayer]) -> list[DraftLayer]:
    """The layers with each join that begins with another one taking that."""
    known: dict[tuple[str, int], str] = {}
    steps: dict[tuple[int, str], int] = {}
    return [_grown(layer, known, steps) for layer in layers]


def _grown(layer: DraftLayer, known: dict[tuple[str, int], str], steps: dict[tuple[int, str], int]) -> DraftLayer:
    """A join of what a join before it has, and more. `steps` number the lists of inputs, `known` has their joins."""
    if layer.type != "concat":
        return layer
    fields, number, longest = repr(sorted(layer.arguments.items())), 0, (0, "")
    for count, name in enumerate(layer.inputs, start=1):
        number = steps.setdefault((number, name), len(steps) + 1)
        if count < len(layer.inputs) and (fields, number) in known:
            longest = (count, known[fields, number])
    known.setdefault((fields, number), layer.name)
    count, name = longest
    return replace(layer, inputs=(name, *layer.inputs[count:])) if count else layer


# --- layers of another name ----------------------------------------------------------------------------------------


def _depthwise(layer: DraftLayer, draft: Draft, shapes: Mapping[str, tuple[Shape, ...]]) -> DraftLayer:
    """A convolution whose groups are the channels as a depthwise one."""
    inputs, groups = shapes.get(layer.name), layer.arguments.get("groups")
    if layer.type != "conv" or not inputs or len(inputs[0]) < 2 or not isinstance(groups, int):
        return layer
    channels = inputs[0][0 if draft.layout == "CHW" else -1]
    if channels < 2 or not groups == channels == layer.arguments.get("filters"):
        return layer
    kept = {name: value for name, value in layer.arguments.items() if name not in ("filters", "groups")}
    return replace(layer, type="depthwise_conv", arguments=kept)


# --- layers in parts -----------------------------------------------------------------------------------------------


class _Parts(NamedTuple):
    """The layers of a draft by their names, and those whose output one other layer alone uses."""

    known: dict[str, DraftLayer]
    once: set[str]
    draft: Draft

    def alone(self, name: str, type: str) -> DraftLayer | None:
        """The layer of a name, if it is of a type and is used once."""
        layer = self.known.get(name)
        return layer if layer is not None and layer.type == type and name in self.once else None


def _whole(draft: Draft) -> list[DraftLayer]:
    """The layers, with one in place of those that are its parts."""
    uses = Counter(name for layer in draft.layers for name in layer.inputs)
    kept = {*draft.outputs, *(layer.shares for layer in draft.layers)}
    parts = _Parts({layer.name: layer for layer in draft.layers}, {n for n, c in uses.items() if c == 1} - kept, draft)
    gone: set[str] = set()
    found = []
    for layer in draft.layers:
        made = _swish(layer, parts) or _shuffle(layer, parts)
        found.append(made[0] if made else layer)
        gone.update(made[1] if made else ())
    return [layer for layer in found if layer.name not in gone]


_Made = tuple[DraftLayer, tuple[str, ...]]
"""A layer, and the names of the layers before it that it takes the place of."""


def _swish(layer: DraftLayer, parts: _Parts) -> _Made | None:
    """`x * sigmoid(x)`, and in PyTorch's words `x * hard_sigmoid(x)`."""
    if layer.type != "multiply" or len(layer.inputs) != 2 or layer.arguments:
        return None
    for name, other in (layer.inputs, layer.inputs[::-1]):
        for kind, whole in (("sigmoid", "swish"), ("hard_sigmoid", "hard_swish")):
            gate = parts.alone(name, kind)
            plain = kind == "sigmoid" or (gate and not gate.arguments and parts.draft.convention == "pytorch")
            if gate is not None and gate.inputs == (other,) and plain:
                return replace(layer, type=whole, inputs=(other,)), (name,)
    return None


def _shuffle(layer: DraftLayer, parts: _Parts) -> _Made | None:
    """Channels in groups, the two axes swapped, and the channels in one axis again."""
    if layer.type not in ("reshape", "flatten") or parts.draft.layout != "CHW" or len(layer.inputs) != 1:
        return None
    swap = parts.alone(layer.inputs[0], "permute")
    split = parts.alone(swap.inputs[0], "reshape") if swap is not None else None
    if swap is None or split is None:
        return None
    grouped, order, shape = _sizes(split, "shape"), _sizes(swap, "order"), _sizes(layer, "shape")
    if len(grouped) < 3 or order != [2, 1, *range(3, len(grouped) + 1)] or min(*grouped, *shape) < 1:
        return None
    if layer.type == "flatten":
        is_joined = {"start": 1, **layer.arguments} == {"start": 1, "end": 2}
    else:
        is_joined = shape == [prod(grouped[:2]), *grouped[2:]]
    if not is_joined:
        return None
    whole = replace(layer, type="channel_shuffle", arguments={"groups": grouped[0]}, inputs=split.inputs)
    return whole, (swap.name, split.name)


def _sizes(layer: DraftLayer, field: str) -> list[int]:
    value = layer.arguments.get(field)
    is_sizes = isinstance(value, list | tuple) and all(type(each) is int for each in value)
    return list(value) if is_sizes and value else []
