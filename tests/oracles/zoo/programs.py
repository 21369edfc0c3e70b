"""Foreign programs: their statements in order, the text up to one of them, and the models that each leaves behind."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
import signal
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

NAME = "foreign_program"
SECONDS = 40
"""The time that one statement may take."""

Report = Callable[[str], None]


class Statement(NamedTuple):
    """A statement of a cell; a file is its own only cell."""

    cell: int
    node: ast.stmt


class Variable(NamedTuple):
    """A variable that holds a model, and the number of statements after which it does."""

    name: str
    model: Any
    statements: int


class OutOfTimeError(BaseException):
    """A statement takes more than its time; foreign code does not catch it."""


class Program:
    """A Python file or a notebook."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = path.read_text(encoding="utf-8", errors="replace")
        self.notebook = json.loads(self.text) if path.suffix == ".ipynb" else None
        self.statements = list(self._statements())

    def cells(self) -> list[str]:
        if self.notebook is None:
            return [self.text]
        return ["".join(each["source"]) if each["cell_type"] == "code" else "" for each in self.notebook["cells"]]

    def _statements(self) -> Iterator[Statement]:
        for number, text in enumerate(self.cells()):
            try:
                body = ast.parse(text if self.notebook is None else without_magics(text)).body
            except (SyntaxError, ValueError):
                continue
            for node in body:
                main = isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)
                yield from (Statement(number, each) for each in (node.body if main else [node]))  # type: ignore[attr-defined]

    def until(self, count: int) -> Path:
        """The file itself, or one beside it that ends after so many statements."""
        if count >= len(self.statements):
            return self.path
        last = self.statements[count - 1]
        cells = self.cells()[: last.cell + 1]
        cells[-1] = "".join(cells[-1].splitlines(keepends=True)[: last.node.end_lineno])
        target = self.path.with_name(f"until_{count}_{self.path.name}")
        kept = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": each} for each in cells]
        target.write_text(json.dumps({**self.notebook, "cells": kept}) if self.notebook else cells[0], encoding="utf-8")
        return target


def without_magics(text: str) -> str:
    """The text of a cell without the commands of the notebook; nothing of a cell in another language."""
    if text.lstrip().startswith("%%") and not re.match(r"\s*%%(time|timeit|capture)\b", text):
        return ""
    return "\n".join(re.sub(r"^(\s*)(?:[%!].*|.*\?)$", r"\1pass", each) for each in text.split("\n"))


class Run:
    """A program that runs statement by statement; a name that a failed statement would set is removed."""

    def __init__(self, program: Program, report: Report) -> None:
        self.program = program
        self.report = report
        self.module = types.ModuleType(NAME)
        self.names = vars(self.module)
        self.names["__file__"] = str(program.path)

    def variables(self, models: Callable[[dict[str, Any]], dict[str, Any]]) -> Iterator[Variable]:
        """The models of variables, each in the state after the last statement that leaves it in its variable."""
        held: dict[str, Variable] = {}
        for count, (_, node) in enumerate(self.program.statements, 1):
            self._execute(node)
            found = models(self.names)
            for name in [name for name in held if found.get(name) is not held[name].model]:
                yield held.pop(name)
            held.update({name: Variable(name, model, count) for name, model in found.items()})
        yield from held.values()

    def _execute(self, node: ast.stmt) -> None:
        code = compile(ast.Module([node], []), str(self.program.path), "exec")
        try:
            with limited(SECONDS), contextlib.redirect_stdout(io.StringIO()):
                exec(code, self.names)
        except BaseException as error:
            self.report(f"fails: line {node.lineno}: {type(error).__name__}: {error}"[:200].replace("\n", " "))
            for name in _targets(node):
                self.names.pop(name, None)


def _targets(node: ast.stmt) -> set[str]:
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    named = {each.name for each in ast.walk(node) if isinstance(each, ast.FunctionDef | ast.ClassDef)}
    return names | named


@contextlib.contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Raise `TooLong` after so much processor time."""

    def stop(*_: Any) -> None:
        raise OutOfTimeError

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
