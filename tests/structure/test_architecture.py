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

from tests.structure import source_tree
from tests.structure.source_tree import FILES, PACKAGE, nodes, short, tree
from tests.together import for_each

BASICS = {"diagnostics", "hidden_characters", "number_text", "shown"}
CORE = BASICS | {"arithmetic", "kernels", "layers", "reading", "source", "importing", "graph", "analysis"}
MAY_IMPORT = {
    "version": set(),
    "diagnostics": set(),
    "hidden_characters": set(),
    "number_text": set(),
    "shown": set(),
    "arithmetic": BASICS,
    "kernels": {"arithmetic"},
    "layers": BASICS | {"arithmetic", "kernels"},
    "reading": BASICS | {"layers"},
    "source": BASICS,
    "importing": BASICS | {"arithmetic", "layers", "reading", "source"},
    "graph": BASICS | {"arithmetic", "layers", "reading"},
    "analysis": BASICS | {"arithmetic", "layers", "reading", "importing", "graph"},
    "forward": CORE,
    "homework": CORE | {"forward"},
    "linting": CORE | {"version"},
    "solving": CORE,
    "sweeping": CORE | {"solving"},
    "drawing": BASICS | {"arithmetic", "layers", "reading", "graph", "analysis", "forward"},
    "render": CORE | {"drawing", "homework", "linting", "solving", "sweeping", "version"},
    "page": BASICS | {"arithmetic", "layers", "graph", "analysis", "drawing", "render", "version"},
    "cli": CORE | {"drawing", "forward", "homework", "linting", "page", "render", "solving", "sweeping", "version"},
}
"""Data flows one way: a stage imports earlier ones, never the reverse, and nobody imports the command line."""

LIBRARIES = {"click": {"cli"}, "yaml": {"reading"}, "numpy": {"forward", "solving", "sweeping"}, "rich": {"render"}}
"""Which part alone may import a library."""


