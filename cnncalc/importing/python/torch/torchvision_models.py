"""`torchvision.models`: networks that a program takes ready-made.

The folder `networks` has them as programs in PyTorch's own words, which the interpreter reads like a user's file, so
that modules have torchvision's names. Their positions are the call of the user's program.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.importing.python.ready_made import run_program
from cnncalc.importing.python.tracing import tracing_of
from cnncalc.source.values import CallGiven, LaterValue, NativeFunction, PyFunction

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

_OF_RESNET = ("ResNet", "BasicBlock", "Bottleneck", "conv3x3", "conv1x1")
_REGNETS = ("400mf", "800mf", "1_6gf", "3_2gf", "8gf", "16gf", "32gf")
_FILES: Mapping[str, str] = MappingProxyType({
    **{f"resnet{depth}": "resnet" for depth in (18, 34, 50, 101, 152)},
    **dict.fromkeys(("resnext50_32x4d", "resnext101_32x8d", "resnext101_64x4d"), "resnet"),
    **dict.fromkeys(("wide_resnet50_2", "wide_resnet101_2"), "resnet"),
    **{f"vgg{depth}{norm}": "vgg" for depth in (11, 13, 16, 19) for norm in ("", "_bn")},
    **{f"densenet{depth}": "densenet" for depth in (121, 161, 169, 201)},
    **{f"efficientnet_{size}": "efficientnet" for size in ("v2_s", "v2_m", "v2_l", *(f"b{each}" for each in range(8)))},
    **{f"convnext_{size}": "convnext" for size in ("tiny", "small", "base", "large")},
    **{f"vit_{size}": "vision_transformer" for size in ("b_16", "b_32", "l_16", "l_32", "h_14")},
    **{f"regnet_x_{size}": "regnet" for size in _REGNETS}, **{f"regnet_y_{size}": "regnet" for size in _REGNETS},
    **{f"shufflenet_v2_x{size}": "shufflenetv2" for size in ("0_5", "1_0", "1_5", "2_0")},
    **{f"mnasnet{size}": "mnasnet" for size in ("0_5", "0_75", "1_0", "1_3")},
    "regnet_y_128gf": "regnet", "alexnet": "alexnet", "mobilenet_v2": "mobilenet", "googlenet": "googlenet",
    "mobilenet_v3_large": "mobilenetv3", "mobilenet_v3_small": "mobilenetv3", "inception_v3": "inception",
    "squeezenet1_0": "squeezenet", "squeezenet1_1": "squeezenet",
})  # fmt: skip
"""The file of each network."""


_CLASSES: Mapping[str, str] = MappingProxyType({
    **{f"torchvision.models.{name}": "resnet" for name in ("ResNet", *(f"resnet.{each}" for each in _OF_RESNET))},
    **{f"torchvision.ops.{name}": "common" for name in ("SqueezeExcitation", "misc.SqueezeExcitation", "Permute")},
    "torchvision.models.convnext.LayerNorm2d": "common",
})  # fmt: skip
"""The file of each class, or function of blocks, that a program may take by itself."""


def networks() -> dict[str, object]:
    """The networks by their dotted paths."""
    made = {name: _network(name) for name in _FILES}
    return {
        **{path: _class(path, file) for path, file in _CLASSES.items()},
        **{f"torchvision.models.{name}": each for name, each in made.items()},
        **{f"torchvision.models.{_FILES[name]}.{name}": each for name, each in made.items()},
    }


def _network(name: str) -> NativeFunction:
    return NativeFunction(name, lambda interpreter, given: _made(interpreter, name, given))


def _made(interpreter: Interpreter, name: str, given: CallGiven) -> object:
    """The model of a call, with the weights of its own beginning whatever the program asks for."""
    names = _program(interpreter, _FILES[name])
    tracing_of(interpreter).calls_of_programs[_title(_FILES[name])] = given.place
    function = names[name]
    assert isinstance(function, PyFunction)
    return interpreter.call(function, given)


def _class(path: str, file: str) -> LaterValue:
    """A class of a program, which runs when the class is first used."""
    return LaterValue(lambda interpreter: _program(interpreter, file)[path.rpartition(".")[2]])


def _title(file: str) -> str:
    return f"torchvision.models.{file}"


def _text(file: str) -> str:
    from pathlib import Path  # few programs take a ready-made network

    return (Path(__file__).parent / "networks" / f"{file}.txt").read_text(encoding="utf-8")


def _program(interpreter: Interpreter, file: str) -> Mapping[str, object]:
    """The names of a program, which runs once."""
    tracing, title = tracing_of(interpreter), _title(file)
    if title not in tracing.programs:
        text = "\n".join(_text(each) for each in dict.fromkeys(("common", file)))
        tracing.programs[title] = run_program(interpreter, title, text, {})
    variables = tracing.programs[title].variables
    assert variables is not None
    return variables.names
