"""Recurrent layers: what PyTorch, Keras and ONNX Runtime say."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

from tests.oracles.cases import Case
from tests.oracles.drawing import Drawn, Fields, chance, maybe, volume
from tests.oracles.families import Answer, Weights

FREQUENCY = {
    "pytorch": {"rnn": 2, "lstm": 4, "gru": 2},
    "keras": {"rnn": 1, "lstm": 3, "gru": 3, "conv_lstm": 2, "masking": 0.5},
    "onnx": {"rnn": 2, "lstm": 3, "gru": 3},
}

MERGES = {"concat": "concat", "sum": "sum", "multiply": "mul", "average": "ave"}


def recurrent(random: Random, convention: str) -> tuple[list[int], Fields]:
    """A sequence, or now and then something else, and the fields that all of them have."""
    shape = [random.choice((1, 2, 3, 5, 7)), random.choice((1, 2, 3, 5, 11))]
    if chance(random, 0.15):
        shape = random.choice(([5], [2, 3, 5]))
    fields: Fields = {"units": random.choice((1, 2, 3, 5, 7))}
    if convention != "pytorch":
        maybe(random, fields, "return_sequences", 0.6, lambda: chance(random, 0.5))
    maybe(random, fields, "bidirectional", 0.5, lambda: chance(random, 0.8))
    maybe(random, fields, "bias", 0.3, lambda: chance(random, 0.5))
    if convention == "keras" and fields.get("bidirectional"):
        maybe(random, fields, "merge", 0.7, lambda: random.choice(list(MERGES)))
    if convention == "pytorch":
        maybe(random, fields, "layers", 0.4, lambda: random.choice((1, 2, 3)))
    return shape, fields


def rnn(random: Random, convention: str) -> Drawn:
    shape, fields = recurrent(random, convention)
    maybe(random, fields, "nonlinearity", 0.4, lambda: random.choice(("tanh", "relu")))
    return [shape], fields


def lstm(random: Random, convention: str) -> Drawn:
    shape, fields = recurrent(random, convention)
    if convention == "pytorch":
        maybe(random, fields, "projection", 0.4, lambda: random.choice((1, 2, 3, 5)))
    if convention == "onnx":
        maybe(random, fields, "peepholes", 0.5, lambda: chance(random, 0.8))
    return [shape], fields


def gru(random: Random, convention: str) -> Drawn:
    shape, fields = recurrent(random, convention)
    if convention != "pytorch":
        maybe(random, fields, "reset_after", 0.5, lambda: chance(random, 0.5))
    return [shape], fields


def conv_lstm(random: Random, convention: str) -> Drawn:
    rank = random.choice((1, 2, 2))
    spatial = [random.choice((1, 2, 3, 5, 6, 7)) for _ in range(rank)]
    fields: Fields = {"filters": random.choice((1, 2, 3)), "kernel": random.choice((1, 2, 3, 3, 4))}
    maybe(random, fields, "stride", 0.4, lambda: random.choice((1, 2, 3)))
    maybe(random, fields, "dilation", 0.2, lambda: random.choice((1, 2)))
    maybe(random, fields, "padding", 0.6, lambda: random.choice(("same", "valid")))
    maybe(random, fields, "bias", 0.3, lambda: chance(random, 0.5))
    maybe(random, fields, "return_sequences", 0.5, lambda: chance(random, 0.5))
    shape = [random.choice((1, 2, 3)), *volume(convention, spatial, random.choice((1, 2, 3)))]
    maybe(random, fields, "bidirectional", 0.4, lambda: chance(random, 0.8))
    if fields.get("bidirectional"):
        maybe(random, fields, "merge", 0.7, lambda: random.choice(list(MERGES)))
    return [shape], fields


def masking(random: Random, convention: str) -> Drawn:
    fields: Fields = {}
    maybe(random, fields, "value", 0.5, lambda: random.choice((0, 1, -1)))
    return [[*(random.choice((1, 2, 5, 7)) for _ in range(random.randint(1, 3))), random.choice((1, 1, 2))]], fields


DRAW = {"rnn": rnn, "lstm": lstm, "gru": gru, "conv_lstm": conv_lstm, "masking": masking}


def suffixes(case: Case) -> list[str]:
    """What the weights' names end in, layer by layer and direction by direction."""
    directions = ("", "_back") if case["fields"].get("bidirectional") else ("",)
    layers = range(1, case["fields"].get("layers", 1) + 1)
    return [(f"_{layer}" if layer > 1 else "") + direction for layer in layers for direction in directions]


