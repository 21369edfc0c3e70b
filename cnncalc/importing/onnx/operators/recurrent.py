"""Recurrent layers. The outputs are those of all steps, the last state, and for an LSTM the last cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from cnncalc.diagnostics import Refusal
from cnncalc.importing.onnx.attributes import Malformed
from cnncalc.importing.onnx.call import NodeCall, as_weight
from cnncalc.importing.onnx.operators import operator
from cnncalc.importing.tensors import movement, parts
from cnncalc.importing.tensors.tensor import BatchAxis, NotSaid, Operand, TapeArray, TapeTensor

_USUAL: Mapping[str, Any] = MappingProxyType(
    {"LSTM": ["Sigmoid", "Tanh", "Tanh"], "GRU": ["Sigmoid", "Tanh"], "RNN": ["Tanh"]}
)


@dataclass(frozen=True)
class RecurrentSizes:
    """The sizes of a recurrent node."""

    steps: int
    batch: int
    features: int
    units: int
    directions: int
    samples_first: bool

    def sequence(self) -> tuple[tuple[int, ...], BatchAxis]:
        """The sizes of the outputs of all steps, and the place of the batch in them."""
        if self.samples_first:
            return (self.batch, self.steps, self.directions, self.units), BatchAxis(0)
        return (self.steps, self.directions, self.batch, self.units), BatchAxis(2)

    def state(self) -> tuple[tuple[int, ...], BatchAxis]:
        """The sizes of the last state, and the place of the batch in them."""
        if self.samples_first:
            return (self.batch, self.directions, self.units), BatchAxis(0)
        return (self.directions, self.batch, self.units), BatchAxis(1)


@operator("LSTM", "GRU", "RNN")
def recurrent(call: NodeCall) -> list[Operand | None]:
    x = call.tensor()
    sizes = _sizes(call, x)
    _check_states(call, sizes)
    reads = [call.is_read(place) for place in range(3)]
    mark = call.tape.mark()
    try:
        return _as_layer(call, x, sizes, reads)
    except (NotSaid, Refusal):
        call.tape.back_to(mark)
        return _as_opaque(call, x, sizes, reads)


def _sizes(call: NodeCall, x: TapeTensor) -> RecurrentSizes:
    samples_first = call.integer("layout", 0) == 1
    if x.rank != 3:
        raise Malformed(f"{call.op} needs steps, samples and features, got {x.rank} axes")
    steps, batch = (x.dims[1], x.dims[0]) if samples_first else x.dims[:2]
    direction = call.word("direction", "forward", ("forward", "reverse", "bidirectional"))
    recurrence = call.operand(2)
    if len(recurrence.dims) != 3:
        raise Malformed("the weights of the states need three axes")
    units = call.integer("hidden_size", recurrence.dims[2])
    return RecurrentSizes(steps, batch, x.dims[2], units, 2 if direction == "bidirectional" else 1, samples_first)


def _check_states(call: NodeCall, sizes: RecurrentSizes) -> None:
    """Raise Malformed for a first state or cell of other sizes."""
    wanted, _ = sizes.state()
    for place, word in ((5, "state"), (6, "cell")):
        given = call.optional(place)
        if given is not None and tuple(given.dims) != wanted:
            raise Malformed(f"the first {word} has the sizes {list(given.dims)}, but {list(wanted)} are needed")


def _as_layer(call: NodeCall, x: TapeTensor, sizes: RecurrentSizes, reads: Sequence[bool]) -> list[Operand | None]:
    """Our layer, and views of its output. Raises NotSaid for what it does not have."""
    if x.batch != BatchAxis(0 if sizes.samples_first else 1):
        raise NotSaid("samples in another axis")
    if not all(map(_is_zero, (call.optional(place) for place in (5, 6)))) or call.optional(7) is not None:
        raise NotSaid("states that are given, or gates that see the cell")
    arguments: dict[str, Any] = {"units": sizes.units, **_options(call, sizes)}
    if sizes.directions == 2:
        arguments["bidirectional"] = True
    if reads[1] and not reads[0]:
        arguments["return_sequences"] = False
    weights = [as_weight(call.array(place)) for place in (1, 2, 3) if call.optional(place) is not None]
    if len(weights) < 3:
        arguments["bias"] = False
    if call.word("direction", "forward") == "reverse":
        x = parts.flip(call.tape, x, [1 if sizes.samples_first else 0])
    width = sizes.directions * sizes.units
    whole = {"": (sizes.steps, width), "last": (width,)}["last" if "return_sequences" in arguments else ""]
    y = call.tape.append(call.op.lower(), arguments, [x], (sizes.batch, *whole), BatchAxis(0), weights=weights)
    if "return_sequences" in arguments:
        return [None, movement.to_sample(call.tape, y, *sizes.state()), *_cell(call, y, sizes, reads)]
    if call.word("direction", "forward") == "reverse":
        y = parts.flip(call.tape, y, [1])
    every = movement.to_sample(call.tape, y, *sizes.sequence())
    return [every, _last(call, y, sizes) if reads[1] else None, *_cell(call, y, sizes, reads)]


def _options(call: NodeCall, sizes: RecurrentSizes) -> dict[str, Any]:
    """The fields that follow from the activations. Raises NotSaid for those that our layers do not have."""
    value = call.node.attributes.get("activations") or []
    names = [str(each).capitalize() if str(each).islower() else str(each) for each in value]
    usual = _USUAL[call.op] * sizes.directions
    if call.op == "RNN" and names and set(names) == {"Relu"}:
        return {"nonlinearity": "relu"}
    if names and names != usual:
        raise NotSaid("other activations of the gates")
    if call.op == "GRU" and not call.integer("linear_before_reset", 0):
        return {"reset_after": False}
    return {}


def _is_zero(value: Operand | None) -> bool:
    """Whether a first state is left out, or zeros of the file."""
    if value is None:
        return True
    return isinstance(value, TapeArray) and not value.learned and not any(value.values or ())


def _last(call: NodeCall, y: TapeTensor, sizes: RecurrentSizes) -> TapeTensor:
    """The last state of each direction: of the backward one, that of the first step."""
    forward_is_last = call.word("direction", "forward") != "reverse"
    ends = [parts.select(call.tape, y, 1, sizes.steps - 1 if forward_is_last else 0)]
    if sizes.directions == 2:
        back = parts.select(call.tape, y, 1, 0)
        ends = [
            parts.slice_(call.tape, ends[0], 1, 0, sizes.units),
            parts.slice_(call.tape, back, 1, sizes.units, 2 * sizes.units),
        ]
    joined = parts.concat(call.tape, ends, 1) if len(ends) > 1 else ends[0]
    return movement.to_sample(call.tape, joined, *sizes.state())


def _cell(call: NodeCall, y: TapeTensor, sizes: RecurrentSizes, reads: Sequence[bool]) -> list[Operand | None]:
    """The last cell, which our layer does not return: an operation without a layer type, of no work."""
    if not reads[2]:
        return []
    at = call.tape.position
    call.tape.at(at._replace(name=f"{at.name}_cell", operation="the last cell of an LSTM"))
    made = call.tape.opaque([y], *sizes.state())
    call.tape.at(at)
    return [made]


def _as_opaque(call: NodeCall, x: TapeTensor, sizes: RecurrentSizes, reads: Sequence[bool]) -> list[Operand | None]:
    """An operation with the parameters and the work of a recurrent layer, and its outputs."""
    given: list[Operand] = [x, *(as_weight(each) for each in call.inputs[1:4] if isinstance(each, TapeArray))]
    given += [each for each in call.inputs[4:] if isinstance(each, TapeTensor)]
    gates = {"LSTM": 4, "GRU": 3, "RNN": 1}[call.op]
    macs = sizes.steps * sizes.directions * gates * sizes.units * (sizes.features + sizes.units)
    every = call.tape.opaque(given, *sizes.sequence(), macs=macs)
    states: list[Operand | None] = [
        call.tape.opaque([every], *sizes.state()) if read else None for read in reads[1:]
    ]  # fmt: skip
    return [every, *states]
