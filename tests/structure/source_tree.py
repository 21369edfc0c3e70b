"""Questions about the package's source text: what a module remembers, declares and imports."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeVar

import cnncalc

PACKAGE = Path(cnncalc.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

Function = ast.FunctionDef | ast.AsyncFunctionDef
Node = TypeVar("Node", bound=ast.AST)

_DISPLAYS = (ast.Dict, ast.List, ast.Set, ast.DictComp, ast.ListComp, ast.SetComp)
_CONTAINERS = ("dict", "list", "set", "bytearray", "defaultdict", "deque", "Counter", "OrderedDict", "ChainMap")
_READ_ONLY = ("Mapping[", "AnyMapping[", "AbstractMapping[")
_CHANGING = (
    "add", "append", "clear", "discard", "extend", "insert", "move_to_end", "pop", "popitem", "remove", "reverse",
    "setdefault", "sort", "update",
)  # fmt: skip
_VALUE_TYPES = ("str", "int", "bool", "float", "bytes", "tuple", "frozenset", "type", "None")
"""Types that are equal by what they hold; `type` stands for classes, which live as long as the process."""


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file, kept for all tests; the garbage collector need not look at it again."""
    found = ast.parse(path.read_text(encoding="utf-8"))
    gc.freeze()
    return found


@cache
def by_kind(module: ast.Module) -> dict[type[ast.AST], list[ast.AST]]:
    """All nodes of a module by their class: walked once, since several tests ask for a few kinds each."""
    found: dict[type[ast.AST], list[ast.AST]] = {}
    waiting: list[ast.AST] = [module]
    while waiting:
        node = waiting.pop()
        found.setdefault(type(node), []).append(node)
        for value in vars(node).values():
            if isinstance(value, ast.AST):
                waiting.append(value)
            elif isinstance(value, list):
                waiting += [each for each in value if isinstance(each, ast.AST)]
    return found


def nodes(module: ast.Module, *kinds: type[Node]) -> Iterator[Node]:
    """The nodes of a module that are of these classes."""
    for kind in kinds:
        yield from by_kind(module).get(kind, ())  # type: ignore[misc]


def short(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


# --- names ---------------------------------------------------------------------------------------------------------


def defined(module: ast.Module) -> Iterator[str]:
    """The classes of a module, nested ones among them, and its type aliases."""
    for each in nodes(module, ast.ClassDef):
        yield each.name
    for node in module.body:
        for name, value, annotation in assignments(node):
            if name.lstrip("_")[:1].isupper() and not name.isupper() and not annotation and _is_type(value):
                yield name


def _is_type(value: ast.expr) -> bool:
    """Whether an expression is a type: `str | int`, `tuple[int, …]`, `Callable[…]`, `Any`."""
    if isinstance(value, ast.BinOp):
        return isinstance(value.op, ast.BitOr) and _is_type(value.left)
    return isinstance(value, ast.Subscript | ast.Name | ast.Attribute)


def assignments(node: ast.stmt) -> Iterator[tuple[str, ast.expr, str]]:
    """The names that a statement assigns, with the value and the annotation as text."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            for name in target.elts if isinstance(target, ast.Tuple) else [target]:
                if isinstance(name, ast.Name):
                    yield name.id, node.value, ""
    elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
        yield node.target.id, node.value, _annotation(node)


@cache
def _annotation(node: ast.AnnAssign) -> str:
    return ast.unparse(node.annotation)


def parameters(function: Function) -> int:
    """The number of parameters, `self` and `cls` left out."""
    given = function.args
    names = [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len(names) - (names[:1] in (["self"], ["cls"])) + bool(given.vararg) + bool(given.kwarg)


def functions(module: ast.Module) -> list[Function]:
    return [*nodes(module, ast.FunctionDef), *nodes(module, ast.AsyncFunctionDef)]


# --- memory --------------------------------------------------------------------------------------------------------


def open_constants(module: ast.Module) -> list[str]:
    """The names of a module's lists, sets and dictionaries whose type lets them be changed."""
    return [
        name
        for node in module.body
        for name, value, annotation in assignments(node)
        if name != "__all__" and _is_mutable(value) and not annotation.startswith(_READ_ONLY)
    ]


def _is_mutable(value: ast.expr) -> bool:
    if isinstance(value, ast.BinOp):
        return _is_mutable(value.left)  # a frozenset joined with a set is a frozenset
    if isinstance(value, ast.IfExp):
        return _is_mutable(value.body) or _is_mutable(value.orelse)
    called = value.func if isinstance(value, ast.Call) else None
    if isinstance(called, ast.Subscript):
        called = called.value
    return isinstance(value, _DISPLAYS) or (isinstance(called, ast.Name) and called.id in _CONTAINERS)


def writes(module: ast.Module) -> list[tuple[str, int]]:
    """The module-level names, imported ones among them, that functions change, and the lines."""
    outer = {name for node in module.body for name, _, _ in assignments(node)}
    outer |= {
        alias.asname or alias.name
        for node in nodes(module, ast.ImportFrom)
        if (node.module or "").startswith("cnncalc")
        for alias in node.names
    }
    found: set[tuple[str, int]] = set()
    if not any(nodes(module, ast.Global)) and not any(
        _changed(node) in outer for node in nodes(module, ast.Subscript, ast.Attribute, ast.Call)
    ):
        return []
    for function in functions(module):
        own = _local_names(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Global):
                found |= {(name, node.lineno) for name in node.names}
            elif (name := _changed(node)) in outer - own:
                found.add((str(name), getattr(node, "lineno", 0)))
    return sorted(found, key=lambda each: each[1])


def _local_names(function: Function) -> set[str]:
    given = function.args
    names = {each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)}
    names |= {each.arg for each in (given.vararg, given.kwarg) if each}
    return names | {
        node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }


