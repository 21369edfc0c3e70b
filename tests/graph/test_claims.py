"""Claims of a spec: the layers that they are about, and quantities as people write them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from cnncalc.analysis.analyze import load
from cnncalc.diagnostics import Refusal, SpecError
from cnncalc.graph.document import DTYPES
from cnncalc.graph.read_claims import quantity
from tests.together import for_each

SUM = {"params": 16}


@for_each(
    ("item", "subject", "nodes"),
    [
        ({"conv": "4 1x1", "expect": SUM}, "conv_1", (1, 2)),
        ({"conv": "4 1x1", "repeat": 2, "budget": SUM}, "conv_1 to conv_2", (1, 3)),
        ({"b": {}, "expect": SUM}, "b_1", (1, 3)),
        ({"b": {}, "name": "stage", "expect": SUM}, "stage", (1, 3)),
        ({"b": {}, "repeat": 2, "expect": SUM}, "b_1 to b_2", (1, 5)),
        ({"layers": ["conv 4 1x1", "relu"], "expect": SUM}, "conv_1 to relu_1", (1, 3)),
        ({"layers": ["conv 4 1x1", "relu"], "name": "g", "expect": SUM}, "g", (1, 3)),
        ({"layers": [{"b": {}, "expect": SUM}, "relu"], "name": "g"}, "g.b_1", (1, 3)),
        ({"add": [["conv 3 1x1"], []], "expect": SUM}, "add_1", (1, 3)),  # its branch is part of it
    ],
)
def test_what_a_claim_is_about(item: dict[str, Any], subject: str, nodes: tuple[int, int]) -> None:
    """A layer, a block or group by its name, or the first and last of several."""
    graph = load({"input": "8x8x3", "blocks": {"b": ["conv 4 1x1", "relu"]}, "layers": [item]})
    (claim,) = graph.claims
    assert (claim.subject, (claim.first, claim.last), claim.whole) == (subject, nodes, False)
    assert (claim.figure, claim.value) == ("params", 16)


@for_each(
    ("value", "number"),
    [
        (0, 0), (61706, 61706), ("61706", 61706), ("5k", 5000), ("5K", 5000), ("2.5M", 2_500_000),
        ("1.25G", 1_250_000_000),
        ("3T", 3 * 10**12), ("2P", 2 * 10**15), ("1KiB", 1024), ("16MiB", 16 * 2**20), ("2Gi", 2**31), ("1.5KiB", 1536),
        ("7B", 7), ("1.2 GB", 1_200_000_000), ("1.0", 1), ("1" * 40, int("1" * 40)),
        (-1, None), (True, None), (2.5, None), ("1.5", None), ("1.2345k", None), ("5X", None), ("k", None), ("", None),
        ("1" * 41, None), ([5], None), ("5 M M", None),
    ],
)  # fmt: skip
def test_quantities(value: object, number: int | None) -> None:
    """Thousands by their letter, powers of 1024 with an i; whole numbers from 0."""
    if number is not None:
        assert quantity(value) == number
        return
    with pytest.raises(Refusal):
        quantity(value)


@for_each(
    ("expected", "wanted"),
    [
        ({"output": "8x8x3"}, (8, 8, 3)), ({"output": [8, 8, 3]}, (8, 8, 3)), ({"receptive_field": 1}, (1,)),
        ({"effective_stride": [0.5, 0.5]}, (0.5, 0.5)), ({"receptive_field": None}, None),
        ({"output": {"a": "8x8x3", "b": 5}}, {"a": (8, 8, 3), "b": (5,)}),
    ],
)  # fmt: skip
def test_shapes_that_are_expected(expected: dict[str, Any], wanted: object) -> None:
    (claim,) = load({"input": "8x8x3", "layers": ["relu"], "expect": expected}).claims
    assert (claim.value, claim.subject, claim.whole) == (wanted, "the model", True)


def test_the_bytes_of_every_type_of_numbers() -> None:
    """As NumPy stores them; bfloat16, which NumPy lacks, has 16 bits."""
    assert {name: np.dtype(name).itemsize for name in DTYPES if name != "bfloat16"} | {"bfloat16": 2} == DTYPES


@pytest.mark.parametrize("expected", ["0", "0x8x4", "[8, 0, 4]", "1x0", "true", "a", "{a: 8x0}"])
def test_an_expected_shape_has_sizes_from_1_on(expected: str) -> None:
    with pytest.raises(SpecError, match="but a shape is needed") as caught:
        load(f"input: 8x8x4\nlayers: [relu]\nexpect: {{output: {expected}}}\n")
    assert caught.value.diagnostics[0].hint == "for example 14x14x20"
