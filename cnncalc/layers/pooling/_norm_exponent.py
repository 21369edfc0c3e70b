"""The exponent that the norm pools share."""

from __future__ import annotations

from cnncalc.arithmetic.convention import Convention
from cnncalc.diagnostics import Refusal
from cnncalc.number_text import decimal


def check_norm(convention: Convention, norm: float) -> None:
    """Refuse an exponent that gives no norm, and a fractional one under onnx, whose attribute is an integer."""
    if norm <= 0:
        raise Refusal(
            f"norm {decimal(norm)} has no root: the exponent must be above 0",
            hint="use 1, 2, …",
            field="norm",
            code="E204",
        )
    if convention.name == "onnx" and not norm.is_integer():
        raise Refusal(
            f"ONNX's p is a whole number, got {decimal(norm)}",
            hint="choose another convention",
            field="norm",
            code="E304",
        )
