"""The forward pass as a witness: it agrees with true reports, and tells of false ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import cnncalc
from cnncalc.analysis.analyze import analyze, load
from cnncalc.analysis.figures import report_on
from cnncalc.arithmetic.convention import Shape
from cnncalc.forward.memory import needed_bytes
from cnncalc.forward.verify import verify_graph
from cnncalc.layers.base import Weight
from cnncalc.layers.convolution.conv import Conv
from tests.together import for_each

NET = "16x16x3 -> conv 4 3x3 s2 relu -> batch_norm -> add(conv 4 1x1 | identity) -> max_pool 2 -> flatten -> dense 5"


@for_each(
    "spec",
    [
        NET,
        "13x2 -> conv 3 5 -> depthwise_conv 3 p1 multiplier=2 -> conv_transpose 2 3 s2 -> global_avg_pool",
        "5x7x11x2 -> conv 3 2x3x5 -> avg_pool 2 -> global_max_pool keep=false -> dense 2",
        "8x8x3 -> conv 3 3x3 p1 name=a -> conv 3 3x3 p1 share_weights=a",
        "image: 6x6x3, mask: 6x6x1 -> multiply from=image,mask -> flatten",
        "8x8x3 -> opaque 4x4x2 params=7 -> conv 2 3x3",
    ],
)
def test_true_reports_are_confirmed(spec: str) -> None:
    """Shapes and numbers of weights agree, for several samples and seeds."""
    for seed in (0, 1):
        found = cnncalc.verify(spec, seed=seed, batch=3)
        assert found.problems == []
        assert [check.actual_shape for check in found.layers] == [check.reported_shape for check in found.layers]


def test_the_weights_are_really_there() -> None:
    """(27 + 1)*4 = 112, batch norm 16, 1x1 convolution 20, dense (36 + 1)*5 = 185."""
    found = cnncalc.verify(NET)
    assert [check.actual_weights for check in found.layers if check.actual_weights] == [112, 16, 20, 185]


def test_untied_kernels_are_counted_and_change_nothing() -> None:
    """The quiz layer has 756,560 weights untied; tied by value they give the convolution's own output."""
    (check,) = cnncalc.verify("32x32x3 -> conv 20 8x8 s2 p1", unshared=True).layers
    assert (check.actual_unshared, check.problem) == (756_560, "")
    assert check.difference is not None
    assert check.difference < 1e-5


@pytest.mark.parametrize(
    ("spec", "seen"),
    [
        ("17x17x1 -> conv 1 3x3 -> conv 1 3x3", (6, 11)),  # output 6 of 13 sees rows 6 to 10
        ("17x17x1 -> conv 1 3x3 s2 p1 -> max_pool 3 s1", (5, 12)),  # output 3 of 7: 2*3 - 1 = 5, 3 + 2*2 = 7 rows
        ("17x17x1 -> conv 1 5x5 p2 -> conv 1 15x15 p7", (0, 17)),  # 19 rows, cut at the input's border
    ],
)
def test_the_receptive_field_is_seen(spec: str, seen: tuple[int, int]) -> None:
    """Poisoned rows reach the middle output exactly where the report says that it looks."""
    probe = cnncalc.verify(spec, receptive_field=True).probes[-1]
    assert probe.problem == ""
    assert [axis.seen for axis in probe.axes] == [seen, seen]


def lie(monkeypatch: pytest.MonkeyPatch, rule: str, lying: Any) -> list[str]:
    """The problems found where a rule of `conv` lies to the report, and only to it."""
    graph = load("9x9x2 -> conv 3 3x3 -> relu")
    with monkeypatch.context() as patched:
        patched.setattr(Conv, rule, lying)
        report = report_on(load("9x9x2 -> conv 3 3x3 -> relu"))
    return verify_graph(graph, report).problems


