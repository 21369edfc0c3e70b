"""Calls in the words of Keras 1: `Convolution2D(32, 3, 3, border_mode="same")`, `merge(values, mode="concat")`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from cnncalc.importing.keras.dialects import is_old, modern
from cnncalc.importing.python.keras.graph import graph_of
from cnncalc.source.values import CallGiven, NativeFunction, PyClass, PyInstance, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

_MARK: Final = re.compile(
    r"\b(nb_filter|nb_epoch|nb_row|border_mode|dim_ordering|subsample|W_regularizer|samples_per_epoch)\s*=(?!=)"
    r"|\b(?:set_)?(image_dim_ordering)\("
)
_IDLE: Final = ("init", "W_regularizer", "b_regularizer", "W_constraint", "b_constraint", "weights", "consume_less")
_CONVOLUTION: Final = re.compile(r"(?:Separable|Atrous)?Conv(?:olution)?([23])D")


def word_in(text: str) -> str:
    """A word that only Keras 1 has in the text of a program; empty if there is none."""
    found = _MARK.search(text)
    return next((each for each in found.groups() if each), "") if found else ""


def modern_call(interpreter: Interpreter, class_name: str, given: CallGiven) -> CallGiven:
    """The call of a layer's class in the words of later versions, if the program is one for Keras 1."""
    if not graph_of(interpreter).old_word:
        return given
    keywords, values = dict(given.keywords), list(given.values)
    sizes = {key: keywords[key] for key in ("input_dim", "input_length") if key in keywords}
    idle = [key for key in _IDLE if key in keywords]
    for key in idle:
        del keywords[key]
    if is_old(class_name, {**keywords, **dict.fromkeys(idle)}) or "bias" in keywords:
        keywords = modern(class_name, keywords)[1] | sizes
        if class_name == "Embedding":
            keywords = dict(given.keywords)
    rank = _CONVOLUTION.fullmatch(class_name)
    count = int(rank[1]) if rank else 0
    if count and len(values) == 2 + count and all(isinstance(each, int) for each in values[1:]):
        values = [*values[:2], tuple(values[2:])]  # the layer itself comes first
    return CallGiven(values, keywords, given.place)


def merge_function(kinds: Mapping[str, PyClass]) -> NativeFunction:
    """`merge([a, b], mode="concat", concat_axis=-1)` of Keras 1."""

    def run(interpreter: Interpreter, given: CallGiven) -> object:
        values = dict(zip(("inputs", "mode", "concat_axis", "dot_axes"), given.values, strict=False)) | given.keywords
        mode = values.get("mode", "sum")
        if not isinstance(mode, str):
            return Unfollowed("merge(…) with a mode of the program's own", given.place)
        class_name, config = modern("Merge", {"mode": mode, "concat_axis": values.get("concat_axis", -1)})
        kind = kinds.get(class_name)
        if kind is None or class_name == "Dot":
            return Unfollowed(f'merge(…, mode="{mode}")', given.place)
        words = {key: value for key, value in config.items() if value is not None}
        if isinstance(values.get("name"), str):
            words["name"] = values["name"]
        layer = interpreter.call(kind, CallGiven([], words, given.place))
        if not isinstance(layer, PyInstance):
            return layer
        return interpreter.call(layer, CallGiven([values.get("inputs")], {}, given.place))

    return NativeFunction("merge", run)
