"""YAML text to located nodes, from the parser's event stream.

It does not use `yaml.compose`: with libyaml, that recurses and crashes the interpreter on deeply nested brackets, drops
an alias's own position and accepts duplicate keys. Tags are never executed. Merge keys (`<<`) are rejected: YAML 1.2
dropped them, and `blocks:` with parameters are a more explicit replacement.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Mapping as AnyMapping
from typing import Any, Literal

from cnncalc.diagnostics import Diagnostic, Source, Span, did_you_mean
from cnncalc.hidden_characters import hidden, visible
from cnncalc.reading.characters import unprintable_character
from cnncalc.reading.flow_code import rejoin
from cnncalc.reading.limits import DEFAULT_LIMITS, Limits
from cnncalc.reading.nodes import Mapping, Scalar, Sequence, SpecNode
from cnncalc.reading.spelt_layers import LEVELS, SpeltLayer, set_apart
from cnncalc.reading.stopped import ReadingStopped

_CORE = "tag:yaml.org,2002:"
_PLAIN_TAGS = frozenset(_CORE + name for name in ("int", "float", "bool", "null"))
_CORE_TAGS = _PLAIN_TAGS | {_CORE + name for name in ("str", "seq", "map")} | {"!"}
_Outer = tuple[list[SpecNode] | None, dict[str, tuple[Scalar, SpecNode]], Scalar | None, int]
# Parsers treat directives other than `%YAML 1.1` and `1.2` differently. A line before the document that has none:
_BEFORE_DIRECTIVE = re.compile(r"(?:[ \t]*(?:#[^\n]*)?|%YAML[ \t]+1\.[12][ \t]*(?:[ \t]#[^\n]*)?)\r?\n")
_DIRECTIVE = re.compile(r"%\S*")
# PyYAML's own parser rejects tabs between or after values, which YAML and libyaml allow, so it gets spaces instead.
_INNER_TABS = re.compile(r"(?<=[^\s])[ \t]*\t[ \t]*")
_TAG = re.compile(r"![^\s,\[\]{}]*")
_PROPERTY = re.compile(r"(?:!<[^>]*>|[&!][^\s,\[\]{}]*|#[^\n]*)\s*")  # an anchor, a tag, or a comment after one


def read_yaml(
    source: Source, limits: Limits = DEFAULT_LIMITS, *, parser: Literal["c", "python"] | None = None
) -> tuple[SpecNode | None, list[Diagnostic]]:
    """Read one YAML document into nodes; (None, diagnostics) if it cannot be read to its end.

    `parser` selects libyaml's event parser ("c", if installed) or PyYAML's own ("python"); None selects the faster one.
    Codes: E101 syntax, E102 duplicate key, E103 limit, E104 not text, E107 rejected feature.
    """
    if len(source.text) > limits.file_bytes:
        return None, [limits.exceeded("file_bytes", len(source.text))]
    if problem := unprintable_character(source):
        return None, [problem]
    # libyaml does not count a byte order mark as a character: a line break in its place keeps the offsets right.
    text = "\n" + source.text[1:] if source.text.startswith("\ufeff") else source.text
    if found := _DIRECTIVE.match(text, _end_of_all(_BEFORE_DIRECTIVE, text, 0)):
        message = f"the directive `{found.group()[:40]}` is not allowed"
        return None, [Diagnostic("E107", message, Span(source, *found.span()), hint="a spec needs no `%` line")]
    from cnncalc.reading.yaml_parsers import PurePythonLoader, fast_loader

    loader = PurePythonLoader if parser == "python" else fast_loader()
    others, spelt = set_apart(source, text)
    if spelt:
        builder = _TreeBuilder(source, limits, spelt)
        root = _built(builder, others, loader)
        if root is not None and not builder.diagnostics and builder.spelt_met == len(spelt):
            return root, []
    builder = _TreeBuilder(source, limits, {})
    return _built(builder, text, loader), builder.diagnostics


def _end_of_all(pattern: re.Pattern[str], text: str, start: int) -> int:
    """The end of as many matches as follow each other from `start` on.

    A possessive repetition would say the same, but can fail in Python 3.11.0 to 3.11.4.
    """
    while found := pattern.match(text, start):
        start = found.end()
    return start


def _built(builder: _TreeBuilder, text: str, loader: type[Any]) -> SpecNode | None:
    """The root of a parser's events, or of the other parser's if the text exceeds libyaml's own depth limit."""
    import yaml

    from cnncalc.reading.yaml_parsers import PurePythonLoader, is_own_bound

    if loader is PurePythonLoader and "\t" in text:
        text = _INNER_TABS.sub(lambda found: " " * len(found.group()), text)
    try:
        return builder.build(loader(text).get_event, yaml.events)
    except yaml.MarkedYAMLError as error:
        if loader is not PurePythonLoader and is_own_bound(error):
            builder.begin()
            return _built(builder, text, PurePythonLoader)
        from cnncalc.reading.yaml_errors import syntax_problem  # most texts have none

        builder.diagnostics.append(syntax_problem(builder.source, error))
    except ReadingStopped as stop:
        builder.diagnostics.append(stop.diagnostic)
    return None