def test_a_wrong_shape_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that says 8x8 where 7x7 comes out is told of, layer by layer."""
    problems = lie(monkeypatch, "shape", lambda self, x: (8, 8, 3))
    assert problems[0] == "conv_1: the report states 8x8x3, the array is 7x7x3"
    assert len(problems) == 2


def test_a_wrong_count_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that forgets the bias counts 54 where the arrays hold 57."""

    def no_bias(self: Conv, x: Shape, y: Shape) -> Iterator[Weight]:
        yield Weight("kernel", (3, 3, 2, 3))

    assert lie(monkeypatch, "weights", no_bias) == ["conv_1: the report counts 54 weights, the arrays have 57"]


def test_copies_are_made_where_they_are_asked_for() -> None:
    """A kernel of 3·3·2·3 and 3 biases at 7·7 positions."""
    for options, copies in (({}, None), ({"unshared": True}, 57 * 49)):
        (check,) = cnncalc.verify("9x9x2 -> conv 3 3x3", **options).layers  # type: ignore[arg-type]
        assert check.actual_unshared == copies
    assert verify_graph(load("9x9x2 -> conv 3 3x3")).layers[0].actual_unshared is None


def test_arrays_that_do_not_fit_are_told_and_stop_only_what_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel of the wrong depth fails; the layer behind it is not run, and neither is a traceback."""

    def too_deep(self: Conv, x: Shape, y: Shape) -> Iterator[Weight]:
        yield Weight("kernel", (3, 3, 5, 3))
        yield Weight("bias", (3,))

    monkeypatch.setattr(Conv, "weights", too_deep)
    found = cnncalc.verify("9x9x2 -> conv 3 3x3 -> batch_norm", convention="pytorch", layout="HWC")
    first, second = found.problems
    assert "kernel is (3, 3, 5, 3), but the arrays need (3, 3, 2, 3)" in first
    assert second == "batch_norm_1: not run: a layer before it failed"
    check = found.layers[1]
    assert (check.reported_weights, check.actual_weights) == (12, 0)  # 2·3 parameters and 2·3 statistics
    assert (check.reported_shape, check.actual_shape) == ((7, 7, 3), None)


def test_the_estimate_of_memory_covers_the_arrays() -> None:
    """VGG-16's largest layer holds 102,764,544 weights: the estimate has at least those, and not three times all."""
    graph = load("vgg16")
    needed = needed_bytes(graph, analyze("vgg16"), batch=1, unshared=False)
    assert 4 * 102_764_544 < needed < 3 * 4 * 138_357_544


def test_the_same_seed_gives_the_same_arrays() -> None:
    """Weights and inputs depend on the seed alone."""
    from cnncalc.forward.weights import random_weights

    graph = load(NET)
    one, other = random_weights(graph, 1, seed=7), random_weights(graph, 1, seed=7)
    assert all(np.array_equal(one[name], other[name]) for name in one)
    assert not np.array_equal(one["kernel"], random_weights(graph, 1, seed=8)["kernel"])


@pytest.mark.parametrize(
    ("spec", "options", "params", "buffers"),
    [
        ("8x8x3 -> conv 4 3x3 -> batch_norm", {}, 3 * 3 * 3 * 4 + 4 + 2 * 4, 2 * 4),
        ("8x8x3 -> conv 4 3x3 -> batch_norm", {"convention": "keras"}, 3 * 3 * 3 * 4 + 4 + 4 * 4, 0),
        ("8x8x3 -> conv 3 3x3 p1 name=a -> conv 3 3x3 p1 share_weights=a", {}, 3 * 3 * 3 * 3 + 3, 0),
        ("8x8x3 -> batch_norm name=a -> batch_norm share_weights=a", {}, 2 * 3, 2 * 3),
        ("8x8x3 -> relu", {}, 0, 0),
    ],
)
def test_it_counts_what_a_summary_counts(spec: str, options: dict[str, str], params: int, buffers: int) -> None:
    """Parameters and, apart from them, buffers; shared ones once."""
    found, totals = cnncalc.verify(spec, **options), analyze(spec, **options).totals
    counted = (sum(check.params for check in found.layers), sum(check.buffers for check in found.layers))
    assert counted == (params, buffers) == (totals.params, totals.buffers)
