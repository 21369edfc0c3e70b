"""Methods of arrays of a program: `x.reshape(-1, 784)`, `x.astype("float32")`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.importing.python.keras.arrays import sizes_of
from cnncalc.importing.python.keras.graph import GraphTensor
from cnncalc.importing.tensors.movement import resolved
from cnncalc.importing.tensors.tensor import NotSaid, TapeArray
from cnncalc.source.values import CallGiven, NativeFunction, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

_SAME = ("astype", "copy", "numpy", "clip", "round")


def of_array(x: GraphTensor, name: str) -> object | None:
    """A method or a size of an array; None for others."""
    assert x.array is not None
    if name == "size":
        return x.array.elements
    if name == "max" and x.classes:
        return NativeFunction(name, lambda _, given: x.classes - 1)
    if name in _SAME:
        return NativeFunction(name, lambda _, given: x)
    if name in ("flatten", "ravel"):
        return NativeFunction(name, lambda _, given: reshaped(x, (-1,), given))
    if name == "reshape":
        return NativeFunction(name, lambda _, given: reshaped(x, _sizes(given), given))
    return None


def _sizes(given: CallGiven) -> tuple[int, ...] | None:
    """The sizes of `reshape(60000, 784)` or `reshape((60000, 784))`."""
    value = given.values[0] if len(given.values) == 1 else given.values or given.keywords.get("newshape")
    return sizes_of(list(value) if isinstance(value, list | tuple) else value)


def reshaped(x: GraphTensor, sizes: tuple[int, ...] | None, given: CallGiven) -> object:
    """An array with other sizes."""
    assert x.array is not None
    if sizes is None:
        return Unfollowed("reshape(…)", given.place)
    try:
        dims = resolved(sizes, x.array.elements)
    except NotSaid:
        return Unfollowed("reshape(…) to another number of elements", given.place)
    return GraphTensor(dims, array=TapeArray(dims))


def drawn(interpreter: Interpreter, given: CallGiven) -> object:
    """`np.random.rand(1, 28, 28)`, whose arguments are the sizes."""
    sizes = sizes_of(given.values)
    return Unfollowed("an array of an unknown shape", given.place) if sizes is None else _of(sizes)


def sized(place: int) -> NativeFunction:
    """`np.random.normal(0, 1, (64, 100))`: the argument at a place, or `size=`, has the sizes."""

    def run(interpreter: Interpreter, given: CallGiven) -> object:
        value = given.values[place] if len(given.values) > place else given.keywords.get("size", [])
        sizes = sizes_of(value)
        return Unfollowed("an array of an unknown shape", given.place) if sizes is None else _of(sizes)

    return NativeFunction("random", run)


def one_hot(interpreter: Interpreter, given: CallGiven) -> object:
    """`to_categorical(y, 10)`."""
    value, *rest = given.values or [None]
    classes = rest[0] if rest else given.keywords.get("num_classes")
    if classes is None and isinstance(value, GraphTensor):
        classes = value.classes or None
    if not isinstance(value, GraphTensor) or value.array is None or not isinstance(classes, int):
        return value if isinstance(value, Unfollowed) else Unfollowed("to_categorical(…)", given.place)
    dims = value.dims[:-1] if value.dims[-1:] == (1,) else value.dims
    return _of((*dims, classes))


def _of(dims: tuple[int, ...]) -> GraphTensor:
    return GraphTensor(dims, array=TapeArray(dims))