def part(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def functions_and_imports(path: Path) -> tuple[list[ast.FunctionDef], list[tuple[str, bool, bool]]]:
    """A file's functions; and each imported module, whether for type checkers alone, and whether inside a function."""
    functions: list[ast.FunctionDef] = []
    imported: list[tuple[str, bool, bool]] = []
    waiting: list[tuple[ast.AST, bool, bool]] = [(tree(path), False, False)]
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


NEIGHBOURS = {
    ("analysis/roofline", "analysis/cost"),
    ("drawing/styles", "drawing/layout"),
    ("importing/*", "importing/patterns"), ("importing/*", "importing/spec"), ("importing/*", "importing/tensors"),
    ("layers/*", "layers/declare"),
    ("layers/activation", "layers/elementwise"),
    ("layers/attention", "layers/activation"), ("layers/attention", "layers/normalization"),
    ("layers/dense", "layers/activation"), ("layers/elementwise", "layers/activation"),
    ("layers/recurrent", "layers/convolution"), ("layers/reshaping", "layers/resizing"),
    ("render/difference", "render/summary"), ("render/exercises", "render/homework"),
    ("render/homework", "render/explanation"),
    ("render/views", "render/difference"), ("render/views", "render/explanation"), ("render/views", "render/summary"),
    ("source/library", "source/evaluation"), ("importing/python/torch/modules", "importing/python/torch/operations"),
    ("importing/python/keras", "importing/keras"), ("importing/python/tensorflow", "importing/python/keras"),
}  # fmt: skip
"""The folders of a part that import one another; all others only import what is above them."""


def test_neighbouring_folders_are_independent() -> None:
    """A family of layers, rules or renderers imports no other, except where the map says so."""
    found = source_tree.folder_imports()
    assert found
    allowed = {
        pair
        for pair in found
        if _nested(*pair) or pair in NEIGHBOURS or (f"{pair[0].split('/')[0]}/*", pair[1]) in NEIGHBOURS
    }
    assert sorted(found - allowed) == []


def _nested(one: str, other: str) -> bool:
    return one.startswith(f"{other}/") or other.startswith(f"{one}/")


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


def test_few_functions_have_many_parameters() -> None:
    """At most ten take seven or more: those of the public API, whose keywords are options, and rules of layers."""
    many = [
        f"{short(path)}: {function.name}"
        for path in FILES
        for function in source_tree.functions(tree(path))
        if source_tree.parameters(function) >= 7
    ]
    assert len(many) <= 10, many


def test_a_name_stands_for_one_class() -> None:
    """No class and no type alias has the name of another."""
    places: dict[str, list[str]] = {}
    for path in FILES:
        for name in source_tree.defined(tree(path)):
            places.setdefault(name, []).append(short(path))
    assert len(places) > 500
    assert {name: files for name, files in places.items() if len(files) > 1} == {}


REGISTRIES = {
    ("homework/exercises/topics/__init__.py", "OTHER_KINDS"),
    ("homework/exercises/topics/__init__.py", "TOPICS"),
    ("homework/mistakes/catalogue.py", "_MISTAKES"),
    ("importing/aten/operators/__init__.py", "_REGISTRY"),
    ("importing/onnx/operators/__init__.py", "_REGISTRY"),
    ("importing/ultralytics/modules/__init__.py", "_REGISTRY"),
    ("layers/base.py", "REGISTRY"),
    ("layers/registry.py", "REGISTRY"),
    ("linting/rule.py", "REGISTRY"),
}
"""The registries, which modules and plug-ins fill when they load; nothing else may be written to."""


def test_modules_hold_constants() -> None:
    """Lists, sets and dictionaries of modules are typed so that nobody can write to them, and nobody does."""
    found = {(short(path), name) for path in FILES for name in source_tree.open_constants(tree(path))}
    written = {(short(path), name) for path in FILES for name, _ in source_tree.writes(tree(path))}
    assert sorted((found | written) - REGISTRIES) == []


def test_no_cache_of_the_process_compares_objects_by_identity() -> None:
    """`cache` and `lru_cache` take texts, numbers, classes and tuples of them; other memory has an owner."""
    found = {(short(path), name): types for path in FILES for name, types in source_tree.remembering(tree(path))}
    assert len(found) > 10
    assert {place: types for place, types in found.items() if types} == {}


def test_helpers_have_several_users() -> None:
    """A module with an underscore has two users, or is a part that its package's `__init__` puts together."""
    users = source_tree.importers()
    lonely = []
    for path in FILES:
        if path.name.startswith("_") and not path.name.startswith("__"):
            own = users.get(source_tree.module_name(path), set())
            if len(own) < 2 and path.with_name("__init__.py") not in own:
                lonely.append(short(path))
    assert lonely == []


@for_each(
    ("text", "found"),
    [
        ("X = {}", {"open"}),
        ("X = [1] if a else ()", {"open"}),
        ("X = defaultdict(list)", {"open"}),
        ("X: dict[str, int] = {}", {"open"}),
        ("X: Mapping[str, int] = {}", set()),
        ("X = frozenset({1}) | {2}", set()),
        ("X = ()\ndef f():\n    global X\n    X = (1,)", {"write"}),
        ("X: Mapping[str, int] = {}\ndef f():\n    X['a'] = 1", {"write"}),
        ("X: Mapping[str, int] = {}\ndef f():\n    X['a'].append(1)", {"write"}),
        ("X = Thing()\ndef f():\n    X.field = 1", {"write"}),
        ("X = ()\ndef f():\n    X = []\n    X.append(1)", set()),
        ("from cnncalc.layers.base import REGISTRY\ndef f():\n    REGISTRY.clear()", {"write"}),
        ("@cache\ndef f(x: str) -> int: ...", set()),
        ("@lru_cache(maxsize=9)\ndef f(x: tuple[type[Layer], ...]) -> int: ...", set()),
        ("@lru_cache(maxsize=9)\ndef f(x: Layer) -> int: ...", {"identity"}),
        ("@cache\ndef f(x: tuple[Node, ...]) -> int: ...", {"identity"}),
        ("X = lru_cache(maxsize=9)(other)", {"identity"}),
    ],
)
def test_the_checks_of_memory_see_it(text: str, found: set[str]) -> None:
    """Each kind of remembering is found in a small module, and nothing else is."""
    module = ast.parse(text)
    seen = {
        "open": bool(source_tree.open_constants(module)),
        "write": bool(source_tree.writes(module)),
        "identity": any(types for _, types in source_tree.remembering(module)),
    }
    assert {kind for kind, is_there in seen.items() if is_there} == found


def test_the_usual_file_is_read_on_two_screens() -> None:
    """The median file has at most 100 lines."""
    assert median(path.read_text(encoding="utf-8").count("\n") for path in FILES) <= 100


def test_numbers_are_formatted_in_one_place() -> None:
    """Thousands separators, percents and significant digits are written by number_text alone."""
    wrong = [
        f"{short(path)}: line {node.lineno}"
        for path in FILES
        if short(path) != "number_text.py"
        for node in nodes(tree(path), ast.FormattedValue)
        if node.format_spec and re.search("[,%geEG]", _spec(node))
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
        (
            ("summary", "quiz"),
            {"numpy", "rich", "importlib.metadata", "difflib", "fractions"},
        ),
        (("summary", "resnet18"), {"cnncalc.reading.inline", "cnncalc.reading.sizes", "cnncalc.importing.unshaped"}),
        (("explain", "resnet18"), {"rich", "decimal", "cnncalc.graph.hints", "cnncalc.importing.unshaped"}),
        (("lint", "specs/resnet18.yaml"), {"rich", "pathlib", "json", "hashlib", "cnncalc.importing.formats"}),
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
