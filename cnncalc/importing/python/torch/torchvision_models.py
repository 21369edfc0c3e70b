"""`torchvision.models`: networks that a program takes ready-made.

The folder `networks` has them as programs in PyTorch's own words, which the interpreter reads like a user's file, so
that modules have torchvision's names. Their positions are the call of the user's program.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.importing.python.ready_made import run_program
from cnncalc.importing.python.tracing import tracing_of
from cnncalc.source.values import CallGiven, NativeFunction, PyFunction

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

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


def networks() -> dict[str, object]:
    """The networks by their dotted paths."""
    made = {name: _network(name) for name in _FILES}
    return {
        **{f"torchvision.models.{name}": each for name, each in made.items()},
        **{f"torchvision.models.{_FILES[name]}.{name}": each for name, each in made.items()},
    }


def _network(name: str) -> NativeFunction:
    return NativeFunction(name, lambda interpreter, given: _made(interpreter, name, given))


def _made(interpreter: Interpreter, name: str, given: CallGiven) -> object:
    """The model of a call, with the weights of its own beginning whatever the program asks for."""
    tracing = tracing_of(interpreter)
    file = f"torchvision.models.{_FILES[name]}"
    if file not in tracing.programs:
        folder = Path(__file__).parent / "networks"
        text = "\n".join((folder / f"{each}.txt").read_text(encoding="utf-8") for each in ("common", _FILES[name]))
        tracing.programs[file] = run_program(interpreter, file, text, {})
    tracing.calls_of_programs[file] = given.place
    variables = tracing.programs[file].variables
    assert variables is not None
    function = variables.names[name]
    assert isinstance(function, PyFunction)
    return interpreter.call(function, given)
