"""A little of the fuzzing in every run, always the same inputs; and the inputs that crashed a reader once."""

from __future__ import annotations

import pytest

from tests.fuzz.readers import run, try_one


@pytest.mark.parametrize("most", [50, pytest.param(1000, marks=pytest.mark.sweep)])
def test_some_inputs(most: int) -> None:
    """More of them: `python -m tests.fuzz.readers 600`."""
    tried, failures = run(seconds=600, seed=1, most=most)
    assert tried == most
    assert failures == {}


@pytest.mark.parametrize(
    ("target", "data"),
    [
        ("answers", b"\nstudent,o\nada,6x6x4\n"),  # a blank line before the names of the columns
        ("answers", b"\n\n"),
        ("spec", b'8x8x3 -> conv 4 3x3 padding=[[0,1],select=["A"][0,1]]'),  # a bracket in the middle of an item
    ],
)
def test_what_crashed_once(target: str, data: bytes) -> None:
    try_one(target, data)
