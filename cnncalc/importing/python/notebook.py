"""Notebooks: the code of the cells in order as one text, with positions by cell and line."""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_right
from typing import Any

from cnncalc.diagnostics import Diagnostic, Source, Span
from cnncalc.importing.formats import Request, fail, read_text
from cnncalc.importing.python.notebook_text import NotebookText
from cnncalc.importing.remarks import READ_WITH_LOSS

_PYTHON_CELLS = ("time", "timeit", "capture", "prun", "python", "python3")
"""Cell magics whose cells are Python."""
_HINT = "save it again from Jupyter"
_MAGIC = re.compile(r"[ \t]*[%!]|[ \t]*[\w.]+\?{1,2}[ \t]*$|[ \t]*\?{1,2}[\w.]+[ \t]*$")
_SHELL = re.compile(r"([ \t]*[\w, ]+=[ \t]*)[%!]")


class NotebookSource(Source):
    """The code of a notebook. A position is a cell, counted from 1 as Jupyter orders them, and a line of it."""

    __slots__ = ("cells", "file", "starts")

    def __init__(
        self, name: str, text: str, starts: tuple[int, ...], cells: tuple[int, ...], file_text: str
    ) -> None:  # fmt: skip
        super().__init__(name, text)
        self.file = NotebookText(file_text)
        self.starts = starts
        """The first line of each cell, in the order of the text."""
        self.cells = cells
        """The numbers of the cells in the notebook."""

    def place(self, offset: int) -> str:
        line, column = self.position(offset)
        cell, own = self.in_cell(line)
        return f"{self.name}:cell {cell}:{own}:{column}"

    def cell_of(self, line: int) -> tuple[int, int] | None:
        return self.in_cell(line)

    def in_cell(self, line: int) -> tuple[int, int]:
        """The cell and the line in it of a line of the text."""
        index = max(bisect_right(self.starts, line) - 1, 0)
        if not self.starts:
            return 1, line
        return self.cells[index], line - self.starts[index] + 1

    def in_file(self, start: int, end: int) -> tuple[int, int] | None:
        line, column = self.position(start)
        cell, own = self.in_cell(line)
        first = self.file.offset(cell, own, column)
        if first is None or not self.file.text.startswith(self.text[start:end], first):
            return None
        return first, first + end - start

    def shown_line(self, line: int) -> str:
        return str(self.in_cell(line)[1])

    def line_words(self, line: int) -> str:
        return "cell {}, line {}".format(*self.in_cell(line))


def is_notebook(path: str) -> bool:
    return re.search(r"\.ipynb(?::.*)?$", path, re.DOTALL) is not None


def read_notebook(request: Request) -> tuple[NotebookSource, list[Diagnostic]]:
    """The code of a notebook, and a remark for each cell that is not Python. Raises SpecError."""
    name = read_text(request)
    listed = _cells(request, name.text)
    lines: list[str] = []
    starts: list[int] = []
    numbers: list[int] = []
    broken: list[tuple[int, str]] = []
    for number, cell in enumerate(listed, 1):
        code = code_of(cell)
        if code is None:
            continue
        starts.append(len(lines) + 1)
        numbers.append(number)
        if (wrong := syntax_error(code)) is not None:
            broken.append((len(lines) + 1, wrong))
            code = ["#" + line for line in code]
        lines += code
    source = NotebookSource(name.name, "\n".join(lines) + "\n", tuple(starts), tuple(numbers), name.text)
    return source, [_remark(source, line, wrong) for line, wrong in broken]


def _remark(source: NotebookSource, line: int, wrong: str) -> Diagnostic:
    source.position(0)
    start = sum(len(each) + 1 for each in source.text.split("\n")[: line - 1])
    message = f"this cell is not Python ({wrong}); it is passed over"
    return Diagnostic(READ_WITH_LOSS, message, Span(source, start, start + 1), severity="warning")


def _cells(request: Request, text: str) -> list[Any]:
    """The cells of a notebook. Raises SpecError."""
    from cnncalc.importing.json_parts import parsed_json  # few model files are notebooks

    found = parsed_json(request, text.encode(), "notebook", _HINT)
    cells = found.get("cells") if isinstance(found, dict) else None
    if cells is None and isinstance(found, dict) and isinstance(found.get("worksheets"), list):
        sheets = [each.get("cells") for each in found["worksheets"] if isinstance(each, dict)]
        cells = [cell for each in sheets if isinstance(each, list) for cell in each]
    if not isinstance(cells, list):
        fail(request.path, "this notebook has no cells", _HINT)
    return cells


def code_of(cell: Any) -> list[str] | None:
    """The lines of a code cell, without magics and shell commands; None for a cell of another kind."""
    if not isinstance(cell, dict) or cell.get("cell_type") != "code":
        return None
    source = cell.get("source", cell.get("input", ""))
    text = "".join(map(str, source)) if isinstance(source, list) else str(source)
    lines = text.split("\n")
    first = next((line for line in lines if line.strip()), "")
    if first.startswith("%%") and first[2:].split(maxsplit=1)[:1] not in [[word] for word in _PYTHON_CELLS]:
        return ["#" + line for line in lines]
    return [plain(line) for line in lines]


def plain(line: str) -> str:
    """A line of a cell as Python: magics, shell commands and questions become statements without an effect."""
    if found := _SHELL.match(line):
        return f"{found[1]}None"
    if not _MAGIC.match(line) or line.lstrip().startswith("%%"):
        return "#" + line if line.lstrip().startswith("%%") else line
    indent = line[: len(line) - len(line.lstrip())]
    return f"{indent}pass"


def syntax_error(lines: list[str]) -> str | None:
    """The mistake in a cell that is not Python; None for one that is."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse("\n".join(lines))
    except SyntaxError as error:
        return f"{error.msg}, line {error.lineno}"
    except (ValueError, RecursionError, MemoryError):
        return "it cannot be parsed"
    return None
