"""Parsing of a question about a layer: the type, the sizes, and the candidates for each field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cnncalc.arithmetic.convention import CONVENTIONS, LAYOUTS, Setting, Shape
from cnncalc.arithmetic.convention import setting as make_setting
from cnncalc.diagnostics import Diagnostic, Refusal, SpecError, did_you_mean
from cnncalc.layers.registry import find, load_all
from cnncalc.layers.shapes import as_shape
from cnncalc.layers.window_layer import WindowLayer
from cnncalc.number_text import show_shape, thousands
from cnncalc.solving.grid import UNSET
from cnncalc.solving.ranges import Choice, RangeError, WrittenRange, read_choice
from cnncalc.solving.solution import FIELDS

LARGEST_AXIS = 10**12
"""The longest supported axis, for which products with a stride do not overflow."""

USUAL: Mapping[str, str] = {"kernel": "1..11", "stride": "1..4", "padding": "0..5", "dilation": "1"}
"""The default candidates for each field."""

USUAL_WORDS = "valid,same"
"""The default paddings for conventions whose layers accept only words."""


class LayerQuestion(NamedTuple):
    """A layer type, the shapes before and after it, the candidates for its fields, and the fixed fields."""

    kind: type[WindowLayer]
    setting: Setting
    input: Shape
    wanted: Shape
    choices: dict[str, Choice]
    said: dict[str, Any]


def unusable(message: str, hint: str = "", code: str = "E204") -> SpecError:
    """The error for an invalid question."""
    return SpecError([Diagnostic(code, message, hint=hint)])


def find_kind(name: str) -> type[WindowLayer]:
    """The layer type called `name`, which must have a window to solve for. Raises SpecError."""
    found = find(name)
    if found is not None and is_solvable(found[0]):
        assert issubclass(found[0], WindowLayer)
        return found[0]
    known = ", ".join(layer.type for layer in load_all().values() if is_solvable(layer))
    if found is None:
        hint = did_you_mean(name, known.split(", ")) or f"the types are {known}"
        raise unusable(f'unknown layer type "{name}"', hint, "E202")
    raise unusable(f"{found[0].type} has no kernel and stride to solve for", f"the types are {known}")


def is_solvable(layer: type[Any]) -> bool:
    """Whether a type is a convolution or pool with one input whose only required fields are filters and kernel."""
    if layer.family not in ("convolution", "pooling") or not issubclass(layer, WindowLayer):
        return False
    required = {field.name for field in layer.fields.values() if field.required}
    return layer.inputs == (1, 1) and {"kernel"} <= required <= {"kernel", "filters"}


class AskedShapes(NamedTuple):
    """The input, and the output or the option to keep the input's size, as given by a caller."""

    input: object
    output: object = None
    keep_size: bool = False


def make_question(
    kind: type[WindowLayer], setting: Setting, shapes: AskedShapes, *, fields: Mapping[str, WrittenRange | None],
    said: Mapping[str, Any], rounding: str | None = None,
) -> LayerQuestion:  # fmt: skip
    """The complete question. Raises SpecError for invalid shapes and ranges."""
    given = _shape(shapes.input, "input", "32x32x3")
    output = shapes.output
    try:
        kind(setting).require_spatial(given)
    except Refusal as refusal:
        raise unusable(refusal.message, refusal.hint, refusal.code) from None
    if shapes.keep_size == (output is not None):
        raise unusable("solving needs either an output or keep-size", "for example, --output 14x14x20")
    wanted = _full(kind, _shape(output, "output", "14x14x20"), given, setting) if output is not None else given
    filters = {"filters": setting.channels(wanted)} if "filters" in kind.fields else {}
    decided = {**filters, **said, **({"rounding": _rounding(kind, rounding)} if rounding else {})}
    choices = _choices(kind, setting, fields, decided, len(given) - 1)
    return LayerQuestion(kind, setting, given, wanted, choices, decided)


def _rounding(kind: type[WindowLayer], word: str) -> str:
    field = kind.fields.get("rounding")
    if field is None or word not in field.choices:
        allowed = f"it has {', '.join(field.choices)}" if field else f"it has {', '.join(kind.fields)}"
        raise unusable(f'{kind.type} has no rounding "{word}"', allowed)
    return word


def find_setting(convention: str | None, layout: str | None) -> Setting:
    """The setting of a convention by name. Raises SpecError."""
    for what, word, allowed in (("convention", convention, CONVENTIONS), ("layout", layout, LAYOUTS)):
        if word is not None and word not in allowed:
            names = f"Allowed: {', '.join(allowed)}"
            raise unusable(f'{what}: unknown word "{word}". {names}', did_you_mean(word, allowed))
    return make_setting(convention or "formula", layout)


def _shape(value: object, what: str, example: str) -> Shape:
    if isinstance(value, str):
        value = int(value) if value.isascii() and value.isdecimal() and len(value) <= 40 else value.replace("×", "x")
    shape = as_shape(value)
    if shape is None:
        raise unusable(f"{what}: {value} is not a shape", f"for example, {example}, without the batch")
    if max(shape, default=1) > LARGEST_AXIS:
        raise unusable(f"{what}: an axis of {thousands(max(shape))} exceeds {thousands(LARGEST_AXIS)}")
    return shape


def _full(kind: type[WindowLayer], shape: Shape, given: Shape, setting: Setting) -> Shape:
    """The desired shape with channels, by default those of the input."""
    rank = len(given) - 1
    if len(shape) == rank + 1:
        return shape
    if len(shape) in (1, rank):
        return setting.volume(shape * rank if len(shape) == 1 else shape, setting.channels(given))
    raise unusable(
        f"output: {show_shape(shape)} has {len(shape)} axes, the input {show_shape(given)} has {rank + 1}",
        f"{kind.type} keeps the number of axes; the channels may be omitted",
    )


def _choices(
    kind: type[WindowLayer],
    setting: Setting,
    fields: Mapping[str, WrittenRange | None],
    said: Mapping[str, Any],
    rank: int,
) -> dict[str, Choice]:
    found = {}
    for name in FIELDS:
        given = fields.get(name)
        if name not in kind.fields:
            if given is not None:
                raise unusable(f"{kind.type} has no {name}", f"it has {', '.join(kind.fields)}", "E203")
            continue
        if given is None and (name in said or name not in USUAL):
            continue
        wordy = name == "padding" and setting.convention.name in ("keras", "tensorflow")
        choice = _read(kind, name, given if given is not None else USUAL_WORDS if wordy else USUAL[name])
        if len(choice.axes) not in (1, rank):
            axes = "axis" if rank == 1 else "axes"
            raise unusable(f"{name}: {len(choice.axes)} ranges for an input with {rank} spatial {axes}")
        found[name] = choice
    return found


def _read(kind: type[WindowLayer], name: str, given: WrittenRange) -> Choice:
    words = {"padding": kind.fields[name].choices, "output_padding": (UNSET,)}.get(name, ())
    try:
        return read_choice(given, least=0 if name in ("padding", "output_padding") else 1, words=words)
    except RangeError as error:
        raise unusable(f"{name}: {error}") from None
