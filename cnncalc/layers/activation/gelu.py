from __future__ import annotations

from functools import partial
from math import pi
from types import ModuleType
from typing import Any

from cnncalc.diagnostics import Refusal
from cnncalc.kernels.elementwise import by_blocks
from cnncalc.layers import declare
from cnncalc.layers.activation._activation import Activation
from cnncalc.layers.activation._stable_functions import upper_tail
from cnncalc.layers.base import Array

_ROOT = (2 / pi) ** 0.5


def _uses_tanh(value: Any) -> bool:
    """True for `tanh` and true, False for `none` and false. Raises Refusal for anything else."""
    word = str(value).lower() if isinstance(value, str | bool) else ""
    if word in ("tanh", "true", "none", "false"):
        return word in ("tanh", "true")
    raise Refusal(f"got {value!r}, but true, tanh, false or none is needed", code="E204")


class Gelu(Activation):
    """Gaussian error linear unit: the input times the probability that a standard normal is below it.

    FLOPs: one per element.
    """

    type = "gelu"
    rule = "f(x) = x·Φ(x); approximate: x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³)))"
    sources = (
        "Hendrycks & Gimpel, Gaussian Error Linear Units, arXiv 1606.08415",
        "PyTorch, torch.nn.GELU",
        "ONNX operators, Gelu",
    )
    examples = ("16x16x8 -> gelu", "32x32x3 -> conv 16 3x3 gelu")

    approximate: bool = declare.Field(
        "whether to use the formula with tanh; PyTorch and ONNX write `tanh` and `none` for true and false",
        _uses_tanh,
        {"anyOf": [{"type": "boolean"}, {"type": "string", "enum": ["none", "tanh"]}]},
        default=False,
    )  # type: ignore[assignment]

    def forward(self, np: ModuleType, x: Array) -> Array:
        if not self.approximate:
            return by_blocks(np, partial(_fill, np), x)
        bounded = np.clip(x, -30, 30)  # beyond, tanh is ±1 and the cube would overflow
        return 0.5 * x * (1 + np.tanh(_ROOT * (bounded + 0.044715 * bounded**3)))


def _fill(np: ModuleType, x: Array, out: Array) -> None:
    """x·Φ(x) = max(x, 0) − |x|·Q(|x|) with Q = 1 − Φ, whose product with |x| vanishes beyond 38."""
    away = np.minimum(np.abs(x), 38)
    np.maximum(x, 0, out=out)
    away *= upper_tail(np, away)
    out -= away
