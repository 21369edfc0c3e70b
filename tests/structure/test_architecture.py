"""The structure that lasts: who may import whom, how large a file may be, what a bare start loads."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

import cnncalc

PACKAGE = Path(cnncalc.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

CORE = {"diagnostics", "hidden_characters", "arithmetic", "kernels", "layers", "spec", "graph", "analysis"}
MAY_IMPORT = {
    "version": set(),
    "diagnostics": set(),
    "hidden_characters": set(),
    "arithmetic": {"diagnostics"},
    "kernels": {"arithmetic"},
    "layers": {"diagnostics", "hidden_characters", "arithmetic", "kernels"},
    "spec": {"diagnostics", "hidden_characters", "layers"},
    "graph": {"diagnostics", "hidden_characters", "arithmetic", "layers", "spec"},
    "analysis": {"diagnostics", "arithmetic", "layers", "spec", "graph"},
    "forward": CORE,
    "homework": CORE | {"forward"},
    "linting": CORE | {"version"},
    "solving": CORE,
    "render": CORE | {"homework", "linting", "solving", "version"},
    "cli": CORE | {"forward", "homework", "linting", "render", "solving", "version"},
}
"""Data flows one way: a stage imports earlier ones, never the reverse, and nobody imports the command line."""

LIBRARIES = {"click": {"cli"}, "yaml": {"spec"}, "numpy": {"forward", "solving"}, "rich": {"render"}}
"""Which part alone may import a library."""


def part(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, bool, bool]]:
    """Each imported module, whether for type checkers alone, and whether inside a function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    only_types = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    inside = {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            yield name, node in only_types, node in inside


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    """A file imports only its own part and earlier ones; types alone may be looked up later, but never in cli."""
    own = part(path)
    if own in ("__init__", "__main__"):
        return
    for name, only_types, _ in imports(path):
        if not name.startswith("cnncalc."):
            continue
        other = name.split(".")[1]
        allowed = MAY_IMPORT[own] | {own}
        if only_types and own == "render":
            allowed = allowed | {"forward"}
        assert other in allowed, f"{own} imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_library_has_one_place(path: Path) -> None:
    """click stands in cli, yaml in the reader, NumPy where arrays are, rich inside functions of the renderers."""
    for name, only_types, inside in imports(path):
        library = name.split(".")[0]
        if library in LIBRARIES and not only_types:
            assert part(path) in LIBRARIES[library]
            assert inside or library not in ("rich", "yaml"), "imported when the module loads"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_files_and_functions_stay_small(path: Path) -> None:
    """No file over 400 lines, no function over 60."""
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, node.name


def test_the_usual_file_is_read_on_two_screens() -> None:
    """The median file has at most 100 lines."""
    assert median(path.read_text(encoding="utf-8").count("\n") for path in FILES) <= 100


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
    ],
)
def test_what_a_start_loads(arguments: tuple[str, ...], absent: set[str]) -> None:
    """A start loads what it needs: no NumPy for a summary, no YAML for an inline spec, no rich in a pipe."""
    modules = loaded(*arguments)
    assert "cnncalc" in modules
    assert not absent & modules
