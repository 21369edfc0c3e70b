"""`keras.applications`: networks that a program takes ready-made.

The folder `networks` has them as programs in Keras's own words, which the interpreter reads like a user's file: so
layers have Keras's names and order. Their positions are the call of the user's program.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.importing.python.keras.graph import GraphTensor, graph_of
from cnncalc.importing.python.keras.model_kinds import FunctionalModel
from cnncalc.importing.python.keras.models import made_input
from cnncalc.importing.python.keras.replaying import needed
from cnncalc.importing.python.ready_made import run_program
from cnncalc.importing.python.tracing import BATCH
from cnncalc.source.signals import Raised
from cnncalc.source.values import (
    CallGiven,
    NativeFunction,
    PyFunction,
    PyInstance,
    Refused,
    Unfollowed,
)

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

FILES: Mapping[str, str] = MappingProxyType({
    **dict.fromkeys(("VGG16", "VGG19"), "vgg"),
    **dict.fromkeys(("ResNet50", "ResNet101", "ResNet152", "ResNet50V2", "ResNet101V2", "ResNet152V2"), "resnet"),
    **dict.fromkeys(("MobileNet", "MobileNetV2"), "mobilenet"),
    **dict.fromkeys(("DenseNet121", "DenseNet169", "DenseNet201"), "densenet"),
    **{f"EfficientNetB{number}": "efficientnet" for number in range(8)},
    **dict.fromkeys(("MobileNetV3Small", "MobileNetV3Large"), "mobilenet_v3"),
    **{f"EfficientNetV2{word}": "efficientnet_v2" for word in ("B0", "B1", "B2", "B3", "S", "M", "L")},
    **{f"ConvNeXt{word}": "convnext" for word in ("Tiny", "Small", "Base", "Large", "XLarge")},
    **dict.fromkeys(("NASNetMobile", "NASNetLarge"), "nasnet"),
    "Xception": "xception", "InceptionV3": "inception", "InceptionResNetV2": "inception_resnet",
})  # fmt: skip
"""The file of each network."""

MODULES: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "vgg16": ("VGG16",), "vgg19": ("VGG19",), "resnet50": ("ResNet50",), "xception": ("Xception",),
    "resnet": ("ResNet50", "ResNet101", "ResNet152"), "resnet_v2": ("ResNet50V2", "ResNet101V2", "ResNet152V2"),
    "mobilenet": ("MobileNet",), "mobilenet_v2": ("MobileNetV2",), "inception_v3": ("InceptionV3",),
    "densenet": ("DenseNet121", "DenseNet169", "DenseNet201"),
    "efficientnet": tuple(f"EfficientNetB{number}" for number in range(8)),
    "inception_resnet_v2": ("InceptionResNetV2",), "nasnet": ("NASNetMobile", "NASNetLarge"),
    "efficientnet_v2": tuple(name for name in FILES if name.startswith("EfficientNetV2")),
    "convnext": tuple(name for name in FILES if name.startswith("ConvNeXt")),
})  # fmt: skip
"""The networks in each module of `keras.applications`."""


def application(name: str) -> NativeFunction:
    """A network as the interpreter calls it."""
    return NativeFunction(name, lambda interpreter, given: _made(interpreter, name, given))


def _made(interpreter: Interpreter, name: str, given: CallGiven) -> object:
    """The model of a call."""
    if unknown := given.unfollowed():
        return unknown
    function = _function(interpreter, name)
    tracing = graph_of(interpreter)
    count = len(tracing.problems)
    try:
        found = interpreter.call(function, given)
    except Raised as error:
        tracing.problem("E111", message := f"{name}: {error.message}", given.place.span)
        return Refused(message, given.place)
    for problem in tracing.problems[count:]:
        problem.span, problem.message = given.place.span, f"{name}: {problem.message}"
    if isinstance(found, Refused):
        return Refused(f"{name}: {found.reason}", given.place, found.code, found.hint)
    if isinstance(found, Unfollowed):
        return Unfollowed(found.reason, given.place)
    assert isinstance(found, PyInstance)
    assert isinstance(found.extra, FunctionalModel)
    if found.extra.unknown is not None:
        return Unfollowed(found.extra.unknown.reason, given.place)
    found.place = given.place
    for node in needed(found.extra.tensors()[1]):
        if node.place.file is function.file:
            node.place = given.place
    return found


def _function(interpreter: Interpreter, name: str) -> PyFunction:
    """The function that makes a network, its file run once."""
    programs = graph_of(interpreter).programs
    file = FILES[name]
    if file not in programs:
        text = "".join(_text(each) for each in ("common", file))
        names = {"open_input": NativeFunction("open_input", _open_input)}
        programs[file] = run_program(interpreter, f"keras.applications.{file}", text, names)
    variables = programs[file].variables
    assert variables is not None
    found = variables.names[name]
    assert isinstance(found, PyFunction)
    return found


def _text(name: str) -> str:
    return (Path(__file__).parent / "networks" / f"{name}.txt").read_text(encoding="utf-8")


def _open_input(interpreter: Interpreter, given: CallGiven) -> object:
    """An input whose open sizes are the network's own until the program gives the network another input."""
    shape, default = given.values
    assert isinstance(shape, tuple)
    assert isinstance(default, int)
    wanted = graph_of(interpreter).shapes.get("")
    name = graph_of(interpreter).automatic("input_layer").replace("input_layer", "input")
    if None not in shape or (wanted is not None and len(wanted) == len(shape)):
        return made_input(interpreter, shape, name, given)
    sizes = tuple(default if size is None else size for size in shape)
    value = graph_of(interpreter).tape.input(name, (BATCH, *sizes))
    return GraphTensor(value.dims, value=value, label=name, is_open=True)
