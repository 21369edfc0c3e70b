"""ONNX's operators as layers: a module for each family, a function for each operator, registered by its name."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from cnncalc.importing.onnx.conversion import Operator
from cnncalc.importing.onnx.proto import OnnxNode

_FAMILIES = (
    "attention", "contributed", "elementwise", "indexing", "linear", "normalization", "quantization", "recurrent",
    "reductions", "reshaping", "resizing", "windows",
)  # fmt: skip
_REGISTRY: dict[str, Operator] = {}

STANDARD = ("", "ai.onnx")
CONTRIBUTED = "com.microsoft"
"""The domain of the operators that ONNX Runtime adds."""


def operator(*names: str, domain: str = "") -> Callable[[Operator], Operator]:
    """Register a function for operators of these names."""

    def register(function: Operator) -> Operator:
        _REGISTRY.update(dict.fromkeys([f"{domain}:{name}" for name in names], function))
        return function

    return register


def find(node: OnnxNode) -> Operator | None:
    """The function that converts a node; None if there is none."""
    if not _REGISTRY:
        for family in _FAMILIES:
            import_module(f"{__package__}.{family}")
    if node.domain in STANDARD:
        return _REGISTRY.get(f":{node.op}")
    return _REGISTRY.get(f"{node.domain}:{node.op}")
