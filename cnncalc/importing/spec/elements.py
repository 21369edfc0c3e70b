"""The elements of a list in a spec: items and uses of a block; the parts that two share, and the numbers in which they
differ.

Two elements have the same key if their texts are the same but for numbers. The numbers are their slots, in the order
of the text; a block's parameters take the place of those in which its uses differ.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from cnncalc.arithmetic.convention import Setting, Shape
from cnncalc.importing.draft import DraftLayer
from cnncalc.importing.spec.item_text import Style, without_defaults
from cnncalc.importing.spec.tidy import tidied
from cnncalc.importing.spec.tree import DraftItem
from cnncalc.layers.registry import find

_ALWAYS = ("stride", "padding", "dilation", "groups")
"""Fields that are slots even where they have their default, which another use of the block may not have."""


class Slot(NamedTuple):
    """A number of an element: its field, its value, and the channels of what flows into its layer."""

    field: str
    value: Any
    channels: int | None


class BlockParameter(NamedTuple):
    """A parameter of a block; `default` is None where each use has to give it."""

    name: str
    default: Any


@dataclass(eq=False)
class WrittenBlock:
    """A block: its name, its parameters, and its items, whose slots have `texts` in place of numbers."""

    name: str
    parameters: list[BlockParameter]
    items: list[Element]
    texts: list[Any]
    loose: bool = False
    """Whether kernels are among its slots."""


@dataclass(eq=False)
class Use:
    """Uses of a block in a row, all with the same values."""

    block: WrittenBlock
    values: dict[str, Any]
    sources: tuple[str, ...] | None
    is_named: bool
    is_output: bool
    result: str
    """The name of the output in the draft."""
    members: list[DraftLayer] = field(default_factory=list)
    times: int = 1
    shares: str | None = None
    """The result of an earlier use, whose weights this one uses."""
    is_shared: bool = False
    """Whether it uses another's weights, or another uses its."""

    def layers(self) -> Iterator[DraftLayer]:
        yield from self.members


Element = DraftItem | Use


