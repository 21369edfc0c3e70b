"""Recurrent layers, whose steps or samples come first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from cnncalc.importing.aten.conversion import AtenCall, AtenValue
from cnncalc.importing.aten.operators import operator
from cnncalc.importing.tensors.tensor import NotSaid, TapeArray
from cnncalc.importing.tensors.windows import slide

_TYPES: Mapping[str, str] = MappingProxyType({
    "aten.lstm": "lstm", "aten.gru": "gru", "aten.rnn_tanh": "rnn", "aten.rnn_relu": "rnn",
})  # fmt: skip


@operator("lstm", "gru", "rnn_tanh", "rnn_relu")
def recurrent(call: AtenCall, input: AtenValue, hx: Any, params: Sequence[AtenValue], *rest: Any) -> list[AtenValue]:
    """The outputs of all steps; the layer does not return the states after the last one."""
    has_biases, num_layers, _, _, bidirectional, batch_first = rest
    tape = call.tape
    x = tape.tensor(input)
    if not isinstance(batch_first, bool) or x.rank != 3 or x.batch is None:
        raise NotSaid("sequences of different lengths")
    if x.batch.axis != (0 if batch_first else 1) or not all(isinstance(each, TapeArray) for each in params):
        raise NotSaid("samples at another axis")
    type = _TYPES[call.node.operator]
    per_layer = len(params) // (num_layers * (1 + bidirectional))
    fields: dict[str, Any] = {"units": params[1].dims[-1]}
    if per_layer == (5 if has_biases else 3):
        fields |= {"units": params[1].dims[0] // 4, "projection": params[1].dims[1]}
    if num_layers > 1:
        fields["layers"] = num_layers
    if bidirectional:
        fields["bidirectional"] = True
    if not has_biases:
        fields["bias"] = False
    if call.node.operator == "aten.rnn_relu":
        fields["activation"] = "relu"
    if batch_first:  # rows of an image may be further samples
        y = slide(tape, type, fields, x, weights=list(params))
    else:
        y = tape.append(type, fields, [x], call.dims, x.batch, weights=list(params))
    return [y, *[None] * (len(call.node.outputs) - 1)]
