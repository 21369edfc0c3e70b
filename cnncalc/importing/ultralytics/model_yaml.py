"""The keys and the rows of a file, with their positions."""

from __future__ import annotations

import ast
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NoReturn

from cnncalc.diagnostics import Diagnostic, Source, Span, SpecError, closest, shortened
from cnncalc.importing.formats import Request, check_layers
from cnncalc.reading.nodes import Mapping, Scalar, Sequence, SpecNode
from cnncalc.reading.scalars import as_value
from cnncalc.reading.yaml_reader import read_yaml

_KEYS = (
    "nc", "scales", "scale", "depth_multiple", "width_multiple", "channel_multiple", "max_channels", "backbone", "head",
    "anchors", "activation", "act", "kpt_shape", "end2end", "reg_max", "channels", "ch", "text_model", "task", "names",
    "name", "inplace", "yaml_file", "flip_idx",
)  # fmt: skip
"""The keys that a file may have; others are ignored, as the library does."""
_FORM = "write [from, repeats, module, [arguments]], for example [-1, 1, Conv, [64, 3, 2]]"
_NAMES = ("nc", "anchors", "kpt_shape", "reg_max", "end2end", "scale", "scales")
"""The keys that an argument may name."""
LARGEST = 10**9
"""Numbers beyond this are refused: no model has so many of anything."""


@dataclass
class ModelRow:
    """One row: where its inputs come from, how often the module is repeated, the module and its arguments."""

    index: int
    sources: list[int]
    is_list: bool
    """Whether `from` is a list; a module with several inputs needs one."""
    repeats: int
    module: str
    arguments: list[Any]
    nodes: Sequence
    """The row in the text."""
    argument_nodes: list[SpecNode]
    dialect: str = ""
    """The repository whose modules have other arguments than the library's."""

    @property
    def title(self) -> str:
        return f"row {self.index} ({self.module})"

    @property
    def module_span(self) -> Span:
        return self.nodes.items[2].span

    def source_span(self, place: int) -> Span:
        """One of the numbers of `from`."""
        node = self.nodes.items[0]
        return node.items[place].span if isinstance(node, Sequence) else node.span

    def argument_span(self, place: int) -> Span:
        """The argument at a position, or the module where the row has none there."""
        return self.argument_nodes[place].span if place < len(self.argument_nodes) else self.module_span

    def fail(self, message: str, hint: str = "", span: Span | None = None) -> NoReturn:
        """Refuse the row, at its module or at `span`."""
        refuse(f"{self.title}: {message}", span or self.module_span, hint)


@dataclass
class ModelYaml:
    """A file: its keys, with the values given by `--set` in their place, and its rows."""

    source: Source
    root: Mapping
    values: AnyMapping[str, Any]
    rows: list[ModelRow] = field(default_factory=list)
    count: int = 0
    """The number of rows, with those that cannot be read."""
    problems: list[Diagnostic] = field(default_factory=list)
    """Mistakes in the form of rows, which are reported with those in their contents."""
    doubts: list[Diagnostic] = field(default_factory=list)

    def span(self, key: str) -> Span:
        """The value of a key, or the beginning of the file."""
        node = self.root.get(key)
        return node.span if node else Span(self.source, 0, 1)

    def integer(self, key: str, default: int) -> int:
        """The whole number of a key, from 1."""
        value = self.values.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= LARGEST:
            refuse(f"{key}: got {_shown(value)}, but it must be a whole number from 1", self.span(key))
        return value

    def real(self, key: str, default: float) -> float:
        """The number of a key, above 0."""
        value = self.values.get(key, default)
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= LARGEST:
            refuse(f"{key}: got {_shown(value)}, but it must be a number above 0", self.span(key))
        return value


def refuse(message: str, span: Span, hint: str = "") -> NoReturn:
    raise SpecError([Diagnostic("E111", message, span, hint=hint)])


def read_model_yaml(source: Source, request: Request) -> ModelYaml:
    """The keys and rows of a text. Raises SpecError."""
    root, problems = read_yaml(source, request.limits)
    if root is None or problems:
        raise SpecError(problems)
    if not isinstance(root, Mapping):
        refuse("the file is not a mapping with backbone and head", root.span, "write nc:, backbone: and head:")
    values = {key: plain(node) for key, (_, node) in root.entries.items() if key not in ("backbone", "head")}
    for name, value in request.settings.items():
        values["nc" if name == "classes" else name] = value
    found = ModelYaml(source, root, MappingProxyType(values))
    found.doubts += _near_keys(found)
    for key in ("backbone", "head"):
        node = root.get(key)
        check_layers(request, found.count + (len(node.items) if isinstance(node, Sequence) else 0), source)
        _add_rows(found, key)
    if not found.count:
        refuse("the file has no rows", root.span, _FORM)
    return found