class _OpenCollection:
    """An open list or mapping, with the state to restore when it closes."""

    __slots__ = ("anchor", "count", "entries", "height", "items", "key", "node")

    def __init__(self, node: Sequence | Mapping, anchor: str | None, count: int, outer: _Outer) -> None:
        self.node = node
        self.anchor = anchor
        self.count = count
        self.items, self.entries, self.key, self.height = outer


class _Anchor:
    """A complete anchored node, with its number of nodes and its depth, for its aliases."""

    __slots__ = ("height", "node", "size")

    def __init__(self, node: SpecNode, size: int, height: int) -> None:
        self.node = node
        self.size = size
        self.height = height


class _TreeBuilder:
    """A builder of the tree from events, with its own stack, so that no nesting can exhaust Python's."""

    def __init__(self, source: Source, limits: Limits, spelt: AnyMapping[int, SpeltLayer]) -> None:
        self.source = source
        self.limits = limits
        self.spelt = spelt
        """The layers whose places in the text have an empty item."""
        self.begin()

    def begin(self) -> None:
        """Begin a document, or the same one again."""
        self.diagnostics: list[Diagnostic] = []
        self.spelt_met = 0
        """The number of those layers that the events have met."""
        self.anchors: dict[str, _Anchor | None] = {}  # None: still open
        self.expanded = 0
        self.documents = 0

    def build(self, next_event: Callable[[], Any], events: Any) -> SpecNode:
        """The document's node. A single tight loop, since this is the hot path for large specs."""
        scalar_event, sequence_start, mapping_start = (
            events.ScalarEvent,
            events.SequenceStartEvent,
            events.MappingStartEvent,
        )
        ends = (events.SequenceEndEvent, events.MappingEndEvent)
        source, roots, stack = self.source, list[SpecNode](), list[_OpenCollection]()
        items: list[SpecNode] | None = roots  # the items of the open list, or None in a mapping
        entries: dict[str, tuple[Scalar, SpecNode]] = {}  # the entries of the open mapping
        key: Scalar | None = None
        count = height = last = 0  # nodes so far; levels below the open one; end of its last child
        node: SpecNode
        while True:
            event = next_event()
            kind = type(event)
            opened: Sequence | Mapping | None = None
            if kind is scalar_event:
                last = event.end_mark.index
                node = scalar = Scalar(source, event.start_mark.index, last, event.value)
                if event.style or event.tag is not None or event.anchor is not None:
                    node = self._finished(scalar, event, len(stack))
                    last = node.end
                count += 1
            elif kind in ends:
                frame = stack.pop()
                last = _close(frame.node, event.end_mark.index, last)
                if frame.anchor is not None:
                    self.anchors[frame.anchor] = _Anchor(frame.node, count - frame.count, height + 1)
                items, entries, key, height = frame.items, frame.entries, frame.key, max(frame.height, height + 1)
                continue
            elif kind is sequence_start or kind is mapping_start:
                node = opened = self._open(event, len(stack) + 1, is_list=kind is sequence_start)
                count += 1
            elif kind is events.AliasEvent:
                node, size, levels = self._expand(event, len(stack))
                count, height, last = count + size, max(height, levels), node.end
            elif kind is events.StreamEndEvent:
                return self._root(roots)
            else:
                if kind is events.DocumentStartEvent:
                    self._start_document(event)
                continue

            if items is not None:
                items.append(node)
            elif key is None:
                key = self._key(node, entries)
            else:
                entries[key.text] = (key, node)
                key = None
            if opened is not None:
                stack.append(_OpenCollection(opened, event.anchor, count - 1, (items, entries, key, height)))
                items, key, height, last = None, None, 0, opened.start
                if type(opened) is Mapping:
                    entries = opened.entries
                elif type(opened) is Sequence:
                    items = opened.items

    def _open(self, event: Any, depth: int, *, is_list: bool) -> Sequence | Mapping:
        start = event.start_mark.index
        if event.anchor is not None or event.tag is not None:
            start = self._after_properties(start, len(self.source.text))
            self._check_tag(event)
        if depth > self.limits.nesting:
            raise ReadingStopped(self.limits.exceeded("nesting", depth, Span(self.source, start, start + 1)))
        if event.anchor is not None:
            self.anchors[event.anchor] = None
        if is_list:
            return Sequence(self.source, start, start + 1, [])
        return Mapping(self.source, start, start + 1, {})

    def _finished(self, node: Scalar, event: Any, depth: int) -> SpecNode:
        """A scalar that is not simply plain, with its own attributes; or the layer at whose place it is."""
        if node.start in self.spelt:
            self.spelt_met += depth + LEVELS <= self.limits.nesting
            return self.spelt[node.start]
        if event.anchor is not None or event.tag is not None:
            node.start = self._after_properties(node.start, node.end)
            self._check_tag(event)
        if event.anchor is not None:
            self.anchors[event.anchor] = _Anchor(node, 1, 0)
        node.plain = event.tag in _PLAIN_TAGS if event.tag is not None else not event.style
        if event.style in ("|", ">"):  # the end mark is at the start of the next line
            node.end = node.start + len(self.source.text[node.start : node.end].rstrip())
        return node

    def _after_properties(self, start: int, end: int) -> int:
        """The start of a node's own text, after its `&anchor` and `!!tag`."""
        text = self.source.text
        return min(_end_of_all(_PROPERTY, text, start), end) if text[start : start + 1] in ("&", "!") else start

    def _check_tag(self, event: Any) -> None:
        if event.tag is None or event.tag in _CORE_TAGS:
            return
        found = _TAG.search(self.source.text, event.start_mark.index)
        start, end = found.span() if found else (event.start_mark.index, event.start_mark.index + 1)
        self._refuse(
            f"the tag `{self.source.text[start:end][:40]}` is not allowed: a spec cannot construct objects",
            Span(self.source, start, end),
            "remove the tag",
        )

    def _key(self, node: SpecNode, entries: dict[str, tuple[Scalar, SpecNode]]) -> Scalar:
        if isinstance(node, Scalar) and node.text.isidentifier() and node.text not in entries:
            return node
        if not isinstance(node, Scalar):
            raise ReadingStopped(
                Diagnostic(
                    "E107",
                    f"found a {node.kind} where a key was expected",
                    Span(self.source, node.start, node.start + 1),
                    hint='a key is a word; put quotes around text that has braces or brackets, such as "${width}"',
                )
            )
        written = self.source.text[node.start : node.end]
        bare = written[1:-1] if written[:1] in ("'", '"') else written
        if "\t" in bare and len(bare) == len(node.text):
            node.text = bare  # PyYAML's own parser got spaces
        if not node.text.isprintable():
            self._refuse_hidden(node)
        if node.text in entries:
            line = entries[node.text][0].span.line
            self.diagnostics.append(
                Diagnostic(
                    "E102",
                    f'duplicate key "{node.text}"; the other one is on line {line}',
                    node.span,
                    hint="keep one of them",
                )
            )
        if node.text == "<<" and node.plain:
            hint = "repeat the fields, or write a block with parameters under `blocks:`"
            self._refuse("the merge key `<<` is not supported: YAML 1.2 has none", node.span, hint)
        return node

    def _refuse_hidden(self, key: Scalar) -> None:
        """Report control and format characters in a key: every key is a user's name or a word of the language."""
        found = sorted(hidden(key.text))
        if found:
            message = f'the key "{visible(key.text)}" contains the invisible character U+{ord(found[0]):04X}'
            self.diagnostics.append(Diagnostic("E104", message, key.span, hint="remove it: names must be printable"))

    def _expand(self, event: Any, depth: int) -> tuple[SpecNode, int, int]:
        """The node that an alias refers to, with the alias's position; its size in nodes and its height in levels."""
        start, end = event.start_mark.index, event.end_mark.index
        span = Span(self.source, start, end)
        if event.anchor not in self.anchors:
            hint = did_you_mean(event.anchor, self.anchors) or f"an alias needs `&{event.anchor}` before it"
            raise ReadingStopped(Diagnostic("E101", f"the alias `*{event.anchor}` has no anchor", span, hint=hint))
        anchor = self.anchors[event.anchor]
        if anchor is None:
            raise ReadingStopped(
                Diagnostic("E107", f"the alias `*{event.anchor}` is inside the value that it refers to", span)
            )
        self.expanded += anchor.size
        if self.expanded > self.limits.alias_nodes:
            raise ReadingStopped(self.limits.exceeded("alias_nodes", self.expanded, span))
        if depth + anchor.height > self.limits.nesting:
            raise ReadingStopped(self.limits.exceeded("nesting", depth + anchor.height, span))
        return _placed(anchor.node, start, end), anchor.size, anchor.height

    def _start_document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            start = event.start_mark.index
            message = "a second document begins here: a file contains one model"
            hint = "remove the `---`, or put the second model in a separate file"
            raise ReadingStopped(Diagnostic("E107", message, Span(self.source, start, start + 3), hint=hint))

    def _root(self, roots: list[SpecNode]) -> SpecNode:
        if not roots or (isinstance(roots[0], Scalar) and roots[0].plain and not roots[0].text):
            message = "the spec is empty"
            hint = "a spec needs at least `input:` and `layers:`"
            raise ReadingStopped(Diagnostic("E101", message, Span(self.source, 0, 0), hint=hint))
        return roots[0]

    def _refuse(self, message: str, span: Span, hint: str) -> None:
        self.diagnostics.append(Diagnostic("E107", message, span, hint=hint))


def _close(node: Sequence | Mapping, end: int, last: int) -> int:
    """Set the end of a list or mapping: its bracket or, since a block's end mark is at the next token, `last`."""
    is_bracketed = node.source.text[node.start : node.start + 1] in ("[", "{")
    node.end = end if is_bracketed else last
    if is_bracketed and node.source.text.find("(", node.start, end) > 0:
        rejoin(node)
    return node.end


def _placed(node: SpecNode, start: int, end: int) -> SpecNode:
    """A shallow copy of a node with a different position."""
    if isinstance(node, Scalar):
        return Scalar(node.source, start, end, node.text, plain=node.plain)
    if isinstance(node, Sequence):
        return Sequence(node.source, start, end, node.items)
    assert isinstance(node, Mapping)
    return Mapping(node.source, start, end, node.entries)
