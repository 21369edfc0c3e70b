"""Transformers of several layers: one layer copied several times, and an encoder with a decoder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.importing.python.binding import BoundArguments, bind, parameters_of
from cnncalc.importing.python.torch.modules.base import MODULE, children, is_module
from cnncalc.importing.python.torch.modules.containers import CONTAINERS
from cnncalc.importing.python.torch.tensor import TorchTensor
from cnncalc.reading.signatures.torch import MODULES
from cnncalc.source.library.standard import deep_copy
from cnncalc.source.values import CallGiven, NativeFunction, PyClass, PyInstance, Unfollowed, Wrapped, native_class

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

_Native = Callable[["Interpreter", CallGiven], object]


def _stack(name: str, signature: str, inputs: tuple[str, ...]) -> PyClass:
    """A class that copies a layer. `inputs` are the names of the first arguments of its `forward`."""
    parameters = parameters_of(signature)

    def init(interpreter: Interpreter, given: CallGiven) -> object:
        made = _made(given)
        bound = bind(name, parameters, given.without_first())
        if unknown := bound.unfollowed():
            return unknown
        layer, count = bound.get(parameters.each[0].name), bound.get("num_layers")
        if not is_module(layer) or not isinstance(count, int):
            return Unfollowed(f"{name}(…)", given.place)
        interpreter.steps.spend(count)
        layers = PyInstance(CONTAINERS["ModuleList"], place=given.place)
        for number in range(count):
            layers.attributes[str(number)] = deep_copy(interpreter, layer, {})
        made.attributes |= {"layers": layers, "norm": bound.get("norm")}
        return None

    def forward(interpreter: Interpreter, given: CallGiven) -> object:
        made, layers = _made(given), _made(given).attributes["layers"]
        value, *others = _inputs(given, inputs)
        assert isinstance(layers, PyInstance)
        for _, each in children(layers):
            value = interpreter.call(each, CallGiven([value, *others], {}, given.place))
        norm = made.attributes.get("norm")
        return value if norm is None else interpreter.call(norm, CallGiven([value], {}, given.place))

    return _class(name, init, forward)


def _transformer(interpreter: Interpreter, given: CallGiven) -> object:
    """`nn.Transformer(…)`: an encoder and a decoder, each with a normalization at its end."""
    made = _made(given)
    bound = bind("Transformer", parameters_of(MODULES["Transformer"]), given.without_first())
    if unknown := bound.unfollowed():
        return unknown
    for side in ("encoder", "decoder"):
        found = bound.get(f"custom_{side}") or _side(interpreter, side, bound)
        if isinstance(found, Unfollowed):
            return found
        made.attributes[side] = found
    made.attributes |= {"d_model": bound.get("d_model", 512), "nhead": bound.get("nhead", 8)}
    return None


def _side(interpreter: Interpreter, side: str, bound: BoundArguments) -> object:
    """One of the two stacks of a transformer."""

    def call(name: str, *values: object, **words: object) -> object:
        return interpreter.call(interpreter.library_value(f"torch.nn.{name}"), CallGiven([*values], words, bound.place))

    width, count = bound.get("d_model", 512), bound.get(f"num_{side}_layers", 6)
    shared = ("dim_feedforward", "dropout", "activation", "batch_first", "norm_first", "bias")
    words = {name: bound.values[name] for name in shared if name in bound.values}
    layer = call(f"Transformer{side.title()}Layer", width, bound.get("nhead", 8), **words)
    norm = call("LayerNorm", width, **{name: words[name] for name in words if name == "bias"})
    return call(f"Transformer{side.title()}", layer, count, norm)


def _translated(interpreter: Interpreter, given: CallGiven) -> object:
    """The target through the decoder, with the source through the encoder as its memory."""
    made = _made(given)
    source, target = _inputs(given, ("src", "tgt"))
    memory = interpreter.call(made.attributes["encoder"], CallGiven([source], {}, given.place))
    return interpreter.call(made.attributes["decoder"], CallGiven([target, memory], {}, given.place))


def _made(given: CallGiven) -> PyInstance:
    assert isinstance(given.values[0], PyInstance)
    return given.values[0]


def _inputs(given: CallGiven, names: tuple[str, ...]) -> list[object]:
    """The first arguments of a `forward`, by position or by name."""
    values = given.values[1:]
    return [values[place] if place < len(values) else given.keywords.get(name) for place, name in enumerate(names)]


def _mask(interpreter: Interpreter, given: CallGiven) -> object:
    """`Transformer.generate_square_subsequent_mask(size)`."""
    size = [*given.values, *given.keywords.values(), None][0]
    return TorchTensor((size, size)) if isinstance(size, int) else Unfollowed("a mask", given.place)


def _class(name: str, init: _Native, forward: _Native, **others: object) -> PyClass:
    functions = {"__init__": NativeFunction("__init__", init), "forward": NativeFunction("forward", forward)}
    return native_class(name, (MODULE,), {**functions, **others})


STACKS: Mapping[str, PyClass] = MappingProxyType({
    "TransformerEncoder": _stack(
        "TransformerEncoder", "encoder_layer! num_layers! norm enable_nested_tensor mask_check", ("src",)
    ),
    "TransformerDecoder": _stack("TransformerDecoder", "decoder_layer! num_layers! norm", ("tgt", "memory")),
    "Transformer": _class(
        "Transformer", _transformer, _translated,
        generate_square_subsequent_mask=Wrapped("staticmethod", NativeFunction("mask", _mask)),
    ),
})  # fmt: skip
