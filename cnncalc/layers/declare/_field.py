"""The declaration of one field, and its value as a user would write it."""

from collections.abc import Callable, Mapping
from typing import Any, TypedDict, Unpack

JsonSchema = Mapping[str, Any]

REQUIRED: Any = object()
"""The default of a required field."""


class FieldOptions(TypedDict, total=False):
    """The keywords that every declaring function takes: the default, and how the field is written."""

    default: Any
    """The value of a field that is not given; a field without a default is required."""
    default_text: str
    """The default as the reference prints it, if the value itself is not clear."""
    aliases: tuple[str, ...]
    """Other names of the field."""
    positional: bool
    """Whether a value without a name may set the field."""
    short: str
    """The first letter of the short form: `s` for `s2`."""
    symbol: str
    """The symbol of the field in formulas."""


class Field:
    """One field of a layer type: its spellings, its values and its meaning.

    A field whose name is a rule's (`shape`, `macs`) is declared with an underscore at its end: its `attribute` is
    `shape_`, its `name` `shape`.
    """

    __slots__ = (
        "aliases", "attribute", "axes", "choices", "default", "default_text", "help", "name", "parse", "positional",
        "schema", "short", "symbol",
    )  # fmt: skip

    def __init__(
        self, help: str, parse: Callable[[Any], Any], schema: JsonSchema, *, axes: bool = False,
        choices: tuple[str, ...] = (), **options: Unpack[FieldOptions],
    ) -> None:  # fmt: skip
        self.name = ""
        self.attribute = ""
        self.help = help
        self.parse = parse
        self.schema = schema
        self.axes = axes
        self.choices = choices
        self.default = options.get("default", REQUIRED)
        self.default_text = options.get("default_text", "")
        self.aliases = options.get("aliases", ())
        self.positional = options.get("positional", False)
        self.short = options.get("short", "")
        self.symbol = options.get("symbol", "")

    @property
    def required(self) -> bool:
        return self.default is REQUIRED

    def describe_default(self) -> str:
        """The default as the reference prints it; empty for a required field."""
        if self.required:
            return ""
        return self.default_text or show_value(self.default)


def show_value(value: Any) -> str:
    """A field's value as a user would write it: `8x8`, `same`, `true`."""
    if value is None:
        return "unset"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple) and value and all(isinstance(item, int) for item in value):
        return "x".join(str(int(item)) for item in value) if len(value) > 1 else f"[{int(value[0])}]"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_show_item, value)) + "]"
    return str(value)


def _show_item(item: Any) -> str:
    if item is None:
        return "~"
    return f"[{item[0]}, {item[1]}]" if isinstance(item, tuple) else str(item)
