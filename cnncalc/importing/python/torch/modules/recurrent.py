"""Recurrent layers, and the last states that they give beside their outputs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.importing.python.torch.modules import ModuleCall, ModuleRow, ModuleSetup, learned
from cnncalc.importing.python.torch.modules.checks import check_declared
from cnncalc.importing.python.torch.operations import wrapped
from cnncalc.importing.python.torch.tensor import TorchTensor
from cnncalc.importing.python.tracing import attempt, tracing_of
from cnncalc.importing.tensors import parts
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import NotSaid, TapeTensor
from cnncalc.reading.signatures.torch import MODULES
from cnncalc.source.values import Aside, CallGiven, CodePlace, NativeFunction, Outside, PyInstance, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

_GATES: Mapping[str, int] = MappingProxyType({"LSTM": 4, "GRU": 3, "RNN": 1})


class LastState(Outside):
    """The last states of a recurrent layer, as views of its output: one for each layer and direction."""

    __slots__ = ("dims", "directions", "layers", "output", "steps", "units")

    def __init__(self, output: TapeTensor, steps: int, layers: int, directions: int) -> None:
        self.output = output
        self.steps = steps
        """The axis of the steps in the output."""
        self.layers = layers
        self.directions = directions
        self.units = output.dims[-1] // directions
        batch = tuple(size for place, size in enumerate(output.dims[:-1]) if place != steps)
        self.dims = (layers * directions, *batch, self.units)

    def attribute(self, interpreter: Interpreter, name: str, place: CodePlace) -> object:
        if name == "shape":
            return self.dims
        if name in ("squeeze", "contiguous", "detach") and (self.dims[0] == 1 or name != "squeeze"):
            return NativeFunction(name, lambda one, given: self.same(one, name, given))
        if name in ("view", "reshape", "permute", "transpose", "mean", "sum", "flatten") and self.dims[0] == 1:
            whole = self.stacked(interpreter, place)
            return whole.attribute(interpreter, name, place) if isinstance(whole, Outside) else whole
        if name == "size":
            return NativeFunction(name, lambda _, given: self.size(given))
        return Unfollowed(f"{name} of the last states", place)

    def same(self, interpreter: Interpreter, name: str, given: CallGiven) -> object:
        return self.item(interpreter, 0, given.place) if name == "squeeze" else self

    def size(self, given: CallGiven) -> object:
        place = given.values[0] if given.values else None
        return self.dims[place] if isinstance(place, int) else self.dims

    def stacked(self, interpreter: Interpreter, place: CodePlace) -> object:
        """The only state, with its axis of 1 in front."""
        state = self.item(interpreter, 0, place)
        return state.item(interpreter, (None,), place) if isinstance(state, TorchTensor) else state

    def items(self, interpreter: Interpreter, place: CodePlace) -> list[object] | Unfollowed:
        return [self.item(interpreter, index, place) for index in range(self.dims[0])]

    def item(self, interpreter: Interpreter, key: object, place: CodePlace) -> object:
        """The state of one layer and direction, if it is the last layer's."""
        if isinstance(key, tuple) and len(key) > 1 and isinstance(key[0], int):
            state = self.item(interpreter, key[0], place)
            return state.item(interpreter, key[1:], place) if isinstance(state, TorchTensor) else state
        if not isinstance(key, int) or not -self.dims[0] <= key < self.dims[0]:
            return Unfollowed("a part of the last states", place)
        layer, direction = divmod(key % self.dims[0], self.directions)
        if layer < self.layers - 1:
            return Unfollowed("the last state of an inner layer", place)
        tracing = tracing_of(interpreter)
        tracing.tape.at(tracing.position("last_state", place, "last state", interpreter))
        return attempt(interpreter, lambda: wrapped(self.part(tracing.tape, direction)), place, "last state")

    def part(self, tape: Tape, direction: int) -> TapeTensor:
        x = self.output
        if self.directions > 1:
            start = direction * self.units
            x = parts.slice_(tape, x, -1, start, start + self.units)
        return parts.select(tape, x, self.steps, 0 if direction else -1)

    def title(self) -> str:
        return "the last states"


