"""Errors of answers that cannot be parsed, and the limits of their length."""

from __future__ import annotations

from cnncalc.diagnostics import Diagnostic, Source, Span, SpecError

MOST_CHARACTERS = 200
MOST_DIGITS = 40

NUMBER_HINT = "write a number such as 756,560 or 0.76M, or its calculation such as (8*8*3+1)*20"
SHAPE_HINT = "write a shape such as 14x14x20"


def unreadable(text: str, start: int, end: int, message: str, hint: str = "") -> SpecError:
    """The error of an answer, at a place in it."""
    span = Span(Source("<answer>", text), start, end)
    return SpecError([Diagnostic("E501", message, span, hint=hint)])


def check_length(text: str, most: int = MOST_CHARACTERS) -> None:
    """Raise SpecError for an empty answer, or one that is too long."""
    if len(text) > most:
        message = f"the answer has {len(text)} characters, more than {most}"
        raise unreadable(text[:60], 0, 60, message, "write only the number or the shape")
    if not text.strip():
        raise unreadable(text or " ", 0, 1, "the answer is empty", "write a number, or a shape such as 14x14x20")
