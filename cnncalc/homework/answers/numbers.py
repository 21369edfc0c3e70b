"""Numbers as answers, with their working, a label, a unit, or a remark.

`(8·8·3 + 1)·20 = 3860`, `P = 3860`, `3860 (3840 weights + 20 biases)`, `ca. 0.76 M`, `196:1`. All values that an answer
states must be equal. The strict grammar of sums.py comes first, so that positions in errors are those of the answer.
"""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

from cnncalc.diagnostics import SpecError
from cnncalc.homework.answers.plain import plain
from cnncalc.homework.answers.problems import MOST_DIGITS, check_length, unreadable
from cnncalc.homework.answers.rewriting import rewritten
from cnncalc.homework.answers.sums import WrittenNumber, parse_sum
from cnncalc.homework.answers.wording import without_fillers
from cnncalc.number_text import show_number

_LINK = re.compile(
    r"\s*(?:==?>|=+|≈|->|→|⇒|,?\s*\b(?:so|thus|hence|therefore)\b:?"
    r"|,?\s*\b(?:is\s+)?rounded(?:\s+(?:up|down|off))?(?:\s+to)?\b)\s*",
    re.IGNORECASE,
)
_LABEL = re.compile(r"^[A-Za-z][A-Za-z_ ()#']*:\s*(?=\S)")
_REMARK = re.compile(r"^(?P<said>.*\S)(?:\s+|(?<=\w))[(\[](?P<remark>[^()\[\]]*[A-Za-z][^()\[\]]*)[)\]]$")
_RESTATED = re.compile(r"^(?P<said>[^()\[\]]*[\w%])\s+[(\[](?P<remark>[^()\[\]]*)[)\]]$")
_CHOICE = re.compile(r"\b(?:or|oder|ou|maybe|perhaps)\b|\?", re.IGNORECASE)
_FIRST = re.compile(r"^[\d.,' _]*\d")


class InconsistentAnswerError(SpecError):
    """An answer that states two different values."""


def read_number(text: str) -> WrittenNumber:
    """Parse a number, or arithmetic of numbers. Raises SpecError with the position that cannot be parsed."""
    check_length(text)
    try:
        number = parse_sum(text)
        return _approximate(text, number) if text.lstrip().startswith(("≈", "~")) else number
    except SpecError as error:
        if isinstance(found := _read_freely(text), WrittenNumber):
            return found
        raise error from None


def _read_freely(text: str) -> WrittenNumber | None:
    """The number in an answer with words, links or LaTeX; None if there is none. Raises InconsistentAnswerError."""
    clear = re.sub(r"\(\s*=\s*", "(", _LABEL.sub("", rewritten(plain(text))))
    links = [found.group().strip() for found in _LINK.finditer(clear)]
    pieces = _LINK.split(clear)
    last = _stated(pieces[-1])
    if last is None:
        return None
    said: list[tuple[str, WrittenNumber]] = []
    for link, piece in zip(["", *links], pieces, strict=True):
        for place, (words, number) in enumerate(_stated(piece) or []):
            if place == 0 and said and _rounds(said[-1][1], link, number):
                said = []  # 13.5 → 13: the size is what it was rounded to
            elif link == "≈":
                number = _approximate(words, number)
            said.append((words, number))
    for (_, before), (words, number) in pairwise(said):
        if not _agree(before, number) and not _carries_on(before, words):
            raise _inconsistent(text, before, number)
    equal = [number for _, number in said if _agree(number, said[-1][1])]
    return min(reversed(equal), key=lambda number: number.tolerance)


def _rounds(before: WrittenNumber, link: str, number: WrittenNumber) -> bool:
    """Whether a fraction is rounded to a whole number: by an arrow, ≈ or a word; a quotient also by an equals sign."""
    is_whole = before.value.denominator > 1 and number.value.denominator == 1
    exact = not before.rounded  # 27/2, not 13.5
    return is_whole and (exact or link.strip("=") != "") and abs(number.value - before.value) < 1


def _stated(piece: str) -> list[tuple[str, WrittenNumber]] | None:
    """The numbers that a piece states: itself, and the working in a remark after it. None if it is not a number."""
    piece = without_fillers(piece)
    for candidate, remark in _with_remark(piece):
        if (number := _sum_of(candidate)) is not None:
            inner = _sum_of(without_fillers(remark))
            return [(candidate, number), *([(remark, inner)] if inner is not None else [])]
    return None


def _with_remark(piece: str) -> list[tuple[str, str]]:
    """The readings of a piece: all of it, or what is before a remark in brackets."""
    readings = [(piece, "")]
    for pattern in (_REMARK, _RESTATED):
        found = pattern.match(piece)
        if found and not _CHOICE.search(found["remark"]):
            readings.append((without_fillers(found["said"]), found["remark"].lstrip("=≈ ")))
    return readings


def _sum_of(text: str) -> WrittenNumber | None:
    text = re.sub(r"(?<=\d)\s*(?:-fold|fold)\b", " times", text)
    text = re.sub(r"(?<=\d)\s+to\s+(?=\d)", ":", text)
    text = re.sub(r"^[x×]\s*(?=\d)", "", text)
    text = re.sub(r"^\s*\+(?=\d+/\d)", "", text)
    try:
        return parse_sum(text)
    except SpecError:
        return None


def _approximate(words: str, number: WrittenNumber) -> WrittenNumber:
    """A whole number after ≈: its last zeros may be rounded."""
    if number.tolerance or not (digits := re.fullmatch(r"[≈~\d,' _]*?(0*)\D*", words)):
        return number
    return number._replace(tolerance=Fraction(10) ** len(digits[1]) / 2, rounded=True)


def _agree(one: WrittenNumber, other: WrittenNumber) -> bool:
    return abs(one.value - other.value) <= one.tolerance + other.tolerance


def _carries_on(before: WrittenNumber, words: str) -> bool:
    """Whether a calculation begins with the result before it: 26/2 = 13 + 1 = 14."""
    first = _FIRST.match(words)
    number = _sum_of(first.group()) if first and first.group() != words.strip() else None
    return number is not None and _agree(before, number)


def _inconsistent(text: str, before: WrittenNumber, after: WrittenNumber) -> InconsistentAnswerError:
    one, other = (show_number(_short(number.value)) for number in (before, after))
    message = f"the answer states two different values, {one} and {other}"
    found = unreadable(text, 0, min(len(text), 2 * MOST_DIGITS), message, "write one value")
    return InconsistentAnswerError(found.diagnostics)


def _short(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)
