"""Aten's operators as layers: a module for each family, a function for each operator, registered by its name.

A function takes the call, and then the operator's arguments in the order and by the names of its schema.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TypeVar

from cnncalc.importing.aten.conversion import AtenOperator

_FAMILIES = (
    "windows", "functions", "arithmetic", "movement", "parts", "products", "reductions", "normalization", "recurrent",
)  # fmt: skip
_REGISTRY: dict[str, AtenOperator] = {}
Function = TypeVar("Function", bound=AtenOperator)


def operator(*names: str) -> Callable[[Function], Function]:
    """Register a function for operators of these names, and for those that work in place."""

    def register(function: Function) -> Function:
        for name in names:
            _REGISTRY[f"aten.{name}"] = _REGISTRY[f"aten.{name}_"] = function
        return function

    return register


def find(name: str) -> AtenOperator | None:
    """The function that converts an operator; None if there is none."""
    if not _REGISTRY:
        for family in _FAMILIES:
            import_module(f"{__package__}.{family}")
    return _REGISTRY.get(name)
