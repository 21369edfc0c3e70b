"""Names of a model file made fit for a spec: `/layer1/layer1.0/conv1/Conv` becomes `layer1.0.conv1`."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import NamedTuple

from cnncalc.importing.draft import Draft, DraftLayer
from cnncalc.importing.free_names import FreeNames
from cnncalc.reading.revision import PREFIX

_FIT = re.compile(r"[^\W_](?:[\w.\-]*[^\W_])?")
_UNFIT = re.compile(r"[^\w.\-]+")
_OUTPUT = re.compile(r":[0-9]+$")
_COUNTED = re.compile("_[0-9]+$")
_LONGEST = 200
_DEEPEST = 40
"""Modules inside of so many others are parts of the names of their layers."""


class Name(NamedTuple):
    """A layer's name without its modules, and these, outermost first."""

    own: str
    scope: tuple[str, ...] = ()

    @property
    def full(self) -> str:
        return ".".join((*self.scope, self.own))


def fit(text: str) -> str:
    """A text as a name of a spec may be: letters, digits, `_`, `-` and `.`.

    >>> fit("block 1/conv:0"), fit("${x}")
    ('block_1_conv', 'x')
    """
    if not _FIT.fullmatch(text):
        text = _UNFIT.sub("_", _OUTPUT.sub("", text)).strip("._") or "layer"
    return text[:_LONGEST]


def file_name(path: str) -> str:
    """The last part of a path, or of a file in a revision.

    >>> file_name("models/net.onnx"), file_name("git:HEAD~1:net.onnx")
    ('net.onnx', 'net.onnx')
    """
    path = path.rpartition(":")[2] if path.startswith(PREFIX) else path
    return path.replace("\\", "/").rsplit("/", 1)[-1]


def stem_of(path: str) -> str:
    """The name of a file without its ending."""
    return file_name(path).rsplit(".", 1)[0] or file_name(path)


def names_of(draft: Draft) -> list[Name]:
    """A name for each layer, all of them different, and different from those of the inputs."""
    paths = [_path(layer) for layer in draft.layers]
    operations = _operations(draft, paths) if any("/" in layer.name for layer in draft.layers) else {}
    taken = FreeNames(fit(each.name) for each in draft.inputs)
    return [
        _free(_named(layer, path, operations), taken) for layer, path in zip(draft.layers, paths, strict=True)
    ]  # fmt: skip


def _operations(draft: Draft, paths: list[list[str]]) -> dict[tuple[str, ...], set[str]]:
    """The operations in each module, and an empty text for a module inside it."""
    operations: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for layer, path in zip(draft.layers, paths, strict=True):
        operations[tuple(path[:-1])].add(layer.operation)
    for around in list(operations):
        for end in range(1, len(around)):
            operations[around[:end]].add("")
    return operations


def in_whole_modules(names: list[Name]) -> list[Name]:
    """The names with only those modules whose layers are neighbours, so that no module is written twice.

    A list of modules whose elements are called one here, one there is joined with their names: `blocks.1` is a module
    then, and `blocks` is none. A module that is called several times stays one.

    >>> in_whole_modules([Name("qkv", ("blocks", "0")), Name("add"), Name("qkv", ("blocks", "1"))])[2]
    Name(own='qkv', scope=('blocks.1',))
    """
    pieced = _in_pieces(names)
    return [_joined(name, pieced) for name in names] if pieced else names


def _joined(name: Name, pieced: set[tuple[str, ...]]) -> Name:
    scope, start = [], 0
    for end in range(1, len(name.scope) + 1):
        if name.scope[:end] not in pieced:
            scope.append(".".join(name.scope[start:end]))
            start = end
    return Name(".".join((*name.scope[start:], name.own)), tuple(scope))


def _in_pieces(names: list[Name]) -> set[tuple[str, ...]]:
    """The modules whose layers are not neighbours, and that have other parts in each run of layers."""
    runs: Counter[tuple[str, ...]] = Counter()
    parts: dict[tuple[tuple[str, ...], str], int] = {}
    called_again: set[tuple[str, ...]] = set()
    before: tuple[str, ...] = ()
    for name in names:
        scope = name.scope
        for end in range(1, len(scope) + 1):
            around = scope[:end]
            runs[around] += before[:end] != around
            part = scope[end] if end < len(scope) else _COUNTED.sub("", name.own)
            if parts.setdefault((around, part), runs[around]) != runs[around]:
                called_again.add(around)
        before = scope
    return {around for around, count in runs.items() if count > 1} - called_again


def _named(layer: DraftLayer, path: list[str], operations: dict[tuple[str, ...], set[str]]) -> Name:
    """The name of a layer at a path. A module of one kind of operation gives the operation its own name."""
    number = _number(layer, path[-1])
    if number is not None:
        *module, _ = path
        alone = module and operations[tuple(module)] == {layer.operation}
        path = [*module[:-1], module[-1] + number] if alone else [*module, layer.type + number]
    scope = tuple(map(fit, layer.scope[: _DEEPEST - 1])) or tuple(path[:-1])
    own = path[len(scope) :] if tuple(path[: len(scope)]) == scope else path
    return Name(".".join(own) or path[-1], scope)


def _path(layer: DraftLayer) -> list[str]:
    """The parts of a name: between slashes, where a part may repeat those before it, or between dots."""
    parts: list[str] = []
    for part in map(fit, layer.name.strip("/").split("/")):
        if parts and part.startswith(f"{parts[-1]}."):
            parts.pop()
        parts.append(part)
    found = [part for part in ".".join(parts).split(".") if part]
    return found if len(found) <= _DEEPEST else [*found[: _DEEPEST - 1], ".".join(found[_DEEPEST - 1 :])]


def _number(layer: DraftLayer, last: str) -> str | None:
    """The text after the operation at the end of a path, `_2` or nothing; None for another end."""
    if "/" not in layer.name or not layer.operation or not last.startswith(layer.operation):
        return None
    rest = last[len(layer.operation) :]
    return rest if re.fullmatch("(_[0-9]+)?", rest) else None


def _free(name: Name, taken: FreeNames) -> Name:
    around = "".join(f"{part}." for part in name.scope)
    return name._replace(own=taken.take(name.full)[len(around) :])
