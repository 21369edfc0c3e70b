"""Compare model code with its framework: `python -m tests.oracles.compare_zoo FOLDER …` runs the programs of folders.

Their models are those that variables hold, with parameters, output shapes, multiply-accumulates of one sample and, in
Keras, the layers. Each file is a process of its own that starts no others. `--framework keras` reads programs of Keras
and TensorFlow; `--table` adds the counts of each folder to tests/data/zoos.csv. A text file with lines
`FILE | CALL | SHAPE …` names models of PyTorch without a program.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import os
import re
import select
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import cnncalc
from tests.oracles.zoo.figures import Figures, Shape, differences
from tests.oracles.zoo.programs import NAME, OutOfTimeError, Program, Run, limited
from tests.oracles.zoo.stand_ins import isolate

TABLE = Path(__file__).parent.parent / "data" / "zoos.csv"
COLUMNS = ("repository", "framework", "equal", "not read", "DIFFERENT")
SECONDS = 900
WORDS = {
    "keras": r"(import|from)\s+(keras|tensorflow|tf_keras)[\s\S]*(Model|Sequential)",
    "torch": r"(import|from)\s+torch",
}

OPEN_SIZES = ((7,), (7, 11), (224, 224, 3), (7, 224, 224, 3))
"""What is put for the open sizes of an input, by its rank."""


def report_on(reference: str, real: Figures) -> Any:
    """The report of a model, on its own input if the file states one."""
    try:
        return cnncalc.analyze(reference)
    except cnncalc.SpecError as error:
        if not any(each.code == "E205" or "open sizes" in each.message for each in error.diagnostics):
            raise
        shapes = {name: _closed(shape) for name, shape in real.inputs.items()}
        return cnncalc.analyze(reference, input=shapes if len(shapes) > 1 else next(iter(shapes.values())))


def _closed(shape: Shape) -> list[int]:
    return [
        stand_in if size is None else size for size, stand_in in zip(shape, OPEN_SIZES[len(shape) - 1], strict=True)
    ]


def compared(reference: str, real: Figures) -> str:
    """A word for the comparison, with the figures that differ."""
    try:
        with limited(60):
            report = report_on(reference, real)
    except cnncalc.SpecError as error:
        first = error.diagnostics[0]
        return f"not read: {first.code} {first.line}: {first.message}"
    except (Exception, OutOfTimeError) as error:
        return f"DIFFERENT: {type(error).__name__}: {error}"
    found = differences(report, real)
    return f"DIFFERENT: {'; '.join(found)}" if found else "equal"


def lines_of(path: Path, framework: Any) -> Iterator[str]:
    """A line for each model of a program, once for all models with the same figures."""
    program = Program(path)
    failures: list[str] = []
    run = Run(program, failures.append)
    sys.modules[NAME] = run.module
    seen: list[Figures] = []
    for name, model, count in run.variables(framework.models):
        yield from _line(program, name, count, _figures(framework, model), seen)
    for name, model in framework.made(run.names):
        yield from _line(program, name, len(program.statements), _figures(framework, model), seen)
    yield from failures


def _figures(framework: Any, model: Any) -> Figures | None:
    try:
        with limited(60):
            found: Figures | None = framework.figures(model)
            return found
    except (Exception, OutOfTimeError):
        return None


def _line(program: Program, name: str, count: int, real: Figures | None, seen: list[Figures]) -> Iterator[str]:
    if real is None or real in seen:
        return
    seen.append(real)
    path = program.until(count)
    try:
        yield f"{compared(f'{path}:{name}', real)} | {path}:{name}"
    finally:
        if path != program.path:
            path.unlink()


def in_process(path: Path, framework: Any) -> list[str]:
    """The lines of a program that runs in a process of its own."""
    source, target = os.pipe()
    child = os.fork()
    if not child:
        try:
            _child(path, framework, target)
        except Exception as error:
            os.write(target, f"fails: {type(error).__name__}: {error}\n".encode())
        finally:
            os._exit(0)
    os.close(target)
    text = b""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if select.select([source], [], [], 1)[0]:
            part = os.read(source, 1 << 16)
            if not part:
                break
            text += part
    else:
        os.kill(child, 9)
        text += b"fails: too long\n"
    os.close(source)
    if code := os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
        text += f"fails: the process ends with {code}\n".encode()
    return text.decode().splitlines()


def _child(path: Path, framework: Any, target: int) -> None:
    isolate()
    framework.prepare()
    sys.meta_path.append(framework.finder())
    sys.path[:0] = [str(path.parent)]
    sys.argv = [path.name]
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), os.fdopen(target, "w") as out:
        for line in lines_of(path, framework):
            print(line.replace("\n", " "), file=out, flush=True)


def folder_of_programs(folder: Path, name: str, *, failures: bool) -> Counter[str]:
    framework = import_module(f"tests.oracles.zoo.{name}_zoo")
    counts: Counter[str] = Counter()
    for path in sorted(each for each in folder.rglob("*") if each.suffix in (".py", ".ipynb") and each.is_file()):
        text = path.read_text(encoding="utf-8", errors="replace")
        if path.name.startswith("until_") or not re.search(WORDS[name], text):
            continue
        for line in in_process(path, framework):
            word = line.partition(":")[0].partition(" |")[0]
            counts[word] += 1
            if failures or word != "fails":
                print(line.replace(str(folder) + "/", ""), flush=True)
    return counts


def add_to_table(name: str, framework: str, counts: Counter[str]) -> None:
    """Write the counts of a repository, in place of earlier ones."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = {(row["repository"], row["framework"]): row for row in csv.DictReader(file)}
    new = {"repository": name, "framework": framework, **{word: str(counts[word]) for word in COLUMNS[2:]}}
    rows[name, framework] = new
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows[key] for key in sorted(rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("given", nargs="+", type=Path)
    parser.add_argument("--framework", choices=sorted(WORDS), default="torch")
    parser.add_argument("--failures", action="store_true", help="print the statements that fail in the framework")
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    for given in options.given:
        if given.is_file() and given.suffix == ".txt":
            import_module("tests.oracles.zoo.listed_models").main(given, compared)
            continue
        counts = folder_of_programs(given.resolve(), options.framework, failures=options.failures)
        print(given.name, dict(counts), flush=True)
        if options.table:
            add_to_table(given.name.replace("+", "/"), options.framework, counts)


if __name__ == "__main__":
    main()
