"""The fingerprint of a layer, independent of its name and position: the type, the settings, and their notation."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

from cnncalc.analysis.report import LayerReport
from cnncalc.graph.model import Graph, Node
from cnncalc.layers.base import Layer
from cnncalc.layers.declare import Field, show_value

_COUNTED = re.compile(r"_[0-9]+$")


class SettingChange(NamedTuple):
    """One setting of a layer on both sides, in the notation of specs."""

    setting: str
    old: str
    new: str


class Makeup:
    """The type and settings of a layer; equal layers of a model share an instance.

    `values` contains the fields that differ from the type's defaults, with one number per axis, so that `stride 1` is
    the same whether or not the spec states it.
    """

    __slots__ = ("family", "fields", "given", "key", "rank", "type", "values")

    def __init__(self, node: Node, layer: Layer, rank: int) -> None:
        self.type = layer.type
        self.family = layer.family
        self.fields = layer.fields
        self.rank = rank
        self.given = layer.values()
        if node.activation is not None:
            self.given["activation"] = node.activation
        if not node.trainable:
            self.given["trainable"] = "buffer" if layer.buffers_only else False
        if node.shares is not None:
            self.given["share_weights"] = True
        usual = {name: _plain(field.default, field, rank) for name, field in self.fields.items()}
        plain = {name: _plain(value, self.fields.get(name), rank) for name, value in self.given.items()}
        self.values = {name: value for name, value in plain.items() if name not in usual or usual[name] != value}
        self.key: Hashable = (self.type, tuple(sorted((name, repr(value)) for name, value in self.values.items())))

    def shown(self, name: str, other: Makeup) -> str:
        """A setting as given in the spec, or its default; with a number per axis if `other` has one."""
        value = self.given.get(name)
        field = self.fields.get(name)
        if value is None:
            return _default(field) if field and not field.required else _ABSENT.get(name, "none")
        sides = (value, other.given.get(name))
        if field and field.axes and any(isinstance(side, tuple) for side in sides) and isinstance(value, int):
            value = (value,) * self.rank
        if isinstance(value, Layer):
            return str(value).removesuffix("()")
        return show_value(value)


def _default(field: Field) -> str:
    """A field's default; "default" if it cannot be expressed as a value."""
    text = field.describe_default()
    return "default" if " " in text and not text.startswith("[") else text


_ABSENT: Mapping[str, str] = {"trainable": "true", "share_weights": "false"}


def _plain(value: Any, field: Field | None, rank: int) -> Any:
    """A value in canonical form: a single number for all axes becomes one number per axis."""
    if isinstance(value, Layer):
        return str(value)
    if field is None or not field.axes:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return (value,) * rank
    if isinstance(value, tuple):
        return tuple(item[0] if isinstance(item, tuple) and len(set(item)) == 1 else item for item in value)
    return value


def changes(old: Makeup, new: Makeup) -> tuple[SettingChange, ...]:
    """The settings that differ, the type first; for different types, only the settings that both have."""
    if old.key == new.key:
        return ()
    names = [*new.fields, "activation", "trainable", "share_weights"]
    if old.type == new.type:
        found = []
    else:
        found = [SettingChange("type", old.type, new.type)]
        names = [name for name in names if name in old.fields or name not in new.fields]
    for name in dict.fromkeys(names):
        if old.values.get(name) != new.values.get(name):
            before, after = old.shown(name, new), new.shown(name, old)
            if before != after:
                found.append(SettingChange(name, before, after))
    return tuple(found)


class ComparedLayer:
    """A layer of one side: its metrics, its makeup, and the explicit part of its name."""

    __slots__ = ("figures", "index", "is_named", "local", "makeup", "node", "place")

    def __init__(self, node: Node, index: int, figures: LayerReport, makeup: Makeup) -> None:
        self.node = node
        self.index = index
        self.figures = figures
        self.makeup = makeup
        inner = node.name.removeprefix(".".join(node.path) + ".") if node.path else node.name
        automatic = re.fullmatch(rf"{re.escape(makeup.type)}_[0-9]+", inner) is not None
        self.local = "" if automatic else inner
        """The name inside its block; empty for an automatic name."""
        self.place = tuple([_COUNTED.sub("", part) for part in node.path if not part.isdecimal()])
        """The enclosing blocks, without their automatic numbers."""
        self.is_named = not automatic and self.place == node.path
        """Whether no part of the full name depends on the number of layers before it."""

    @property
    def name(self) -> str:
        return self.node.name


def items(graph: Graph, layers: tuple[LayerReport, ...]) -> list[ComparedLayer]:
    """The layers of a model, in order."""
    known: dict[tuple[object, ...], Makeup] = {}
    found: list[ComparedLayer] = []
    figures = iter(layers)
    for index, node in enumerate(graph.nodes):
        if node.layer is None:
            continue
        rank = len((graph.inputs_of(node) or ((),))[0]) - 1
        key = (node.layer, node.activation, node.trainable, node.shares is None, rank)
        if key not in known:
            known[key] = Makeup(node, node.layer, rank)
        found.append(ComparedLayer(node, index, next(figures), known[key]))
    return found
