"""Diagnostics as text: place, message, source line, caret, hint."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Diagnostic, Source, Span
from cnncalc.render.diagnostics import show, show_all
from cnncalc.render.text import width


def diagnose(text: str, marked: str, **more: str) -> Diagnostic:
    """A diagnostic about the first place where `marked` stands in `text`."""
    start = text.index(marked)
    return Diagnostic("E204", "wrong", Span(Source("a.yaml", text), start, start + len(marked)), **more)


def test_whole_message() -> None:
    """The span is underlined, and the hint follows."""
    diagnostic = diagnose("layers:\n  - conv: {padding: sames}\n", "sames", hint='did you mean "same"?')
    assert show(diagnostic) == (
        "a.yaml:2:21: error[E204]: wrong\n"
        "  2 |   - conv: {padding: sames}\n"
        "    |                     ^^^^^\n"
        '  help: did you mean "same"?'
    )


@pytest.mark.parametrize(
    ("text", "marked", "line", "carets"),
    [
        ("a: b", "b", "a: b", "   ^"),
        ("\ta: b", "b", "    a: b", "       ^"),
        ("卷积: bad", "bad", "卷积: bad", "      ^^^"),
        ("x: 卷积", "卷积", "x: 卷积", "   ^^^^"),
        ("a: b\x1b[31m", "b", "a: b\\u001b[31m", "   ^"),
    ],
)
def test_caret_stands_below_its_text(text: str, marked: str, line: str, carets: str) -> None:
    """Tabs, wide and control characters do not move the caret away from what it marks."""
    shown = show(diagnose(text, marked)).splitlines()
    assert shown[1] == f"  1 | {line}"
    assert shown[2] == f"    | {carets}"


@pytest.mark.parametrize("place", [0, 37, 150, 300, 990])
def test_long_line_is_elided_around_the_caret(place: int) -> None:
    """A line of a thousand characters is cut on both sides, and the caret still stands below its word."""
    text = "x" * place + "BAD" + "y" * (1000 - place)
    _, line, under = show(diagnose(text, "BAD")).splitlines()
    assert width(line) <= 110
    assert line.index("BAD") == under.index("^^^")


@pytest.mark.parametrize("span_text", ["a\nb\nc", "a"])
def test_span_over_several_lines_marks_the_first(span_text: str) -> None:
    """A span that goes on below is underlined to the end of its first line."""
    assert show(diagnose("a\nb\nc", span_text)).splitlines()[2] == "    | ^"


def test_empty_span_still_has_a_caret() -> None:
    """A place between two characters is marked by one caret."""
    diagnostic = Diagnostic("E101", "ended early", Span(Source("a.yaml", "ab"), 2, 2))
    assert show(diagnostic).splitlines()[2] == "    |   ^"


def test_without_place_or_text() -> None:
    """A diagnostic without a span is one line; one of an empty file shows no source."""
    assert show(Diagnostic("E106", "no such file")) == "error[E106]: no such file"
    assert show(Diagnostic("E106", "gone", Span(Source("a.yaml", ""), 0, 0))) == "a.yaml:1:1: error[E106]: gone"


def test_several_are_counted() -> None:
    """Several diagnostics are followed by how many there are of each kind."""
    found = [diagnose("a", "a"), diagnose("a", "a"), diagnose("a", "a", severity="warning")]
    assert show_all(found).splitlines()[-1] == "2 errors, 1 warning"


def test_color_changes_nothing_but_color() -> None:
    """The coloured text without its escapes is the plain text."""
    import re

    diagnostic = diagnose("a: b", "b", hint="write c")
    colored = show(diagnostic, color=True)
    assert "\x1b[1;31m" in colored
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == show(diagnostic)