def _changed(node: ast.AST) -> str | None:
    """The name whose value a statement changes: `X[k] = v`, `del X[k]`, `X.append(v)`, `X.field = v`."""
    holder: ast.expr | None = None
    if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
        holder = node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGING:
        holder = node.func.value
    while isinstance(holder, ast.Subscript | ast.Attribute):
        holder = holder.value
    return holder.id if isinstance(holder, ast.Name) else None


def remembering(module: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """The functions that a module caches for the process, with the types of arguments that are compared by identity."""
    values = {*_VALUE_TYPES, *_value_aliases(module)}
    for function in functions(module):
        if any(_caches(decorator) for decorator in function.decorator_list):
            given = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
            names = [name for each in given for name in _type_names(each.annotation) if name not in values]
            yield function.name, names
    for node in module.body:
        for name, value, _ in assignments(node):
            if isinstance(value, ast.Call) and any(map(_caches, (value, value.func))):
                yield name, ["a function that is not declared here"]


def _caches(decorator: ast.expr) -> bool:
    named = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(named, ast.Name) and named.id in ("cache", "lru_cache")


def _type_names(annotation: ast.expr | None) -> list[str]:
    """The names in an annotation; what stands in `type[…]` is a class, whatever its name."""
    if annotation is None:
        return ["a type that is not stated"]
    if isinstance(annotation, ast.Subscript) and ast.unparse(annotation.value) == "type":
        return ["type"]
    if isinstance(annotation, ast.Name):
        return [annotation.id]
    return [
        name for child in ast.iter_child_nodes(annotation) if isinstance(child, ast.expr) for name in _type_names(child)
    ]


def _value_aliases(module: ast.Module) -> list[str]:
    """The aliases of value types that a module defines or imports by a known name."""
    known = ["Shape"]  # tuple[int, ...]
    for node in module.body:
        for name, value, _ in assignments(node):
            if isinstance(value, ast.Subscript) and set(_type_names(value)) <= {*_VALUE_TYPES, *known}:
                known.append(name)
    return known


# --- imports -------------------------------------------------------------------------------------------------------


def importers() -> dict[str, set[Path]]:
    """The files that import each module, by the module's name."""
    found: dict[str, set[Path]] = {}
    for path in FILES:
        for node in nodes(tree(path), ast.ImportFrom):
            for name in _imported(node):
                found.setdefault(name, set()).add(path)
    return found


def folder_imports() -> set[tuple[str, str]]:
    """The pairs of folders below one part of the package of which the first imports the second."""
    folders = {path.parent: path.parent.relative_to(PACKAGE).parts for path in FILES if path.parent != PACKAGE}
    names = {".".join((PACKAGE.name, *parts)): parts for parts in folders.values()}
    found = set()
    for path in FILES:
        own = folders.get(path.parent, ())
        for node in nodes(tree(path), ast.ImportFrom):
            for name in _imported(node):
                other = names.get(name) or names.get(name.rpartition(".")[0], ())
                if len(own) > 1 and len(other) > 1 and own[0] == other[0] and own != other:
                    found.add(("/".join(own), "/".join(other)))
    return found


def _imported(node: ast.ImportFrom) -> list[str]:
    """The modules that a statement may mean: `from a.b import c` means a.b or a.b.c."""
    if node.module is None:
        return []
    return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
