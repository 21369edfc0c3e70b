"""Functions on tensors: `keras.ops`, `keras.backend`, and TensorFlow's of the same names.

A row has the function's parameters and what it does on the tape. A parameter `name!` is required, and `a|b` is one with
two names.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cnncalc.importing.keras.layers import OwnLayer, Unknown, pieces_of
from cnncalc.importing.python.keras import measures, pictures
from cnncalc.importing.python.keras.arrays import sizes_of
from cnncalc.importing.python.keras.function_calls import FunctionCall, GraphFunction, OnTape
from cnncalc.importing.python.keras.graph import GraphTensor
from cnncalc.importing.python.keras.measures import reduction
from cnncalc.importing.python.keras.methods import comparison, operated, product
from cnncalc.importing.tensors import arithmetic, lookup, movement, parts, products, reductions, tied
from cnncalc.importing.tensors.tensor import NotSaid, TapeArray, TapeTensor

# --- what functions do ---------------------------------------------------------------------------------------------


def pointwise(word: str) -> OnTape:
    """A function of each element, in Keras's or our words."""

    def run(call: FunctionCall) -> TapeTensor:
        made = call.tape.tensor(call.x)
        try:
            pieces = pieces_of("Activation", {"activation": word}) if word not in _OWN else [OwnLayer(_OWN[word], {})]
        except Unknown:
            raise NotSaid(f"{word} has no layer type") from None
        for piece in pieces:
            arguments = dict(piece.arguments)
            slope = call.get("alpha", "negative_slope")
            if piece.type == "leaky_relu":
                arguments["slope"] = slope if isinstance(slope, int | float) else 0.2
            made = call.tape.same(piece.type, arguments, made)
        return made

    return run


_OWN: Mapping[str, str] = MappingProxyType({
    "exp": "exponential", "log": "log", "sqrt": "sqrt", "square": "square", "abs": "abs", "negative": "negative",
    "rsqrt": "rsqrt", "erf": "erf", "sin": "sin", "cos": "cos", "reciprocal": "reciprocal", "identity": "identity",
    "relu6": "relu6",
})  # fmt: skip


def unchanged(call: FunctionCall) -> TapeTensor:
    """A function without an effect on shapes or parameters."""
    return call.tape.tensor(call.x)


def softmax(word: str) -> OnTape:
    return lambda call: reductions.along(call.tape, word, call.x, call.axis(-1))


def operator(word: str) -> OnTape:
    def run(call: FunctionCall) -> TapeTensor:
        if len(call.tensors) != 2:
            raise NotSaid("an operator without two operands")
        return operated(call.tape, word, call.tensors)

    return run


def compared(call: FunctionCall) -> TapeTensor | TapeArray:
    return comparison(call.tape, call.tensors)


def where(call: FunctionCall) -> TapeTensor:
    """One of two tensors at each position."""
    if len(call.tensors) != 3:
        raise NotSaid("the positions of a condition")
    ones = (1,) * max(len(each.dims) for each in call.tensors)
    return arithmetic.combine(call.tape, "where", [each if each.dims else TapeArray(ones) for each in call.tensors])


def matmul(call: FunctionCall) -> TapeTensor:
    """A matrix product, of which each factor may be transposed."""
    a, b = call.tensors[0], call.tensors[1]
    if call.get("transpose_a"):
        a = movement.transpose(call.tape, a, -1, -2)
    if call.get("transpose_b"):
        b = tied.turned(call.tape, b) or movement.transpose(call.tape, b, -1, -2)
    return product(call.tape, a, b)


def reshape(call: FunctionCall) -> TapeTensor:
    from cnncalc.importing.python.keras.problems import check_reshape

    sizes = call.sizes("shape", "newshape")
    check_reshape(call.tape, call.x, sizes)
    return movement.reshape(call.tape, call.x, sizes)


def transpose(call: FunctionCall) -> TapeTensor | TapeArray:
    if call.get("axes", "perm", "pattern") in (None, [1, 0], (1, 0)) and (found_ := tied.turned(call.tape, call.x)):
        return found_
    order = call.get("axes", "perm", "pattern")
    found = tuple(reversed(range(len(call.x.dims)))) if order is None else call.sizes("axes", "perm", "pattern")
    return movement.permute(call.tape, call.x, found)


def concat(call: FunctionCall) -> TapeTensor:
    from cnncalc.importing.python.keras.problems import check_parts

    check_parts(call.tape, call.tensors, call.axis(-1))
    return parts.concat(call.tape, call.tensors, call.axis(-1))


