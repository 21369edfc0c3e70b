"""One step of a recurrence: cells that a program calls in its own loop."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cnncalc.importing.python.torch.modules import ModuleCall, ModuleRow, ModuleSetup, learned
from cnncalc.importing.python.torch.modules.checks import check_declared
from cnncalc.importing.python.torch.operations import wrapped
from cnncalc.importing.python.torch.tensor import TorchTensor
from cnncalc.importing.python.tracing import BATCH
from cnncalc.importing.tensors import arithmetic, parts, products
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeTensor
from cnncalc.reading.signatures.torch import MODULES
from cnncalc.source.values import PyInstance

_STEPS = 500
"""The cost of a step of `LSTMCell`, which is some 15 layers."""
_GATES: Mapping[str, int] = MappingProxyType({"LSTMCell": 4, "GRUCell": 3, "RNNCell": 1})


def make(made: PyInstance, setup: ModuleSetup) -> None:
    gates, hidden = _GATES[setup.word], setup.integer("hidden_size")
    learned(made, "weight_ih", gates * hidden, setup.integer("input_size"))
    learned(made, "weight_hh", gates * hidden, hidden)
    if setup.flag("bias"):
        learned(made, "bias_ih", gates * hidden)
        learned(made, "bias_hh", gates * hidden)


def step(call: ModuleCall) -> object:
    """A step of `RNNCell` or `GRUCell`: the new state. A state of zeros is left out."""
    x, units = _checked(call), call.setup.integer("hidden_size")
    state = _state(call, _given_state(call))
    fields: dict[str, object] = {"units": units}
    if not call.setup.flag("bias"):
        fields["bias"] = False
    if call.setup.get("nonlinearity") == "relu":
        fields["nonlinearity"] = "relu"
    made = [value.array() for value in call.instance.attributes.values() if isinstance(value, TorchTensor)]
    type = {"RNNCell": "rnn_cell", "GRUCell": "gru_cell"}[call.setup.word]
    inputs = [x] if state is None else [x, state]
    return call.tape.append(type, fields, inputs, (*x.dims[:-1], units), x.batch, weights=made)


def lstm_step(call: ModuleCall) -> object:
    """A step of `LSTMCell`: the new state and cell, of which both are used, from its products and gates."""
    x, tape = _checked(call), call.tape
    call.interpreter.steps.spend(_STEPS)
    given = _given_state(call)
    if given is not None and not (isinstance(given, list | tuple) and len(given) == 2):
        raise NotSaid("states that are not a state and a cell")
    state, cell = [_state(call, each) for each in given] if isinstance(given, list | tuple) else (None, None)
    gates = _product(call, x, "ih")
    hidden: Operand = call.tape.tensor(_zeros(call)) if state is None else state
    gates = arithmetic.combine(tape, "add", [gates, _product(call, hidden, "hh")])
    units = call.setup.integer("hidden_size")
    opened = parts.split(tape, gates, -1, [units] * 4)
    entering, kept, given_out = (arithmetic.function(tape, "sigmoid", opened[place]) for place in (0, 1, 3))
    made = arithmetic.combine(tape, "multiply", [entering, arithmetic.function(tape, "tanh", opened[2])])
    if cell is not None:
        made = arithmetic.combine(tape, "add", [arithmetic.combine(tape, "multiply", [kept, cell]), made])
    shown = arithmetic.combine(tape, "multiply", [given_out, arithmetic.function(tape, "tanh", made)])
    return (wrapped(shown), wrapped(made))


def _checked(call: ModuleCall) -> TapeTensor:
    """The features of the step. Raises NotSaid for a whole sequence."""
    x = call.tape.tensor(call.input())
    check_declared(call, "input_size", x, -1, "feature")
    if x.rank != 2 or x.batch is None:
        raise NotSaid("an input that is not one step")
    return x


def _given_state(call: ModuleCall) -> object:
    return call.given.values[1] if len(call.given.values) > 1 else call.given.keywords.get("hx")


def _state(call: ModuleCall, value: object) -> TapeTensor | None:
    """A state, unless the program makes it from zeros or noise."""
    if not isinstance(value, TorchTensor):
        return None
    units = call.setup.integer("hidden_size")
    if value.dims[-1] != units:
        message = f"the state has {value.dims[-1]} features, but {call.setup.word} has hidden_size {units}"
        call.tracing.problem("E308", message, call.given.place.span, f"write {units}")
        raise NotSaid("a state of another size")
    is_made = value.value is None and not value.learned and not value.name
    return None if is_made else call.tape.tensor(value.operand(call.tape))


def _zeros(call: ModuleCall) -> Operand:
    return TorchTensor((BATCH, call.setup.integer("hidden_size"))).operand(call.tape)


def _product(call: ModuleCall, x: Operand, suffix: str) -> TapeTensor:
    weight, bias = call.array(f"weight_{suffix}"), call.array(f"bias_{suffix}")
    assert weight is not None
    return products.linear(call.tape, x, weight, bias)


CLASSES: Mapping[str, ModuleRow] = MappingProxyType({
    name: ModuleRow(MODULES[name], make, lstm_step if name == "LSTMCell" else step, 2) for name in _GATES
})  # fmt: skip
