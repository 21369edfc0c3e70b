"""Activations: every framework's own functions, with random parameters, on values beyond their bends and on them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

import numpy as np

from tests.oracles.cases import Case, spatial_rank
from tests.oracles.deviations import Deviation
from tests.oracles.drawing import Drawn, any_volume, chance, maybe
from tests.oracles.families import Answer, Weights

Choose = Callable[[Random], Any]
Ask = Callable[[Case, list[np.ndarray], Weights], Answer]
BATCH = 2


def real(low: float, high: float) -> Choose:
    """A real number of two digits, now and then a multiple of a half."""

    def choose(random: Random) -> float:
        digits = 2 if chance(random, 0.3) else 100
        return max(low, round(random.uniform(low, high) * digits) / digits)

    return choose


SLOPE, POSITIVE, ANY = real(-0.5, 0.9), real(0.1, 3), real(-2, 2)
FLAG: Choose = partial(chance, probability=0.5)

PARAMETERS: dict[str, dict[str, dict[str, Choose]]] = {
    "pytorch": {
        "leaky_relu": {"slope": SLOPE},
        "elu": {"alpha": ANY},
        "celu": {"alpha": lambda random: random.choice((-1.5, 0, 0.3, 0.7, 2))},
        "gelu": {"approximate": FLAG},
        "hard_tanh": {"low": ANY, "high": ANY},
        "softplus": {"beta": POSITIVE, "threshold": ANY},
        "threshold": {"threshold": ANY, "value": ANY},
        "soft_shrink": {"threshold": real(-0.5, 2)},
        "hard_shrink": {"threshold": real(-0.5, 2)},
        "rrelu": {"lower": real(0, 0.4), "upper": real(0.2, 0.6)},
        "clip": {"low": ANY, "high": ANY},
        "power": {"exponent": lambda random: random.choice((-1, 0, 0.5, 1.5, 2, 3)), "scale": POSITIVE, "shift": ANY},
        "swish": {},
    },
    "keras": {
        "relu": {"max_value": POSITIVE, "slope": real(0, 0.9), "threshold": real(0, 2)},
        "leaky_relu": {"slope": real(0, 0.9)},
        "elu": {"alpha": POSITIVE},
        "celu": {"alpha": POSITIVE},
        "gelu": {"approximate": FLAG},
        "threshold": {"threshold": ANY, "value": ANY},
        "soft_shrink": {"threshold": real(0, 2)},
        "hard_shrink": {"threshold": real(0, 2)},
        "squareplus": {"b": POSITIVE},
    },
    "onnx": {
        "leaky_relu": {"slope": SLOPE},
        "elu": {"alpha": ANY},
        "celu": {"alpha": POSITIVE},
        "gelu": {"approximate": FLAG},
        "hard_sigmoid": {"slope": real(0.1, 1), "offset": ANY},
        "threshold": {"threshold": ANY},
        "shrink": {"threshold": real(-0.5, 2), "bias": ANY},
        "clip": {"low": ANY, "high": ANY},
    },
    "tensorflow": {
        "leaky_relu": {"slope": SLOPE},
        "gelu": {"approximate": FLAG},
        "swish": {"beta": POSITIVE},
        "clip": {"low": real(-2, 0), "high": real(0, 2)},
    },
}
"""What is drawn for the fields of each type, where the framework has it."""

COMPETING = ("softmax", "log_softmax", "softmin", "hardmax", "sparsemax", "glu", "crelu", "maxout")


def draw(name: str) -> Callable[[Random, str], Drawn]:
    """A vector or a volume, and the fields that the framework knows; an axis, a tenth of them one too many."""

    def drawn(random: Random, convention: str) -> Drawn:
        shape = any_volume(random, convention)
        fields: dict[str, Any] = {}
        for field, choose in PARAMETERS[convention].get(name, {}).items():
            maybe(random, fields, field, 0.6, partial(choose, random))
        if name in COMPETING:
            maybe(random, fields, "axis", 0.7, lambda: random.choice((-1, -1, *range(1, len(shape) + 2))))
        if name == "maxout":
            fields["pieces"] = random.choice((1, 2, 2, 3, 4))
        return [shape], fields

    return drawn


def prelu(random: Random, convention: str) -> Drawn:
    """The slopes in cnncalc's form, or in the framework's own."""
    shape = any_volume(random, convention)
    fields: dict[str, Any] = {}
    if chance(random, 0.4):
        forms = ("channel", "one") if convention == "pytorch" else ("channel", "one", "position")
        maybe(random, fields, "per", 0.75, lambda: random.choice(forms))
    elif convention == "pytorch":
        fields["num_parameters"] = random.choice((1, shape[0], shape[0], shape[-1], 3))
    elif convention == "keras":
        places = range(1, len(shape) + 1 + chance(random, 0.15))
        fields["shared_axes"] = sorted(random.sample(places, random.randint(1, len(places))))
    else:
        slopes = [random.choice((1, size, size)) for size in shape]
        if chance(random, 0.3):
            slopes[random.choice([place for place, size in enumerate(shape) if size == 1] or range(len(shape)))] += 1
        fields["slope_shape"] = slopes[random.randrange(len(slopes)) :]
    return [shape], fields


def wide_inputs(generator: np.random.Generator, case: Case) -> list[np.ndarray]:
    """Beyond the bends; for some cases multiples of a half, so that values lie on a bend, or tie."""
    arrays = [3 * generator.standard_normal((BATCH, *shape)) for shape in case["inputs"]]
    if case["layer"] not in NEVER_ROUND and generator.random() < 0.4:
        arrays = [np.round(2 * array) / 2 for array in arrays]
    return [array.astype(np.float32) for array in arrays]


MATHS = (
    "tan", "asin", "acos", "atan", "sinh", "cosh", "asinh", "acosh", "atanh", "floor", "ceil", "round",
)  # fmt: skip
"""Functions that have the same name everywhere, nearly."""

OPERATIONS = ("rsqrt", "expm1", "exp2", "log1p", "log2", "log10", "trunc")
"""Functions that PyTorch and Keras have under one name."""

NEVER_ROUND = ("reciprocal", "power", "log", "atanh", "rsqrt", "log1p", "log2", "log10", "logit")
"""They are infinite at 0, or at ±1."""

# --- PyTorch ---------------------------------------------------------------------------------------------------------

MODULES: dict[str, tuple[str, dict[str, str]]] = {
    "relu": ("ReLU", {}), "relu6": ("ReLU6", {}), "leaky_relu": ("LeakyReLU", {"slope": "negative_slope"}),
    "elu": ("ELU", {"alpha": "alpha"}), "celu": ("CELU", {"alpha": "alpha"}), "selu": ("SELU", {}),
    "sigmoid": ("Sigmoid", {}), "log_sigmoid": ("LogSigmoid", {}), "hard_sigmoid": ("Hardsigmoid", {}),
    "hard_swish": ("Hardswish", {}), "hard_tanh": ("Hardtanh", {"low": "min_val", "high": "max_val"}),
    "tanh": ("Tanh", {}), "tanh_shrink": ("Tanhshrink", {}), "swish": ("SiLU", {}), "mish": ("Mish", {}),
    "softplus": ("Softplus", {"beta": "beta", "threshold": "threshold"}), "softsign": ("Softsign", {}),
    "soft_shrink": ("Softshrink", {"threshold": "lambd"}), "hard_shrink": ("Hardshrink", {"threshold": "lambd"}),
    "rrelu": ("RReLU", {"lower": "lower", "upper": "upper"}), "softmax": ("Softmax", {"axis": "dim"}),
    "log_softmax": ("LogSoftmax", {"axis": "dim"}), "softmin": ("Softmin", {"axis": "dim"}),
    "softmax2d": ("Softmax2d", {}), "glu": ("GLU", {"axis": "dim"}), "prelu": ("PReLU", {}),
}  # fmt: skip
"""PyTorch's module of a type, and its names of the fields."""

