"""Stand-ins for what foreign programs would fetch, start or import, so that they run alone and end soon."""

from __future__ import annotations

import builtins
import importlib.abc
import importlib.machinery
import os
import resource
import socket
import subprocess
import sys
import types
from collections.abc import Callable, Sequence
from typing import Any

MEMORY = 12 << 30


class Unknown:
    """What a missing module gives: attributes, calls and items are unknown as well, and it has no number or truth."""

    __iter__ = None

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Unknown()

    def __call__(self, *_: Any, **__: Any) -> Unknown:
        return Unknown()

    def __getitem__(self, _: Any) -> Unknown:
        return Unknown()

    def __setitem__(self, *_: Any) -> None:
        pass

    def __enter__(self) -> Unknown:
        return Unknown()

    def __exit__(self, *_: Any) -> None:
        pass

    def __bool__(self) -> bool:
        raise TypeError("unknown")


class MissingModule(types.ModuleType):
    __path__: Sequence[str] = ()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Unknown()


class Missing(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds every module that nothing else finds; `moved` may give the new home of one."""

    def __init__(self, installed: Sequence[str], moved: Callable[[str], Any] = lambda _: None) -> None:
        self.installed = installed
        self.moved = moved

    def find_spec(self, name: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] in self.installed and self.moved(name) is None:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> Any:
        return self.moved(spec.name) or MissingModule(spec.name)

    def exec_module(self, module: Any) -> None:
        pass


def refuse(*_: Any, **__: Any) -> Any:
    raise OSError("not while comparing")


def nothing(*_: Any, **__: Any) -> None:
    pass


def isolate() -> None:
    """Refuse other programs, the network and questions, and limit the memory of this process."""
    os.system = subprocess.Popen = subprocess.run = refuse  # type: ignore[assignment, misc]
    subprocess.call = subprocess.check_call = subprocess.check_output = refuse
    socket.socket.connect = refuse  # type: ignore[method-assign]
    socket.getaddrinfo = refuse
    builtins.input = lambda *_: ""
    builtins.exit = builtins.quit = sys.exit = refuse  # type: ignore[assignment]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
