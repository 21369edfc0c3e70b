"""Two texts that are the same network, and two that are not."""

from __future__ import annotations

import pytest

from cnncalc.linting.equivalence import networks_of, same
from cnncalc.reading.limits import DEFAULT_LIMITS


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ("9x9x3 -> conv 8 3x3", "input: 9x9x3\nlayers: [conv 8 3x3]\n", True),
        ("9x9x3 -> conv 8 3x3", "9x9x3 -> conv 8 3x3 s1", True),  # the default, written
        # settings that change no metric
        ("9x9x3 -> leaky_relu 0.1", "9x9x3 -> leaky_relu 0.2", False),
        ("9x9x3 -> conv 8 3x3 p1 zeros", "9x9x3 -> conv 8 3x3 p1 reflect", False),
        ("9x9x3 -> conv 8 3x3 leaky_relu", "9x9x3 -> conv 8 3x3 leaky_relu", True),
        ("9x9x3 -> conv 8 3x3 relu", "9x9x3 -> conv 8 3x3 tanh", False),
        ("9x9x3 -> time_distributed(leaky_relu 0.1)", "9x9x3 -> time_distributed(leaky_relu 0.2)", False),
        ("9x9x3 -> time_distributed(leaky_relu 0.1)", "9x9x3 -> time_distributed(leaky_relu 0.1)", True),
        ("9x9x3 -> relu", "9x9x3 -> relu -> relu", False),
        ("9x9x3 -> relu", "9x9x3 -> rely", False),
        ("input: 9x3\nlayers: [relu]\n", "input: 9x3\nlayers: [relu]\nvariants: {a: {input: 9x3}}\n", False),
    ],
)  # fmt: skip
def test_the_same_network(one: str, other: str, are_same: bool) -> None:
    before = networks_of("one.yaml", one, DEFAULT_LIMITS)
    assert before is not None
    assert same(before, networks_of("other.yaml", other, DEFAULT_LIMITS)) is are_same