TENSORS = {
    "abs": "abs", "square": "square", "sqrt": "sqrt", "log": "log", "negative": "neg", "reciprocal": "reciprocal",
    "sign": "sign", "erf": "erf", "sin": "sin", "cos": "cos", "exponential": "exp", "logit": "logit",
    **{name: name for name in (*MATHS, *OPERATIONS)},
}  # fmt: skip
"""PyTorch's functions of one tensor."""


def pytorch(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    """The module of the case's type, or the function."""
    from tests.oracles.pytorch_oracle import run_module

    return run_module(_pytorch_module(case), inputs, weights and {"weight": weights["slope"]})


def _pytorch_module(case: Case) -> Any:
    import torch
    from torch import nn

    name, fields = case["layer"], case["fields"]
    if name in TENSORS:
        return getattr(torch, TENSORS[name])
    if name == "clip":
        return lambda x: torch.clamp(x, fields.get("low"), fields.get("high")) if fields else x
    if name == "power":
        return lambda x: (fields.get("shift", 0) + fields.get("scale", 1) * x) ** fields.get("exponent", 1)
    if name == "maxout":
        axis = fields.get("axis", 1)
        return lambda x: x.unflatten(axis, (-1, fields["pieces"])).amax(axis + 1 if axis > 0 else -1)
    if name == "gelu":
        return nn.GELU("tanh" if fields.get("approximate") else "none")
    if name == "threshold":
        return nn.Threshold(fields.get("threshold", 1.0), fields.get("value", 0.0))
    if name == "prelu":
        one = fields.get("per", "one") == "one"
        return nn.PReLU(fields.get("num_parameters", 1 if one else case["inputs"][0][0]))
    module, names = MODULES[name]
    return getattr(nn, module)(**{names[field]: value for field, value in fields.items()})


# --- Keras -----------------------------------------------------------------------------------------------------------

FUNCTIONS = {
    "relu6": "relu6", "celu": "celu", "selu": "selu", "gelu": "gelu", "sigmoid": "sigmoid",
    "log_sigmoid": "log_sigmoid", "hard_sigmoid": "hard_sigmoid", "hard_swish": "hard_silu", "hard_tanh": "hard_tanh",
    "tanh": "tanh", "tanh_shrink": "tanh_shrink", "swish": "silu", "mish": "mish", "softplus": "softplus",
    "softsign": "softsign", "soft_shrink": "soft_shrink", "hard_shrink": "hard_shrink", "exponential": "exponential",
    "threshold": "threshold", "squareplus": "squareplus", "sparse_plus": "sparse_plus",
    "sparse_sigmoid": "sparse_sigmoid", "sparsemax": "sparsemax", "log_softmax": "log_softmax", "glu": "glu",
}  # fmt: skip
"""Names in keras.activations."""

OPERATIONS = {
    "abs": "absolute", "square": "square", "sqrt": "sqrt", "log": "log", "negative": "negative",
    "reciprocal": "reciprocal", "sign": "sign", "erf": "erf", "sin": "sin", "cos": "cos",
    **{name: name.replace("a", "arc", 1) if name.startswith("a") else name for name in MATHS},
    **{name: name for name in OPERATIONS},
}  # fmt: skip
"""Names in keras.ops."""

LAYERS = {
    "relu": ("ReLU", {"max_value": "max_value", "slope": "negative_slope", "threshold": "threshold"}),
    "leaky_relu": ("LeakyReLU", {"slope": "negative_slope"}),
    "elu": ("ELU", {"alpha": "alpha"}),
    "softmax": ("Softmax", {"axis": "axis"}),
}
"""Names in keras.layers, and its names of the fields."""


def keras(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    """The layer of the case's type; else the function, which is only traced where no values are asked for."""
    import jax
    import keras as library

    from tests.oracles.keras_oracle import run_layer

    name, fields = case["layer"], dict(case["fields"])
    if name in LAYERS:
        layer, names = LAYERS[name]
        made = getattr(library.layers, layer)(**{names[field]: value for field, value in fields.items()})
        return run_layer(made, inputs, None if weights is None else [])
    if name == "threshold":
        fields = {"threshold": fields.get("threshold", 1.0), "default_value": fields.get("value", 0.0)}
    if name in FUNCTIONS:
        function = partial(getattr(library.activations, FUNCTIONS[name]), **fields)
    else:
        function = getattr(library.ops, OPERATIONS[name])
    if weights is None:
        return Answer(np.zeros(jax.eval_shape(function, inputs[0]).shape, np.float32), 0)
    return Answer(np.asarray(function(inputs[0])), 0)


def keras_prelu(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import keras as library

    from tests.oracles.keras_oracle import run_layer

    fields, rank = case["fields"], len(case["inputs"][0])
    shared = {"channel": list(range(1, rank)), "one": list(range(1, rank + 1))}
    axes = fields.get("shared_axes") or shared.get(fields.get("per")) or None
    return run_layer(library.layers.PReLU(shared_axes=axes), inputs, weights and [weights["slope"]])


# --- ONNX ------------------------------------------------------------------------------------------------------------

OPERATORS: dict[str, tuple[str, dict[str, str]]] = {
    "relu": ("Relu", {}), "leaky_relu": ("LeakyRelu", {"slope": "alpha"}), "elu": ("Elu", {"alpha": "alpha"}),
    "celu": ("Celu", {"alpha": "alpha"}), "selu": ("Selu", {}), "sigmoid": ("Sigmoid", {}),
    "hard_sigmoid": ("HardSigmoid", {"slope": "alpha", "offset": "beta"}), "hard_swish": ("HardSwish", {}),
    "tanh": ("Tanh", {}), "mish": ("Mish", {}), "softplus": ("Softplus", {}), "softsign": ("Softsign", {}),
    "threshold": ("ThresholdedRelu", {"threshold": "alpha"}),
    "shrink": ("Shrink", {"threshold": "lambd", "bias": "bias"}), "exponential": ("Exp", {}), "abs": ("Abs", {}),
    "sqrt": ("Sqrt", {}), "log": ("Log", {}), "negative": ("Neg", {}), "reciprocal": ("Reciprocal", {}),
    "sign": ("Sign", {}), "erf": ("Erf", {}), "sin": ("Sin", {}), "cos": ("Cos", {}),
    "softmax": ("Softmax", {"axis": "axis"}), "log_softmax": ("LogSoftmax", {"axis": "axis"}),
    "hardmax": ("Hardmax", {"axis": "axis"}), **{name: (name.capitalize(), {}) for name in MATHS},
}  # fmt: skip
"""ONNX' operator of a type, and its names of the fields."""


def onnx(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    """A model of the case's operator."""
    from onnx import helper

    from tests.oracles.onnxruntime_oracle import run_nodes

    name, fields, rank = case["layer"], case["fields"], inputs[0].ndim
    if name == "prelu":
        return run_nodes(
            [helper.make_node("PRelu", ["x0", "slope"], ["y"])], inputs, _onnx_slopes(case, weights), rank=rank,
            learned=("slope",),
        )  # fmt: skip
    if name == "clip":
        ends = {end: np.array(fields[end], np.float32) for end in ("low", "high") if end in fields}
        node = helper.make_node("Clip", ["x0", *(end if end in ends else "" for end in ("low", "high"))], ["y"])
        return run_nodes([node], inputs, ends, rank=rank)
    if name == "gelu":
        node = helper.make_node("Gelu", ["x0"], ["y"], approximate="tanh" if fields.get("approximate") else "none")
        return run_nodes([node], inputs, {}, rank=rank)
    operator, names = OPERATORS[name]
    attributes = {names[field]: value for field, value in fields.items()}
    if operator not in ("Softmax", "LogSoftmax", "Hardmax"):
        attributes = {attribute: float(value) for attribute, value in attributes.items()}
    return run_nodes([helper.make_node(operator, ["x0"], ["y"], **attributes)], inputs, {}, rank=rank)


def _onnx_slopes(case: Case, weights: Weights) -> dict[str, np.ndarray]:
    """The slopes in the shape in which the model has them."""
    shape, fields = case["inputs"][0], case["fields"]
    forms = {"channel": [shape[0], *[1] * (len(shape) - 1)], "one": [1], "position": shape}
    slopes = fields.get("slope_shape") or forms[fields.get("per", "channel")]
    return {"slope": np.zeros(slopes, np.float32) if weights is None else weights["slope"].reshape(slopes)}


# --- TensorFlow ------------------------------------------------------------------------------------------------------

TF_FUNCTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "relu": ("nn.relu", {}), "relu6": ("nn.relu6", {}), "leaky_relu": ("nn.leaky_relu", {"slope": "alpha"}),
    "elu": ("nn.elu", {}), "selu": ("nn.selu", {}), "gelu": ("nn.gelu", {"approximate": "approximate"}),
    "sigmoid": ("nn.sigmoid", {}), "log_sigmoid": ("math.log_sigmoid", {}), "tanh": ("nn.tanh", {}),
    "swish": ("nn.silu", {"beta": "beta"}), "softplus": ("nn.softplus", {}), "softsign": ("nn.softsign", {}),
    "softmax": ("nn.softmax", {"axis": "axis"}), "log_softmax": ("nn.log_softmax", {"axis": "axis"}),
    "crelu": ("nn.crelu", {"axis": "axis"}),
}  # fmt: skip
"""TensorFlow's function of a type, and its names of the fields."""


def tensorflow(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    """The operation of the case's type."""
    import tensorflow as tf

    name, fields = case["layer"], case["fields"]
    if name == "clip":
        ends = fields.get("low", -np.inf), fields.get("high", np.inf)
        return Answer(tf.clip_by_value(inputs[0], *ends).numpy(), 0)
    path, names = TF_FUNCTIONS[name]
    function = tf
    for part in path.split("."):
        function = getattr(function, part)
    return Answer(function(inputs[0], **{names[field]: value for field, value in fields.items()}).numpy(), 0)


# --- the tables ------------------------------------------------------------------------------------------------------

PYTORCH: dict[str, Ask] = dict.fromkeys(
    [*MODULES, *TENSORS, "clip", "power", "maxout", "gelu", "threshold"], pytorch
)  # fmt: skip
KERAS: dict[str, Ask] = {**dict.fromkeys([*LAYERS, *FUNCTIONS, *OPERATIONS], keras), "prelu": keras_prelu}
ONNX: dict[str, Ask] = dict.fromkeys([*OPERATORS, "prelu", "clip", "gelu"], onnx)
TENSORFLOW: dict[str, Ask] = dict.fromkeys([*TF_FUNCTIONS, "clip"], tensorflow)

_TABLES = {"pytorch": PYTORCH, "keras": KERAS, "onnx": ONNX, "tensorflow": TENSORFLOW}
_TYPES = sorted({name for table in _TABLES.values() for name in table})

DRAW = {name: draw(name) for name in _TYPES} | {"prelu": prelu}
INPUTS = dict.fromkeys(_TYPES, wide_inputs)

FREQUENCY = {
    convention: {name: 2 if name == "prelu" else 1 if name in (*COMPETING, "softmax2d") else 0.5 for name in table}
    for convention, table in _TABLES.items()
}


def implicit_axis(case: Case) -> bool:
    unsaid = case["layer"] in ("softmax", "log_softmax", "softmin") and "axis" not in case["fields"]
    return unsaid and spatial_rank(case) == 1


def sequence_of_pixels(case: Case) -> bool:
    return case["layer"] == "softmax2d" and spatial_rank(case) == 1


def keras_sparsemax(case: Case) -> bool:
    return case["layer"] == "sparsemax"


def slopes_beyond_the_input(case: Case) -> bool:
    """Slopes along an axis where the input has one value: broadcasting both ways would make the output larger."""
    slopes = case["fields"].get("slope_shape", ()) if case["layer"] == "prelu" else ()
    return any(slope > size == 1 for slope, size in zip(reversed(slopes), reversed(case["inputs"][0]), strict=False))


DEVIATIONS = (
    Deviation(
        "softmax of a sequence without an axis",
        "PyTorch's implicit choice takes the batch axis there, and warns; cnncalc takes the channels as elsewhere",
        "pytorch",
        implicit_axis,
        refuses="nobody",
    ),
    Deviation(
        "Softmax2d of a sequence",
        "PyTorch takes the batch axis for the channels of a single image",
        "pytorch",
        sequence_of_pixels,
        refuses="cnncalc",
    ),
    Deviation(
        "sparsemax",
        "Keras 3 up to 3.15 sums too much into its threshold, and its outputs do not add up to 1",
        "keras",
        keras_sparsemax,
        refuses="nobody",
    ),
    Deviation(
        "slopes that are larger than the input",
        "ONNX stretches the slopes over the input only; its runtime stretches the input as well",
        "onnx",
        slopes_beyond_the_input,
        refuses="cnncalc",
    ),
)
