"""Arrays of a program: weights of layers, variables of TensorFlow, and arrays of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING

from cnncalc.importing.python.frozen_arrays import FrozenArray
from cnncalc.importing.python.keras.graph import GraphTape, GraphTensor, NodeRun, NodeWords, graph_of, record
from cnncalc.importing.python.tracing import BATCH, attempt
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import BatchAxis, Operand, TapeArray, TapeTensor
from cnncalc.source.values import CallGiven, CodePlace, PyInstance, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

_MOST_NUMBERS = 4_096


def sizes_of(value: object) -> tuple[int, ...] | None:
    """A shape: whole numbers in a list, or one alone."""
    if isinstance(value, float) and value == int(value):
        value = int(value)
    if isinstance(value, int):
        return (int(value),)
    if isinstance(value, list | tuple) and all(isinstance(each, int) for each in value):
        return tuple(value)
    return None


def _learned(
    interpreter: Interpreter, dims: tuple[int, ...], given: CallGiven, *, name: object, trainable: object
) -> GraphTensor:  # fmt: skip
    """A learned array of the model, frozen if `trainable` is false."""
    tracing, word = graph_of(interpreter), name if isinstance(name, str) else "Variable"
    own = tracing.automatic(".".join((*(tracing.path[-1].parts if tracing.path else ()), *tracing.scopes, word)))
    array = TapeArray(dims, own, learned=True)
    if trainable is False:
        tracing.frozen[own] = FrozenArray(array.elements, given.place)
    return GraphTensor(dims, array=array)


def add_weight(interpreter: Interpreter, given: CallGiven) -> object:
    """`self.add_weight(shape=…)`; older calls give the name first."""
    made, *values = given.values
    assert isinstance(made, PyInstance)
    if values and isinstance(values[0], str):
        values = [*values[1:2], None, None, None, None, None, values[0]]
    names = ("shape", "initializer", "dtype", "trainable", "autocast", "regularizer", "name")
    found = {**dict(zip(names, values, strict=False)), **given.keywords}
    shape = found.get("shape", ())
    if isinstance(shape, Unfollowed):
        return shape
    sizes = sizes_of(shape)
    if sizes is None:
        return Unfollowed("add_weight(…) of an unknown shape", given.place)
    name = found.get("name")
    return _learned(
        interpreter, sizes, given, name=name if isinstance(name, str) else "weight", trainable=found.get("trainable")
    )


def filled(interpreter: Interpreter, given: CallGiven) -> object:
    """An array of a shape: `tf.zeros([3, 4])`, `tf.truncated_normal(shape, stddev=0.1)`."""
    shape = given.values[0] if given.values else given.keywords.get("shape")
    if isinstance(shape, Unfollowed):
        return shape
    sizes = sizes_of(shape)
    if sizes is None:
        return Unfollowed("an array of an unknown shape", given.place)
    return array_of(interpreter, sizes, given)


def eye(interpreter: Interpreter, given: CallGiven) -> object:
    """`ops.eye(n, m)`."""
    sizes = [each for each in given.values[:2] if each is not None]
    rows = sizes_of(sizes)
    if not rows:
        return Unfollowed("eye(…)", given.place)
    dims = (rows[0], rows[-1])
    return GraphTensor(dims, array=TapeArray(dims))


def array_of(interpreter: Interpreter, sizes: tuple[int, ...], given: CallGiven) -> object:
    """An array of numbers that nobody knows; with one part for each sample, such as noise, a layer of its own."""
    if sizes.count(BATCH) != 1:
        return GraphTensor(sizes, array=TapeArray(sizes))
    place = sizes.index(BATCH)

    def run(tape: Tape, values: Sequence[Operand]) -> TapeTensor:
        start = tape.inputs[0]  # whose samples the parts are for
        source = TapeTensor(start.name, (BATCH, *(size or 1 for size in start.shape or ())), BatchAxis(0))
        return tape.opaque([source], sizes, BatchAxis(place))

    return record(interpreter, run, [], NodeWords("array", "array"), given.place)


def like(interpreter: Interpreter, given: CallGiven) -> object:
    """An array of a tensor's shape: `tf.zeros_like(x)`."""
    value = given.values[0] if given.values else None
    if isinstance(value, GraphTensor):
        return array_of(interpreter, value.dims, given)
    return value if isinstance(value, Unfollowed) else Unfollowed("an array of a tensor's shape", given.place)


