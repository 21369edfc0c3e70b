"""Texts with expressions: `stage${i + 1}` consists of the literal `stage` and the expression `i + 1`."""

from functools import lru_cache
from typing import NamedTuple

from cnncalc.reading.expression import ExpressionError


class Piece(NamedTuple):
    """A part of a text. `start` and `end` are its offsets; for an expression, those of the inside of `${…}`."""

    text: str
    start: int
    end: int
    is_expression: bool


@lru_cache(maxsize=4096)
def find_templates(text: str) -> tuple[Piece, ...]:
    """The literal and `${…}` pieces of a text, in order; `$${` is a literal `${`.

    Raises ExpressionError for a `${` that is unclosed or empty.

    >>> [piece.text for piece in find_templates("stage${i + 1}.conv")]
    ['stage', 'i + 1', '.conv']
    """
    pieces: list[Piece] = []
    begun = position = 0
    literal = ""
    while (found := text.find("${", position)) >= 0:
        if text[found - 1 : found] == "$" and found > begun:
            literal += text[position : found - 1] + "${"
            position = found + 2
            continue
        end = template_end(text, found)
        if end < 0:
            raise ExpressionError("the `${` opened here is never closed", found, found + 2, "add the closing `}`")
        if not text[found + 2 : end - 1].strip():
            raise ExpressionError("`${}` contains no expression", found, end, "write one inside, such as ${classes}")
        literal += text[position:found]
        if literal:
            pieces.append(Piece(literal, begun, found, False))
        pieces.append(Piece(text[found + 2 : end - 1], found + 2, end - 1, True))
        begun = position = end
        literal = ""
    literal += text[position:]
    if literal or not pieces:
        pieces.append(Piece(literal, begun, len(text), False))
    return tuple(pieces)


def template_end(text: str, start: int) -> int:
    """The offset after the `}` that closes the `${` at `start`, or -1; a brace in quotes does not count."""
    quote = ""
    for offset in range(start + 2, len(text)):
        char = text[offset]
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char == "}":
            return offset + 1
    return -1
