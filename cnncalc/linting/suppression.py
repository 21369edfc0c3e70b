"""What suppresses findings: `# cnncalc: ignore[A101, N203] reason`, `# cnncalc: ignore-file[...] reason`, `lint:` keys.

Behind something, a comment holds for its line, and for the whole of what begins there: an item, a block, a key's
value. On a line of its own it does so for the line below. `ignore-file` stands before the first key, and holds
everywhere. The key `lint: {ignore: [A101]}` does the same for the item, or the spec, that it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.diagnostics import Source, Span
from cnncalc.linting.finding import Finding
from cnncalc.linting.rule import Rule
from cnncalc.linting.selection import fits, normal_word
from cnncalc.linting.written import written_items
from cnncalc.spec.nodes import Mapping, Node, Scalar, Sequence, scalars

_COMMENT = re.compile(r"(?:^|(?<=\s))#[ \t]*cnncalc:[ \t]*([^\r\n]*)", re.MULTILINE)
_FORM = re.compile(r"ignore(-file)?\[([^\]]*)\][ \t]*(.*)")
_WORD = re.compile(r"[^\s,]+")
_CONTENT = re.compile(r"^[ \t]*[^\s#][^\n]*", re.MULTILINE)

Range = tuple[int, int]


class Suppression:
    """One comment or key. `words` are the codes in it with their places, `used` those that suppressed something."""

    __slots__ = ("is_comment", "ranges", "reason", "span", "used", "words")

    def __init__(
        self, span: Span, words: list[tuple[str, Span]], reason: str, ranges: list[Range] | None, *,
        is_comment: bool = True,
    ) -> None:  # fmt: skip
        self.is_comment = is_comment
        self.span = span
        self.words = words
        self.reason = reason
        self.ranges = ranges
        """Where it holds; None: everywhere."""
        self.used: set[str] = set()

    def covers(self, finding: Finding, rule: type[Rule]) -> bool:
        """Whether the comment suppresses a finding of a rule; the word that does is then used."""
        place = finding.span.start
        if self.ranges is not None and not any(start <= place < end for start, end in self.ranges):
            return False
        words = [word for word, _ in self.words if fits(word, rule)]
        self.used.update(words)
        return bool(words)


class Comment(NamedTuple):
    """A comment addressed to this tool: its place, and its form; None where it has none that is known."""

    span: Span
    form: re.Match[str] | None


def comments(source: Source, root: Node | None) -> list[Comment]:
    """The comments addressed to this tool. What looks like one inside a quoted or a longer text is none."""
    if "cnncalc:" not in source.text:
        return []
    texts = [(node.start, node.end) for node in scalars(root, keys=True) if "#" in node.text] if root else []
    found = []
    for match in _COMMENT.finditer(source.text):
        if not any(start <= match.start() < end for start, end in texts):
            form = _FORM.match(source.text, match.start(1), match.end(1))
            found.append(Comment(Span(source, match.start(), match.end(1)), form))
    return found


def suppressions(source: Source, root: Node | None) -> list[Suppression]:
    """What the well-formed comments and keys of a spec suppress."""
    found = [each for each in written(root) if isinstance(each, Suppression)]
    for span, form in comments(source, root):
        if form is None or (form[1] and not stands_at_top(span)):
            continue
        words = [
            (normal_word(word.group()), Span(source, form.start(2) + word.start(), form.start(2) + word.end()))
            for word in _WORD.finditer(form[2])
        ]
        ranges = None if form[1] else list(_ranges(span, root))
        found.append(Suppression(span, words, form[3].strip(), ranges))
    return found


def written(root: Node | None) -> Iterator[Suppression | Node]:
    """What the `lint` keys of a spec and its items suppress; of one that is not understood, what is wrong in it."""
    if not isinstance(root, Mapping) or "lint" not in root.source.text:
        return
    keys: list[tuple[Node, list[Range] | None]] = [(root.entries["lint"][1], None)] if "lint" in root.entries else []
    for each in written_items(root):
        if "lint" in each.item.common:
            keys.append((each.item.common["lint"], [(each.item.node.start, each.item.node.end)]))
    for node, ranges in keys:
        ignored = node.get("ignore") if isinstance(node, Mapping) else None
        words = ignored.items if isinstance(ignored, Sequence) else [ignored]
        if not isinstance(node, Mapping) or ignored is None or not all(isinstance(word, Scalar) for word in words):
            yield node
            continue
        yield from (key for key, _ in node.entries.values() if key.text not in ("ignore", "reason"))
        reason = node.get("reason")
        text = reason.text if isinstance(reason, Scalar) else ""
        places = [(normal_word(word.text), word.span) for word in words if isinstance(word, Scalar)]
        yield Suppression(node.span, places, text, ranges, is_comment=False)


def stands_at_top(span: Span) -> bool:
    """Whether nothing but comments comes before a comment."""
    first = _CONTENT.search(span.source.text.removeprefix("\ufeff"))
    return first is None or span.start < first.start()


def _ranges(span: Span, root: Node | None) -> Iterator[Range]:
    """The line that a comment speaks of, and the items and values that begin on it."""
    text = span.source.text
    start = text.rfind("\n", 0, span.start) + 1
    if not text[start : span.start].strip():
        below = _CONTENT.search(text, span.end)
        if below is None:
            return
        start = below.start()
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    yield start, end
    for first, last in _extents(root):
        if start <= first < end:
            yield first, last


def _extents(root: Node | None) -> Iterator[Range]:
    """The stretches of every item of a list, and of every key with its value."""
    if isinstance(root, Sequence):
        for item in root.items:
            yield item.start, item.end
            yield from _extents(item)
    if isinstance(root, Mapping):
        for key, value in root.entries.values():
            yield key.start, max(key.end, value.end)
            yield from _extents(value)
