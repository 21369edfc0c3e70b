"""Help and hints for a student who answers in the terminal, which do not show the answer."""

from __future__ import annotations

import re

from cnncalc.homework.marking import Mark
from cnncalc.render.exercises.paper import Prompt

TRIES = 2
_VALUE = re.compile(r"\d[\d,]*\d")
_SYMBOL = re.compile(r"\b[A-Zn]\b|units")
_HELP = ("help", "?", "h")
_QUIT = ("quit", "exit", "q", ":q")


def asks_for_help(text: str) -> bool:
    return text.strip().casefold() in _HELP


def asks_to_quit(text: str) -> bool:
    return text.strip().casefold() in _QUIT


def help_with(prompt: Prompt) -> list[str]:
    """The formula without its numbers, where there is one, and the notations of an answer."""
    formula = [line for line in map(_without_numbers, prompt.working[:1]) if line]
    if prompt.is_list:
        notation = "Write a list such as [0.5, 2, 1]."
    elif prompt.grid:
        notation = "Write an array such as [[1, 0], [4, 6]]."
    elif prompt.is_number:
        notation = "Write a number or its calculation, such as 756,560, 0.76M or (8*8*3+1)*20."
    else:
        notation = "Write a shape such as 14x14x20 (or a single size), in the order that the question gives."
    return [*formula, notation, "An empty answer goes on to the next question."]


def _without_numbers(line: str) -> str:
    """A formula up to its first value: `Parameters = (F·F·C + 1)·K`. Nothing if the line has no symbols."""
    pieces = line.split(" = ")
    if len(pieces) < 2 or _VALUE.search(pieces[1]):
        return ""
    return " = ".join(pieces[:2]) if _SYMBOL.search(pieces[1]) else ""


def hint(mark: Mark, prompt: Prompt) -> list[str]:
    """The mistake in an answer and why it is one, or the formula, before another try."""
    if mark.problem is not None:
        return [f"This cannot be read: {mark.problem.message}.", *filter(None, [mark.problem.hint])]
    if not mark.suspects:
        formula = [line for line in map(_without_numbers, prompt.working[:1]) if line]
        return ["Not yet. Have another look.", *formula]
    first = mark.suspects[0]
    return [f"Not yet: {first.what}.", first.why]
