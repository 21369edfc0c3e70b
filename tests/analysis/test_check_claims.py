"""Claims that a report breaks, by message and hint; the numbers are those of CS231n's layer and its sums by hand."""

from __future__ import annotations

from typing import Any

import pytest

from cnncalc.analysis.analyze import examine
from cnncalc.analysis.check_claims import broken_claims, figure_of
from tests.together import for_each

CONV = {"conv": "20 8x8 s2 p1"}
"""On 32x32x3: 14x14x20, 3,860 parameters, 752,640 MACs, 3,920 elements; a field of 8 and a stride of 2."""
PAIR = {"layers": [CONV, "relu"]}


def broken(*layers: Any, options: dict[str, Any] | None = None, **keys: Any) -> list[tuple[str, str, str]]:
    spec = {"input": "32x32x3", "layers": list(layers), **keys}
    found = broken_claims(*examine(spec, **(options or {})))
    return [(each.code, each.message, each.hint) for each in found]


@for_each(
    ("kind", "claimed", "message", "hint"),
    [
        ("expect", {"params": 3860}, None, ""),
        ("expect", {"params": 3861}, "expected params 3,861, got 3,860", "1 too few"),
        ("expect", {"params": 3859}, "expected params 3,859, got 3,860", "1 too many"),
        ("expect", {"params": "5k"}, "expected params 5k, got 3,860", "1,140 too few"),
        ("expect", {"output": "14x14x20", "effective_stride": 2, "receptive_field": 8}, None, ""),
        ("expect", {"receptive_field": 9}, "expected receptive_field 9, got 8x8", ""),
        ("expect", {"receptive_field": "8x9"}, "expected receptive_field 8x9, got 8x8", ""),
        ("expect", {"receptive_field": None}, "expected receptive_field undefined, got 8x8", ""),
        ("expect", {"output_shape": "14x14x21"}, "expected output_shape 14x14x21, got 14x14x20", ""),
        ("expect", {"activation_bytes": 15_680}, None, ""),
        ("expect", {"layers": 1}, None, ""),
        ("expect", {"peak_activation": 27_968, "param_bytes": 15_440}, None, ""),  # 4·(3,072 + 3,920), 4·3,860
        ("budget", {"params": 3860}, None, ""),
        ("budget", {"params": "3k"}, "params 3,860 exceeds the budget of 3k", "860 too many"),
        ("budget", {"peak_activation": "16KiB"}, "peak_activation 27,968 exceeds the budget of 16KiB (16,384)",
         "11,584 too many"),
        ("budget", {"output": "14x15x20"}, None, ""),
        ("budget", {"arena": 6992, "flash": 4000}, None, ""),  # 3,072 + 3,920 bytes; 3,840 + 20·4 + 20·4
        ("expect", {"flash": 4001}, "expected flash 4,001, got 4,000", "1 too few"),
        ("budget", {"arena": "6KiB"}, "arena 6,992 exceeds the budget of 6KiB (6,144)",
         "conv_1 (3,920 bytes) and input (3,072 bytes) are in use together"),
        ("budget", {"output": "10x20x20"}, "output 14x14x20 exceeds the budget of 10x20x20", ""),
    ],
)  # fmt: skip
def test_claims_about_the_model(kind: str, claimed: dict[str, Any], message: str | None, hint: str) -> None:
    code = "E401" if kind == "expect" else "E402"
    expected = [] if message is None else [(code, f"the model: {message}", hint)]
    assert broken(CONV, **{kind: claimed}) == expected


@for_each(
    ("claimed", "message"),
    [
        ({"layers": 2, "params": 3860, "param_bytes": 15_440, "activation_elements": 7840}, None),
        ({"layers": 3}, "expected layers 3, got 2"),
        ({"peak_activation_bytes": 15_680}, None),
        ({"peak_activation_bytes": 15_681}, "expected peak_activation_bytes 15,681, got 15,680"),
        ({"output": "14x14x20", "effective_stride": 2}, None),
        ({"output": "1x1x1"}, "expected output 1x1x1, got 14x14x20"),
    ],
)
def test_claims_about_a_group(claimed: dict[str, Any], message: str | None) -> None:
    """Sums over its layers, and the output of the last."""
    found = [each for _, each, _ in broken({**PAIR, "expect": claimed})]
    assert found == ([] if message is None else [f"conv_1 to relu_1: {message}"])


