"""The path of a module of PyTorch, from the modules that are open around an operation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_MOST_PARTS = 40


class OpenModule(NamedTuple):
    """A module that is being called: its name among the model's `named_modules`, and its class if it is known."""

    name: str
    kind: str = ""


class NestedModules(NamedTuple):
    """The parts of a module's name, and the class of the module that each part leads to, if it is known."""

    names: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def parts_of(name: str) -> tuple[str, ...]:
    """The parts of a name with dots; modules inside of too many others stay one part, since each is looked up."""
    return tuple(name.split(".", _MOST_PARTS - 1))


def path_of(modules: Sequence[OpenModule]) -> NestedModules:
    """The path of the innermost module. A list of modules is a part of it, although it is never called itself.

    >>> path_of([OpenModule("encoder", "Encoder"), OpenModule("encoder.blocks.0", "Block")])
    NestedModules(names=('encoder', 'blocks', '0'), kinds=('Encoder', '', 'Block'))
    """
    if not modules:
        return NestedModules()
    kinds = dict(modules)
    names = parts_of(modules[-1].name)
    return NestedModules(names, tuple(kinds.get(".".join(names[:end]), "") for end in range(1, len(names) + 1)))
