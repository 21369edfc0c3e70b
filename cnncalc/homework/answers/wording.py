"""Answers and parts of answers in words: no size, no answer, fillers around a number."""

from __future__ import annotations

import re

_NO_FIT = frozenset(
    f"{subject}{verb} not fit{rest}"
    for subject in ("", "it ", "the window ", "the kernel ", "the filter ", "they ", "this ")
    for verb in ("does", "do", "will")
    for rest in ("", " evenly", " the input")
) | {
    "impossible", "it is impossible", "not possible", "it is not possible", "invalid", "it is invalid", "not valid",
    "it is not valid", "illegal", "error", "undefined", "not an integer", "it is not an integer", "no integer",
    "not a whole number", "it is not a whole number", "no fit", "no such size", "not an integer size", "none fits",
    "does not work", "it does not work", "cannot work", "not applicable", "does not divide", "does not divide evenly",
    "not divisible", "no valid size", "no valid output", "no output", "invalid size", "invalid stride", "noninteger",
    "doesnt fit", "not integer", "there is no valid size", "there is no such size", "it does not divide evenly",
}  # fmt: skip
_BLANK = frozenset((
    "", "-", "--", "–", "—", "n/a", "na", "nan", "tbd", "idk", "dk", "i don't know", "i don’t know", "i do not know",
    "don't know", "unknown", "no idea", "not sure", "no answer", "blank", "skip", "skipped",
))  # fmt: skip
_ZERO = frozenset(("none", "no", "zero", "nil", "nothing", "no parameters", "no weights", "no params", "null"))
NUMERALS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip

_FILLERS = (
    "it", "is", "by", "are", "the", "a", "an", "i", "get", "got", "think", "so", "therefore", "hence", "thus", "we",
    "have", "has", "there", "answer", "result", "output", "outputs", "input", "shape", "size", "volume", "tensor",
    "dimension",
    "dimensions", "total", "of", "in", "all", "exactly", "equals", "gives", "each", "both", "learnable", "trainable",
    "learned", "free", "shared", "only", "just", "number", "factor", "ratio", "as", "many", "more", "wide", "long",
    "per", "axis", "direction", "bigger", "larger", "incl", "including", "with", "feature", "spatial", "will",
    "be", "its",
)  # fmt: skip
_BEFORE = re.compile(rf"^(?:(?:{'|'.join(_FILLERS)})\b[\s:,]*)+", re.IGNORECASE)
_AFTER = re.compile(rf"(?:[\s,]+(?:{'|'.join(_FILLERS)}))+$", re.IGNORECASE)
_BETWEEN = re.compile(
    r"(?<=[\d\s])(?:learnable|trainable|learned|free|total|shared)\s+(\w)|\s+and\s+biases\b", re.IGNORECASE
)
_NUMERAL = re.compile(rf"\b({'|'.join(NUMERALS)})\b", re.IGNORECASE)


def says_it_does_not_fit(text: str) -> bool:
    """Whether an answer states, in one of the usual ways, that there is no valid output size."""
    words = re.sub(r"[^a-z ]", "", text.casefold().replace("n't", " not").replace("n’t", " not"))
    return " ".join(words.split()) in _NO_FIT


def is_blank(text: str) -> bool:
    """Whether an answer says that there is none: `?`, `-`, `n/a`."""
    word = text.strip().strip(".!").casefold()
    return word in _BLANK or set(word) <= set("?… ")


def says_none(text: str) -> bool:
    """Whether an answer is a word for none or zero, which is 0 where 0 is right and no answer elsewhere."""
    return " ".join(text.strip(" .!").casefold().split()) in _ZERO


def without_fillers(text: str) -> str:
    """The text without words before and after the answer that change nothing: `the output is 14 in total`."""
    shorter = _AFTER.sub("", _BEFORE.sub("", _BETWEEN.sub(r"\1", text.strip()))).strip()
    return _NUMERAL.sub(lambda found: str(NUMERALS.index(found.group().casefold())), shorter)
