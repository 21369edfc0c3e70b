"""The oracle of each convention: which module asks it, and which package it needs."""

from __future__ import annotations

import importlib
import importlib.util
import os
from typing import Any, Protocol, cast

from tests.oracles.cases import Case, Verdict

# Before anything loads TensorFlow, as Keras does: oneDNN's convolution returns its input where the output is empty.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

PACKAGES = {
    "pytorch": ("torch",),
    "keras": ("keras", "jax"),
    "onnx": ("onnx", "onnxruntime"),
    "tensorflow": ("tensorflow",),
}
"""What must be installed for the oracle of a convention."""


class Oracle(Protocol):
    """What an oracle module offers."""

    def verdict(self, case: Case) -> Verdict:
        """Shape and parameters of the case, or why the framework refuses it."""

    def output(self, case: Case, inputs: list[Any], weights: dict[str, Any]) -> Any:
        """The framework's output on these inputs with these weights, in cnncalc's order of axes."""


MODULES = {"onnx": "onnxruntime_oracle"}


def missing(convention: str) -> list[str]:
    """The packages that the convention's oracle lacks here."""
    return [package for package in PACKAGES[convention] if importlib.util.find_spec(package) is None]


def module(convention: str) -> Oracle:
    """The module that asks the framework, which takes seconds to import."""
    found = importlib.import_module(f"tests.oracles.{MODULES.get(convention, f'{convention}_oracle')}")
    return cast(Oracle, found)
