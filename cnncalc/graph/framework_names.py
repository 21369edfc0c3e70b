"""The frameworks' names of layer types and of their arguments: read from the signature tables and the registry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from cnncalc.graph.axis_words import one_axis
from cnncalc.graph.items import COMMON_KEYS
from cnncalc.layers import argument_meaning, registry
from cnncalc.layers.base import Layer
from cnncalc.layers.spelling import normal
from cnncalc.reading.signatures import caffe, darknet, functional, keras, onnx, signature_of, tensorflow, torch

ArgumentUse = Literal["field", "type", "checked", "ignored", "rejected", "unknown"]
"""An argument sets a field, chooses the type, states a size that is checked, is ignored, or is rejected unless off."""


class ArgumentName(NamedTuple):
    """An argument of a framework's layer, and its meaning here."""

    name: str
    meaning: ArgumentUse
    field: str = ""


class FrameworkName(NamedTuple):
    """A framework's layer or function, the type that it is here, and its arguments."""

    framework: str
    module: str
    names: tuple[str, ...]
    """All with the same arguments: `Conv1d`, `Conv2d` and `Conv3d`; `AvgPool2D` and `AveragePooling2D`."""
    type: str
    arguments: tuple[ArgumentName, ...]


_TABLES = (
    ("PyTorch", "torch.nn", torch.MODULES),
    ("PyTorch", "torch.nn.functional", functional.FUNCTIONS),
    ("Keras", "keras.layers", keras.LAYERS),
    ("TensorFlow", "tf.nn", tensorflow.FUNCTIONS),
    ("TensorFlow", "tf.layers", tensorflow.LAYERS),
    ("ONNX", "operators", onnx.OPERATORS),
    ("Caffe", "layers", caffe.LAYERS),
)

_TORCHVISION = (
    "DeformConv#d", "DropBlock#d", "FrozenBatchNorm#d", "RoIAlign", "RoIPool", "SqueezeExcitation", "StochasticDepth",
)  # fmt: skip
_ELSEWHERE: Mapping[str, str] = {"flatten": "torch", **dict.fromkeys(_TORCHVISION, "torchvision.ops")}
"""The module of a name that is not in its table's module."""

_RANKS: Mapping[str, str] = {
    "CrossMapLRN#d": "2", "DeformConv#d": "2", "DepthwiseConv#D": "12", "DropBlock#d": "23",
    "FractionalMaxPool#d": "23", "FrozenBatchNorm#d": "2", "SeparableConv#D": "12", "SeparableConvolution#D": "12",
    "UpsamplingBilinear#d": "2", "UpsamplingNearest#d": "2", "separable_conv#d": "12",
}  # fmt: skip
"""The numbers of spatial axes for which a name exists; 1, 2 and 3 for the others."""

_FUNCTION = re.compile(r"\b((torch|keras|tf)(?:\.[a-z_]\w*)*)\.([a-z]\w*)\b")
_FRAMEWORKS: Mapping[str, str] = {"torch": "PyTorch", "keras": "Keras", "tf": "TensorFlow"}


def framework_names() -> list[FrameworkName]:
    """Every known name, by framework and module, in alphabetical order."""
    rows = [*_from_tables(), *_from_darknet()]
    known = {(row.framework, name) for row in rows for name in row.names}
    rows += (row for row in _from_sources() if (row.framework, row.names[0]) not in known)
    merged: dict[FrameworkName, list[str]] = {}
    for row in rows:
        merged.setdefault(row._replace(names=()), []).extend(row.names)
    frameworks = list(dict.fromkeys([*(framework for framework, _, _ in _TABLES), "Darknet"]))
    modules = list(dict.fromkeys(row.module for row in rows))
    return sorted(
        (row._replace(names=tuple(names)) for row, names in merged.items()),
        key=lambda row: (frameworks.index(row.framework), modules.index(row.module), row.names[0].lower()),
    )


def names_of(kind: type[Layer]) -> list[FrameworkName]:
    """The names of one type."""
    return [row for row in framework_names() if row.type == kind.type]


def _from_tables() -> Iterator[FrameworkName]:
    for framework, module, table in _TABLES:
        for key, text in table.items():
            names = _with_ranks(key, table)
            found = registry.find(names[0])
            if found:
                home = _ELSEWHERE.get(key, module) if framework == "PyTorch" else module
                yield FrameworkName(framework, home, names, found[0].type, tuple(_arguments(found[0], text)))


def _from_darknet() -> Iterator[FrameworkName]:
    """The sections of Darknet, whose names are not aliases of types."""
    kinds = registry.load_all()
    for names, (type, text) in darknet.SECTIONS.items():
        yield FrameworkName("Darknet", "sections", tuple(names.split()), type, tuple(_arguments(kinds[type], text)))


def _with_ranks(key: str, table: Mapping[str, str]) -> tuple[str, ...]:
    """The names that a key of a table covers, without those that have a row of their own."""
    if "#" not in key:
        return (key,)
    names = (key.replace("#", rank) for rank in _RANKS.get(key, "123"))
    return tuple(name for name in names if name not in table)


def _from_sources() -> Iterator[FrameworkName]:
    """Functions that a type names as its sources: `torch.acos`, `keras.ops.arccos`."""
    for kind in registry.load_all().values():
        for module, library, name in dict.fromkeys(_FUNCTION.findall(" ".join(kind.sources))):
            found = registry.find(name)
            if found and found[0] is kind:
                yield FrameworkName(_FRAMEWORKS[library], module, (name,), kind.type, ())


def _arguments(kind: type[Layer], text: str) -> Iterator[ArgumentName]:
    for parameter in signature_of(text):
        if parameter.ignored:
            yield ArgumentName(parameter.name, "ignored")
        elif not parameter.flows:
            yield _argument(kind, parameter.name, parameter.word.partition("@")[0])


def _argument(kind: type[Layer], name: str, word: str) -> ArgumentName:
    """An argument's meaning: `word` is its name as the type reads it."""
    if kind.choice and word in kind.choice.words:
        return ArgumentName(name, "type")
    field = kind.spellings.get(normal(word)) or (one_axis(kind, word) or ("",))[0]
    if word == "activation" and kind.activation_field is not None:
        field = kind.activation_field
        return ArgumentName(name, "field", field) if field else ArgumentName(name, "ignored")
    if field or word in COMMON_KEYS or word in kind.hands_on:
        return ArgumentName(name, "field", field or word)
    meaning = argument_meaning.meaning(kind, word)
    if meaning is None:
        return ArgumentName(name, "unknown")
    if meaning.field:
        return ArgumentName(name, "field", meaning.field)
    if meaning.refused:
        return ArgumentName(name, "rejected")
    checked = meaning.states or meaning.word in argument_meaning.LAYOUT_WORDS
    return ArgumentName(name, "checked" if checked else "ignored")
