"""The structure that lasts: who may import whom, how large a file may be, what a bare start loads."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from statistics import median

import pytest

import cnncalc

PACKAGE = Path(cnncalc.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

BASICS = {"diagnostics", "hidden_characters", "number_text"}
CORE = BASICS | {"arithmetic", "kernels", "layers", "reading", "importing", "graph", "analysis"}
MAY_IMPORT = {
    "version": set(),
    "diagnostics": set(),
    "hidden_characters": set(),
    "number_text": set(),
    "arithmetic": BASICS,
    "kernels": {"arithmetic"},
    "layers": BASICS | {"arithmetic", "kernels"},
    "reading": BASICS | {"layers"},
    "importing": BASICS | {"arithmetic", "layers", "reading"},
    "graph": BASICS | {"arithmetic", "layers", "reading"},
    "analysis": BASICS | {"arithmetic", "layers", "reading", "importing", "graph"},
    "forward": CORE,
    "homework": CORE | {"forward"},
    "linting": CORE | {"version"},
    "solving": CORE,
    "render": CORE | {"homework", "linting", "solving", "version"},
    "cli": CORE | {"forward", "homework", "linting", "render", "solving", "version"},
}
"""Data flows one way: a stage imports earlier ones, never the reverse, and nobody imports the command line."""

LIBRARIES = {"click": {"cli"}, "yaml": {"reading"}, "numpy": {"forward", "solving"}, "rich": {"render"}}
"""Which part alone may import a library."""


def part(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def functions_and_imports(path: Path) -> tuple[list[ast.FunctionDef], list[tuple[str, bool, bool]]]:
    """A file's functions; and each imported module, whether for type checkers alone, and whether inside a function."""
    functions: list[ast.FunctionDef] = []
    imported: list[tuple[str, bool, bool]] = []
    waiting: list[tuple[ast.AST, bool, bool]] = [(ast.parse(path.read_text(encoding="utf-8")), False, False)]
    while waiting:
        node, only_types, inside = waiting.pop()
        if isinstance(node, ast.Import):
            imported += [(alias.name, only_types, inside) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imported += [(f"{node.module}.{alias.name}", only_types, inside) for alias in node.names]
        elif isinstance(node, ast.If):
            only_types = only_types or ast.unparse(node.test) == "TYPE_CHECKING"
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inside = True
            if isinstance(node, ast.FunctionDef):
                functions.append(node)
        if not isinstance(node, ast.expr):
            waiting += [(child, only_types, inside) for child in ast.iter_child_nodes(node)]
    return functions, imported


def imports(path: Path) -> list[tuple[str, bool, bool]]:
    return functions_and_imports(path)[1]


def short(path: Path) -> str:
    return str(path.relative_to(PACKAGE))


def test_imports_point_one_way() -> None:
    """A file imports only its own part and earlier ones; types alone may be looked up later, but never in cli."""
    wrong = []
    for path in FILES:
        own = part(path)
        if own in ("__init__", "__main__"):
            continue
        for name, only_types, _ in imports(path):
            if not name.startswith("cnncalc."):
                continue
            allowed = MAY_IMPORT[own] | {own}
            if only_types and own == "render":
                allowed = allowed | {"forward"}
            if name.split(".")[1] not in allowed:
                wrong.append(f"{short(path)} imports {name}")
    assert wrong == []


LAZY_HOMES = {"reading/yaml_parsers.py"}
"""Modules that are themselves imported inside a function, and so may import a slow library when they load."""


def test_each_library_has_one_place() -> None:
    """click appears in cli, yaml in the reader, NumPy where arrays are, rich inside functions of the renderers."""
    wrong = []
    for path in FILES:
        for name, only_types, inside in imports(path):
            library = name.split(".")[0]
            if library not in LIBRARIES or only_types:
                continue
            if part(path) not in LIBRARIES[library]:
                wrong.append(f"{short(path)} imports {name}")
            if not inside and library in ("rich", "yaml") and short(path) not in LAZY_HOMES:
                wrong.append(f"{short(path)} imports {name} when it loads")
    assert wrong == []


def test_files_and_functions_stay_small() -> None:
    """No file over 400 lines, no function over 60."""
    lengths = {short(path): path.read_text(encoding="utf-8").count("\n") for path in FILES}
    assert {name: length for name, length in lengths.items() if length > 400} == {}
    long = [
        f"{short(path)}: {node.name}"
        for path in FILES
        for node in functions_and_imports(path)[0]
        if (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert long == []


def test_the_usual_file_is_read_on_two_screens() -> None:
    """The median file has at most 100 lines."""
    assert median(path.read_text(encoding="utf-8").count("\n") for path in FILES) <= 100


def test_numbers_are_formatted_in_one_place() -> None:
    """Thousands separators, percents and significant digits are written by number_text alone."""
    wrong = [
        f"{short(path)}: line {node.lineno}"
        for path in FILES
        if short(path) != "number_text.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FormattedValue) and node.format_spec and re.search("[,%geEG]", _spec(node))
    ]
    assert wrong == []


def _spec(node: ast.FormattedValue) -> str:
    assert isinstance(node.format_spec, ast.JoinedStr)
    return "".join(str(part.value) for part in node.format_spec.values if isinstance(part, ast.Constant))


def loaded(*arguments: str) -> set[str]:
    """The modules that a run of the interpreter with these arguments has loaded at its end."""
    code = (
        "import atexit, sys, runpy\n"
        "atexit.register(lambda: print('\\n'.join(sys.modules), file=sys.stderr))\n"
        "sys.argv = ['cnncalc', *sys.argv[1:]]\n"
        "runpy.run_module('cnncalc', run_name='__main__') if len(sys.argv) > 1 else __import__('cnncalc')\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)
    return set(done.stderr.split())


@pytest.mark.parametrize(
    ("arguments", "absent"),
    [
        ((), {"click", "yaml", "rich", "numpy", "cnncalc.layers.base"}),
        (("--version",), {"yaml", "rich", "numpy", "cnncalc.layers.base", "importlib.metadata"}),
        (("--help",), {"yaml", "rich", "numpy", "cnncalc.layers.base", "importlib.metadata"}),
        (("summary", "quiz"), {"numpy", "rich", "importlib.metadata", "difflib"}),
        (("summary", "8x8x3 -> conv 2 3x3"), {"numpy", "rich", "yaml"}),
        (("compare", "8x8x3 -> conv 2 3x3"), {"numpy", "rich", "yaml"}),
        (("zoo",), {"numpy", "rich"}),
    ],
)
def test_what_a_start_loads(arguments: tuple[str, ...], absent: set[str]) -> None:
    """A start loads what it needs: no NumPy for a summary, no YAML for an inline spec, no rich in a pipe."""
    modules = loaded(*arguments)
    assert "cnncalc" in modules
    assert not absent & modules