def _near_keys(found: ModelYaml) -> list[Diagnostic]:
    """Warnings about keys that look like a misspelt one that is missing; the library ignores them in silence."""
    doubts = []
    for key, (node, _) in found.root.entries.items():
        near = None if key in _KEYS else closest(key, [each for each in _KEYS if each not in found.root.entries])
        if near:
            message = f'unknown key "{shortened(key)}", which the library ignores'
            doubts.append(Diagnostic("E112", message, node.span, hint=f'did you mean "{near}"?', severity="warning"))
    return doubts


def _add_rows(found: ModelYaml, key: str) -> None:
    node = found.root.get(key)
    if node is None:
        refuse(f"{key} is missing", Span(found.source, 0, 1), f"add {key}: with a list of rows, or {key}: []")
    if isinstance(node, Scalar) and as_value(node) is None:
        return
    if not isinstance(node, Sequence):
        refuse(f"{key}: a list of rows is needed, got a {node.kind}", node.span, _FORM)
    for each in node.items:
        try:
            found.rows.append(_row(found.count, each, found))
        except SpecError as error:
            found.problems += error.diagnostics
        found.count += 1


def _row(index: int, node: SpecNode, found: ModelYaml) -> ModelRow:
    if not isinstance(node, Sequence):
        refuse(f"row {index}: a list is needed, got a {node.kind}", node.span, _FORM)
    if len(node.items) != 4:
        hint = "the arguments are a list of their own: " if len(node.items) > 4 else ""
        refuse(f"row {index} has {len(node.items)} items instead of 4", node.span, hint + _FORM)
    sources, repeats, module, arguments = node.items
    name = as_value(module) if isinstance(module, Scalar) else None
    if not isinstance(name, str):
        refuse(f"row {index}: the third item must be the name of a module", module.span, _FORM)
    if not isinstance(arguments, Sequence):
        hint = f"write [{shortened(arguments.text)}]" if isinstance(arguments, Scalar) else _FORM
        refuse(f"row {index} ({shortened(name)}): the arguments must be a list", arguments.span, hint)
    count = plain(repeats)
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= LARGEST:
        message = f"row {index} ({shortened(name)}): repeats: got {_shown(count)}, but it must be a whole number from 1"
        refuse(message, repeats.span)
    values = [_resolved(plain(each), found) for each in arguments.items]
    is_list = isinstance(sources, Sequence)
    return ModelRow(
        index, _sources(index, sources), is_list, count, name, values, node, list(arguments.items)
    )  # fmt: skip


def _sources(index: int, node: SpecNode) -> list[int]:
    given = plain(node)
    numbers = given if isinstance(given, list) else [given]
    for number in numbers:
        if not isinstance(number, int) or isinstance(number, bool) or abs(number) > LARGEST:
            message = f"row {index}: from must be a row number or a list of them, got {_shown(number)}"
            refuse(message, node.span, "rows are counted from 0; -1 is the row before")
    if not numbers:
        refuse(f"row {index}: from is an empty list", node.span, "write -1 for the row before")
    return numbers


def _resolved(value: Any, found: ModelYaml) -> Any:
    """An argument with the name of a key, such as `nc`, as the value of that key."""
    if not isinstance(value, str):
        return value
    if value in _NAMES:
        return found.values.get(value, value)
    try:
        return ast.literal_eval(value) if len(value) <= 100 else value  # as in the library: "None" is None
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return value


def plain(node: SpecNode) -> Any:
    """A node as numbers, words, lists and mappings."""
    if isinstance(node, Sequence):
        return [plain(each) for each in node.items]
    if isinstance(node, Mapping):
        return {key: plain(value) for key, (_, value) in node.entries.items()}
    assert isinstance(node, Scalar)
    return as_value(node)


def _shown(value: object) -> str:
    """A value of the file in a message."""
    return shortened(repr(value).replace("'", '"') if not isinstance(value, str) else f'"{value}"')