def constant(interpreter: Interpreter, given: CallGiven) -> object:
    """`tf.constant(0.1, shape=[32])`, or numbers in lists."""
    names = ("value", "dtype", "shape", "name")
    values = {**dict(zip(names, given.values, strict=False)), **given.keywords}
    value, shape = values.get("value", values.get("x")), values.get("shape")
    if shape is None and isinstance(values.get("dtype"), list | tuple):
        shape = values["dtype"]
    if isinstance(shape, Unfollowed):
        return shape
    if shape is not None and (sizes := sizes_of(shape)) is not None:
        return GraphTensor(sizes, array=TapeArray(sizes))
    return value if isinstance(value, Unfollowed) else numbers(value) or Unfollowed("constant(…)", given.place)


def numbers(value: object) -> GraphTensor | None:
    """Numbers in nested lists as an array."""
    if isinstance(value, GraphTensor):
        return value
    dims, flat = [], [value]
    while flat and all(isinstance(each, list | tuple) for each in flat):
        lengths = {len(each) for each in flat if isinstance(each, list | tuple)}
        if len(lengths) != 1:
            return None
        dims.append(lengths.pop())
        flat = [one for each in flat if isinstance(each, list | tuple) for one in each]
        if len(flat) > _MOST_NUMBERS:
            return None
    if not all(isinstance(each, int | float) for each in flat) or prod(dims) != len(flat):
        return None
    return GraphTensor(tuple(dims), array=TapeArray(tuple(dims), values=tuple(flat)))


def arange(interpreter: Interpreter, given: CallGiven) -> object:
    """`ops.arange(start, stop, step)`."""
    names = ("start", "stop", "step")
    values = {**dict(zip(names, given.values, strict=False)), **given.keywords}
    values = {{"limit": "stop", "delta": "step"}.get(key, key): value for key, value in values.items()}
    bounds = [values.get(name) for name in names if values.get(name) is not None]
    whole = [each for each in bounds if isinstance(each, int)]
    if len(whole) < len(bounds) or not whole or 0 in whole[2:]:
        return Unfollowed("arange(…)", given.place)
    found = range(*whole)
    if len(found) > 10_000_000:
        return Unfollowed("arange(…)", given.place)
    values_ = tuple(found) if len(found) <= _MOST_NUMBERS else None
    return GraphTensor((len(found),), array=TapeArray((len(found),), values=values_))


def variable(interpreter: Interpreter, given: CallGiven) -> object:
    """`tf.Variable(initial)`: a learned array."""
    initial = given.values[0] if given.values else given.keywords.get("initial_value")
    if isinstance(initial, Unfollowed):
        return initial
    array = numbers(initial)
    if array is None or array.array is None:
        return Unfollowed("Variable(…)", given.place)
    words = given.keywords
    return _learned(interpreter, array.dims, given, name=words.get("name"), trainable=words.get("trainable"))


def get_variable(interpreter: Interpreter, given: CallGiven) -> object:
    """`tf.get_variable(name, shape, initializer=…)`."""
    names = ("name", "shape", "dtype", "initializer", "regularizer", "trainable")
    values = {**dict(zip(names, given.values, strict=False)), **given.keywords}
    shape, initial = values.get("shape"), values.get("initializer")
    if isinstance(shape, Unfollowed):
        return shape
    sizes = sizes_of(shape) if shape is not None else initial.dims if isinstance(initial, GraphTensor) else None
    if sizes is None:
        return Unfollowed("get_variable(…) of an unknown shape", given.place)
    return _learned(interpreter, sizes, given, name=values.get("name"), trainable=values.get("trainable"))


def product(interpreter: Interpreter, given: CallGiven) -> object:
    """`np.prod` of sizes."""
    value = given.values[0] if given.values else None
    sizes = sizes_of(value)
    return prod(sizes) if sizes is not None else Unfollowed("prod(…)", given.place)


def are_samples(tensors: Sequence[GraphTensor]) -> bool:
    """Whether all are arrays of numbers, which outside of a model have samples along the first axis."""
    return bool(tensors) and all(
        each.array is not None and not each.array.learned and bool(each.dims) for each in tensors
    )


def of_samples(
    interpreter: Interpreter, run: NodeRun, arrays: Sequence[GraphTensor], word: str, place: CodePlace
) -> object:
    """The array that a layer computes from samples, without a layer in the graph."""
    tape = GraphTape()
    samples = [tape.input(f"array_{number}", (BATCH, *each.dims[1:])) for number, each in enumerate(arrays)]
    made = attempt(interpreter, lambda: run(tape, samples), place, word)
    if isinstance(made, Unfollowed):
        return made
    assert isinstance(made, TapeTensor | TapeArray)
    dims = (arrays[0].dims[0], *made.dims[1:])
    return GraphTensor(dims, array=TapeArray(dims))
