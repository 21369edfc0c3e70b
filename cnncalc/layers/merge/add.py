from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any, ClassVar

from cnncalc.diagnostics import Refusal
from cnncalc.kernels.elementwise import by_blocks
from cnncalc.layers import keeping
from cnncalc.layers.base import Array
from cnncalc.layers.merge._merge import Merge
from cnncalc.layers.type_choice import TypeChoice

_OPERATIONS: Mapping[object, str] = {
    "prod": "multiply",
    0: "multiply",
    "sum": "add",
    1: "add",
    "max": "maximum",
    2: "maximum",
}


def _caffe_operation(given: Mapping[str, Any]) -> str:
    """The merge for Caffe's `operation`; a sum with the coefficients 1 and −1 is a difference."""
    word, factors = given.get("operation", "sum"), given.get("coeff")
    kind = _OPERATIONS.get(word.lower() if isinstance(word, str) else word)
    if kind is None:
        raise Refusal(f"operation: got {word}. Allowed: SUM, PROD, MAX", field="operation", code="E204")
    if kind == "add" and factors == [1, -1]:
        return "subtract"
    if isinstance(factors, list) and any(factor != 1 for factor in factors):
        hint = "scale the branches before the sum, with power scale=…"
        raise Refusal(
            f"coeff: {factors} are weights of the inputs, which add does not have",
            hint=hint,
            field="coeff",
            code="E304",
        )
    return kind


class Add(Merge):
    """Sum of the inputs, as in residual connections.

    FLOPs: one for each input after the first, per output element.
    """

    type = "add"
    alone = ("keras", "tensorflow", "onnx")
    aliases = ("sum", "Eltwise")
    choice = TypeChoice(("operation", "coeff"), _caffe_operation)
    without_effect: ClassVar[tuple[str, ...]] = ("stable_prod_grad",)
    examples = (
        "32x32x16 -> add(conv 16 3x3 p1 | identity)",
        "32x32x16 -> add(conv 8 3x3 p1 -> conv 16 1x1 | identity) -> relu",
    )
    keeps = keeping.NOTHING

    def combine(self, np: ModuleType, one: Array, other: Array) -> Array:
        return by_blocks(np, np.add, one, other)
