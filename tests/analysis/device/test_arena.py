"""One buffer for all tensors: placed by hand, without overlaps, and the published sizes of two networks."""

from __future__ import annotations

import pytest
from hypothesis import given

from cnncalc.analysis.analyze import load
from cnncalc.analysis.device.arena import Arena, PlacedTensor, plan_arena
from cnncalc.analysis.device.deployment import Constants, constants, deployed, in_memory
from cnncalc.analysis.device.device_figures import device_figure, fullest_text
from cnncalc.analysis.device.least_order import least_order
from cnncalc.analysis.device.schedule import Schedule
from tests.analysis.device.test_schedule import schedule, schedules
from tests.together import for_each


def places(plan: Schedule) -> dict[str, tuple[int, int, int]]:
    return {tensor.name: (tensor.offset, tensor.first, tensor.last) for tensor in plan_arena(plan).tensors}


def test_the_largest_is_placed_first() -> None:
    """t1 (48) lies at 0; t0 (16) is in use with it: at 48; t2 (32) with t1: at 48, where t0 is no longer in use."""
    chain = schedule((16, 48, 32, 8), ((0,), ()), ((1,), ()), ((2,), ()))
    assert places(chain) == {"t0": (48, 0, 0), "t1": (0, 0, 1), "t2": (48, 1, 2), "t3": (0, 2, 2)}
    assert plan_arena(chain).bytes == 80


def test_offsets_are_multiples_of_sixteen() -> None:
    """17 bytes take 32."""
    chain = schedule((1, 17, 5), ((0,), ()), ((1,), ()))
    assert places(chain) == {"t0": (32, 0, 0), "t1": (0, 0, 1), "t2": (32, 1, 1)}
    assert plan_arena(chain).bytes == 48


def test_a_gap_is_used() -> None:
    """t3 (32) does not fit into the 16 free bytes below t2, which lies above t0; t4 (16) does."""
    plan = schedule((16, 64, 48, 32, 16), ((0,), ()), ((0, 1), ()), ((2,), ()), ((2, 3), ()))
    found = plan_arena(plan)
    assert found.bytes == 128  # 64 + 48 + 16 while the second step runs
    assert {tensor.name: tensor.offset for tensor in found.tensors} == {"t1": 0, "t2": 64, "t0": 112, "t3": 0, "t4": 32}


def test_the_tensors_that_need_it() -> None:
    chain = schedule((16, 48, 32, 8), ((0,), ()), ((1,), ()), ((2,), ()))
    assert [tensor.name for tensor in plan_arena(chain).fullest()] == ["t1", "t2"]
    assert Arena(0, ()).fullest() == ()


@given(schedules())
def test_no_two_tensors_in_use_overlap(plan: Schedule) -> None:
    """The arena holds at least the peak, and tensors in use at the same time share no byte."""
    found = plan_arena(plan)
    assert found.bytes >= plan.peak()
    for one in found.tensors:
        assert one.offset % 16 == 0
        for other in found.tensors:
            apart_in_time = one.last < other.first or other.last < one.first
            assert one is other or apart_in_time or one.end <= other.offset or other.end <= one.offset


SEPARABLE = (
    "depthwise_conv 3x3 s{stride} same bias=false -> batch_norm relu6 -> "
    "conv {filters} 1x1 bias=false -> batch_norm relu6"
)


def separable(*blocks: tuple[int, int]) -> str:
    return " -> ".join(SEPARABLE.format(filters=filters, stride=stride) for filters, stride in blocks)


MOBILENET = (
    "96x96x1 -> conv 8 3x3 s2 same bias=false -> batch_norm relu6 -> "
    + separable((16, 1), (32, 2), (32, 1), (64, 2), (64, 1), (128, 2), *[(128, 1)] * 5, (256, 2), (256, 1))
    + " -> global_avg_pool -> dense 2 -> softmax"
)
"""MobileNet v1 of width 0.25 on 96×96 grey pixels: the network of the visual wake words benchmark."""
DS_CNN = (
    "49x10x1 -> conv 64 10x4 s2 same bias=false -> batch_norm relu -> "
    + separable(*[(64, 1)] * 4).replace("relu6", "relu")
    + " -> global_avg_pool -> dense 12 -> softmax"
)
"""The small DS-CNN of "Hello Edge"."""


def test_published_working_memory() -> None:
    """MobileNet: 55.30 kB non-persistent memory in David et al., arXiv 2010.08678 (visual wake words).

    It is 48·48·8 + 48·48·16 bytes.
    """
    assert device_figure("arena", load(MOBILENET, convention="keras")) == 55_296


def test_published_memory_of_a_keyword_network() -> None:
    """DS-CNN: 38.6 kB in Zhang et al., Hello Edge, arXiv 1711.07128: weights and biases of a byte each, and
    the largest input and output of a layer, 2·25·5·64 bytes."""
    graph = load(DS_CNN, convention="keras")
    stored = constants(graph)
    assert plan_arena(deployed(graph)).bytes == 16_000
    assert stored.weights + stored.biases // 4 + 16_000 == 38_604
    assert device_figure("flash", graph) == 22_016 + 4 * 588 + 4 * 588


