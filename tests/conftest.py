"""What several folders of tests need."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from fractions import Fraction

import pytest

_SIGNS = {"·": "*", "−": "-", "⌊": "floor(", "⌋": ")", "⌈": "ceil(", "⌉": ")", " mod ": " % ", "…": ""}


def _evaluate(text: str, values: Mapping[str, int] | None = None) -> Fraction:
    for symbol in sorted(values or {}, key=len, reverse=True):
        text = re.sub(rf"(?<![\w′]){re.escape(symbol)}(?![\w′])", f"({(values or {})[symbol]})", text)
    for sign, python in _SIGNS.items():
        text = text.replace(sign, python)
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub(r"\d+(\.\d+)?", lambda found: f"Fraction('{found[0]}')", text)
    names = {"Fraction": Fraction, "floor": math.floor, "ceil": math.ceil, "max": max, "min": min}
    return Fraction(eval(text, {"__builtins__": {}}, names))


@pytest.fixture(autouse=True)
def not_in_github_actions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the tests themselves run there, output still is as a person sees it."""
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)


@pytest.fixture(scope="session")
def evaluate() -> Callable[..., Fraction]:
    """`evaluate("⌊25/2⌋ + 1")`, a formula as people write it, worked out by Python; symbols get their values given."""
    return _evaluate
