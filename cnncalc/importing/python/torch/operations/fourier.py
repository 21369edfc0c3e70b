"""Fourier transforms of `torch.fft`, and complex numbers as pairs: opaque layers of known sizes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cnncalc.importing.python.torch.operations import FunctionRow, TorchCall
from cnncalc.importing.tensors.tensor import NotSaid, Operand, TapeArray, TapeTensor

TRANSFORMS = tuple(f"{word}fft{axes}" for word in ("", "i", "r", "ir") for axes in ("", "2", "n"))
"""The names in `torch.fft`; those of a real input or output have about half of the numbers along the last axis."""


def transformed(call: TorchCall) -> object:
    word, x = call.word.removeprefix("fft_"), call.tensor()
    name = _sizes(word)
    sizes = None if call.get(name) is None else call.integers(name)
    dims, axes = list(x.dims), _axes(call, word, x)
    if sizes is not None:  # without `dim`, the last axes
        axes = axes[-len(sizes) :]
    if isinstance(x, TapeTensor) and x.batch is not None and x.batch.axis in axes:
        raise NotSaid("a transform along the batch")
    for axis, size in zip(axes, sizes or (), strict=False):
        dims[axis] = size
    if word.startswith("rfft"):
        dims[axes[-1]] = dims[axes[-1]] // 2 + 1
    elif word.startswith("irfft") and sizes is None:
        dims[axes[-1]] = 2 * (dims[axes[-1]] - 1)
    return _without_layer(call, x, tuple(dims), f"torch.fft.{word}")


def _sizes(word: str) -> str:
    """The parameter with the sizes of the transformed axes."""
    return "n" if word.endswith("fft") else "s"


def _axes(call: TorchCall, word: str, x: Operand) -> list[int]:
    """The axes of a transform, from 0."""
    given = range(len(x.dims)) if word.endswith("n") else (-2, -1) if word.endswith("2") else (-1,)
    axes = given if call.get("dim") is None else call.integers("dim")
    return [axis % len(x.dims) for axis in axes]


def as_complex(call: TorchCall) -> object:
    x = call.tensor()
    return _without_layer(call, x, x.dims[:-1], "torch.view_as_complex")


def as_real(call: TorchCall) -> object:
    x = call.tensor()
    return _without_layer(call, x, (*x.dims, 2), "torch.view_as_real")


def _without_layer(call: TorchCall, x: Operand, dims: tuple[int, ...], operation: str) -> TapeArray | TapeTensor:
    """The result of an operation without a layer type: an opaque layer, or an array if `x` is a fixed array."""
    if isinstance(x, TapeArray) and not x.learned:
        return TapeArray(dims)
    x = call.tape.tensor(x)
    call.tape.at(call.tape.position._replace(operation=operation))
    return call.tape.opaque([x], dims, x.batch)


FUNCTIONS: Mapping[str, FunctionRow] = MappingProxyType({
    **{f"fft_{word}": (f"input! {_sizes(word)} dim norm", transformed) for word in TRANSFORMS},
    "view_as_complex": ("input!", as_complex), "view_as_real": ("input!", as_real),
})  # fmt: skip
