"""The varied quantities of a model: the sizes of its inputs, or its variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cnncalc.arithmetic.convention import AXIS_NAMES, Setting, Shape
from cnncalc.diagnostics import SpecError, did_you_mean
from cnncalc.graph.document import Overrides, build
from cnncalc.reading.nodes import Mapping as SpecMapping
from cnncalc.reading.nodes import Scalar, Sequence, SpecNode
from cnncalc.solving.question import unusable
from cnncalc.solving.ranges import RangeError, WrittenRange, read_numbers

INPUT = "input"


class Varied(NamedTuple):
    """One varied quantity, with its name and values."""

    name: str
    values: tuple[int, ...]
    input: str | None
    """The input whose axes vary (`input`: of all); None for a variable."""
    axis: str = ""
    """`height`, `channels` …; empty for all spatial axes together."""


def read_varied(
    root: SpecNode, ranges: Mapping[str, WrittenRange], settings: tuple[str, ...] = ()
) -> tuple[Varied, ...]:  # fmt: skip
    """The varied quantities, in the given order; `settings` are names that a model file has for `--set`.

    Raises SpecError for invalid ranges.
    """
    variables = root.get("variables") if isinstance(root, SpecMapping) else None
    own = list(variables.entries) if isinstance(variables, SpecMapping) else []
    own += [name for name in settings if name not in (INPUT, *own)]
    written = root.get("input") if isinstance(root, SpecMapping) else None
    inputs = [INPUT, *(written.entries if isinstance(written, SpecMapping) else ())]
    found = []
    for name, given in ranges.items():
        first, _, axis = name.partition(".")
        is_input = name not in own and first in inputs
        if not is_input and name not in own:
            known = [*inputs, *own]
            raise unusable(f"vary {name}: neither an input nor a variable", _known(name, known), "E206")
        try:
            values = read_numbers(given, least=1 if is_input else 0)
        except RangeError as error:
            raise unusable(f"vary {name}: {error}") from None
        found.append(Varied(name, values, first if is_input else None, axis if is_input else ""))
    return tuple(found)


def _known(name: str, known: list[str]) -> str:
    if name == "batch":
        return 'a batch varies with --want "training_memory<=24GiB"'
    return did_you_mean(name, [*known, "batch"]) or f"it has {', '.join(dict.fromkeys(known))}"


class Base(NamedTuple):
    """The original spec, which the varied values change."""

    overrides: Overrides
    setting: Setting | None
    inputs: dict[str, Shape]
    """The shapes of its inputs; empty if they do not vary, or depend on a varied variable."""


def base_of(root: SpecNode, varied: tuple[Varied, ...], overrides: Overrides) -> Base:
    """The varied inputs of the original spec. Raises SpecError if the spec does not define them."""
    if all(part.input is None for part in varied):
        return Base(overrides, None, {})
    graph, diagnostics = build(_without_layers(root), overrides)
    if graph is None:
        raise SpecError(diagnostics)
    return Base(overrides, graph.setting, {node.name: node.shape for node in graph.sources if node.shape})


def _without_layers(root: SpecNode) -> SpecNode:
    """The spec with its inputs and an identity instead of its layers."""
    if not isinstance(root, SpecMapping) or "layers" not in root.entries:
        return root
    kept = {key: entry for key, entry in root.entries.items() if key in _INPUT_KEYS}
    key, layers = root.entries["layers"]
    identity = Scalar(layers.source, layers.start, layers.end, "identity")
    alone = Sequence(layers.source, layers.start, layers.end, [identity])
    return SpecMapping(root.source, root.start, root.end, {**kept, "layers": (key, alone)})


_INPUT_KEYS = ("input", "variables", "variants", "convention", "layout")


def changed(base: Base, varied: tuple[Varied, ...], values: tuple[int, ...]) -> Overrides:
    """The overrides that give the spec these values."""
    variables: dict[str, Any] = dict(base.overrides.variables or {})
    shapes = dict(base.inputs)
    for part, value in zip(varied, values, strict=True):
        if part.input is None:
            variables[part.name] = value
            continue
        assert base.setting is not None
        for name in shapes if part.input == INPUT and INPUT not in shapes else [part.input]:
            shapes[name] = _resized(part, shapes[name], value, base.setting)
    return base.overrides._replace(input=shapes or base.overrides.input, variables=variables or None)


def _resized(part: Varied, shape: Shape, value: int, setting: Setting) -> Shape:
    """A shape with a new size for one axis, or for all spatial axes. Raises SpecError for an unknown axis."""
    spatial = setting.spatial(shape)
    if part.axis == "channels":
        return setting.volume(spatial, value)
    names = AXIS_NAMES.get(len(spatial), ())
    if not part.axis:
        return setting.volume((value,) * len(spatial), setting.channels(shape))
    if part.axis not in names:
        raise unusable(f"vary {part.name}: the input has no {part.axis}", f"it has {', '.join((*names, 'channels'))}")
    return setting.volume(
        tuple(value if name == part.axis else size for name, size in zip(names, spatial, strict=True)),
        setting.channels(shape),
    )
