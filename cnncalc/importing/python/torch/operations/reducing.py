"""Reductions: means, sums, extremes, and what runs along an axis."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from cnncalc.importing.python.torch.operations import FunctionRow, TorchCall
from cnncalc.importing.tensors import arithmetic, reductions
from cnncalc.importing.tensors.tensor import NotSaid, TapeArray, TapeTensor, ValuesAndIndices


def _axes(call: TorchCall) -> list[int] | None:
    return None if call.get("dim") is None else call.integers("dim")


def reduced(type: str) -> Callable[[TorchCall], object]:
    """A reduction over some axes, or over all."""

    def said(call: TorchCall) -> object:
        axes, keep, x = _axes(call), bool(call.get("keepdim", False)), call.tensor()
        if isinstance(x, TapeArray) and not x.learned and not x.name:
            return _of_array(x, axes, keep)
        return reductions.reduce(call.tape, type, x, axes, keep=keep)

    return said


def _of_array(x: TapeArray, axes: list[int] | None, keep: bool) -> TapeArray:
    places = {axis % len(x.dims) for axis in (range(len(x.dims)) if axes is None else axes)}
    sizes = [1 if place in places else size for place, size in enumerate(x.dims) if keep or place not in places]
    return TapeArray(tuple(sizes))


def extreme(type: str, merge: str) -> Callable[[TorchCall], object]:
    """`max` and `min`: of two tensors, over everything, or along an axis with the positions beside the values."""

    def said(call: TorchCall) -> object:
        other = call.get("dim")
        if other is not None and not isinstance(other, int):
            return arithmetic.combine(call.tape, merge, [call.tensor(), call.tensor("dim")])
        values = reduced(type)(call)
        if other is None or not isinstance(values, TapeTensor | TapeArray):
            return values
        return ValuesAndIndices(values, TapeArray(values.dims))

    return said


def with_mean(type: str) -> Callable[[TorchCall], object]:
    """`std_mean` and `var_mean`: the spread, and the mean beside it."""
    spread, mean = reduced(type), reduced("reduce_mean")
    return lambda call: [spread(call), mean(call)]


def position(type: str) -> Callable[[TorchCall], object]:
    """`argmax` and `argmin`."""

    def said(call: TorchCall) -> object:
        x = call.tensor()
        if call.get("dim") is None:
            raise NotSaid("a position over the whole batch")
        place, keep = call.integer("dim") % len(x.dims), bool(call.get("keepdim", False))
        tensor = call.tape.tensor(x)
        dims, batch = reductions.reduced(tensor, [place], keep=keep)
        arguments = {"axis": tensor.single(place), **({"keep": True} if keep else {})}
        return call.tape.append(type, arguments, [tensor], dims, batch)

    return said


def cumulative(call: TorchCall) -> object:
    return reductions.along(call.tape, "cumulative_sum", call.tensor(), call.integer("dim"))


def norm(call: TorchCall) -> object:
    kinds: Mapping[object, str] = {2: "reduce_l2", 1: "reduce_l1", "fro": "reduce_l2", None: "reduce_l2"}
    p = call.get("p", call.get("ord"))
    if p not in kinds:
        raise NotSaid("this norm")
    return reduced(kinds[p])(call)


_KINDS: Mapping[str, str] = MappingProxyType({
    "mean": "reduce_mean", "sum": "reduce_sum", "prod": "reduce_prod", "amax": "reduce_max", "amin": "reduce_min",
    "std": "reduce_std", "var": "reduce_variance", "logsumexp": "reduce_log_sum_exp",
})  # fmt: skip

FUNCTIONS: Mapping[str, FunctionRow] = MappingProxyType({
    **{name: ("input! dim keepdim dtype unbiased correction", reduced(_KINDS[name])) for name in _KINDS},
    "max": ("input! dim keepdim", extreme("reduce_max", "maximum")),
    "min": ("input! dim keepdim", extreme("reduce_min", "minimum")),
    "std_mean": ("input! dim unbiased keepdim correction", with_mean("reduce_std")),
    "var_mean": ("input! dim unbiased keepdim correction", with_mean("reduce_variance")),
    "argmax": ("input! dim keepdim", position("argmax")), "argmin": ("input! dim keepdim", position("argmin")),
    "cumsum": ("input! dim! dtype", cumulative), "norm": ("input! p dim keepdim dtype", norm),
    "linalg_norm": ("input! ord dim keepdim dtype", norm), "linalg_vector_norm": ("input! ord dim keepdim dtype", norm),
})  # fmt: skip
