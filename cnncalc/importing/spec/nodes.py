"""A draft as the located nodes of a flat spec: every layer under its own name, inside the modules of its file.

The groups of a flat spec are the modules, where their layers are neighbours. What the file states of a layer, its
output shape and its parameters, is what the layer `expect`s.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as AnyMapping
from types import MappingProxyType
from typing import Any, NamedTuple

from cnncalc.diagnostics import Diagnostic, PartedSource, Span, SpecError
from cnncalc.importing.draft import Draft, DraftInput, DraftLayer, Location
from cnncalc.importing.free_names import FreeNames
from cnncalc.importing.spec.names import Name, fit, in_whole_modules, names_of, stem_of
from cnncalc.layers.registry import find
from cnncalc.reading.nodes import Mapping, Scalar, Sequence, SpecNode
from cnncalc.reading.plain_mapping import PlainMapping, node_of

TextRange = tuple[int, int]


class FlatSpec(NamedTuple):
    """The spec of a draft, and the name in it of each input and layer, by the name in the draft."""

    root: Mapping
    names: AnyMapping[str, str]


def flat_spec(draft: Draft, variables: AnyMapping[str, Any] | None = None) -> FlatSpec:
    """The spec of a draft. Raises SpecError for a layer that no spec can state.

    `variables` are the caller's values for the reader, which building the spec then knows about.
    """
    nodes = _Nodes(draft)
    return FlatSpec(nodes.root(variables or {}), nodes.full)


class _Group:
    """A module that is open: its name in the file, the names in the spec up to its dot, and its items so far."""

    def __init__(self, part: str, prefix: str, items: list[SpecNode]) -> None:
        self.part = part
        self.prefix = prefix
        self.items = items


class _Nodes:
    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        paths = ("", *(each.location.path for each in draft.inputs), *(each.location.path for each in draft.layers))
        self.is_text = bool(draft.source.text)
        self.source = draft.source if self.is_text else PartedSource(draft.source.name, paths)
        self.full: dict[str, str] = {each.name: fit(each.name) for each in draft.inputs}
        """The name in the spec of each input and layer of the draft."""
        self.given = FreeNames(self.full.values())
        self.top: list[SpecNode] = []
        self.groups: list[_Group] = []
        self.before: str | None = draft.inputs[0].name if len(draft.inputs) == 1 else None
        """The layer that the next one follows, unless it names another."""
        self.parted: str | None = None
        """The layer before, if it has several outputs."""
        kinds = {kind: found[0] for kind in {each.type for each in draft.layers} if (found := find(kind))}
        self.splitting = {name for name, kind in kinds.items() if kind.splits}
        """The types of layers with several outputs."""
        self.sources = {name for name, kind in kinds.items() if kind.inputs[1] == 0}
        """The types of layers that take no input."""

    # --- the spec --------------------------------------------------------------------------------------------------

    def root(self, variables: AnyMapping[str, Any]) -> Mapping:
        draft, head = self.draft, (0, 0)
        inputs = [
            (fit(each.name), self.value(self.shape_of(place), self.place(each.location, 1 + place)))
            for place, each in enumerate(draft.inputs)
        ]
        for place, (layer, name) in enumerate(zip(draft.layers, in_whole_modules(names_of(draft)), strict=True)):
            self.add(layer, name, self.place(layer.location, 1 + len(draft.inputs) + place))
        self.close(0)
        entries: dict[str, SpecNode] = {"name": self.value(draft.name or stem_of(draft.source.name), head)}
        entries |= {key: self.value(text, head) for key, text in draft.texts.items()}
        entries |= {"convention": self.value(draft.convention, head), "layout": self.value(draft.layout, head)}
        entries["input"] = self.mapping(dict(inputs), head)
        if variables:
            entries["variables"] = self.value(dict(variables), head)
        entries["layers"] = Sequence(self.source, *head, self.top)
        if draft.outputs != (self.before,):
            entries["outputs"] = self.value([self.reference(name) for name in draft.outputs], head)
        return self.mapping(entries, head)

    def shape_of(self, place: int) -> list[int]:
        """The shape of an input. Raises SpecError where the file leaves a size open."""
        each = self.draft.inputs[place]
        sizes = [size for size in each.shape or () if size is not None]
        if each.shape is not None and len(sizes) == len(each.shape):
            return sizes
        written = "its shape" if each.shape is None else "x".join(str(size or "?") for size in each.shape)
        several = f"{fit(each.name)}=" if len(self.draft.inputs) > 1 else ""
        example = _example(self.draft, each)
        message = f"{fit(each.name)}: the file leaves {written} open"
        hint = f"give it, for example --input {several}{example}"
        raise self.error("E205", message, self.place(each.location, 1 + place), hint)

    def error(self, code: str, message: str, at: TextRange, hint: str) -> SpecError:
        return SpecError([Diagnostic(code, message, Span(self.source, *at), hint=hint)])

    def reference(self, name: str) -> str:
        """The name in the spec of an input, a layer, or one output of a layer, `NAME.k`.

        It begins with a dot where it would mean another layer inside of the open groups.
        """
        full = self.full.get(name)
        if full is None:
            owner, _, number = name.rpartition(".")
            full = f"{self.full[owner]}.{number}"
        return full if self.finds(full) else f".{full}"

    # --- layers ----------------------------------------------------------------------------------------------------

    def add(self, layer: DraftLayer, name: Name, at: TextRange) -> None:
        """Add a layer inside its modules."""
        self.open(name.scope, at)
        prefix = self.prefix
        full = self.given.take(prefix + name.own)
        items = self.groups[-1].items if self.groups else self.top
        items.append(self.item(layer, full[len(prefix) :], at))
        self.full[layer.name] = full
        self.before, self.parted = (None, layer.name) if layer.type in self.splitting else (layer.name, None)

    @property
    def prefix(self) -> str:
        """The names of the open groups, with a dot after each."""
        return self.groups[-1].prefix if self.groups else ""

    def finds(self, name: str) -> bool:
        """Whether a full name, written inside of the open groups, means what it says."""
        return not any(group.prefix + name in self.given for group in self.groups)

    def item(self, layer: DraftLayer, own: str, at: TextRange) -> Mapping:
        """A layer as `{TYPE: {field: value, …, name: …, from: …}}`."""
        fields, kind = dict(layer.arguments), layer.type
        if kind == "opaque":
            fields |= self.opaque(layer, at)
        if layer.inputs != (self.before,) and kind not in self.sources:
            if not layer.inputs:
                raise self.error("E111", f"{layer.name}: {layer.operation or kind} has no input", at, "export it again")
            names = [self.reference(each) for each in layer.inputs]
            fields["from"] = names if len(names) > 1 or kind in _LISTS else names[0]
        if layer.shares:
            fields["share_weights"] = self.reference(layer.shares)
        if layer.trainable is not True:
            fields["trainable"] = layer.trainable
        if expected := self.expected(layer):
            fields["expect"] = expected
        fields["name"] = own
        return PlainMapping(self.source, *at, {kind: fields})

    def opaque(self, layer: DraftLayer, at: TextRange) -> dict[str, Any]:
        """The fields of an operation without a layer type. Raises SpecError where the file does not state its shape."""
        if "output" in layer.arguments:
            return {}
        if layer.stated_shape is None:
            what = layer.operation or "the operation"
            message = f"{layer.name}: {what} has no layer type, and the file does not state its shape"
            raise self.error("E111", message, at, "export the model with the shapes of its layers")
        fields: dict[str, Any] = {"output": list(layer.stated_shape)}
        if layer.stated_params and "params" not in layer.arguments:
            fields["params"] = layer.stated_params
        return fields

    def expected(self, layer: DraftLayer) -> dict[str, Any]:
        """The shape and parameters that the file states of a layer; nothing if they are all that is known of it."""
        expected: dict[str, Any] = {}
        if layer.type == "opaque" or layer.type in self.splitting:
            return expected
        if layer.stated_shape is not None and 0 not in layer.stated_shape:
            expected["output"] = layer.stated_shape
        if layer.stated_params is not None and not layer.shares:
            expected["params"] = layer.stated_params
        return expected

    # --- groups ----------------------------------------------------------------------------------------------------

    def open(self, scope: tuple[str, ...], at: TextRange) -> None:
        """Close the modules that a layer is not in, and open those that it is in."""
        common = 0
        for opened, part in zip(self.groups, scope, strict=False):
            if opened.part != part:
                break
            common += 1
        self.close(common)
        for part in scope[common:]:
            prefix = self.prefix
            full = self.given.take(prefix + part)
            name = full[len(prefix) :]
            items: list[SpecNode] = []
            around = self.groups[-1].items if self.groups else self.top
            group: dict[str, SpecNode] = {"name": self.value(name, at), "layers": Sequence(self.source, *at, items)}
            if self.parted is not None:  # a group takes one input, and its layers name theirs
                group["from"] = self.value(self.reference(f"{self.parted}.0"), at)
                self.parted = None
            around.append(self.mapping(group, at))
            self.groups.append(_Group(part, f"{full}.", items))

    def close(self, depth: int) -> None:
        del self.groups[depth:]

    # --- plain nodes -----------------------------------------------------------------------------------------------

    def place(self, location: Location, part: int) -> TextRange:
        return (location.start, location.end) if self.is_text else (part, part + 1)

    def value(self, value: Any, at: TextRange) -> SpecNode:
        return node_of(value, self.source, *at)

    def mapping(self, entries: dict[str, SpecNode], at: TextRange) -> Mapping:
        source, (start, end) = self.source, at
        keyed = {key: (Scalar(source, start, end, key), node) for key, node in entries.items()}
        return Mapping(source, start, end, keyed)


_LISTS = ("concat", "add", "multiply", "stack")
"""Merges that a framework also gives a single input, as a list of one."""


_EXAMPLES: AnyMapping[int, tuple[int, ...]] = MappingProxyType(
    {1: (784,), 2: (100, 16), 3: (224, 224, 3), 4: (16, 112, 112, 3)}
)
"""Shapes of usual inputs by their number of axes, with the channels last."""


def _example(draft: Draft, given: DraftInput) -> str:
    """A shape for an input, with as many axes as it has, or as its first layer takes, and the sizes that are known."""
    uses = [layer for layer in draft.layers if given.name in layer.inputs]
    rank = len(given.shape) if given.shape else _rank(uses[0]) if uses else 3
    usual = _EXAMPLES.get(rank, _EXAMPLES[3])
    sizes = usual if draft.layout == "HWC" or rank < 3 else (usual[-1], *usual[:-1])
    known = given.shape if given.shape and len(given.shape) == len(sizes) else (None,) * len(sizes)
    return "x".join(str(own or size) for own, size in zip(known, sizes, strict=True))


def _rank(layer: DraftLayer) -> int:
    """The number of axes that a layer takes, by its name in the framework: `Conv1D` takes 2."""
    found = re.search("([123])[Dd]", layer.operation)
    if found:
        return int(found[1]) + 1
    kind = find(layer.type)
    family = kind[0].family if kind else ""
    return 2 if family == "recurrent" or layer.type == "bidirectional" else 1 if layer.type in _FLAT else 3


_FLAT = ("dense", "embedding")
