"""The oracle of each family of layers: one module draws its random cases and asks every framework about them.

A module here is found by itself. It may hold these tables, each by layer type; a framework is imported inside the
functions that ask it:

- `FREQUENCY`: how often the layer is drawn, by convention and then by type (as in `cases.WEIGHTS`);
- `DRAW`: `draw(random, convention) -> (input shapes, fields)`;
- `PYTORCH`, `KERAS`, `ONNX`, `TENSORFLOW`: `ask(case, inputs, weights) -> Answer`, which builds the framework's layer,
  copies `weights` into it (by cnncalc's names and in its order of axes; None leaves the framework's own) and runs it on
  `inputs`, batch axis first. What the framework refuses it raises. The `run` of each framework's oracle does the work
  that is common: `pytorch_oracle.run_module`, `keras_oracle.run_layer`, `onnxruntime_oracle.run_nodes`;
- `DEVIATIONS`: a tuple, where cnncalc and a framework differ on purpose about layers of this family;
- `INPUTS`: `inputs(generator, case) -> arrays`, for layers that cannot read normal random numbers (indices, boxes);
- `CHOSEN`: cases for the recorded values that no draw makes;
- `REFERENCE`: `compute(case, inputs, weights) -> output`, a paper's formula in NumPy, for layers that no framework has:
  the chosen cases of convention "formula".
"""

from __future__ import annotations

import importlib
from functools import cache
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

Weights = dict[str, np.ndarray] | None


class Answer(NamedTuple):
    """What a framework says about a case: the output, batch axis first, and how many learned numbers the layer has."""

    output: np.ndarray
    params: int


@cache
def _modules() -> tuple[ModuleType, ...]:
    return tuple(
        importlib.import_module(f"{__name__}.{module}") for module in sorted(i.name for i in iter_modules(__path__))
    )


@cache
def table(name: str) -> dict[str, Any]:
    """The tables of this name of all families, in one."""
    found: dict[str, Any] = {}
    for module in _modules():
        found |= getattr(module, name, {})
    return found


@cache
def frequency(convention: str) -> dict[str, int]:
    """How often each layer of the families is drawn for a convention."""
    found: dict[str, int] = {}
    for module in _modules():
        found |= getattr(module, "FREQUENCY", {}).get(convention, {})
    return found


@cache
def listed(name: str) -> tuple[Any, ...]:
    """The tuples of this name of all families, one after the other."""
    return tuple(entry for module in _modules() for entry in getattr(module, name, ()))
