"""ONNX's operators as layers: a module for each family, a function for each operator, registered by its name."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from cnncalc.importing.onnx.conversion import Operator

_FAMILIES = ("windows", "elementwise", "linear", "normalization", "reshaping", "reductions", "recurrent")
_REGISTRY: dict[str, Operator] = {}


def operator(*names: str) -> Callable[[Operator], Operator]:
    """Register a function for operators of these names."""

    def register(function: Operator) -> Operator:
        _REGISTRY.update(dict.fromkeys(names, function))
        return function

    return register


def find(name: str) -> Operator | None:
    """The function that converts an operator; None if there is none."""
    if not _REGISTRY:
        for family in _FAMILIES:
            import_module(f"{__package__}.{family}")
    return _REGISTRY.get(name)
