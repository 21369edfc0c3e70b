"""A diagnostic as text: the place, the message, the source line with a caret under the span, the hint.

quiz.yaml:4:18: error[E204]: padding: unknown word "sames". Allowed: valid, same, …
  4 | - conv: {padding: sames}
    |                   ^^^^^
  help: did you mean "same"?
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cnncalc.diagnostics import Diagnostic, Span
from cnncalc.number_text import plural
from cnncalc.render.text import char_width, styled, visible, width

LINE_WIDTH = 100
"""Source lines wider than this are elided around the caret."""

_SEVERITY_STYLES: Mapping[str, str] = {"error": "bold red", "warning": "bold yellow", "info": "bold blue"}


def show_all(diagnostics: Iterable[Diagnostic], *, color: bool = False) -> str:
    """Diagnostics one below the other, and their number where there are several."""
    found = list(diagnostics)
    texts = [show(diagnostic, color=color) for diagnostic in found]
    if len(found) > 1:
        texts.append(_counts(found))
    return "\n".join(texts)


def _counts(found: list[Diagnostic]) -> str:
    counts: dict[str, int] = {}
    for diagnostic in found:
        counts[diagnostic.severity] = counts.get(diagnostic.severity, 0) + 1
    return ", ".join(plural(count, severity) for severity, count in counts.items())


def show(diagnostic: Diagnostic, *, color: bool = False) -> str:
    """One diagnostic, without a newline at its end."""
    span = diagnostic.span
    place = f"{visible(span.place)}: " if span else ""
    label = styled(f"{diagnostic.severity}[{diagnostic.code}]", _SEVERITY_STYLES[diagnostic.severity], color=color)
    lines = [f"{styled(place, 'bold', color=color)}{label}: {_indented(diagnostic.message)}"]
    if span:
        lines += _excerpt(span, _SEVERITY_STYLES[diagnostic.severity], color=color)
    if diagnostic.hint:
        lines.append(f"  {styled('help:', 'bold cyan', color=color)} {_indented(diagnostic.hint)}")
    return "\n".join(lines)


def _indented(text: str) -> str:
    return "\n    ".join(visible(line) for line in text.split("\n"))


def _excerpt(span: Span, style: str, *, color: bool) -> list[str]:
    """The source line and the caret line; none for an empty source."""
    line, column = span.line, span.column
    text = span.source.line_text(line)
    if not text.strip():
        return []
    start, text, left, right = _window(text, column - 1)
    length = max(1, min(span.end - span.start, len(text) - start))
    blank = " " * (width(visible(text[:start])) + width(left))
    carets = "^" * max(1, width(visible(text[start : start + length])))
    number = span.source.shown_line(line)
    gutter = styled(f"  {number} |", "blue", color=color)
    under = styled(f"  {' ' * len(number)} |", "blue", color=color)
    return [f"{gutter} {left}{visible(text)}{right}", f"{under} {blank}{styled(carets, style, color=color)}"]


def _window(text: str, start: int) -> tuple[int, str, str, str]:
    """The part of a long line around its character `start`: its new offset, the part, and marks where text is cut."""
    if width(visible(text)) <= LINE_WIDTH:
        return start, text.rstrip(), "", ""
    first = max(0, min(start - LINE_WIDTH // 3, len(text) - LINE_WIDTH))
    last, room = first, LINE_WIDTH
    while last < len(text) and room > 0:
        room -= char_width(text[last])
        last += 1
    return start - first, text[first:last], "…" if first else "", "…" if last < len(text) else ""
