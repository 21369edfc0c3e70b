"""The states of recurrent layers: those that a layer starts from, and those that it returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from cnncalc.diagnostics import Refusal
from cnncalc.importing.python.keras.graph import GraphTensor, NodeWords, record
from cnncalc.importing.tensors import parts
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import Operand, TapeTensor
from cnncalc.source.values import CodePlace, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

_RECURRENT: Final = ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional", "CuDNNLSTM", "CuDNNGRU")
_STATES: Mapping[str, int] = {"LSTM": 2, "CuDNNLSTM": 2}
"""The number of states of a class, if it is not one."""


def is_recurrent(class_name: str) -> bool:
    """Whether a class takes states after its input."""
    return class_name in _RECURRENT


def without_states(class_name: str, config: Mapping[str, Any], values: Sequence[Operand]) -> Sequence[Operand]:
    """The operands without the states that a recurrent layer starts from. Raises Refusal for states of another size."""
    if not is_recurrent(class_name):
        return values
    units = (_inner(config) if class_name == "Bidirectional" else config).get("units")
    for state in values[1:]:
        size = state.dims[-1] if state.dims else 1
        if isinstance(units, int) and size != units:
            raise Refusal(
                f"units is {units}, but an initial state has {size} numbers", hint=f"write {size}", code="E308"
            )
    return values[:1]


def doubt_of(name: str, class_name: str, given: Sequence[object]) -> str:
    """The warning on a layer that starts from other tensors, which the graph does not connect; empty for others."""
    if not is_recurrent(class_name) or not given:
        return ""
    return f"{name} starts from the states of another layer, which the graph does not connect"


CELLS_OF_ONE_STATE: Final = ("SimpleRNNCell", "GRUCell")
"""The cells whose output is their new state."""


def states_of(
    interpreter: Interpreter, class_name: str, config: Mapping[str, Any], made: GraphTensor, place: CodePlace
) -> list[object]:  # fmt: skip
    """The states that a layer returns after its output, as far as the program uses them; none for most layers."""
    bidirectional = class_name == "Bidirectional"
    own = _inner(config) if bidirectional else config
    if not own.get("return_state") or not is_recurrent(class_name):
        return []
    layer = config.get("layer")
    name = str(layer.get("class_name")) if bidirectional and isinstance(layer, dict) else class_name
    steps = bool(own.get("return_sequences"))
    if name == "RNN" or (bidirectional and config.get("merge_mode", "concat") != "concat"):
        return [Unfollowed(f"the states of {class_name}(…)", place)] * 4
    if not bidirectional:
        return [_state(interpreter, made, None, -1 if steps else None, place)] * _STATES.get(name, 1)
    found = []
    for direction, step in ((0, -1), (1, 0)):  # the last step backwards is the first one
        state = _state(interpreter, made, direction, step if steps else None, place)
        found += [state] * _STATES.get(name, 1)
    return found


def _state(
    interpreter: Interpreter, made: GraphTensor, direction: int | None, step: int | None, place: CodePlace
) -> object:  # fmt: skip
    """The output of one direction at one step, which is a state or has its size."""
    if direction is None and step is None:
        return made

    def run(tape: Tape, values: Sequence[Operand]) -> TapeTensor:
        x = tape.tensor(values[0])
        if direction is not None:
            units = x.dims[-1] // 2
            x = parts.slice_(tape, x, -1, direction * units, (direction + 1) * units)
        return x if step is None else parts.select(tape, x, 1, step)

    name = made.node.name if made.node is not None else "state"
    return record(interpreter, run, [made], NodeWords(f"{name}_state", "state"), place)


def _inner(config: Mapping[str, Any]) -> Mapping[str, Any]:
    layer = config.get("layer")
    own = layer.get("config") if isinstance(layer, dict) else None
    return own if isinstance(own, dict) else {}
