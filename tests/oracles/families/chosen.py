"""Layers and settings that no draw makes: what PyTorch, Keras and TensorFlow say, else a paper's formula in NumPy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import cos, sin, sqrt
from typing import Any

import numpy as np

from tests.oracles.cases import Case
from tests.oracles.families import Answer, Weights
from tests.oracles.families.recurrent import in_keras

Arrays = list[np.ndarray]


def _case(convention: str, layer: str, /, *inputs: list[int], **fields: Any) -> Case:
    return {"convention": convention, "layer": layer, "inputs": list(inputs), "fields": fields}


# --- PyTorch ---------------------------------------------------------------------------------------------------------


def _torch(
    function: Callable[..., Any], *cases: tuple[list[list[int]], dict[str, Any]]
) -> tuple[Callable[..., Answer], tuple[Any, ...]]:
    """What asks a function of PyTorch's, `function(torch, fields, weights, *tensors)`, and the cases."""

    def ask(case: Case, inputs: Arrays, weights: Weights) -> Answer:
        import torch

        given = {name: torch.from_numpy(array) for name, array in (weights or {}).items()}
        answer = function(torch, case["fields"], given, *map(torch.from_numpy, inputs))
        return Answer(answer.numpy(), sum(array.numel() for array in given.values()))

    return ask, cases


def _along_axis(array: Any, x: Any, axis: int) -> Any:
    """One number for each position of an axis of `x`, which is counted from 1, or from the end."""
    return array.reshape([-1 if place == axis % x.ndim else 1 for place in range(x.ndim)])


def _scaled(torch: Any, fields: Any, weights: Any, x: Any) -> Any:
    """Touvron et al., arXiv 2103.17239, equation 4: a diagonal matrix; Caffe's Scale adds a bias."""
    axis = fields.get("axis", 1)
    y = x * _along_axis(weights["scale"], x, axis)
    return y + _along_axis(weights["bias"], x, axis) if "bias" in weights else y


def _repeated(torch: Any, fields: Any, weights: Any, x: Any) -> Any:
    repeats = fields["repeats"]
    return torch.repeat_interleave(x, torch.tensor(repeats) if isinstance(repeats, list) else repeats, fields["axis"])


def _positions(torch: Any, fields: Any, weights: Any, x: Any) -> Any:
    return x + torch.nn.functional.embedding(torch.arange(x.shape[1]), weights["table"])


_IN_PYTORCH = {
    "addcdiv": _torch(
        lambda torch, fields, weights, x, a, b: torch.addcdiv(x, a, b, value=fields.get("value", 1)),
        ([[3, 5], [3, 5], [3, 5]], {"value": 0.5}), ([[3, 5], [3, 1], [1, 5]], {}),
    ),
    "addcmul": _torch(
        lambda torch, fields, weights, x, a, b: torch.addcmul(x, a, b, value=fields.get("value", 1)),
        ([[3, 5], [3, 5], [3, 5]], {"value": -2.5}), ([[3, 5], [3, 1], [1, 5]], {}),
    ),
    "addmm": _torch(
        lambda torch, fields, weights, x, a, b: torch.baddbmm(
            x, a, b, beta=fields.get("beta", 1), alpha=fields.get("alpha", 1)
        ),
        ([[3, 5], [3, 7], [7, 5]], {"beta": 0.5, "alpha": -1.5}), ([[1, 5], [3, 7], [7, 5]], {}),
    ),
    "lerp": _torch(
        lambda torch, fields, weights, x, a, w: torch.lerp(x, a, w.expand_as(x)),
        ([[3, 5], [3, 5], [3, 5]], {}), ([[3, 5], [3, 5], [3, 1]], {}),
    ),
    "masked_fill": _torch(
        lambda torch, fields, weights, x, mask: x.masked_fill(mask != 0, fields.get("value", 0)),
        ([[3, 5], [3, 5]], {"value": -2.5}), ([[3, 5, 2], [1, 5, 2]], {}),
    ),
    "outer_product": _torch(
        lambda torch, fields, weights, x, y: torch.stack([torch.outer(*pair) for pair in zip(x, y, strict=True)]),
        ([[3], [5]], {}), ([[5], [2]], {}),
    ),
    "repeat_interleave": _torch(
        _repeated,
        ([[3, 5]], {"repeats": 2, "axis": 1}), ([[3, 5]], {"repeats": [3, 1, 2], "axis": 1}),
        ([[3, 2, 5]], {"repeats": 3, "axis": 2}), ([[3, 5]], {"repeats": 2, "axis": 2}),
    ),
    "identity": _torch(lambda torch, fields, weights, x: torch.nn.Identity()(x), ([[3, 5]], {}), ([[3, 5, 2]], {})),
    "layer_scale": _torch(
        _scaled,
        ([[3, 5]], {}), ([[3, 5]], {"axis": -1}), ([[3, 5, 2]], {"bias": True}), ([[3, 5, 2]], {"axis": 2}),
    ),
    "class_token": _torch(
        lambda torch, fields, weights, x: torch.cat([weights["token"].expand(len(x), 1, -1), x], 1),
        ([[3, 5]], {}), ([[1, 7]], {}),
    ),
    "positional_embedding": _torch(_positions, ([[3, 5]], {}), ([[3, 5]], {"length": 7})),
}  # fmt: skip

