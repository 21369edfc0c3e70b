"""`keras.layers.RNN` around a cell of the program's own: its `call` at each step, with the states of the last one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from cnncalc.importing.python.keras.graph import GraphTensor, NodeWords, record
from cnncalc.importing.python.keras.methods import item
from cnncalc.importing.python.tracing import BATCH
from cnncalc.importing.tensors import parts
from cnncalc.importing.tensors.tensor import TapeArray
from cnncalc.source.values import CallGiven, CodePlace, PyInstance, Unfollowed

if TYPE_CHECKING:
    from cnncalc.importing.python.keras.configuration import KerasSetup
    from cnncalc.source.interpreter import Interpreter

_MOST_STEPS: Final = 64
"""The longest sequence that is followed, since each step has layers of its own."""


def call_own_cell(
    interpreter: Interpreter, layer: PyInstance, setup: KerasSetup, tensors: Sequence[GraphTensor], place: CodePlace
) -> object:  # fmt: skip
    """The output of the last step, or of all steps; None for another layer.

    States of unknown sizes and long sequences give an unknown value.
    """
    from cnncalc.importing.python.keras.layer_calls import own_call

    cell = layer.attributes.get("cell")
    if setup.class_name != "RNN" or len(tensors) != 1 or not isinstance(cell, PyInstance) or not own_call(cell.kind):
        return None
    x, size = tensors[0], cell.attributes.get("state_size")
    stated = list(size) if isinstance(size, list | tuple) else [size]
    sizes = [each for each in stated if isinstance(each, int)]
    if len(x.dims) != 3 or x.dims[1] > _MOST_STEPS or len(sizes) != len(stated):
        return Unfollowed(f"RNN(…) of a cell of the program's own, for more than {_MOST_STEPS} steps", place)
    states: list[object] = [GraphTensor((BATCH, each), array=TapeArray((BATCH, each))) for each in sizes]
    outputs: list[object] = []
    for step in range(x.dims[1]):
        value = item(interpreter, x, (slice(None), step), place)
        found = interpreter.call(cell, CallGiven([value, states], {}, place))
        if isinstance(found, Unfollowed):
            return found
        if not isinstance(found, list | tuple) or len(found) != 2:
            return Unfollowed("a cell that does not give its output and its states", place)
        outputs.append(found[0])
        states = list(found[1]) if isinstance(found[1], list | tuple) else [found[1]]
    last = outputs[-1]
    tensors = [each for each in outputs if isinstance(each, GraphTensor)]
    if setup.config.get("return_sequences") and len(tensors) == len(outputs):
        words = NodeWords(setup.name, "RNN")
        last = record(interpreter, lambda tape, values: parts.stack(tape, values, 1), tensors, words, place)
    return (last, *states) if setup.config.get("return_state") else last
