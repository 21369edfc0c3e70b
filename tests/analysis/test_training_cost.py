"""The memory of training, worked by hand on small models."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.analysis.cost.optimizers import OPTIMIZERS
from cnncalc.analysis.cost.storages import is_assumed
from cnncalc.analysis.cost.training_cost import cost
from cnncalc.diagnostics import SpecError
from tests.together import for_each

FLOAT = 4

KEPT = {
    # 7 features, batch 3; dense_1 keeps its input, relu its output, which is the input of dense_2 and counts once
    "7 -> dense 5 relu -> dense 2": 3 * (7 + 5),
    # relu as a layer of its own keeps the same
    "7 -> dense 5 -> relu -> dense 2": 3 * (7 + 5),
    # gelu keeps its input, and dense_2 its own
    "7 -> dense 5 gelu -> dense 2": 3 * (7 + 5 + 5),
    # an addition keeps nothing; both dense layers keep the same input
    "7 -> add(dense 5 | dense 5)": 3 * 7,
    # a product keeps both factors
    "7 -> multiply(dense 5 | dense 5)": 3 * (7 + 5 + 5),
    # nothing that comes before the first weights has a backward pass
    "7 -> sigmoid -> tanh -> dense 5": 3 * 7,
    # a frozen layer passes the gradient on, and needs its weights only
    "7 -> dense 5 -> dense 3 trainable=false -> dense 2": 3 * (7 + 3),
    # flatten is a view; max_pool keeps its input, and indices of 8 bytes
    "8x8x2 -> conv 3 3x3 -> max_pool 2 -> flatten -> dense 4": 3 * (8 * 8 * 2 + 6 * 6 * 3 + 2 * 27 + 27),
    # a view of another order is copied by a reshape
    "8x6 -> conv 4 1 -> permute [2,1] -> flatten -> dense 3": 3 * (8 * 6 + 32),
    # statistics of a batch norm have no batch axis; relu keeps its output
    "5x5x2 -> conv 3 1x1 -> batch_norm -> relu": 3 * (50 + 75 + 75) + 2 * 3,
}


@for_each("spec, numbers", [*KEPT.items()])
def test_kept_activations(spec: str, numbers: int) -> None:
    """The numbers that are kept, each once: float32."""
    assert cost(spec, batch=3).totals.kept_bytes == FLOAT * numbers


def test_the_peak_of_a_small_step() -> None:
    """Batch 3: x 84, h 60, y 24 bytes; 40 + 12 weights and as many gradients.

    In the backward pass of dense_1: x, y and the gradient before relu are live, and the gradients of all weights; h is
    free after the backward pass of relu.
    """
    found = cost("7 -> dense 5 relu -> dense 2", batch=3)
    weights = FLOAT * (7 * 5 + 5 + 5 * 2 + 2)
    assert (found.peak.phase, found.peak.layer) == ("backward", "dense_1")
    assert found.peak.activation_bytes == 84 + 24
    assert found.peak.activation_gradient_bytes == 60
    assert found.peak.weight_gradient_bytes == weights
    assert found.totals.peak_bytes == 2 * weights + 84 + 24 + 60


def test_a_residual_gradient_is_shared() -> None:
    """The gradient of a sum is that of both branches: it exists once until one of them adds to it.

    7 features, batch 1, 28 bytes each: x, h and y are live, and in the backward pass of dense_2 the gradient of y,
    which is also that of h, and the new one through dense_2.
    """
    found = cost("7 -> dense 7 -> add(dense 7 bias=false | identity)")
    backward = {layer.name: layer.kept_bytes for layer in found.layers}
    assert backward == {"dense_1": 28, "dense_2": 28, "identity_1": 0, "add_1": 0}
    assert found.peak.phase == "backward"


def test_checkpoints() -> None:
    """Only the inputs of the blocks are kept; their forward pass runs again, 2·(7·5 + 5·7) MACs for each sample."""
    spec = {
        "input": [7],
        "blocks": {"pair": {"layers": ["dense 5 sigmoid", "dense 7 sigmoid"]}},
        "layers": [{"pair": {"name": "one"}}, {"pair": {"name": "two"}}, "dense 2"],
    }
    plain, checkpointed = cost(spec, batch=3), cost(spec, batch=3, checkpoint="*")
    assert plain.totals.kept_bytes == 3 * FLOAT * (7 + 5 + 7 + 5 + 7)
    assert checkpointed.totals.kept_bytes == 3 * FLOAT * (7 + 7 + 7)
    assert [(one.name, one.layers) for one in checkpointed.checkpoints] == [("one", 2), ("two", 2)]
    assert checkpointed.totals.recomputed_macs == 3 * 2 * (7 * 5 + 5 * 7)
    assert plain.totals.recomputed_macs == 0
    with pytest.raises(SpecError, match='no block matches "three"'):
        cost(spec, checkpoint="three")
    stages = [{"name": f"stage{number}", "layers": ["relu"]} for number in range(1, 10)]
    with pytest.raises(SpecError) as caught:
        cost({"input": [7], "layers": stages}, checkpoint="three")
    hint = caught.value.diagnostics[0].hint
    assert hint == "the blocks are stage1, stage2, stage3, stage4, stage5, stage6, stage7, stage8"
    with pytest.raises(SpecError) as caught:
        cost("5 -> dense 7", checkpoint="*")
    assert "a group with a name, - {name: stage1," in str(caught.value.diagnostics[0].hint)


def test_frozen_attention_keeps_no_inputs() -> None:
    """14,000 bytes of the input, the projections, the averages and statistics: PyTorch 2.13, saved_tensors_hooks."""
    layers = ["layer_norm", "multi_head_attention 2 trainable=false", "dense 5"]
    assert cost({"convention": "pytorch", "input": "7x16", "layers": layers}, batch=5).totals.kept_bytes == 14_000


STATES = {
    # the bytes for the 7x5 kernel and the 5 biases of a dense layer; PyTorch counts the steps in a float32 per array
    "sgd": 0,
    "momentum": FLOAT * 40,
    "adam": FLOAT * (2 * 40 + 2),
    "adamw": FLOAT * (2 * 40 + 2),
    "rmsprop": FLOAT * (40 + 2),
    "adagrad": FLOAT * (40 + 2),
    "lion": FLOAT * 40,
    "adafactor": FLOAT * (7 + 5 + 5 + 2),
}


def test_every_optimizer_has_a_case() -> None:
    """The table above has each optimizer."""
    assert set(STATES) == set(OPTIMIZERS)


@for_each("name, size", [*STATES.items()])
def test_optimizer_states(name: str, size: int) -> None:
    """The states of a dense layer's two arrays; nothing for a frozen layer."""
    assert cost("7 -> dense 5", train=name).totals.optimizer_bytes == size
    frozen = cost("7 -> dense 5 trainable=false", train=name).totals
    assert (frozen.optimizer_bytes, frozen.gradient_bytes, frozen.weight_bytes) == (0, 0, 160)


