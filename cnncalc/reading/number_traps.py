"""Words that YAML readers read differently: `012`, `0x10`, `1_000`, `12:30`, `on`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cnncalc.diagnostics import Diagnostic
from cnncalc.reading.nodes import Scalar
from cnncalc.reading.scalars import FLOAT, MAX_DIGITS

_OLD_BOOLS: Mapping[str, str] = {
    **dict.fromkeys(("yes", "on", "y"), "true"),
    **dict.fromkeys(("no", "off", "n"), "false"),
}

_LONGEST = 100
"""Longer words are not explained."""
_OCTAL_OLD = re.compile(r"([-+]?)0+([0-9]+)")
_HEXADECIMAL = re.compile(r"[-+]?0[xX][0-9a-fA-F]+")
_OCTAL = re.compile(r"[-+]?0[oO][0-7]+")
_BINARY = re.compile(r"[-+]?0[bB][01]+")
_GROUPED = re.compile(r"[-+]?(?:[0-9]+(?:_[0-9]+)+|[0-9]{1,3}(?:,[0-9]{3})+)")
_SEXAGESIMAL = re.compile(r"[-+]?[0-9]+(?::[0-5]?[0-9])+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF|nan|NaN|NAN)")


def trap(node: Scalar) -> Diagnostic | None:
    """E105 if the scalar is an ambiguous plain word; for callers that expect a number or a bool."""
    explanation = explain_trap(node.text) if node.plain else ""
    if not explanation:
        return None
    meaning, _, advice = explanation.partition("; ")
    return Diagnostic("E105", meaning, node.span, hint=advice)


def explain_trap(text: str) -> str:
    """`"WORD is …; write …"` for a word whose meaning depends on the YAML reader, or "" for other words.

    A float such as `1e3` or `5.` is explained too; report it only if an integer is expected.
    """
    if text.lower() in _OLD_BOOLS:
        return f"`{text}` is a bool in YAML 1.1 and text in YAML 1.2; write {_OLD_BOOLS[text.lower()]}"
    if not text or text[0] not in "+-.0123456789":
        return ""
    digits = text.lstrip("+-")
    if len(digits) > MAX_DIGITS and digits.isdecimal():
        return f"a number of {len(digits)} digits; write at most {MAX_DIGITS}"
    return _number_trap(text) if len(text) <= _LONGEST else ""


def _number_trap(text: str) -> str:
    if _HEXADECIMAL.fullmatch(text) or _OCTAL.fullmatch(text) or _BINARY.fullmatch(text):
        base = {"x": "hexadecimal", "o": "octal", "b": "binary"}[text.lstrip("+-")[1].lower()]
        return f"`{text}` is a number in {base}, which not all YAML readers support; write {int(text, 0)}"
    if found := _OCTAL_OLD.fullmatch(text):
        return _octal_trap(text, found.group(1), found.group(2))
    if _GROUPED.fullmatch(text):
        digits = re.sub("[^-+0-9]", "", text)
        return f"`{text}` is a number with a separator for some YAML readers and text for others; write {digits}"
    if _SEXAGESIMAL.fullmatch(text):
        return f"`{text}` is {_base_60(text)} in base 60 in YAML 1.1 and text in YAML 1.2; write {_base_60(text)}"
    if _DATE.fullmatch(text):
        return f"`{text}` is a date in YAML 1.1 and text in YAML 1.2; write a number"
    if _NOT_FINITE.fullmatch(text):
        return f"`{text}` is not finite; write a finite number"
    if FLOAT.fullmatch(text):
        return _float_trap(text, float(text))
    return ""


def _octal_trap(text: str, sign: str, digits: str) -> str:
    decimal = int(sign + digits)
    if set(digits) <= set("01234567"):
        octal = int(sign + digits, 8)
        return f"`{text}` is octal {octal} in YAML 1.1 and {decimal} in YAML 1.2; write {decimal} or {octal}"
    return f"`{text}` is text in YAML 1.1 and {decimal} in YAML 1.2; write {decimal}"


def _base_60(text: str) -> int:
    sign = -1 if text.startswith("-") else 1
    value = 0
    for part in text.lstrip("+-").split(":"):
        value = value * 60 + int(part)
    return sign * value


def _float_trap(text: str, value: float) -> str:
    if abs(value) == float("inf"):
        return f"`{text}` is too large; write a smaller number"
    if value.is_integer() and abs(value) < 2**53:
        return f"`{text}` is a float or, for some YAML readers, text; write {int(value)}"
    return f"`{text}` is the float {value!r}; write an integer"
