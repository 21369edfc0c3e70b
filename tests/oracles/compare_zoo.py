"""Compare model code with PyTorch: `python -m tests.oracles.compare_zoo FOLDER`, or a list of `FILE | CALL | SHAPE …`.

In a folder, each file runs as a program, and its models are those that it calls itself on tensors. Parameters, output
shapes and multiply-accumulates of one sample are compared. Programs cannot start others meanwhile.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

import cnncalc


class Called(NamedTuple):
    """A model, the reference that names it in its file, and one sample of what it is called on."""

    reference: str
    model: nn.Module
    sample: tuple[Tensor, ...]


class Figures(NamedTuple):
    """What is compared."""

    params: int
    outputs: list[list[int]]
    macs: int


def refuse(*_: Any, **__: Any) -> None:
    raise OSError("not while comparing")


def calls_of(path: Path) -> Iterator[Called]:
    """The models that a program calls on tensors alone, each once."""
    names: dict[str, Any] = {"__name__": "__main__", "__file__": str(path)}
    found: dict[int, tuple[nn.Module, tuple[Tensor, ...]]] = {}
    call = nn.Module.__call__
    depth = 0

    def noted(model: nn.Module, *values: Any, **words: Any) -> Any:
        nonlocal depth
        if depth == 0 and not words and values and all(isinstance(each, Tensor) for each in values):
            found.setdefault(id(model), (model, tuple(each[:1] for each in values)))
        depth += 1
        try:
            return call(model, *values, **words)
        finally:
            depth -= 1

    nn.Module.__call__ = noted  # type: ignore[assignment, method-assign]
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), names)
    except (Exception, SystemExit) as error:
        print(f"does not run: {path.name}: {type(error).__name__}: {error}"[:120])
    finally:
        nn.Module.__call__ = call  # type: ignore[method-assign]
    variables = {id(value): name for name, value in names.items()}
    for key, (model, sample) in found.items():
        if key in variables:
            yield Called(variables[key], model, sample)


def listed(line: str) -> Called:
    """The model of a line of a list; `SHAPE` is without the batch, and `<N` after it marks whole numbers below N."""
    file, call, shapes = (part.strip() for part in line.split("|"))
    return Called(call, eval(call, _names_in(Path(file))), tuple(_tensor(each) for each in shapes.split()))


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


def theirs(called: Called) -> Figures:
    model = called.model.eval()
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        result = model(*called.sample)
    params = sum(each.numel() for each in model.parameters())
    return Figures(params, [list(each.shape[1:]) for each in _tensors(result)], counter.get_total_flops() // 2)


def _tensors(value: Any) -> list[Tensor]:
    if isinstance(value, Tensor):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [each for part in parts for each in _tensors(part)]


def ours(path: str, called: Called) -> Figures:
    shapes = [list(each.shape[1:]) for each in called.sample]
    reference = f"{path}:{called.reference}"
    try:
        report = cnncalc.analyze(reference, input=shapes[0] if len(shapes) == 1 else None)
    except cnncalc.SpecError as error:
        names = [each.message.partition(":")[0] for each in error.diagnostics if each.code == "E205"]
        if len(shapes) == 1 or not names:
            raise
        report = cnncalc.analyze(reference)
    return Figures(report.totals.params, [list(each.shape) for each in report.outputs], report.totals.macs)


def compared(path: str, called: Called) -> str:
    """A word for the comparison, with the figures that differ."""
    try:
        expected = theirs(called)
    except Exception as error:
        return f"does not run: {type(error).__name__}"
    try:
        found = ours(path, called)
    except cnncalc.SpecError as error:
        return f"not read: {error.diagnostics[0]}"
    return "equal" if found == expected else f"DIFFERENT: {found} is {expected} in PyTorch"


def main(argument: str) -> None:
    warnings.filterwarnings("ignore")
    os.system = subprocess.Popen = subprocess.run = refuse  # type: ignore[assignment, misc]
    given = Path(argument)
    if given.is_file():
        for line in given.read_text(encoding="utf-8").splitlines():
            path = line.partition("|")[0].strip()
            try:
                called = listed(line)
            except Exception as error:
                print(f"does not run: {type(error).__name__}: {error}"[:120], line)
                continue
            print(compared(path, called), line, flush=True)
        return
    for file in sorted(given.rglob("*.py")):
        sys.path[:1] = [str(file.parent)]
        for called in calls_of(file):
            print(compared(str(file), called), f"{file.relative_to(given)}:{called.reference}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
