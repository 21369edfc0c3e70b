"""Typed declarations of a layer's fields.

A layer class declares its fields as class attributes, `filters = declare.count("…", positional=True)`; each declaration
has its help, limits, aliases and short form, reads a plain value (int, float, bool, text, list, None) into the typed
one, and describes itself to the reference docs and the JSON Schema. The declaring functions are annotated with the type
of the field's value, so that a rule reads `self.filters` as an int. Each accepts the keywords of `FieldOptions`.

`_field` defines the declaration, `_parsing` reads values, and the other modules define the declaring functions, grouped
by the type of value. Their names begin with an underscore because the registry treats all other modules as layer types.
"""

from cnncalc.layers.declare._axes import AXIS_WORDS, AxesValue, axis, dimensions, listed_axes
from cnncalc.layers.declare._field import REQUIRED, Field, FieldOptions, JsonSchema, show_value
from cnncalc.layers.declare._padding import PaddingValue, SidesValue, padding, sides
from cnncalc.layers.declare._parsing import SHORT_FORM, as_integer, split_axes
from cnncalc.layers.declare._real_numbers import (
    Numbers,
    Scale,
    ScaleValue,
    number,
    numbers,
    optional_number,
    positive_numbers,
    scales,
)
from cnncalc.layers.declare._whole_numbers import (
    PerAxis,
    SizeValue,
    count,
    optional_count,
    optional_per_axis,
    per_axis,
    sizes,
)
from cnncalc.layers.declare._words import choice, flag, layer, text, words

__all__ = [
    "AXIS_WORDS",
    "REQUIRED",
    "SHORT_FORM",
    "AxesValue",
    "Field",
    "FieldOptions",
    "JsonSchema",
    "Numbers",
    "PaddingValue",
    "PerAxis",
    "Scale",
    "ScaleValue",
    "SidesValue",
    "SizeValue",
    "as_integer",
    "axis",
    "choice",
    "count",
    "dimensions",
    "flag",
    "layer",
    "listed_axes",
    "number",
    "numbers",
    "optional_count",
    "optional_number",
    "optional_per_axis",
    "padding",
    "per_axis",
    "positive_numbers",
    "scales",
    "show_value",
    "sides",
    "sizes",
    "split_axes",
    "text",
    "words",
]
