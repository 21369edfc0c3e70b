"""The check of a norm pool's exponent."""

from __future__ import annotations

from cnncalc.arithmetic.convention import Convention
from cnncalc.diagnostics import Refusal
from cnncalc.number_text import decimal


def check_norm(convention: Convention, norm: float) -> None:
    """Reject an exponent that does not give a norm, and under onnx a fractional one: the attribute is an integer."""
    if norm <= 0:
        raise Refusal(
            f"norm {decimal(norm)} is not a norm: the exponent must be above 0",
            hint="use 1, 2, …",
            field="norm",
            code="E204",
        )
    if convention.name == "onnx" and not norm.is_integer():
        raise Refusal(
            f"ONNX's p must be a whole number, got {decimal(norm)}",
            hint="choose another convention",
            field="norm",
            code="E304",
        )
