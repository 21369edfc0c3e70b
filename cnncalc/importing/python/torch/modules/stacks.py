"""Transformer encoders: a layer copied several times."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.importing.python.binding import bind, parameters_of
from cnncalc.importing.python.torch.modules.base import MODULE, children, is_module
from cnncalc.importing.python.torch.modules.containers import CONTAINERS
from cnncalc.source.library.standard import deep_copy
from cnncalc.source.values import CallGiven, NativeFunction, PyClass, PyInstance, Unfollowed, native_class

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

_PARAMETERS = parameters_of("encoder_layer! num_layers! norm enable_nested_tensor mask_check")


def init(interpreter: Interpreter, given: CallGiven) -> object:
    made = given.values[0]
    assert isinstance(made, PyInstance)
    bound = bind("TransformerEncoder", _PARAMETERS, given.without_first())
    if unknown := bound.unfollowed():
        return unknown
    layer, count, norm = bound.get("encoder_layer"), bound.get("num_layers"), bound.get("norm")
    if not is_module(layer) or not isinstance(count, int):
        return Unfollowed("TransformerEncoder(…)", given.place)
    interpreter.steps.spend(count)
    layers = PyInstance(CONTAINERS["ModuleList"], place=given.place)
    for number in range(count):
        layers.attributes[str(number)] = deep_copy(interpreter, layer, {})
    made.attributes |= {"layers": layers, "norm": norm}
    return None


def forward(interpreter: Interpreter, given: CallGiven) -> object:
    made = given.values[0]
    assert isinstance(made, PyInstance)
    value = given.values[1] if len(given.values) > 1 else given.keywords.get("src")
    layers = made.attributes["layers"]
    assert isinstance(layers, PyInstance)
    for _, each in children(layers):
        value = interpreter.call(each, CallGiven([value], {}, given.place))
    norm = made.attributes.get("norm")
    return value if norm is None else interpreter.call(norm, CallGiven([value], {}, given.place))


STACKS: Mapping[str, PyClass] = MappingProxyType({
    "TransformerEncoder": native_class(
        "TransformerEncoder", (MODULE,),
        {"__init__": NativeFunction("__init__", init), "forward": NativeFunction("forward", forward)},
    ),
})  # fmt: skip
