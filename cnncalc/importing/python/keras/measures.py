"""Functions of tensors that measure or sort: norms, spreads, positions, steps; and plain functions of each element."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from cnncalc.importing.python.keras.function_calls import FunctionCall, GraphFunction, OnTape
from cnncalc.importing.tensors import arithmetic, movement, reductions
from cnncalc.importing.tensors.tensor import NotSaid, TapeTensor


def reduction(type: str) -> Callable[[FunctionCall], TapeTensor]:
    """A reduction over axes, or over all of a sample's where none are given."""

    def run(call: FunctionCall) -> TapeTensor:
        keep = bool(call.get("keepdims", "keep_dims", default=False))
        return reductions.reduce(call.tape, type, call.x, call.axes(), keep=keep)

    return run


def of_each(type: str) -> OnTape:
    """A function of each element."""
    return lambda call: arithmetic.function(call.tape, type, call.x)


def norm(call: FunctionCall) -> TapeTensor:
    """The length of vectors, by default the Euclidean one."""
    word = call.get("ord", default="euclidean")
    if word not in ("euclidean", 2, 1):
        raise NotSaid("this norm")
    return reduction("reduce_l1" if word == 1 else "reduce_l2")(call)


def position(type: str) -> OnTape:
    """`argmax(x, axis)`."""

    def run(call: FunctionCall) -> TapeTensor:
        x = call.tape.tensor(call.x)
        place = call.axis() % len(x.dims)
        keep = bool(call.get("keepdims", default=False))
        dims, batch = reductions.reduced(x, [place], keep=keep)
        arguments = {"axis": x.single(place), **({"keep": True} if keep else {})}
        return call.tape.append(type, arguments, [x], dims, batch)

    return run


def moments(call: FunctionCall) -> list[TapeTensor]:
    """`tf.nn.moments(x, axes)`: the mean and the variance."""
    return [reduction("reduce_mean")(call), reduction("reduce_variance")(call)]


def squared_difference(call: FunctionCall) -> TapeTensor:
    made = arithmetic.combine(call.tape, "subtract", call.tensors)
    return arithmetic.function(call.tape, "square", made)


def moved(call: FunctionCall) -> TapeTensor:
    """`moveaxis(x, source, destination)` of one axis each."""
    rank = len(call.x.dims)
    (start,), (end,) = call.sizes("source"), call.sizes("destination")
    order = [place for place in range(rank) if place != start % rank]
    order.insert(end % rank, start % rank)
    return movement.permute(call.tape, call.x, order)


def broadcast_to(call: FunctionCall) -> TapeTensor:
    return movement.expand(call.tape, call.x, call.sizes("shape"))


def repeated(call: FunctionCall) -> TapeTensor:
    return movement.repeat_interleave(call.tape, call.x, call.sizes("repeats")[0], call.axis())


_REDUCE = "x|input_tensor|inputs|a|tensor axis|axes keepdims|keep_dims name"
_POSITION = "x|input axis|dimension keepdims output_type name"

ROWS: Mapping[str, GraphFunction] = MappingProxyType({
    **{name: GraphFunction(_REDUCE, reduction(type)) for name, type in (
        ("var", "reduce_variance"), ("std", "reduce_std"), ("logsumexp", "reduce_log_sum_exp"),
        ("reduce_variance", "reduce_variance"), ("reduce_std", "reduce_std"), ("amax", "reduce_max"),
        ("reduce_logsumexp", "reduce_log_sum_exp"), ("amin", "reduce_min"),
    )},
    "norm": GraphFunction("x|tensor ord axis keepdims name", norm),
    "moments": GraphFunction("x axis|axes shift keepdims|keep_dims name", moments),
    **{name: GraphFunction(_POSITION, position(name)) for name in ("argmax", "argmin")},
    **{name: GraphFunction(_POSITION, position(name.replace("_", ""))) for name in ("arg_max", "arg_min")},
    **{name: GraphFunction("x|a axis", lambda call: reductions.along(
        call.tape, "cumulative_sum", call.x, call.axis())) for name in ("cumsum",)},
    **{name: GraphFunction("x name", of_each(name)) for name in (
        "floor", "ceil", "round", "sign", "tan", "log1p", "expm1", "log2", "log10", "sinh", "cosh", "asin", "acos",
        "atan",
    )},
    "squared_difference": GraphFunction("x y name", squared_difference, ("x", "y")),
    "moveaxis": GraphFunction("x source destination", moved),
    "broadcast_to": GraphFunction("x|input shape name", broadcast_to),
    "repeat": GraphFunction("x|input repeats axis name", repeated),
})  # fmt: skip
