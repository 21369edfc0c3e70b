"""Functions that make tensors: zeros, noise, ranges, and arrays of plain numbers."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil
from types import MappingProxyType
from typing import Any

from cnncalc.importing.python.torch.operations import FunctionRow, TorchCall
from cnncalc.importing.python.torch.tensor import TorchTensor
from cnncalc.importing.tensors.tensor import NotSaid


def of_size(call: TorchCall) -> object:
    return TorchTensor(tuple(call.integers("size")))


def like(call: TorchCall) -> object:
    value = call.bound.values["input"]
    if not isinstance(value, TorchTensor):
        raise NotSaid("a tensor like this")
    return TorchTensor(value.dims)


def arange(call: TorchCall) -> object:
    values = call.bound.values
    start, end = (0, values["start"]) if "end" not in values else (values["start"], values["end"])
    step = values.get("step", 1)
    if not all(isinstance(each, int | float) for each in (start, end, step)):
        raise NotSaid("a range that is computed")
    count = max(ceil((end - start) / step), 0)
    numbers = tuple(start + step * index for index in range(count)) if count <= 10_000 else None
    return TorchTensor((count,), numbers=numbers)


def linspace(call: TorchCall) -> object:
    start, end, count = call.get("start"), call.get("end"), call.integer("steps")
    numbers = None
    if isinstance(start, int | float) and isinstance(end, int | float) and 1 < count <= 10_000:
        numbers = tuple(start + (end - start) * index / (count - 1) for index in range(count))
    elif count == 1 and isinstance(start, int | float):
        numbers = (start,)
    return TorchTensor((count,), numbers=numbers)


def permutation(call: TorchCall) -> object:
    return TorchTensor((call.integer("n"),))


def eye(call: TorchCall) -> object:
    return TorchTensor((call.integer("n"), call.integer("m", call.integer("n"))))


def from_data(call: TorchCall) -> object:
    """`torch.tensor([…])`, and `torch.Tensor(2, 3)` with sizes."""
    value: Any = call.bound.values.get("data")
    if isinstance(value, TorchTensor):
        return value
    if isinstance(value, int | float):
        return TorchTensor((), numbers=(value,))
    dims: list[int] = []
    flat: Any = value
    while isinstance(flat, list | tuple):
        dims.append(len(flat))
        flat = flat[0] if flat else None
    numbers = tuple(value) if len(dims) == 1 and all(isinstance(each, int | float) for each in value) else None
    return TorchTensor(tuple(dims), numbers=numbers)


def by_sizes(call: TorchCall) -> object:
    size = call.bound.values.get("size")
    if isinstance(size, tuple) and all(isinstance(each, int) for each in size):
        return TorchTensor(size)
    call.bound.values["data"] = size
    return from_data(call)


def integers(call: TorchCall) -> object:
    """`torch.randint(high, size)` or `torch.randint(low, high, size)`."""
    values = call.bound.values
    if "size" not in values and isinstance(values.get("high"), list | tuple):
        values["size"] = values["high"]
    return of_size(call)


def new(call: TorchCall) -> object:
    """`x.new_zeros(2, 3)`."""
    return TorchTensor(tuple(call.integers("size")))


def grid(call: TorchCall) -> object:
    values = call.get("tensors", ())
    dims = tuple(each.dims[0] for each in values if isinstance(each, TorchTensor))  # type: ignore[attr-defined]
    return tuple(TorchTensor(dims) for _ in dims)


def diagonal(call: TorchCall) -> object:
    """A matrix with a vector on its main diagonal, or the main diagonal of a matrix, of the program's own arrays."""
    value = call.bound.values["input"]
    if not isinstance(value, TorchTensor) or value.value is not None or call.integer("diagonal", 0):
        raise NotSaid("a diagonal of this tensor")
    return TorchTensor(value.dims * 2 if len(value.dims) == 1 else (min(value.dims),))


def triangle(call: TorchCall) -> object:
    return like(call)


_REST = "dtype device requires_grad layout pin_memory generator out memory_format"
_TYPED = ("Tensor", "FloatTensor", "LongTensor", "DoubleTensor", "IntTensor", "HalfTensor")
_FILLED = ("zeros", "ones", "rand", "randn", "empty")

FUNCTIONS: Mapping[str, FunctionRow] = MappingProxyType({
    **dict.fromkeys(_FILLED, (f"*size! {_REST}", of_size)),
    **{f"{name}_like": (f"input! {_REST}", like) for name in _FILLED},
    "full": (f"size! fill_value {_REST}", of_size), "full_like": (f"input! fill_value {_REST}", like),
    "randint": (f"low high size {_REST}", integers), "randperm": (f"n {_REST}", permutation),
    "arange": (f"start! end step {_REST}", arange), "range": (f"start! end step {_REST}", arange),
    "linspace": (f"start! end! steps {_REST}", linspace), "logspace": (f"start! end! steps {_REST}", linspace),
    "eye": (f"n! m {_REST}", eye), "tensor": (f"data! {_REST}", from_data), "as_tensor": (f"data! {_REST}", from_data),
    "from_numpy": ("data!", from_data),
    **dict.fromkeys(_TYPED, ("*size", by_sizes)),
    **{f"new_{name}": (f"input! *size! {_REST}", new) for name in ("zeros", "ones", "empty", "tensor")},
    "new_full": (f"input! size! fill_value {_REST}", new), "meshgrid": ("*tensors indexing", grid),
    "diag": ("input! diagonal", diagonal),
    "tril": ("input! diagonal", triangle), "triu": ("input! diagonal", triangle), "bernoulli": ("input! p", triangle),
    "bernoulli_": ("input! p", triangle), "multinomial": ("input! num_samples replacement", triangle),
})  # fmt: skip