def split(call: FunctionCall) -> list[TapeTensor] | list[TapeArray]:
    """Parts of an axis; of a learned array, arrays of their own."""
    axis = call.axis(0)
    sizes = part_sizes(call, axis)
    if isinstance(call.x, TapeArray):
        place, dims, name, learned = axis % len(call.x.dims), call.x.dims, call.x.name, call.x.learned
        return [
            TapeArray((*dims[:place], size, *dims[place + 1 :]), f"{name}[{part}]" if name else "", learned)
            for part, size in enumerate(sizes)
        ]
    return parts.split(call.tape, call.x, axis, sizes)


def part_sizes(call: FunctionCall, axis: int) -> list[int]:
    """The sizes of the parts. Raises NotSaid."""
    given = call.get("num_or_size_splits", "indices_or_sections")
    size = call.x.dims[axis]
    if isinstance(given, int):
        if size % given:
            raise NotSaid(f"{size} in {given} equal parts")
        return [size // given] * given
    sizes = list(call.sizes("num_or_size_splits"))
    if -1 in sizes:
        sizes[sizes.index(-1)] = size - sum(sizes) - 1
    return sizes


def squeeze(call: FunctionCall) -> TapeTensor:
    axes = call.get("axis", "squeeze_dims")
    return movement.squeeze(call.tape, call.x, None if axes is None else sizes_of(axes))


def pairs_of(value: object) -> object:
    """Amounts in lists, also of a constant array of two columns."""
    array = value.array if isinstance(value, GraphTensor) else None
    if array is None or array.values is None or array.dims[1:] != (2,):
        return value
    return [list(array.values[place : place + 2]) for place in range(0, len(array.values), 2)]


def padded(call: FunctionCall) -> TapeTensor:
    pairs = pairs_of(call.get("pad_width", "paddings"))
    if not isinstance(pairs, list | tuple) or not all(isinstance(each, list | tuple) for each in pairs):
        raise NotSaid("amounts that are not known")
    mode = str(call.get("mode", default="constant")).lower()
    return parts.pad(call.tape, call.x, [(int(a), int(b)) for a, b in pairs], mode)


def einsum(call: FunctionCall) -> TapeTensor:
    return products.einsum(call.tape, str(call.get("equation")).replace(" ", ""), call.tensors)


def clip(call: FunctionCall) -> TapeTensor:
    return arithmetic.clamped(call.tape, call.x, call.get("low"), call.get("high"))


def flatten(call: FunctionCall) -> TapeTensor:
    return movement.flatten(call.tape, call.x, 1)


def one_hot(call: FunctionCall) -> TapeTensor:
    x, (classes,) = call.tape.tensor(call.x), call.sizes("classes")
    if call.get("axis", default=-1) != -1:
        raise NotSaid("classes along another axis than the last")
    return call.tape.append("one_hot", {"classes": classes}, [x], (*x.dims, classes), x.batch)


def take(call: FunctionCall) -> TapeTensor:
    """Rows of a table by indices, `tf.gather`, `tf.nn.embedding_lookup`."""
    table, indices = call.tensors[0], call.tensors[1]
    axis = call.get("axis")
    if isinstance(axis, int) and axis and isinstance(indices, TapeArray) and isinstance(table, TapeTensor):
        if indices.values is None or len(indices.dims) != 1:
            raise NotSaid("rows of unknown places")
        return parts.gather(call.tape, table, axis, [int(each) for each in indices.values])
    if axis not in (None, 0) or len(table.dims) != 2:
        raise NotSaid("rows along another axis")
    if isinstance(table, TapeArray) and not table.learned:  # Keras counts no array that the program computes
        x = call.tape.tensor(indices)
        return call.tape.opaque([x], (*x.dims, table.dims[1]), x.batch)
    return lookup.embed(call.tape, table, indices)


_REDUCE = "x|input_tensor|inputs|a axis|reduction_indices keepdims|keep_dims name"

ROWS: Mapping[str, GraphFunction] = MappingProxyType({
    **measures.ROWS, **pictures.ROWS,
    **{name: GraphFunction("x|features|logits|input name", pointwise(name)) for name in (
        "relu", "sigmoid", "tanh", "gelu", "silu", "swish", "softplus", "softsign", "selu", "exp", "log", "sqrt",
        "square", "abs", "negative", "rsqrt", "erf", "sin", "cos", "reciprocal", "hard_sigmoid", "relu6", "mish",
        "hard_swish", "hard_silu", "log_sigmoid", "linear",
    )},
    **{name: GraphFunction("x|features alpha|negative_slope name", pointwise(name)) for name in ("leaky_relu", "elu")},
    **{name: GraphFunction("x|logits|input axis|dim name", softmax(name)) for name in ("softmax", "log_softmax")},
    **{name: GraphFunction(_REDUCE, reduction(f"reduce_{name.removeprefix('reduce_')}")) for name in (
        "mean", "sum", "max", "min", "prod", "reduce_mean", "reduce_sum", "reduce_max", "reduce_min", "reduce_prod",
    )},
    **{name: GraphFunction("x y name", operator(word), ("x", "y")) for name, word in (
        ("add", "add"), ("subtract", "subtract"), ("sub", "subtract"), ("multiply", "multiply"), ("mul", "multiply"),
        ("divide", "divide"), ("true_divide", "divide"), ("truediv", "divide"), ("div", "divide"),
        ("maximum", "maximum"), ("minimum", "minimum"), ("pow", "power"), ("power", "power"),
    )},
    **{name: GraphFunction("x|x1 y|x2 name", compared, ("x", "y")) for name in (
        "greater", "greater_equal", "less", "less_equal", "equal", "not_equal", "logical_and", "logical_or",
    )},
    **{name: GraphFunction("x|x1 name", compared) for name in ("logical_not", "is_nan", "isnan")},
    "where": GraphFunction("condition x|x1 y|x2 name", where, ("condition", "x", "y")),
    **{name: GraphFunction("x|input|value|data dtype name", unchanged) for name in (
        "cast", "identity", "stop_gradient", "to_float", "ensure_shape", "check_numerics",
    )},
    **{name: GraphFunction("x|a y|b transpose_a transpose_b name", matmul, ("x", "y")) for name in ("matmul", "dot")},
    "batch_matmul": GraphFunction("x y adj_x adj_y", matmul, ("x", "y")),
    "reshape": GraphFunction("x|tensor shape|newshape name", reshape),
    "transpose": GraphFunction("x|a axes|perm name", transpose),
    "swapaxes": GraphFunction("x axis1 axis2", lambda call: movement.transpose(
        call.tape, call.x, call.sizes("axis1")[0], call.sizes("axis2")[0])),
    "permute_dimensions": GraphFunction("x axes|pattern", transpose),
    "concatenate": GraphFunction("xs|tensors axis name", concat, ("xs",)),
    "concat": GraphFunction("xs|values axis|concat_dim name", concat, ("xs",)),
    "stack": GraphFunction("x|values|arrays axis name", lambda call: parts.stack(
        call.tape, call.tensors, call.axis(0))),
    "unstack": GraphFunction("x|value num axis", lambda call: parts.unbind(call.tape, call.x, call.axis(0))),
    "split": GraphFunction("x|value num_or_size_splits|indices_or_sections axis name", split),
    "expand_dims": GraphFunction("x|input axis|dim name", lambda call: movement.unsqueeze(
        call.tape, call.x, call.axis(-1))),
    "squeeze": GraphFunction("x|input axis|squeeze_dims name", squeeze),
    "tile": GraphFunction("x|input repeats|multiples|n name", lambda call: movement.repeat(
        call.tape, call.x, call.sizes("repeats"))),
    "repeat_elements": GraphFunction("x rep axis", lambda call: movement.repeat_interleave(
        call.tape, call.x, call.sizes("rep")[0], call.axis())),
    "pad": GraphFunction("x|tensor pad_width|paddings mode constant_values name", padded),
    "einsum": GraphFunction("equation x", einsum, gathers=True),
    "clip": GraphFunction("x low|min_value|x_min high|max_value|x_max", clip),
    "clip_by_value": GraphFunction("x|t low|clip_value_min high|clip_value_max name", clip),
    "one_hot": GraphFunction("x|indices classes|depth|num_classes on_value off_value axis dtype name", one_hot),
    "batch_flatten": GraphFunction("x", flatten),
    "take": GraphFunction("x indices axis", take, ("x", "indices")),
    "gather": GraphFunction("x|params indices axis", take, ("x", "indices")),
    "embedding_lookup": GraphFunction("x|params indices|ids", take, ("x", "indices")),
    "flip": GraphFunction("x axis", lambda call: parts.flip(call.tape, call.x, call.axes() or [])),
    "reverse": GraphFunction("x|tensor axis|axes", lambda call: parts.flip(call.tape, call.x, call.axes() or [])),
    "roll": GraphFunction("x|input shift axis", lambda call: parts.roll(
        call.tape, call.x, call.sizes("shift"), call.axes() or [])),
    **{name: GraphFunction("x axis|dim epsilon name", lambda call: reductions.along(
        call.tape, "unit_norm", call.x, call.axis(-1))) for name in ("l2_normalize", "normalize")},
})  # fmt: skip