# --- PyTorch: its gates are ours -------------------------------------------------------------------------------------


def in_pytorch(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    from torch import nn

    from tests.oracles.pytorch_oracle import run_module

    fields = case["fields"]
    if len(case["inputs"][0]) != 2:
        raise ValueError("a batch of sequences has three axes: two are one sequence without a batch")
    options: dict[str, Any] = {"num_layers": fields.get("layers", 1), "bias": fields.get("bias", True)}
    options |= {"bidirectional": fields.get("bidirectional", False), "batch_first": True}
    if "projection" in fields:
        options["proj_size"] = fields["projection"]
    if "nonlinearity" in fields:
        options["nonlinearity"] = fields["nonlinearity"]
    module = getattr(nn, case["layer"].upper())(case["inputs"][0][-1], fields["units"], **options)
    return run_module(module, inputs, None if weights is None else pytorch_weights(case, weights))


THEIRS = {
    "kernel": "weight_ih", "recurrent": "weight_hh", "bias": "bias_ih", "recurrent_bias": "bias_hh",
    "projection": "weight_hr",
}  # fmt: skip


def pytorch_weights(case: Case, weights: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    given = {}
    directions = 2 if case["fields"].get("bidirectional") else 1
    for place, suffix in enumerate(suffixes(case)):
        end = f"_l{place // directions}" + ("_reverse" if place % directions else "")
        for name, theirs in THEIRS.items():
            if name + suffix in weights:
                given[theirs + end] = weights[name + suffix].T
    return given


PYTORCH = {"rnn": in_pytorch, "lstm": in_pytorch, "gru": in_pytorch}


# --- Keras -----------------------------------------------------------------------------------------------------------


def in_keras(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import keras

    from tests.oracles.keras_oracle import run_layer

    fields = case["fields"]
    options = {"use_bias": fields.get("bias", True), "return_sequences": fields.get("return_sequences", False)}
    if "nonlinearity" in fields:
        options["activation"] = fields["nonlinearity"]
    if "reset_after" in fields:
        options["reset_after"] = fields["reset_after"]
    name = {"rnn": "SimpleRNN", "lstm": "LSTM", "gru": "GRU"}[case["layer"]]
    layer = getattr(keras.layers, name)(fields["units"], **options)
    if fields.get("bidirectional"):
        layer = keras.layers.Bidirectional(layer, merge_mode=MERGES[fields.get("merge", "concat")])
    return run_layer(layer, inputs, None if weights is None else keras_weights(case, weights))


def keras_weights(case: Case, weights: dict[str, np.ndarray]) -> list[np.ndarray]:
    """Kernel, recurrent kernel and bias of each direction; a GRU's update gate comes first."""
    given = []
    for suffix in suffixes(case):
        own = [weights[name + suffix] for name in ("kernel", "recurrent")]
        biases = [weights[name + suffix] for name in ("bias", "recurrent_bias") if name + suffix in weights]
        own += [np.stack(biases) if len(biases) > 1 else biases[0]] if biases else []
        given += [update_first(array) for array in own] if case["layer"] == "gru" else own
    return given


def update_first(array: np.ndarray) -> np.ndarray:
    """A GRU's numbers with the update gate before the reset gate."""
    reset, update, candidate = np.split(array, 3, axis=-1)
    return np.concatenate([update, reset, candidate], axis=-1)


def conv_lstm_in_keras(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import keras

    from tests.oracles.keras_oracle import SLIDING, chosen, run_layer

    rank = len(case["inputs"][0]) - 2
    layer = getattr(keras.layers, f"ConvLSTM{rank}D")(
        **chosen(case, **SLIDING, filters="filters", return_sequences="return_sequences")
    )
    if case["fields"].get("bidirectional"):
        layer = keras.layers.Bidirectional(layer, merge_mode=MERGES[case["fields"].get("merge", "concat")])
    return run_layer(layer, inputs, None if weights is None else list(weights.values()))


def some_steps_masked(generator: np.random.Generator, case: Case) -> list[np.ndarray]:
    """Whole numbers, so that steps hold the mask's value alone."""
    return [generator.integers(-1, 2, (2, *shape)).astype(np.float32) for shape in case["inputs"]]


INPUTS = {"masking": some_steps_masked}


def masking_in_keras(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import keras

    from tests.oracles.keras_oracle import run_layer

    layer = keras.layers.Masking(case["fields"].get("value", 0.0))
    return run_layer(layer, inputs, None if weights is None else [])


KERAS = {
    "rnn": in_keras, "lstm": in_keras, "gru": in_keras, "conv_lstm": conv_lstm_in_keras, "masking": masking_in_keras,
}  # fmt: skip


# --- ONNX ------------------------------------------------------------------------------------------------------------

ORDER = {"rnn": (0,), "lstm": (0, 3, 1, 2), "gru": (1, 0, 2)}
"""Our gates in ONNX's order: input, output, forget, candidate; update, reset, candidate."""


def in_onnx(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    """The operator takes steps first, and gives (steps, directions, batch, units)."""
    from onnx import helper

    from tests.oracles.onnxruntime_oracle import run_nodes

    fields, kind = case["fields"], case["layer"]
    directions = 2 if fields.get("bidirectional") else 1
    given = onnx_weights(case, weights)
    inputs = [np.ascontiguousarray(np.swapaxes(inputs[0], 0, 1))]
    names = ["x0", "W", "R", "B" if "B" in given else "", "", "", "", "P"][: 8 if "P" in given else 4]
    attributes: dict[str, Any] = {"hidden_size": fields["units"]}
    if directions > 1:
        attributes["direction"] = "bidirectional"
    if fields.get("nonlinearity") == "relu":
        attributes["activations"] = ["Relu"] * directions
    if "reset_after" in fields:
        attributes["linear_before_reset"] = int(fields["reset_after"])
    sequences = fields.get("return_sequences", True)
    node = helper.make_node(kind.upper(), names, ["y"] if sequences else ["", "y"], **attributes)
    answer = run_nodes([node], inputs, given, rank=4 if sequences else 3, learned=tuple(given))
    output = np.moveaxis(answer.output, -2, 0)  # the batch first, then (steps,) directions, units
    return Answer(output.reshape(*output.shape[:-2], -1), answer.params)


def onnx_weights(case: Case, weights: Weights) -> dict[str, np.ndarray]:
    """W, R, B and P: one for each direction, gates first."""
    fields, gates, units = case["fields"], len(ORDER[case["layer"]]), case["fields"]["units"]
    ends = suffixes(case)
    if weights is None:
        weights = {"kernel" + end: np.zeros((case["inputs"][0][-1], gates * units), np.float32) for end in ends}
        weights |= {"recurrent" + end: np.zeros((units, gates * units), np.float32) for end in ends}
        if fields.get("bias", True):
            names = [name + end for name in ("bias", "recurrent_bias") for end in ends]
            weights |= {name: np.zeros(gates * units, np.float32) for name in names}
        if fields.get("peepholes"):
            weights |= {"peephole" + end: np.zeros(3 * units, np.float32) for end in ends}
    found = {
        "W": np.stack([ordered(case, weights["kernel" + end]).T for end in ends]),
        "R": np.stack([ordered(case, weights["recurrent" + end]).T for end in ends]),
    }
    if "bias" in weights:
        pairs = [[ordered(case, weights[name + end]) for name in ("bias", "recurrent_bias")] for end in ends]
        found["B"] = np.stack([np.concatenate(pair) for pair in pairs])
    if "peephole" in weights:
        looks = [np.split(weights["peephole" + end], 3) for end in ends]
        found["P"] = np.stack([np.concatenate([i, o, f]) for i, f, o in looks])
    return {name: np.ascontiguousarray(array) for name, array in found.items()}


def ordered(case: Case, array: np.ndarray) -> np.ndarray:
    gates = np.split(array, len(ORDER[case["layer"]]), axis=-1)
    return np.concatenate([gates[place] for place in ORDER[case["layer"]]], axis=-1)


ONNX = {"rnn": in_onnx, "lstm": in_onnx, "gru": in_onnx}
