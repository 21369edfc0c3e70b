"""Reshapes that cut each sample into several: `view(-1, 400)` of samples with 1600 numbers.

PyTorch and ONNX compute them: the batch becomes four times as large. Programs cut samples on purpose, as in a norm over
groups that is written by hand, and merge the parts again. It is a mistake, a flatten to a wrong size, if a dense layer
takes the parts, and the outputs of the model are still parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import prod

from cnncalc.importing.draft import DraftLayer
from cnncalc.importing.formats import fail
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import BatchAxis, TapeTensor

_DENSE = ("dense", "einsum_dense")


def cuts_samples(x: TapeTensor, made: TapeTensor) -> bool:
    """Whether a reshape turns volumes into rows that are neither whole axes, such as (positions, channels), nor parts
    of the last axis.
    """
    if x.batch != BatchAxis(0) or made.batch is None or made.batch[:2] != (0, 1) or made.rank != 2 or len(x.sample) < 3:
        return False
    size = made.dims[1]
    return size > x.sample[-1] and size not in {prod(x.sample[place:]) for place in range(len(x.sample))}


def mistaken_cuts(tape: Tape, outputs: Iterable[TapeTensor]) -> Iterator[DraftLayer]:
    """The reshapes whose parts a dense layer takes and the outputs still have."""
    layers = {layer.name: layer for layer in tape.layers}
    for cut in dict.fromkeys(each.cut for each in outputs if each.cut and _through_dense(layers, each)):
        yield layers[cut]


def _through_dense(layers: dict[str, DraftLayer], output: TapeTensor) -> bool:
    """Whether a dense layer lies between a cut and an output."""
    seen, waiting = {output.cut}, [output.name]
    while waiting:
        name = waiting.pop()
        layer = layers.get(name) or layers.get(name.rpartition(".")[0])  # one of several outputs is NAME.k
        if layer is None or layer.name in seen:
            continue
        if layer.type in _DENSE:
            return True
        seen.add(layer.name)
        waiting += layer.inputs
    return False


def refuse_cuts(path: str, tape: Tape, outputs: Iterable[TapeTensor]) -> None:
    """Refuse a file with a mistaken cut. Raises SpecError (E305)."""
    for cut in mistaken_cuts(tape, outputs):
        parts, size = cut.stated_shape or (0, 0)
        message = (
            f"{cut.location.path or cut.name}: {cut.operation} to rows of {size} makes {parts} samples of each one, "
            f"which has {parts * size} numbers"
        )
        hint = f"give the input whose samples have {size} numbers here, or write {parts * size} in the program"
        fail(path, message, hint, code="E305")