STATES_BY_TYPE = [
    # torch 2.13, a Conv2d(3, 5, (7, 11)) after one step: the sum of element_size · numel over the optimizer's state
    ("momentum", "float16", 2320), ("momentum", "bfloat16", 2320), ("momentum", "float64", 9280),
    ("adam", "float16", 4648), ("adamw", "bfloat16", 4648), ("adam", "float64", 18568),
    ("rmsprop", "float16", 2328), ("adagrad", "float64", 9288),
    ("adafactor", "bfloat16", 558), ("adafactor", "float64", 2208),
]  # fmt: skip


@for_each("name, dtype, size", STATES_BY_TYPE)
def test_optimizer_states_have_the_type_of_the_weights(name: str, dtype: str, size: int) -> None:
    """PyTorch keeps states in the type of the weights, and the number of steps in float32."""
    assert cost("13x17x3 -> conv 5 7x11", train=name, dtype=dtype).totals.optimizer_bytes == size


def test_a_joined_gradient_is_not_copied() -> None:
    """PyTorch narrows the gradient of a concatenation: 3·(5 + 5) numbers of it, and no more for its two inputs."""
    found = cost("7 -> concat(dense 5 | dense 5)", batch=3)
    assert (found.peak.phase, found.peak.activation_gradient_bytes) == ("backward", FLOAT * 3 * 10)


MIXED = {
    # the input in half precision, relu's output, and the kernel of dense_2; that of dense_1 has no use in backward
    "7 -> dense 5 relu -> dense 2": 3 * 2 * (7 + 5) + 2 * 10,
    # a convolution keeps its kernel in any case
    "5x5x2 -> conv 3 1x1 relu": 3 * 2 * (50 + 75) + 2 * 6,
    # softmax computes in float32; both dense layers cast the input of the model for themselves
    "7 -> add(dense 5 | dense 5) -> softmax": 3 * (2 * 7 + 2 * 7 + 4 * 5),
    # the statistics of a batch norm are float32
    "5x5x2 -> conv 3 1x1 -> batch_norm -> relu": 3 * 2 * (50 + 75 + 75) + 2 * 6 + 4 * 2 * 3,
}


@for_each("spec, size", [*MIXED.items()])
def test_mixed_precision(spec: str, size: int) -> None:
    """The bytes that are kept with torch.autocast; weights, gradients and states stay float32."""
    mixed, plain = (cost(spec, batch=3, train="adam", dtype=dtype).totals for dtype in ("mixed", "float32"))
    assert mixed.kept_bytes == size
    assert mixed[:4] == plain[:4]


def test_what_is_wrong_is_said() -> None:
    """An optimizer, a type or a batch that does not exist."""
    for options, message in (({"train": "adamm"}, "adam"), ({"dtype": "int8"}, "float32"), ({"batch": 0}, "positive")):
        with pytest.raises(SpecError, match=message):
            cost("7 -> dense 5", **options)  # type: ignore[arg-type]


@for_each(
    ("spec", "assumed"),
    [
        ("9 -> custom output=4", True),  # both have no rule of what they keep
        ("9 -> opaque output=3", True),
        ("9x9x3 -> max_pool 2", False),  # its input
        ("9x9x3 -> conv 4 3", False),  # its input, or a padded copy
        ("9x9x3 -> sin", False),
    ],
)
def test_layers_that_do_not_declare_what_they_keep(spec: str, assumed: bool) -> None:
    layer = load(spec).nodes[1].layer
    assert layer is not None
    assert is_assumed(layer) == assumed
