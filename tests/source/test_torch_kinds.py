"""Ways of writing that public PyTorch code uses: each program gives the figures that PyTorch gives."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from cnncalc import analyze
from cnncalc.diagnostics import Source
from cnncalc.source.interpreter import Interpreter
from cnncalc.source.library.regular_expressions import REGULAR_EXPRESSIONS
from cnncalc.source.source_file import SourceFile
from cnncalc.source.values import CallGiven, CodePlace, Unfollowed
from tests.source.programs import programs

KINDS = {title.rsplit(" ", 1)[0]: text for title, text in programs("kinds.txt").items()}

FIGURES = {
    "patches by einops": ("3x24x36", 3029, 92608, [5]),
    "modules by their tables": ("5x11x13", 1701, 174305, [6]),
    "arrays of a program": ("7x9", 72, 1288, [3, 8]),
    "settings from texts and records": ("3x17x19", 2668, 235488, [4]),
}
"""Input, parameters, multiply-accumulates and output, by PyTorch 2.13 and its FlopCounterMode."""


@pytest.mark.parametrize("title", FIGURES)
def test_figures_are_pytorchs(title: str, tmp_path: Path) -> None:
    """Parameters, multiply-accumulates, and the output's shape."""
    shape, params, macs, output = FIGURES[title]
    (tmp_path / "net.py").write_text(KINDS[title], encoding="utf-8")
    report = analyze(f"{tmp_path / 'net.py'}:Net", input=[int(size) for size in shape.split("x")]).to_dict()
    assert report["totals"]["params"] == params
    assert report["totals"]["macs"] == macs
    assert [each["shape"] for each in report["outputs"]] == [output]


PATTERNS = {
    r"(\d.*)": "k3",
    r"(a+)+$": "a" * 28 + "b",
    r"a*a*a*a*a*b": "a" * 190,
    r"(?=a)a": "a",
}
"""Patterns of regular expressions with a text; Python would take hours for the second."""


@pytest.mark.parametrize(("pattern", "text"), PATTERNS.items(), ids=PATTERNS)
def test_patterns_of_unbounded_time_are_not_followed(pattern: str, text: str) -> None:
    """A repeated group, many repetitions, or a look around: the result is unknown."""
    given = CallGiven([pattern, text], {}, CodePlace(SourceFile(Source("net.py", "")), ast.Module([], [])))
    interpreter = Interpreter({}, {}, lambda *_: None)
    found = REGULAR_EXPRESSIONS["re.split"].function(interpreter, given)  # type: ignore[attr-defined]
    assert isinstance(found, Unfollowed) is (pattern != r"(\d.*)")


def test_every_program_has_figures() -> None:
    """No program of the file is forgotten."""
    assert list(KINDS) == list(FIGURES)
