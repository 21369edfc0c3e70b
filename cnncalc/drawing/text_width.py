"""The width of a text before it is drawn: an upper bound for the usual sans-serif fonts, DejaVu Sans among them."""

from __future__ import annotations

from collections.abc import Mapping

_GROUPS: Mapping[str, float] = {
    "'ijl,.·:;| ": 0.34,
    'IJ/\\f-()[]t!r"⌊⌋': 0.42,
    "sz*_`–?cL": 0.56,
    "FkvxyPTYaoeESbdghnpqu$0123456789{}": 0.645,
    "KAVBRXZCUHN": 0.76,
    "DG&OQw#+<=>^~×→−M": 0.865,
}
"""Widths in units of the font size."""

_WIDTHS: Mapping[str, float] = {character: width for group, width in _GROUPS.items() for character in group}
_WIDEST = 1.0
_BOLD = 1.13


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of a line of text in the units of the font size.

    >>> text_width("conv", 10.0)
    25.75
    """
    width = sum(_WIDTHS.get(character, _WIDEST) for character in text)
    return round(width * size * (_BOLD if bold else 1.0), 3)


def shortened(text: str, size: float, limit: float) -> str:
    """The text, or its beginning and end with `…` between them if it is wider than `limit`."""
    if text_width(text, size) <= limit:
        return text
    for kept in range(len(text) - 1, 1, -1):
        shorter = text[: (kept + 1) // 2] + "…" + text[len(text) - kept // 2 :]
        if text_width(shorter, size) <= limit:
            return shorter
    return "…"