@for_each(
    ("spec", "expected"),
    [
        # 3·3·2·4 weights, 4 biases of four bytes, 4 scales of four bytes
        ("8x8x2 -> conv 4 3x3", (72, 16, 16)),
        ("8x8x2 -> conv 4 3x3 bias=false", (72, 0, 16)),
        ("8x8x2 -> conv 4 3x3 bias=false -> batch_norm", (72, 16, 16)),  # folded: it becomes a bias
        ("8x8x2 -> conv 4 3x3 -> batch_norm -> relu", (72, 16, 16)),  # there is one already
        ("8x8x2 -> relu -> batch_norm", (2, 8, 4)),  # a multiplier and an offset per channel, one scale
        ("8x8x2 -> conv 2 3x3 relu -> batch_norm", (36 + 2, 8 + 8, 8 + 4)),  # the activation is between them
        ("8x8x2 -> add(identity | batch_norm)", (2, 8, 4)),
        ("8x8x2 -> depthwise_conv 3x3 m3", (54, 24, 24)),  # a scale for each of six outputs
        ("8x8x2 -> flatten -> dense 5", (640, 20, 20)),
        ("7 -> embedding 10 4", (40, 0, 40)),  # a scale for each word
        ("8x8x2 -> prelu", (2, 0, 4)),
    ],
)
def test_stored_numbers(spec: str, expected: tuple[int, int, int]) -> None:
    """Weights, biases and scales in bytes, by hand."""
    assert constants(load(spec)) == Constants(*expected)


def test_shared_weights_are_stored_once() -> None:
    twice = {
        "input": "8x8x2",
        "layers": [{"conv": "2 3x3 p1", "name": "a"}, {"conv": "2 3x3 p1", "share_weights": "a"}],
    }
    assert constants(load(twice)) == constants(load("8x8x2 -> conv 2 3x3 p1"))


@for_each(
    ("spec", "tensors"),
    [
        ("8x8x2 -> conv 4 3x3 p1 -> batch_norm -> relu -> dropout -> flatten", ["input", "conv_1"]),
        ("8x8x2 -> conv 4 3x3 p1 relu", ["input", "conv_1"]),
        ("8x8x2 -> conv 4 3x3 p1 -> sigmoid", ["input", "conv_1", "sigmoid_1"]),  # an operation of its own
        ("8x8x2 -> conv 4 3x3 p1 swish", ["input", "conv_1 before swish", "conv_1"]),
        ("8x8x2 -> concat(identity | identity) -> relu", ["input", "concat_1", "relu_1"]),
        ("8x8x2 -> concat(identity | identity) activation=relu", ["input", "concat_1 before relu", "concat_1"]),
        ("8x8x2 -> add(conv 2 1x1 -> batch_norm | identity) -> relu", ["input", "conv_1", "add_1"]),
        ("8x8x2 -> conv 2 1x1 -> add(relu | identity)", ["input", "conv_1", "relu_1", "add_1"]),  # two readers
    ],
)
def test_deployed_tensors(spec: str, tensors: list[str]) -> None:
    assert [tensor.name for tensor in deployed(load(spec)).tensors] == tensors


@for_each(
    ("spec", "listed", "in_place", "best"),
    [
        # 8·8·2 = 128 numbers of four bytes
        ("8x8x2 -> conv 2 3x3 p1 -> relu -> conv 2 3x3 p1", 1024, 1024, 1024),
        ("8x8x2 -> conv 2 3x3 p1 -> add(conv 2 1x1 | identity)", 1536, 1024, 1024),  # the sum takes the place of a term
        ("8x8x2 -> relu -> flatten -> dense 1", 1024, 1024, 1024),  # the model's input is not overwritten
        ("8x8x2 -> concat(conv 20 1x1 -> max_pool 8 | conv 2 1x1 -> max_pool 8)", 5712, 5712, 5640),  # 8, not 80, wait
    ],
)
def test_peaks(spec: str, listed: int, in_place: int, best: int) -> None:
    plan = in_memory(load(spec))
    assert (plan.peak(), plan.peak(in_place=True), least_order(plan).peak) == (listed, in_place, best)


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ("x: 4x4x4 -> flatten", "x (64 bytes) is the largest tensor"),
        ("4x4x4 -> conv 8 1x1", "conv_1 (128 bytes) and input (64 bytes) are in use together"),
        ("4x4x4 -> add(conv 4 1x1 | conv 4 1x1 | conv 4 1x1 | conv 4 1x1)",
         "input (64 bytes), conv_1 (64 bytes), conv_2 (64 bytes) and 2 smaller tensors are in use together"),
    ],
)  # fmt: skip
def test_messages(spec: str, text: str) -> None:
    assert fullest_text(load(spec)) == text


def test_a_placed_tensor_ends_at_the_next_multiple() -> None:
    assert PlacedTensor("x", 17, 16, 0, 1).end == 48