def make(made: PyInstance, setup: ModuleSetup) -> None:
    gates, hidden = _GATES[setup.word], setup.integer("hidden_size")
    layers, directions = setup.integer("num_layers", 1), 2 if setup.flag("bidirectional", default=False) else 1
    made.attributes |= {"num_layers": layers, "bidirectional": directions == 2}
    projection = setup.integer("proj_size", 0)
    made_size = projection or hidden
    for layer in range(layers):
        size = setup.integer("input_size") if layer == 0 else made_size * directions
        for suffix in ("", "_reverse")[:directions]:
            learned(made, f"weight_ih_l{layer}{suffix}", gates * hidden, size)
            learned(made, f"weight_hh_l{layer}{suffix}", gates * hidden, made_size)
            if setup.flag("bias"):
                learned(made, f"bias_ih_l{layer}{suffix}", gates * hidden)
                learned(made, f"bias_hh_l{layer}{suffix}", gates * hidden)
            if projection:
                learned(made, f"weight_hr_l{layer}{suffix}", projection, hidden)


def forward(call: ModuleCall) -> object:
    setup = call.setup
    x = call.tape.tensor(call.input())
    check_declared(call, "input_size", x, -1, "feature")
    if x.rank not in (2, 3):
        raise NotSaid("an input that is not a sequence")
    steps = 0 if x.rank == 2 or not setup.flag("batch_first", default=False) else 1
    if x.rank == 3 and x.batch is not None and (x.batch.axis != 1 - steps):
        _swapped(call, x)
    layers, directions = setup.integer("num_layers", 1), 2 if setup.flag("bidirectional", default=False) else 1
    units = setup.integer("hidden_size")
    check_states(call, (layers * directions, units))
    fields: dict[str, object] = {"units": units}
    if layers > 1:
        fields["layers"] = layers
    if directions > 1:
        fields["bidirectional"] = True
    if not setup.flag("bias"):
        fields["bias"] = False
    if projection := setup.integer("proj_size", 0):
        fields["projection"] = projection
    if setup.get("nonlinearity") == "relu":
        fields["nonlinearity"] = "relu"
    made = [value.array() for value in call.instance.attributes.values() if isinstance(value, TorchTensor)]
    dims = (*x.dims[:-1], (projection or units) * directions)
    type, fields = _for_each_sequence(x, setup.word.lower(), fields)
    y = call.tape.append(type, fields, [x], dims, x.batch, weights=made)
    state = LastState(y, steps, layers, directions)
    cells = Aside("the cell's last states", call.given.place)
    return (wrapped(y), (state, cells) if setup.word == "LSTM" else state)


def _for_each_sequence(x: TapeTensor, type: str, fields: dict[str, object]) -> tuple[str, dict[str, object]]:
    """The layer for several sequences of a sample, such as the rows of an image, if they are merged into the batch."""
    if x.batch is None or x.batch.factor == 1:
        return type, fields
    if x.batch.axis != 0:
        raise NotSaid("several sequences of a sample after the steps")
    return "time_distributed", {"layer": {type: fields}}


def check_states(call: ModuleCall, wanted: tuple[int, int]) -> None:
    """Report first states whose number or size differs from what the layer takes."""
    states = call.given.values[1] if len(call.given.values) > 1 else call.given.keywords.get("hx")
    state = states[0] if isinstance(states, list | tuple) and states else states
    if not isinstance(state, TorchTensor) or len(state.dims) != 3 or call.setup.integer("proj_size", 0):
        return
    if (state.dims[0], state.dims[-1]) != wanted:
        message = (
            f"the first states have {state.dims[0]} layers of {state.dims[-1]}, "
            f"but {call.setup.word} takes {wanted[0]} of {wanted[1]} (num_layers · directions, hidden_size)"
        )
        call.tracing.problem("E308", message, call.given.place.span)


def _swapped(call: ModuleCall, x: TapeTensor) -> None:
    """A sequence whose batch and steps are where the layer has them the other way round. Raises NotSaid."""
    wanted = "batch_first=True" if x.batch is not None and x.batch.axis == 0 else "batch_first=False"
    raise NotSaid(f"a sequence whose batch is elsewhere: is {wanted} missing?")


CLASSES: Mapping[str, ModuleRow] = MappingProxyType({
    name: ModuleRow(MODULES[name], make, forward, 2) for name in _GATES
})  # fmt: skip
