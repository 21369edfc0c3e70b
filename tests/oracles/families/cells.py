"""One step of a recurrent layer: what PyTorch's and Keras's cells say."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

from tests.oracles.cases import Case
from tests.oracles.drawing import Drawn, Fields, chance, maybe
from tests.oracles.families import Answer, Weights
from tests.oracles.families.recurrent import update_first

FREQUENCY = {
    "pytorch": {"rnn_cell": 1, "lstm_cell": 1, "gru_cell": 1},
    "keras": {"rnn_cell": 1, "lstm_cell": 1, "gru_cell": 1},
}


def cell(random: Random, convention: str) -> tuple[list[list[int]], Fields]:
    """A vector, with or without a state, which is sometimes too large."""
    x, units = [random.choice((1, 2, 3, 5, 11))], random.choice((1, 2, 3, 5, 7))
    if chance(random, 0.08) and convention == "pytorch":
        x = [2, *x]
    fields: Fields = {"units": units}
    maybe(random, fields, "bias", 0.3, lambda: chance(random, 0.5))
    if chance(random, 0.4) and convention == "pytorch":
        return [x], fields
    return [x, [units + (chance(random, 0.1) and convention == "pytorch")]], fields


def rnn_cell(random: Random, convention: str) -> Drawn:
    inputs, fields = cell(random, convention)
    maybe(random, fields, "nonlinearity", 0.4, lambda: random.choice(("tanh", "relu")))
    return inputs, fields


def lstm_cell(random: Random, convention: str) -> Drawn:
    inputs, fields = cell(random, convention)
    maybe(random, fields, "gives", 0.5, lambda: random.choice(("state", "cell")))
    return inputs + inputs[1:], fields


def gru_cell(random: Random, convention: str) -> Drawn:
    inputs, fields = cell(random, convention)
    if convention == "keras":
        maybe(random, fields, "reset_after", 0.5, lambda: chance(random, 0.5))
    return inputs, fields


DRAW = {"rnn_cell": rnn_cell, "lstm_cell": lstm_cell, "gru_cell": gru_cell}


def _chosen(case: Case, given: Any) -> Any:
    """Of a state and a cell the one that the case asks for."""
    return given[case["fields"].get("gives") == "cell"] if case["layer"] == "lstm_cell" else given


def _pytorch(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import torch
    from torch import nn

    from tests.oracles.pytorch_oracle import run_module

    fields = case["fields"]
    words = {"nonlinearity": fields["nonlinearity"]} if "nonlinearity" in fields else {}
    name = {"rnn_cell": "RNNCell", "lstm_cell": "LSTMCell", "gru_cell": "GRUCell"}[case["layer"]]
    module = getattr(nn, name)(case["inputs"][0][-1], fields["units"], bias=fields.get("bias", True), **words)
    theirs = {"kernel": "weight_ih", "recurrent": "weight_hh", "bias": "bias_ih", "recurrent_bias": "bias_hh"}
    if weights is not None:
        module.load_state_dict({theirs[key]: torch.from_numpy(array.T.copy()) for key, array in weights.items()})
    states = [torch.from_numpy(state) for state in inputs[1:]]
    given = (tuple(states) if case["layer"] == "lstm_cell" else states[0]) if states else None
    answer = run_module(lambda x: _chosen(case, module(x, given)), inputs[:1])
    return Answer(answer.output, sum(parameter.numel() for parameter in module.parameters()))


def _keras(case: Case, inputs: list[np.ndarray], weights: Weights) -> Answer:
    import keras

    fields = case["fields"]
    options = {"use_bias": fields.get("bias", True)}
    if "nonlinearity" in fields:
        options["activation"] = fields["nonlinearity"]
    if "reset_after" in fields:
        options["reset_after"] = fields["reset_after"]
    name = {"rnn_cell": "SimpleRNNCell", "lstm_cell": "LSTMCell", "gru_cell": "GRUCell"}[case["layer"]]
    layer = getattr(keras.layers, name)(fields["units"], **options)
    layer.build(inputs[0].shape)
    if weights is not None:
        own = [weights[key] for key in ("kernel", "recurrent")]
        biases = [weights[key] for key in ("bias", "recurrent_bias") if key in weights]
        own += [np.stack(biases) if len(biases) > 1 else biases[0]] if biases else []
        layer.set_weights([update_first(array) for array in own] if case["layer"] == "gru_cell" else own)
    states = layer(inputs[0], inputs[1:])[1]
    output = _chosen(case, states) if case["layer"] == "lstm_cell" else keras.tree.flatten(states)[0]
    return Answer(np.asarray(output), layer.count_params())


PYTORCH = dict.fromkeys(DRAW, _pytorch)
KERAS = dict.fromkeys(DRAW, _keras)
