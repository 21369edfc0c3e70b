"""The library's modules: a file for each family, a function for each module, registered by its name.

A function appends the layers of one module to `ModuleParts` and returns its output. Its declaration lists the
parameters that a row of a file may give.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from typing import Any, NamedTuple

from cnncalc.importing.ultralytics.arguments import ModuleParameter, declared

YOLOV7 = "yolov7"
"""The dialect of the files of the YOLOv7 repository."""


class YoloModule(NamedTuple):
    """A module: its function, its parameters, and how a row of the library uses it."""

    build: Callable[..., Any]
    parameters: tuple[ModuleParameter, ...]
    takes_list: bool = False
    takes_groups: bool = False
    """Whether one of its inputs may be several tensors."""

    @property
    def repeats_inside(self) -> bool:
        """Whether the repeats of the row are an argument; otherwise the module itself is repeated."""
        return any(each.name == "n" for each in self.parameters)

    @property
    def is_scaled(self) -> bool:
        """Whether the first argument is a number of channels, which the width scales."""
        return self.parameters[:1] != () and self.parameters[0].name == "c2"


_REGISTRY: dict[str, YoloModule] = {}


def module(
    *names: str, declaration: str = "", takes_list: bool = False, takes_groups: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # fmt: skip
    """Register a function for modules of these names."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        made = YoloModule(function, declared(declaration), takes_list, takes_groups)
        _REGISTRY.update(dict.fromkeys(names, made))
        return function

    return register


def find_module(name: str, dialect: str = "") -> YoloModule | None:
    """The module of a name, also with `torch.` before it; None if there is none.

    A dialect, such as YOLOV7, may have other arguments for a module: it is registered as "yolov7 Conv".
    """
    if not _REGISTRY:
        for file in sorted(os.listdir(os.path.dirname(__file__))):
            if file.endswith(".py") and not file.startswith("__"):
                import_module(f"{__package__}.{file.removesuffix('.py')}")
    name = name.removeprefix("torch.")
    return _REGISTRY.get(f"{dialect} {name}") or _REGISTRY.get(name)


def is_only_in(dialect: str, name: str) -> bool:
    """Whether a module exists in a dialect and not outside of it."""
    return find_module(name) is None and find_module(name, dialect) is not None


def module_names() -> list[str]:
    find_module("")
    return sorted(name for name in _REGISTRY if " " not in name)