PYTORCH = {layer: ask for layer, (ask, _) in _IN_PYTORCH.items()}


# --- Keras and TensorFlow --------------------------------------------------------------------------------------------


def _both_ways(case: Case, inputs: Arrays, weights: Weights) -> Answer:
    """keras.layers.Bidirectional around the inner layer."""
    ((kind, fields),) = case["fields"]["layer"].items()
    return in_keras({**case, "layer": kind, "fields": {**fields, "bidirectional": True}}, inputs, weights)


def _flipped_while_training(case: Case, inputs: Arrays, weights: Weights) -> Answer:
    import keras

    return Answer(np.asarray(keras.layers.RandomFlip(case["fields"]["mode"])(inputs[0], training=False)), 0)


KERAS = {"bidirectional": _both_ways, "augmentation": _flipped_while_training}

_WRAPPED: tuple[dict[str, Any], ...] = (
    {"rnn": {"units": 2, "merge": "average"}},
    {"rnn": {"units": 2, "merge": "sum", "nonlinearity": "relu", "return_sequences": True}},
    {"lstm": {"units": 2, "merge": "average", "return_sequences": True}},
    {"lstm": {"units": 2, "merge": "multiply"}},
    {"lstm": {"units": 3}},
    {"gru": {"units": 2, "merge": "average", "reset_after": False}},
    {"gru": {"units": 2, "merge": "sum"}},
    {"gru": {"units": 2, "merge": "concat", "return_sequences": True, "bias": False}},
)


def _bias_added(case: Case, inputs: Arrays, weights: Weights) -> Answer:
    import tensorflow as tf

    bias = np.zeros(case["inputs"][0][-1], np.float32) if weights is None else weights["bias"]
    return Answer(tf.nn.bias_add(inputs[0], bias).numpy(), bias.size)


TENSORFLOW = {"bias_add": _bias_added}


# --- formulas of papers, for what no framework here has --------------------------------------------------------------


def _highway(case: Case, inputs: Arrays, weights: dict[str, np.ndarray]) -> np.ndarray:
    """Srivastava, Greff & Schmidhuber, arXiv 1505.00387, equation 3: y = H(x)·T(x) + x·(1 − T(x))."""
    bend = {"relu": lambda h: max(h, 0.0), "tanh": np.tanh, "sigmoid": lambda h: 1 / (1 + np.exp(-h))}
    transform = bend.get(case["fields"].get("transform", "relu"), lambda h: h)
    y = np.empty_like(inputs[0])
    for place in np.ndindex(*y.shape[:-1]):
        x = inputs[0][place].astype(float)
        for unit in range(len(x)):
            H, T = (
                x @ weights[f"{name}_kernel"][:, unit] + weights.get(f"{name}_bias", np.zeros(len(x)))[unit]
                for name in ("transform", "gate")
            )
            gate = 1 / (1 + np.exp(-T))
            y[(*place, unit)] = transform(H) * gate + x[unit] * (1 - gate)
    return y


def _hidden_units(case: Case, inputs: Arrays, weights: dict[str, np.ndarray]) -> np.ndarray:
    """Hinton, A Practical Guide to Training Restricted Boltzmann Machines, equation 7: p(h = 1) = σ(b + Σ v·w)."""
    visible = inputs[0].reshape(len(inputs[0]), -1).astype(float)
    return 1 / (1 + np.exp(-(weights["hidden_bias"] + visible @ weights["kernel"])))


def _sparse(case: Case, inputs: Arrays, weights: dict[str, np.ndarray]) -> np.ndarray:
    """Martins & Astudillo, arXiv 1602.02068, algorithm 1; Keras's own is another function, see its deviation."""
    y = np.moveaxis(inputs[0].astype(float), case["fields"].get("axis", -1), -1).copy()
    for place in np.ndindex(*y.shape[:-1]):
        z = sorted(y[place], reverse=True)
        k = max(k for k in range(1, len(z) + 1) if 1 + k * z[k - 1] > sum(z[:k]))
        y[place] = np.maximum(y[place] - (sum(z[:k]) - 1) / k, 0)
    return np.moveaxis(y, -1, case["fields"].get("axis", -1))


