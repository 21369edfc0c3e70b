"""A report with one wrong number: which layer `verify` names, and in which words."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnncalc.analysis.analyze import load
from cnncalc.analysis.figures import report_on
from cnncalc.forward.verify import Verification, VerifyOptions, relative_difference, verify_graph
from cnncalc.layers.convolution.conv import Conv
from tests.together import for_each

NET = "16x16x3 -> conv 4 3x3 s2 relu -> batch_norm -> add(conv 4 1x1 | identity) -> max_pool 2 -> flatten -> dense 5"
TIED = "12 -> embedding 50 8 name=e -> dense 50 name=d share_weights=e"


def verified(
    spec: str, layer: str = "", *, batch: int = 1, convention: str | None = None, **wrong: Any
) -> Verification:
    """A spec verified, untied as well, against its report, in which these figures of one layer are wrong."""
    graph = load(spec, convention=convention)
    report = report_on(graph)
    layers = tuple(one._replace(**wrong) if one.name == layer else one for one in report.layers)
    return verify_graph(graph, report._replace(layers=layers), VerifyOptions(unshared=True, batch=batch))


# The layer, its wrong figure, and what is said: conv_1 has 3·3·3·4 + 4 = 112 weights at 7·7 positions.
WRONG = [
    ("conv_1", {"output_shape": (7, 8, 4)}, "conv_1: the report states 7x8x4, the array is 7x7x4"),
    ("conv_1", {"params": 113}, "conv_1: the report counts 113 weights, the arrays have 112"),
    ("batch_norm_1", {"buffers": 7}, "batch_norm_1: the report counts 15 weights, the arrays have 16"),
    ("conv_1", {"unshared_params": 5487}, "conv_1: the report counts 5,487 unshared weights, not 5,488"),
    ("max_pool_1", {"samples": 2}, "max_pool_1: the report states 6 samples, the array has 3"),
    ("dense_1", {"unshared_params": 7}, ""),  # no kernel slides: nothing to untie
]


@for_each(("layer", "wrong", "problem"), WRONG)
def test_a_wrong_figure_is_found(layer: str, wrong: dict[str, Any], problem: str) -> None:
    assert verified(NET, layer, batch=3, **wrong).problems == ([problem] if problem else [])


def test_only_layers_that_slide_a_kernel_are_untied() -> None:
    """7·7·112 = 5,488 and 7·7·(4·4 + 4) = 980 copies, before and without an activation."""
    checks = {check.name: check for check in verified(NET).layers}
    assert {name: check.actual_unshared for name, check in checks.items() if check.actual_unshared} == {
        "conv_1": 5488, "conv_2": 980,
    }  # fmt: skip
    assert [check.name for check in checks.values() if check.difference is not None] == ["conv_1", "conv_2"]
    assert all(check.difference < 1e-5 for check in checks.values() if check.difference is not None)


@pytest.mark.parametrize(("factor", "problems"), [(1.0, 0), (1 + 1e-5, 0), (1 + 1e-3, 1), (0.0, 1)])
def test_another_result_of_the_copies_is_a_problem(
    monkeypatch: pytest.MonkeyPatch, factor: float, problems: int
) -> None:
    """Float32 sums differ by 1e-5; more than 1e-4 of the largest value is another result."""
    untied = Conv.forward_untied
    monkeypatch.setattr(Conv, "forward_untied", lambda *args, **weights: factor * untied(*args, **weights))
    found = verified("9x9x2 -> conv 3 3x3").problems
    assert len(found) == problems
    assert all(text.startswith("conv_1: tied copies differ from the shared weights' result by 1.0e") for text in found)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [([1, 2], [1, 4], 0.5), ([1, 4], [1, 2], 1.0), ([0, 0], [0, 0], 0.0), ([3, 0], [0, 0], 3.0), ([-1], [-2], 0.5)],
)
def test_relative_to_the_largest_magnitude_of_the_second(one: list[int], other: list[int], expected: float) -> None:
    """|2 − 4|/4; where the second is zero everywhere, the difference itself."""
    assert relative_difference(np.array(one, np.float32), np.array(other, np.float32)) == expected


def test_arrays_of_other_shapes_differ_without_bound() -> None:
    assert relative_difference(np.zeros((2, 1), np.float32), np.zeros((2,), np.float32)) == float("inf")


def test_a_tied_kernel_is_counted_once() -> None:
    """PyTorch ties the kernel of a dense layer, 8·50, to the table of an embedding: 50 biases are its own."""
    checks = {check.name: check for check in verified(TIED, convention="pytorch").layers}
    assert [check.problem for check in checks.values()] == ["", ""]
    assert [(check.reported_weights, check.params) for check in checks.values()] == [(400, 400), (450, 50)]


def test_a_wrong_count_of_a_tied_layer_is_found() -> None:
    found = verified(TIED, "d", convention="pytorch", params=51).problems
    assert found == ["d: the report counts 451 weights, the arrays have 450"]


def test_what_a_spec_declares_is_taken_at_its_word() -> None:
    opaque, conv = verified("8x8x3 -> opaque 4x4x2 params=7 -> conv 2 3x3").layers
    assert (opaque.remark, conv.remark) == ("declared by the spec, not verified", "")