class Reader:
    """Reads keys and slots. `shapes` are those of what flows into each layer, by its name.

    Kernels and the words of paddings are part of a key, unless `loose`: blocks that differ in them come after those
    that do not. With `words`, so are activations.
    """

    def __init__(
        self, style: Style, setting: Setting, shapes: Mapping[str, tuple[Shape, ...]], *, words: bool = False
    ) -> None:  # fmt: skip
        self.style = style
        self.setting = setting
        self.shapes = shapes
        self.loose = False
        self.words = words
        self._fields: dict[int, dict[str, Any]] = {}
        self._keys: dict[tuple[int, bool], Hashable] = {}
        self._known: list[DraftItem] = []

    def channels(self, layer: DraftLayer) -> int | None:
        """The channels of what flows into a layer."""
        shapes = self.shapes.get(layer.name)
        return self.setting.channels(shapes[0]) if shapes else None

    def fields(self, layer: DraftLayer) -> dict[str, Any]:
        """The fields of a layer as they are written, with the slots that have their default."""
        known = self._fields.get(id(layer))
        if known is None:
            known = self._fields[id(layer)] = self._read(layer)
        return known

    def _read(self, layer: DraftLayer) -> dict[str, Any]:
        (*_, kind), arguments = unwrapped(layer)
        found = find(kind)
        arguments = dict(arguments)
        if found is None:
            return arguments
        shapes = self.shapes.get(layer.name, ()) if kind == layer.type else ()
        kernel = arguments.get("kernel")
        if found[0].role == "convolution" and isinstance(kernel, int) and shapes:
            arguments["kernel"] = [kernel] * max(1, len(shapes[0]) - 1)
        given = without_defaults(kind, tidied(found[0], arguments, self.setting, shapes), self.style)
        declared = found[0].fields
        filled = {
            name: declared[name].default for name in _ALWAYS if name in declared and declared[name].default in (0, 1)
        }
        merged = {**filled, **given}
        return {name: merged[name] for name in (*declared, *merged) if name in merged}

    def key(self, element: Element) -> Hashable:
        if isinstance(element, Use):
            return ("use", id(element.block), element.shares)
        own = self._own_key(element)
        if element.branches is None:
            return own
        return (own, tuple([tuple(map(self.key, branch)) for branch in element.branches]))

    def _own_key(self, item: DraftItem) -> Hashable:
        """The key of an item without its branches."""
        known = self._keys.get((id(item), self.loose))
        if known is None:
            layer = item.layer
            fields = tuple([(name, self._kind(name, value)) for name, value in self.fields(layer).items()])
            activation = "" if item.activation is None else "#" if self.has_slot(item) else item.activation.type
            known = self._keys[id(item), self.loose] = (
                unwrapped(layer)[0],
                fields,
                activation,
                layer.trainable,
                layer.shares,
            )
            self._known.append(item)  # so that no other item takes its place
        return known

    def _kind(self, name: str, value: Any) -> Hashable:
        """The part of a key that a value adds: only its length if it consists of slots."""
        return len(value) if self.is_list(name, value) else "#" if self.is_slot(name, value) else repr(value)

    def is_slot(self, name: str, value: Any) -> bool:
        """Whether a value may become a parameter."""
        if name == "kernel":
            return self.loose and isinstance(value, list) and all(type(each) is int for each in value)
        if name == "padding" and value == "same":
            return self.loose
        return isinstance(value, int | float) and not isinstance(value, bool)

    def has_slot(self, item: DraftItem) -> bool:
        """Whether the activation that an item carries may become a parameter."""
        return self.loose and self.words and item.activation is not None

    def is_list(self, name: str, value: Any) -> bool:
        """Whether a value is a list of numbers, each of which may become a parameter: the sizes of a reshape."""
        return isinstance(value, list) and name != "kernel" and all(type(each) is int for each in value)

    def slots(self, element: Element) -> Iterator[Slot]:
        """The slots of an element, in the order of `key`."""
        if isinstance(element, Use):
            channels = self.channels(element.members[0])
            yield from (Slot(name, value, channels) for name, value in element.values.items())
            yield Slot("repeat", element.times, None)
            return
        layer = element.layer
        for branch in element.branches or ():
            for inner in branch:
                yield from self.slots(inner)
        channels = self.channels(layer)
        for name, value in self.fields(layer).items():
            if self.is_list(name, value):
                yield from (Slot(name, each, channels) for each in value)
            elif self.is_slot(name, value):
                yield Slot(name, _kernel(value) if name == "kernel" else value, channels)
        if self.has_slot(element) and element.activation is not None:
            yield Slot("activation", element.activation.type, channels)


def _kernel(sizes: list[int]) -> int | str:
    """One number for a square, else the sizes as they are written: `1x7`."""
    return sizes[0] if all(each == sizes[0] for each in sizes) else "x".join(map(str, sizes))


def unwrapped(layer: DraftLayer) -> tuple[tuple[str, ...], Mapping[str, Any]]:
    """The types of a layer and of those that it wraps, outermost first, and the fields of the innermost."""
    kinds, arguments = [layer.type], layer.arguments
    while set(arguments) == {"layer"} and isinstance(arguments["layer"], Mapping) and len(arguments["layer"]) == 1:
        ((kind, arguments),) = arguments["layer"].items()
        kinds.append(kind)
    return tuple(kinds), arguments


def weight(element: Element) -> int:
    """The number of lines that an element takes."""
    if isinstance(element, Use):
        return 1
    return 1 + sum(max(1, sum(map(weight, branch))) for branch in element.branches or ())


def lists_in(items: list[Element]) -> Iterator[list[Element]]:
    """A list of elements, and every list inside of it."""
    yield items
    for element in items:
        if isinstance(element, DraftItem):
            for branch in element.branches or ():
                yield from lists_in(branch)  # type: ignore[arg-type]


def joined(items: list[Element]) -> list[Element]:
    """A list with one element in place of equal uses in a row."""
    found: list[Element] = []
    for element in items:
        before = found[-1] if found else None
        if isinstance(before, Use) and isinstance(element, Use) and _follows(before, element):
            times = before.times + element.times
            members = before.members + element.members
            found[-1] = replace(element, sources=before.sources, members=members, times=times)
        else:
            found.append(element)
    return found


def _follows(before: Use, use: Use) -> bool:
    same = before.block is use.block and before.values == use.values and not (before.is_shared or use.is_shared)
    return same and not before.is_named and use.sources is None
