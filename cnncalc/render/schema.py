"""A JSON Schema (draft 2020-12) of the YAML form, from the layer registry, for editors that complete and check.

It accepts every spec that the tool accepts when written with canonical names and declared aliases. It cannot know which
blocks a spec defines, so it lets unknown item names pass; `cnncalc` itself does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cnncalc.arithmetic.convention import CONVENTIONS, LAYOUTS
from cnncalc.graph.document import DTYPES
from cnncalc.graph.read_claims import COUNTS, SHAPES, SHORT
from cnncalc.layers.argument_meaning import ENDINGS, known_words
from cnncalc.layers.base import Layer
from cnncalc.layers.declare import Field
from cnncalc.layers.registry import load_all
from cnncalc.render.layer_docs import positions

Schema = Mapping[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_EXPRESSION: Mapping[str, Any] = {"$ref": "#/$defs/expression"}
_ITEMS: Mapping[str, Any] = {"$ref": "#/$defs/items"}
_TEXT: Mapping[str, Any] = {"type": "string"}
_IGNORED: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "ignore": {
            "description": "Rules by code, prefix of codes or name: A101, A1, unseen_border; one or a list.",
            "anyOf": [_TEXT, {"type": "array", "items": _TEXT}],
        },
        "reason": {"description": "The reason why these rules do not apply here.", **_TEXT},
    },
    "required": ["ignore"],
    "additionalProperties": False,
}


def spec_schema() -> Schema:
    """The schema of a whole spec."""
    kinds = load_all()
    return {
        "$schema": DRAFT,
        "title": "cnncalc spec",
        "description": "A convolutional network: its inputs, its layers, and its expectations.",
        "type": "object",
        "required": ["input", "layers"],
        "additionalProperties": False,
        "properties": _top_level(),
        "$defs": {
            "expression": {
                "type": "string", "pattern": r"\$\{",
                "description": "Text with ${...}, evaluated when the spec is read.",
            },
            "shape": _with_expressions(_shape()),
            "figures": _figures(),
            "item": _item(kinds.values()),
            "items": {"type": "array", "items": {"$ref": "#/$defs/item"}},
            **{f"layer.{kind.type}": _layer(kind) for kind in kinds.values()},
        },
    }  # fmt: skip


def _top_level() -> Schema:
    shape: Schema = {"$ref": "#/$defs/shape"}
    named_shapes = {"type": "object", "additionalProperties": shape, "minProperties": 1}
    values = {"type": ["object", "null"]}
    return {
        "name": _described(_TEXT, "The model's name."),
        "description": _described(_TEXT, "A short description of the model."),
        "source": _described(_TEXT, "The source of the architecture and its metrics."),
        "year": _described({"type": "integer"}, "The year of publication."),
        "convention": _described({"enum": list(CONVENTIONS)}, "The framework whose defaults apply."),
        "layout": _described(
            {"enum": list(LAYOUTS)}, "The order of axes in shapes, HWC or CHW; by default, that of the convention."
        ),
        "dtype": _described({"enum": list(DTYPES)}, "The data type, for memory sizes."),
        "input": _described({"anyOf": [shape, named_shapes]}, "The input's shape, or several by name."),
        "variables": _described(values, "Values for ${...}, by name."),
        "variants": _described({"type": "object", "additionalProperties": values}, "Sets of variables, by name."),
        "blocks": _described({"type": "object", "additionalProperties": _block()}, "Reusable groups of layers."),
        "layers": _described({"anyOf": [_ITEMS, {"type": "string", "minLength": 1}]}, "The layers, in order."),
        "outputs": _described(
            {"anyOf": [_TEXT, _list_of(_TEXT), {"type": "object", "additionalProperties": _TEXT}]},
            "The layers whose outputs are the model's outputs; by default, the last layer.",
        ),
        "expect": _described({"$ref": "#/$defs/figures"}, "Exact values required of the model's metrics."),
        "budget": _described({"$ref": "#/$defs/figures"}, "Maximum values of the model's metrics."),
        "lint": _described(_IGNORED, "Lint findings to suppress in this file, with a reason."),
    }


def _described(schema: Schema, text: str) -> Schema:
    return {"description": text, **schema}


def _list_of(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


def _shape() -> Schema:
    size = {"type": "integer", "minimum": 1}
    return {"anyOf": [size, _list_of(size), {"type": "string", "pattern": r"^(\d+([x×]\d+)*|\(.*\)|scalar)$"}]}


def _figures() -> Schema:
    """`expect` and `budget`: counts as numbers or `5M`, shapes."""
    count: Schema = {
        "anyOf": [
            {"type": "integer", "minimum": 0},
            {"type": "string", "pattern": r"^\d+(\.\d+)?\s*[kKMGTP]?i?B?$"},
            _EXPRESSION,
        ]
    }
    shape: Schema = {"$ref": "#/$defs/shape"}
    reals = {**_list_of({"type": "number", "exclusiveMinimum": 0}), "minItems": 1}
    sizes = {"anyOf": [shape, reals, {"type": "null"}, {"type": "object", "additionalProperties": shape}]}
    names = {**dict.fromkeys(COUNTS, count), **dict.fromkeys(SHAPES, sizes)}
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {**names, **{short: names[name] for short, name in SHORT.items()}},
    }


def _block() -> Schema:
    parameters = _described(
        {"type": ["object", "null"]}, "The block's parameters with their defaults; ~ marks a required parameter."
    )
    full = {
        "type": "object",
        "required": ["layers"],
        "additionalProperties": False,
        "properties": {"parameters": parameters, "layers": _ITEMS, "description": _TEXT},
    }
    return {"anyOf": [_ITEMS, full]}


# --- items -----------------------------------------------------------------------------------------------------------


def _item(kinds: Iterable[type[Layer]]) -> Schema:
    """One item of a list of layers: short text, a layer, a block, a group."""
    layers: dict[str, Schema] = {}
    for kind in kinds:
        for spelling in _spellings(kind):
            layers.setdefault(spelling, {"$ref": f"#/$defs/layer.{kind.type}"})
    group = {"layers": _described({"anyOf": [_ITEMS, _TEXT]}, "A group of layers.")}
    return {
        "anyOf": [
            {"type": "string", "minLength": 1},
            {"type": "object", "minProperties": 1, "properties": {**layers, **group, **_common()}},
        ]
    }


def _common() -> Schema:
    """The fields of every item, next to its type or inside it."""
    names = {"anyOf": [_TEXT, _list_of(_TEXT)]}
    count = _with_expressions({"type": "integer", "minimum": 0})
    flag = _with_expressions({"type": "boolean"})
    return {
        "name": _described({"type": ["string", "integer"]}, "The layer's name."),
        "from": _described(names, "The layers or inputs to take instead of the previous layer."),
        "activation": _described({"type": ["string", "object", "null"]}, "An activation applied to the output."),
        "trainable": _described(
            _with_expressions({"enum": [True, False, "buffer"]}),
            "Whether the weights are trained; `buffer` for fixed numbers that are not parameters.",
        ),
        "share_weights": _described(_TEXT, "The layer whose weights it shares or, for a block, the block."),
        "expect": _described({"$ref": "#/$defs/figures"}, "Exact values required of the layer's metrics."),
        "budget": _described({"$ref": "#/$defs/figures"}, "Maximum values of the layer's metrics."),
        "when": _described(flag, "A condition; the item is omitted if it is false."),
        "repeat": _described(count, "The number of repetitions; ${i} counts from 0."),
        "lint": _described(_IGNORED, "Lint findings to suppress for this item, with a reason."),
    }


def _spellings(kind: type[Layer]) -> list[str]:
    names = [kind.type, *kind.aliases]
    return [*names, *(f"{name}{rank}d" for name in names for rank in (1, 2, 3) if kind.spatial_suffix)]


def _layer(kind: type[Layer]) -> Schema:
    """The values of a type's key: nothing, positional values, branches, or fields."""
    forms: list[Schema] = [{"type": "null"}, {"type": "string"}]
    if kind.branching:
        forms.append(_list_of({"anyOf": [_ITEMS, {"type": "null"}, {"$ref": "#/$defs/item"}]}))
    elif positions(kind):
        forms += [{"type": "number"}, {"type": "array"}]
    return {"description": kind.title(), "anyOf": [*forms, _fields(kind)]}


