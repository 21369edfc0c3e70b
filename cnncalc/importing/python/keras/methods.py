"""Attributes, operators and indices of a program's tensors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.importing.python.keras.array_methods import of_array
from cnncalc.importing.python.keras.arrays import numbers
from cnncalc.importing.python.keras.graph import GraphTensor, NodeWords, record
from cnncalc.importing.python.keras.problems import check_equal, unequal_matrices
from cnncalc.importing.python.tracing import BATCH
from cnncalc.importing.tensors import arithmetic, movement, parts, products, tied
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import BatchAxis, NotSaid, Operand, TapeArray, TapeTensor
from cnncalc.source.values import CodePlace, LibraryName, NativeFunction, Outside, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

_SYMBOLS: Mapping[str, str] = MappingProxyType(
    {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "@": "matmul", "**": "power"}
)


_COMPARISONS: Mapping[str, str] = MappingProxyType({
    "<": "less", ">": "greater", "<=": "less_equal", ">=": "greater_equal", "==": "equal", "!=": "not_equal",
})  # fmt: skip


class ShapeOfTensor(Outside):
    """`x.get_shape()`: the sizes with methods of their own."""

    __slots__ = ("sizes",)

    def __init__(self, sizes: tuple[int | None, ...]) -> None:
        self.sizes = sizes

    def attribute(self, interpreter: Interpreter, name: str, place: CodePlace) -> object:
        if name == "as_list":
            return NativeFunction(name, lambda _, given: list(self.sizes))
        if name in ("ndims", "rank"):
            return len(self.sizes)
        if name == "num_elements":
            return NativeFunction(name, lambda _, given: self._elements())
        if name == "dims":
            return list(self.sizes)
        return super().attribute(interpreter, name, place)

    def _elements(self) -> int | None:
        total = 1
        for size in self.sizes:
            if size is None:
                return None
            total *= size
        return total

    def item(self, interpreter: Interpreter, key: object, place: CodePlace) -> object:
        if isinstance(key, slice):
            return ShapeOfTensor(self.sizes[key])
        if isinstance(key, int) and -len(self.sizes) <= key < len(self.sizes):
            return self.sizes[key]
        return super().item(interpreter, key, place)

    def items(self, interpreter: Interpreter, place: CodePlace) -> list[object] | Unfollowed:
        return list(self.sizes)

    def title(self) -> str:
        return "the shape of a tensor"


def attribute(interpreter: Interpreter, x: GraphTensor, name: str, place: CodePlace) -> object:
    """`x.shape`, `x.get_shape()`."""
    if name in ("shape", "_keras_shape"):
        return x.shape
    if name == "get_shape":
        return NativeFunction(name, lambda _, given: ShapeOfTensor(x.shape))
    if name == "ndim":
        return len(x.dims)
    if name in ("dtype", "name", "op", "device"):
        return LibraryName(f"tensor.{name}")
    if name == "T":
        return record(interpreter, _transposed, [x], NodeWords("transpose", "transpose", is_pure=True), place)
    if name in ("value", "read_value", "initialized_value"):
        return NativeFunction(name, lambda _, given: x)
    if name == "set_shape":
        return NativeFunction(name, lambda _, given: None)
    if name == "__len__":
        return x.dims[0] if x.array is not None and x.dims else Unfollowed("len of a tensor", place)
    if x.array is not None and (found := of_array(x, name)) is not None:
        return found
    return Unfollowed(f"the attribute {name} of a tensor", place)


def _transposed(tape: Tape, values: Sequence[Operand]) -> Operand:
    if (found := tied.turned(tape, values[0])) is not None:
        return found
    return movement.permute(tape, values[0], tuple(reversed(range(len(values[0].dims)))))


def binary(
    interpreter: Interpreter, symbol: str, x: GraphTensor, other: object, place: CodePlace, *, is_left: bool
) -> object:  # fmt: skip
    """An operator between a tensor and a tensor or number."""
    word = _SYMBOLS.get(symbol)
    second = numbers(other)
    if isinstance(other, Unfollowed):
        return other
    if symbol in _COMPARISONS and second is not None:
        words = NodeWords(_COMPARISONS[symbol], symbol, is_pure=True)
        return record(interpreter, comparison, [x, second] if is_left else [second, x], words, place)
    if word is None or second is None:
        return Unfollowed(f"{symbol} of a tensor", place)
    pair = [x, second] if is_left else [second, x]
    return combined(interpreter, word, pair, place)


def comparison(tape: Tape, values: Sequence[Operand]) -> TapeTensor | TapeArray:
    """A comparison, which has no layer type: the sizes of its operands."""
    dims = arithmetic.broadcast([each.dims for each in values])
    tensors = [each for each in values if isinstance(each, TapeTensor)]
    if not tensors:
        return TapeArray(dims)
    if any(each.batch != BatchAxis(0) or len(each.dims) != len(dims) for each in tensors):
        raise NotSaid("a comparison of tensors with other axes")
    return tape.opaque(tensors, dims, BatchAxis(0))


def combined(interpreter: Interpreter, word: str, pair: Sequence[GraphTensor], place: CodePlace) -> object:
    """Two tensors, or a tensor and numbers, element by element, or as matrices."""
    if word == "power" and (pair[1].array is None or pair[1].array.number is None):
        return Unfollowed("** of a tensor", place)
    if all(each.array is not None and each.array.values is None and not each.array.learned for each in pair):
        return _of_arrays(word, pair, place)

    def run(tape: Tape, values: Sequence[Operand]) -> TapeTensor:
        return operated(tape, word, values)

    return record(interpreter, run, pair, NodeWords(word, word, is_pure=True), place)


def _of_arrays(word: str, pair: Sequence[GraphTensor], place: CodePlace) -> object:
    """The array that a program computes from arrays of unknown numbers."""
    try:
        dims = arithmetic.broadcast([each.dims for each in pair])
    except NotSaid:
        return Unfollowed(f"{word} of arrays", place)
    return GraphTensor(dims, array=TapeArray(dims))


def operated(tape: Tape, word: str, values: Sequence[Operand]) -> TapeTensor:
    """The layer of an operator. Raises NotSaid."""
    first, second = values
    if word == "matmul":
        return product(tape, first, second)
    left = first.number if isinstance(first, TapeArray) else None
    right = second.number if isinstance(second, TapeArray) else None
    if right is not None:
        lines = {"add": (1, right), "subtract": (1, -right), "multiply": (right, 0), "divide": (1 / (right or 1), 0)}
        if word in lines and (word != "divide" or right):
            return arithmetic.scaled(tape, first, *lines[word])
        if word == "power":
            return arithmetic.raised(tape, first, right)
        if word in ("maximum", "minimum"):
            bounds = (right, None) if word == "maximum" else (None, right)
            return arithmetic.clamped(tape, first, *bounds)
    if left is not None:
        lines = {"add": (1, left), "subtract": (-1, left), "multiply": (left, 0)}
        if word in lines:
            return arithmetic.scaled(tape, second, *lines[word])
        if word == "divide":
            return arithmetic.scaled(tape, arithmetic.raised(tape, second, -1), left)
    if word == "add":
        found = with_bias(tape, first, second) or with_bias(tape, second, first)
        if found is not None:
            return found
    values = [of_batch(first, second), of_batch(second, first)]
    check_equal(*values)
    return arithmetic.combine(tape, word, values)


def of_batch(x: Operand, other: Operand) -> Operand:
    """An array beside a tensor of as many axes: its first axis is the batch, whose size the program fixes."""
    if not isinstance(x, TapeArray) or x.learned or not isinstance(other, TapeTensor) or x.dims[:1] in ((), (1,)):
        return x
    is_beside = len(x.dims) == len(other.dims) and other.batch == BatchAxis(0)
    return TapeArray((BATCH, *x.dims[1:])) if is_beside else x


def with_bias(tape: Tape, x: Operand, bias: Operand) -> TapeTensor | None:
    """A layer without a bias that gets the learned array added to its output as its bias; None if it is not one."""
    if not isinstance(x, TapeTensor) or not isinstance(bias, TapeArray) or not bias.learned:
        return None
    layer = tape.layers[-1] if tape.layers else None
    if layer is None or layer.name != x.name or layer.arguments.get("bias") is not False:
        return None
    if layer.shares and tape.owners.get(bias.name) == layer.shares:
        del layer.arguments["bias"]  # the layer that it shares with has the same bias
        return x
    if layer.shares or tape.is_owned(bias):
        return None
    if bias.dims != (x.dims[-1],) or layer.type not in ("conv", "conv_transpose", "depthwise_conv", "dense"):
        return None
    del layer.arguments["bias"]
    layer.stated_params = (layer.stated_params or 0) + bias.elements
    tape.owners[bias.name] = layer.name
    return x


def product(tape: Tape, a: Operand, b: Operand) -> TapeTensor:
    """A matrix product; with a learned matrix a dense layer. Raises Refusal for sizes that differ."""
    if len(a.dims) and len(b.dims) > 1 and a.dims[-1] != b.dims[-2]:
        unequal_matrices(a, b)
    if isinstance(b, TapeArray) and (b.is_turned or b.name.startswith(tied.KERAS_LAYER)) and tied.is_tied(tape, b):
        return tied.product(tape, a, b)
    if isinstance(b, TapeArray) and b.learned and len(b.dims) == 2:
        turned = TapeArray((b.dims[1], b.dims[0]), b.name, learned=True)
        return products.linear(tape, a, turned)
    return products.matmul(tape, a, b)


def negative(interpreter: Interpreter, x: GraphTensor, place: CodePlace) -> object:
    """`-x`."""
    return record(
        interpreter, lambda tape, values: arithmetic.scaled(tape, values[0], -1), [x],
        NodeWords("negative", "negative", is_pure=True), place,
    )  # fmt: skip


def item(interpreter: Interpreter, x: GraphTensor, key: object, place: CodePlace) -> object:
    """`x[:, 0]`, `x[..., None]`, `x[:, 1:3]`."""
    entries = list(key) if isinstance(key, tuple) else [key]
    entries = [None if isinstance(each, LibraryName) and each.path.endswith(".newaxis") else each for each in entries]
    if any(isinstance(each, Unfollowed | Outside) for each in entries):
        return Unfollowed("an index that is computed", place)
    if x.array is not None and x.array.values is not None and len(x.dims) == 1 and isinstance(key, int):
        return x.array.values[key] if -len(x.array.values) <= key < len(x.array.values) else Unfollowed("index", place)
    return record(
        interpreter, lambda tape, values: indexed(tape, values[0], entries), [x],
        NodeWords("getitem", "getitem", is_pure=True), place,
    )  # fmt: skip


def indexed(tape: Tape, x: Operand, entries: Sequence[object]) -> TapeTensor:
    """A tensor by the entries of an index. Raises NotSaid."""
    made = tape.tensor(x)
    axis = 0
    for place, entry in enumerate(entries):
        if entry is Ellipsis:
            axis = made.rank - sum(1 for each in entries[place + 1 :] if each is not None)
        elif entry is None:
            made = movement.unsqueeze(tape, made, axis)
            axis += 1
        elif isinstance(entry, slice):
            made = _sliced(tape, made, axis, entry)
            axis += 1
        elif isinstance(entry, int):
            made = parts.select(tape, made, axis, entry)
        else:
            raise NotSaid("an index that is computed")
    return made


def _sliced(tape: Tape, x: TapeTensor, axis: int, entry: slice) -> TapeTensor:
    bounds = [BATCH if each == BATCH else each for each in (entry.start, entry.stop, entry.step)]
    if bounds == [None, None, None]:
        return x
    if not all(each is None or isinstance(each, int) for each in bounds):
        raise NotSaid("an index that is computed")
    return parts.slice_(tape, x, axis, bounds[0], bounds[1], bounds[2] or 1)
