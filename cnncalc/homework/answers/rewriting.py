"""Ways to write a calculation, rewritten in the grammar of sums: floor(…), implied products, parts with labels."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cnncalc.diagnostics import SpecError
from cnncalc.homework.answers.sums import parse_sum

_ABBREVIATION = re.compile(r"\b(Mio|Tsd|Mrd|Mill)\.", re.IGNORECASE)
_ROUNDED_FROM = re.compile(r"^(?P<whole>\d+)\s*\(\s*rounded\b[^()\d]*(?P<exact>\d+[.,/]\d+)\s*\)$", re.IGNORECASE)
_CALL = re.compile(r"\b(floor|ceil(?:ing)?)\s*\(", re.IGNORECASE)
_BRACKETS: Mapping[str, tuple[str, str]] = {"f": ("⌊", "⌋"), "c": ("⌈", "⌉")}
_RESTATED = re.compile(r"^(?P<said>[\d,. ]+)\((?P<working>[^()]*)\)$")
_LETTER = re.compile(r"[A-WYZa-wyz]")
_KINDS = r"weights?|bias(?:es)?|kernels?|w|b"
_LABELLED = re.compile(
    rf"^(?:{_KINDS})\s*[:=]\s*(?P<said>\S.*)$|^(?P<before>\S.*?)\s*(?:weights?|bias(?:es)?)$", re.IGNORECASE
)
_TOTAL = re.compile(r"^(?:total|sum|altogether|params?|parameters?)\s*[:=]?\s*(?P<said>\d.*)$", re.IGNORECASE)
_BETWEEN = re.compile(rf"\s*(?:[,;](?!\d{{3}}\b)|\band\b)\s*|\s+(?=(?:{_KINDS}|total|sum)\s*[:=])", re.IGNORECASE)


def rewritten(text: str) -> str:
    """An answer in plain notation with these ways of writing replaced."""
    text = _ABBREVIATION.sub(r"\1", text)
    if rounded := _ROUNDED_FROM.match(text):
        text = f"{rounded['exact']} -> {rounded['whole']}"
    text = _with_brackets(text)
    text = re.sub(r"\s*,\s*(?=\+\s*\d)", " ", text)
    if not _LETTER.search(text):
        text = re.sub(r"(?<=\d)\(", " (" if _is_restated(text) else "*(", text)
    return _added(text)


def _is_restated(text: str) -> bool:
    """Whether brackets hold the working of the number before them, as in 3860(3840 + 20), and no factor."""
    found = _RESTATED.match(text)
    if found is None:
        return False
    try:
        return parse_sum(found["said"]).value == parse_sum(found["working"]).value
    except SpecError:
        return False


def _with_brackets(text: str) -> str:
    """`floor(25/2) + 1` as ⌊25/2⌋ + 1."""
    while call := _CALL.search(text):
        end = _closing(text, call.end())
        if end is None:
            return text
        opening, closing = _BRACKETS[call[1][0].lower()]
        text = f"{text[: call.start()]}{opening}{text[call.end() : end]}{closing}{text[end + 1 :]}"
    return text


def _closing(text: str, start: int) -> int | None:
    """The place of the parenthesis that closes the one before `start`."""
    depth = 1
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place
    return None


def _added(text: str) -> str:
    """`weights: 1200, biases: 16, total: 1216` as 1200 + 16 = 1216."""
    pieces = [piece for piece in _BETWEEN.split(text) if piece]
    parts = [found["said"] or found["before"] for piece in pieces if (found := _LABELLED.match(piece))]
    total = _TOTAL.match(pieces[-1]) if pieces else None
    if len(parts) < 2 or len(parts) + (total is not None) != len(pieces):
        return text
    added = " + ".join(parts)
    return f"{added} = {total['said']}" if total else added