def _fields(kind: type[Layer]) -> Schema:
    properties = {
        spelling: _field(field) for field in kind.fields.values() for spelling in (field.name, *field.aliases)
    }
    branches = {"branches": _list_of({"anyOf": [_ITEMS, {"type": "null"}, {"$ref": "#/$defs/item"}]})}
    required = [
        {"anyOf": [{"required": [spelling]} for spelling in (field.name, *field.aliases)]}
        for field in kind.fields.values()
        if field.required
    ]
    schema: Schema = {
        "type": "object",
        "properties": {**_others(kind), **_common(), **(branches if kind.branching else {}), **properties},
        "patternProperties": {f"_({'|'.join(ENDINGS)})$": {}},
        "additionalProperties": False,
    }
    return {**schema, "allOf": required} if required else schema


def _others(kind: type[Layer]) -> Schema:
    """The framework arguments that are not fields."""
    size = {"type": ["integer", "null"], "minimum": 1}
    described = {each.word: _described({}, "Accepted without effect.") for each in known_words(kind)}
    stated = _described(_with_expressions(size), "The required size of the input.")
    chosen = dict.fromkeys(kind.choice.words if kind.choice else (), _described({}, "Selects the layer type."))
    return described | chosen | {each.word: stated for each in known_words(kind) if each.states}


def _field(field: Field) -> Schema:
    is_flag = field.schema.get("type") == "boolean"
    schema = _with_expressions({"anyOf": [field.schema, {"enum": [0, 1]}]} if is_flag else field.schema)
    if not field.required and field.default is None:
        schema = {"anyOf": [*schema["anyOf"], {"type": "null"}]}
    default = {} if field.required else {"default": field.describe_default()}
    return {"description": field.help, **default, **schema}


def _with_expressions(schema: Schema) -> Schema:
    """`schema`, with `${...}` allowed instead of the value and of each of its parts."""
    choices = schema.get("anyOf", [schema])
    opened = [
        {**choice, "items": _with_expressions(choice["items"])} if "items" in choice else choice for choice in choices
    ]
    return {"anyOf": [*opened, _EXPRESSION]}
