"""The layers of ours that one layer of Keras becomes, with the arrays that its calls share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.keras.composed import composed, with_sizes
from cnncalc.importing.keras.layers import OwnLayer, Unknown, UnknownActivation, has_weights
from cnncalc.importing.python.keras import channels, states
from cnncalc.importing.python.keras.configuration import KerasSetup
from cnncalc.importing.python.keras.layer_arrays import owner_of
from cnncalc.importing.python.keras.problems import check_activation
from cnncalc.importing.python.keras.vectorizing import vectorized
from cnncalc.importing.python.tracing import BATCH
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import BatchAxis, NotSaid, Operand, TapeTensor
from cnncalc.source.values import PyInstance


def runner(instance: PyInstance, setup: KerasSetup) -> Any:
    """The layers of one call of a layer of Keras, which share their arrays with its other calls.

    `known` holds the pieces by the shape of the input, the only thing besides the layer that they depend on: a node
    runs on the program's own tape, and again on the draft's.
    """
    known: dict[Shape, list[OwnLayer]] = {}

    def run(tape: Tape, values: Sequence[Operand]) -> TapeTensor:
        given = states.without_states(setup.class_name, setup.config, values)
        tensors = [tape.tensor(each) for each in given]
        if not tensors:
            raise NotSaid("a layer without an input")
        channels.use_layout(tape, setup.class_name, setup.config)
        if (shape := vectorized(setup.class_name, setup.config, tensors[0].sample)) is not None:
            return tape.opaque(tensors, (BATCH, *shape), BatchAxis(0))
        pieces = known.get(tensors[0].sample)
        if pieces is None:
            pieces = known[tensors[0].sample] = _pieces(instance, setup, tensors[0].sample)
        if any(each.batch != BatchAxis(0) for each in tensors if not each.free):
            raise NotSaid("a layer whose first axis is not the batch")
        tensors, count = entering(pieces[0], tensors), len(tape.layers)
        for number, piece in enumerate(pieces):
            made = append_piece(tape, piece, tensors, number, owner_of(instance, number))
            tensors = [made]
        if instance.attributes.get("trainable") is False:
            for layer in tape.layers[count:]:
                layer.trainable = False
        return tensors[0]

    return run


def _pieces(instance: PyInstance, setup: KerasSetup, sample: Shape) -> list[OwnLayer]:
    """The layers that a layer of Keras is, for an input of this shape. Raises NotSaid."""
    config = with_sizes(setup.class_name, setup.config, [None, *sample])
    try:
        return [unwrapped(each) for each in composed(setup.class_name, config)]
    except Unknown as reason:
        if isinstance(reason, UnknownActivation):
            check_activation(instance, str(reason))
        raise NotSaid(f"{reason} has no layer type") from None


def unwrapped(piece: OwnLayer) -> OwnLayer:
    """A recurrent layer of two directions as the layer itself, whose field says so."""
    if piece.type != "bidirectional":
        return piece
    ((type, arguments),) = piece.arguments["layer"].items()
    return OwnLayer(type, {**arguments, "bidirectional": True})


def entering(piece: OwnLayer, tensors: list[TapeTensor]) -> list[TapeTensor]:
    """The tensors that a layer takes, in our order."""
    if piece.type == "multi_head_attention" and len(tensors) > 2:  # Keras has the value before the key
        return [tensors[0], tensors[2], tensors[1], *tensors[3:]]
    if piece.type == "multi_head_attention" and len({each.name for each in tensors}) == 1:
        return tensors[:1]
    return tensors


def append_piece(tape: Tape, piece: OwnLayer, tensors: list[TapeTensor], number: int, owner: str) -> TapeTensor:
    """Append one layer, which shares the arrays of the one that has the same owner."""
    arguments = channels.with_axis(tape, piece, tensors)
    sample = tape.shape_of(piece.type, arguments, tensors)
    suffix = f"_{piece.type}" if number else ""
    made = tape.append(piece.type, arguments, tensors, (BATCH, *sample), BatchAxis(0), suffix=suffix)
    if has_weights(piece.type):
        first = tape.owners.setdefault(owner, made.name)
        if first != made.name:
            tape.layers[-1].shares = first
    return made
