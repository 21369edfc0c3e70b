"""Activations, dropout and the like, with the signatures of `torch.nn.functional`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from cnncalc.importing.python.binding import parameters_of, words_of
from cnncalc.importing.python.fields import fields_of, layer_type
from cnncalc.importing.python.torch.operations import FunctionRow, TorchCall
from cnncalc.importing.tensors import arithmetic, reductions
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import Operand, TapeTensor
from cnncalc.reading.signatures.functional import FUNCTIONS as SIGNATURES

_NAMES = (
    "relu", "relu6", "leaky_relu", "elu", "selu", "celu", "gelu", "silu", "mish", "sigmoid", "tanh", "hardsigmoid",
    "hardswish", "hardtanh", "softplus", "softsign", "softshrink", "hardshrink", "tanhshrink", "logsigmoid", "rrelu",
    "threshold", "dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout",
)  # fmt: skip


def said(row: str) -> Callable[[TorchCall], object]:
    """A function that keeps the sizes, with the words of its call."""
    parameters = parameters_of(row)

    def function(call: TorchCall) -> object:
        kind = layer_type(call.word.rstrip("_"))
        fields = fields_of(kind, words_of(call.bound, parameters))
        return arithmetic.function(call.tape, kind.type, call.tensor(), **fields)

    return function


def softmax(call: TorchCall) -> object:
    x = call.tensor()
    return softmax_along(call.tape, call.word, x, call.integer("dim", default_axis(len(x.dims))))


def softmax_along(tape: Tape, type: str, x: Operand, axis: int) -> TapeTensor:
    """A layer; an opaque one over the samples of a batch, which PyTorch computes if the program forgets the axis."""
    x = tape.tensor(x)
    if x.batch is None or axis % x.rank != x.batch.axis:
        return reductions.along(tape, type, x, axis)
    tape.at(tape.position._replace(operation=f"{type} over the samples of a batch (axis {axis})"))
    return tape.opaque([x], x.dims, x.batch)


def default_axis(rank: int) -> int:
    """PyTorch's axis where none is given: 0 for 0, 1 or 3 axes, else 1."""
    return 0 if rank in (0, 1, 3) else 1


def gated(call: TorchCall) -> object:
    return reductions.halved(call.tape, call.tensor(), call.integer("dim", -1))


def _row(name: str) -> str:
    row = SIGNATURES[name if name in SIGNATURES else "dropout#d"]
    return row.replace("*input", "-input")


FUNCTIONS: Mapping[str, FunctionRow] = MappingProxyType({
    **{name: (_row(name), said(_row(name))) for name in _NAMES},
    "swish": ("-input inplace", said("-input inplace")),
    "softmax": ("input! dim _stacklevel dtype", softmax), "log_softmax": ("input! dim _stacklevel dtype", softmax),
    "softmin": ("input! dim _stacklevel dtype", softmax), "glu": ("input! dim", gated),
})  # fmt: skip
