"""Models of PyTorch that a list names, each a line `FILE | CALL | SHAPE …`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from tests.oracles.zoo.figures import Figures
from tests.oracles.zoo.torch_zoo import measured


def main(file: Path, compared: Callable[[str, Figures], str]) -> None:
    """Print the comparison of each line; `SHAPE` has no batch, and `<N` after it marks whole numbers below N."""
    for line in file.read_text(encoding="utf-8").splitlines():
        path, call, shapes = (part.strip() for part in line.split("|"))
        try:
            model = eval(call, _names_in(Path(path)))
            real = measured(model, tuple(_tensor(each) for each in shapes.split()))
        except Exception as error:
            print(f"fails: {type(error).__name__}: {error}"[:120], line)
            continue
        print(compared(f"{path}:{call}", real), line, flush=True)


def _names_in(path: Path) -> dict[str, Any]:
    """The names of a file that is imported as a part of its package, if it is in one."""
    parts = [path.stem]
    folder = path.resolve().parent
    while (folder / "__init__.py").exists():
        parts.insert(0, folder.name)
        folder = folder.parent
    sys.path[:2] = [str(folder), str(path.parent)]
    for name in [name for name in sys.modules if name.partition(".")[0] in (parts[0], "utils", "models")]:
        del sys.modules[name]
    return vars(import_module(".".join(parts)))


def _tensor(text: str) -> Tensor:
    shape, _, below = text.partition("<")
    sizes = [1, *(int(each) for each in shape.split("x") if each)]
    return torch.randint(int(below), sizes) if below else torch.randn(sizes)