def test_the_largest_tensor_of_a_group() -> None:
    """14·14·20 = 3,920 elements of four bytes; the pooling's 7·7·20 are fewer, in whatever order."""
    assert broken({"layers": [CONV, "max_pool 2"], "expect": {"peak_activation_bytes": 15_680}}) == []
    assert broken(CONV, {"layers": ["max_pool 2", "upsample 2"], "expect": {"peak_activation_bytes": 15_680}}) == []


def test_claims_about_named_outputs() -> None:
    """One of two outputs is enough; the message has both, of which one may be right."""
    layers = ({**CONV, "name": "x"}, {"conv": "7 1x1", "name": "y"})
    outputs = {"a": "x", "b": "y"}
    assert broken(*layers, outputs=outputs, expect={"output": {"a": "14x14x20"}}) == []
    ((_, message, _),) = broken(*layers, outputs=outputs, expect={"output": {"a": "14x14x21"}})
    assert message == "the model: expected output a 14x14x21, got a 14x14x20, b 14x14x7"
    assert len(broken(*layers, outputs=outputs, expect={"output": {"a": "14x14x20", "b": "14x14x8"}})) == 1


def test_a_layer_has_no_named_outputs() -> None:
    ((_, message, _),) = broken({**CONV, "expect": {"output": {"a": "14x14x20"}}})
    assert message == "conv_1: expected output a 14x14x20, got 14x14x20"


COUNTS = ("params", "macs", "flops", "activation_elements", "activation_bytes", "param_bytes", "peak_activation_bytes")


@pytest.mark.parametrize(
    ("options", "checked"),
    [
        ({}, COUNTS),
        ({"batch": 2}, ("params", "param_bytes")),
        ({"dtype": "float16"}, ("params", "macs", "flops", "activation_elements")),
        ({"batch": 2, "dtype": "float16"}, ("params",)),
        ({"dtype": "float32"}, COUNTS),
    ],
)
def test_expectations_are_about_the_spec_as_written(options: dict[str, Any], checked: tuple[str, ...]) -> None:
    """Metrics that the caller's batch or data type changes are not compared; a budget is."""
    assert tuple(name for name in COUNTS if broken(CONV, expect={name: 1}, options=options)) == checked
    assert len(broken(CONV, budget={"macs": 752_640}, options=options)) == ("batch" in options)


def test_a_field_that_is_undefined() -> None:
    """The message names the layer that it cannot be traced through."""
    layers = (CONV, "permute 2x1x3", "relu")
    ((_, message, hint),) = broken(*layers, expect={"receptive_field": 8})
    words = "but it is undefined here (it cannot be traced through the permute layer permute_1: "
    assert message.startswith(f"the model: expected receptive_field 8, {words}")
    assert hint == ""
    assert broken(*layers, expect={"receptive_field": None}) == []
    ((_, message, _),) = broken({"permute": "2x1x3", "expect": {"effective_stride": 1}})
    assert message.startswith("permute_1: expected effective_stride 1, but it is undefined here")
    assert broken(*layers, budget={"receptive_field": "8x8"}) == []
    ((_, message, _),) = broken({"add": {"from": ["a", "b"]}}, input={"a": "9x1", "b": "9x1"},
                                expect={"receptive_field": 1})  # fmt: skip
    assert message == "the model: expected receptive_field 1, but it is undefined here"


def test_the_bytes_of_a_single_parameter() -> None:
    """One weight of four bytes, in a group; and a group and a model without any."""
    assert broken("relu", expect={"param_bytes": 0}) == []
    group = {"layers": ["dense 1 bias=false", "relu"], "expect": {"param_bytes": 4}}
    empty = {"layers": ["relu", "tanh"], "expect": {"param_bytes": 0}}
    for layers in ([group], [empty]):
        graph, report = examine({"input": [1], "layers": layers})
        assert list(broken_claims(graph, report)) == []


def test_the_metrics_of_no_layers() -> None:
    """A part of a model without layers has no output and needs no memory; an output has no name unless asked for."""
    graph, report = examine("5x5x3 -> conv 2 3x3")
    assert figure_of("output", [], report, graph=graph, whole=False) is None
    assert figure_of("peak_activation_bytes", [], report, graph=graph, whole=False) == 0
    assert figure_of("output", [], report, graph=graph, whole=True) == (3, 3, 2)