def _frozen(case: Case, inputs: Arrays, weights: dict[str, np.ndarray]) -> np.ndarray:
    """Ioffe & Szegedy, arXiv 1502.03167, algorithm 2, with torchvision's FrozenBatchNorm2d's epsilon of 1e-5."""
    y = np.empty_like(inputs[0])
    for channel in range(y.shape[-1]):
        scale, shift, mean, variance = (
            float(weights[name][channel]) for name in ("scale", "shift", "mean", "variance")
        )
        y[..., channel] = scale * (inputs[0][..., channel] - mean) / sqrt(variance + 1e-5) + shift
    return y


def _waves(case: Case, inputs: Arrays, weights: dict[str, np.ndarray]) -> np.ndarray:
    """Vaswani et al., arXiv 1706.03762, section 3.5: sin(pos/10000^(2i/d)) and cos(pos/10000^(2i/d)) in turn."""
    y = inputs[0].copy()
    width, longest = y.shape[-1], case["fields"].get("wavelength", 10000)
    for position in range(y.shape[1]):
        for feature in range(width):
            angle = position / longest ** ((feature - feature % 2) / width)
            y[:, position, feature] += cos(angle) if feature % 2 else sin(angle)
    return y


def _boxes(case: Case, inputs: Arrays, weights: dict[str, np.ndarray]) -> np.ndarray:
    """Ren et al., arXiv 1506.01497, section 3.1.1: boxes of each size and ratio, h/w, around every place."""
    fields = case["fields"]
    down, right = fields["stride"] if isinstance(fields["stride"], list) else [fields["stride"]] * 2

    def around(row: int, column: int) -> Iterator[list[float]]:
        for ratio in fields.get("ratios", [1]):
            for size in fields["sizes"]:
                height, width = round(size * sqrt(ratio) / 2), round(size / sqrt(ratio) / 2)
                yield [column - width, row - height, column + width, row + height]

    _, rows, columns, _ = inputs[0].shape
    boxes = [box for r in range(rows) for c in range(columns) for box in around(r * down, c * right)]
    return np.array([boxes] * len(inputs[0]), float)


REFERENCE: dict[str, Callable[[Case, Arrays, dict[str, np.ndarray]], np.ndarray]] = {
    "highway": _highway,
    "rbm": _hidden_units,
    "sparsemax": _sparse,
    "frozen_batch_norm": _frozen,
    "positional_embedding": _waves,
    "anchors": _boxes,
    "parameter": lambda case, inputs, weights: weights["array"][None],  # the array as it is, with an axis for a batch
    "drop_block": lambda case, inputs, weights: inputs[0],  # arXiv 1810.12890, algorithm 1: the input at inference
    "stochastic_depth": lambda case, inputs, weights: inputs[0],  # torchvision.ops.StochasticDepth: as it is in eval()
}

_BY_FORMULA: tuple[tuple[str, list[list[int]], dict[str, Any]], ...] = (
    ("highway", [[3, 5]], {}), ("highway", [[5]], {"transform": "tanh"}),
    ("highway", [[5]], {"transform": "sigmoid", "bias": False}), ("highway", [[5]], {"transform": "linear"}),
    ("rbm", [[7]], {"hidden": 5}), ("rbm", [[3, 5]], {"hidden": 2}),
    ("sparsemax", [[3, 5]], {}), ("sparsemax", [[3, 5, 2]], {"axis": 2}),
    ("frozen_batch_norm", [[3, 5, 2]], {}), ("frozen_batch_norm", [[5, 7]], {}),
    ("positional_embedding", [[3, 5]], {"kind": "sinusoidal"}),
    ("positional_embedding", [[5, 4]], {"kind": "sinusoidal", "wavelength": 100}),
    ("anchors", [[2, 3, 5]], {"sizes": [32, 64], "ratios": [0.5, 2], "stride": [16, 8]}),
    ("anchors", [[3, 1, 2]], {"sizes": [100], "stride": 7}),
    ("parameter", [[2]], {"shape": [3, 5]}), ("parameter", [[2]], {"shape": [7], "buffer": True}),
    ("drop_block", [[3, 5, 2]], {}), ("stochastic_depth", [[3, 5]], {}),
)  # fmt: skip


CHOSEN: tuple[Case, ...] = (
    *(
        _case("pytorch", layer, *inputs, **fields)
        for layer, (_, cases) in _IN_PYTORCH.items()
        for inputs, fields in cases
    ),
    *(_case("keras", "bidirectional", [3, 5], layer=inner) for inner in _WRAPPED),
    _case("keras", "augmentation", [3, 5, 2], mode="horizontal"),
    _case("pytorch", "softmax2d", [3, 5, 2]),
    *(_case("tensorflow", "bias_add", inputs) for inputs in ([3, 5], [3, 5, 2])),
    *(_case("formula", layer, *inputs, **fields) for layer, inputs, fields in _BY_FORMULA),
)
