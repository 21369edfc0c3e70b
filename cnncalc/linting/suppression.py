"""Suppressions of findings: `# cnncalc: ignore[A101, N203] reason`, `# cnncalc: ignore-file[...] reason`, `lint:` keys.

A comment at the end of a line applies to that line and to everything that begins on it: an item, a block, a key's
value. A comment on its own line applies to the next line in the same way. `ignore-file` comes before the first key, and
applies everywhere. The key `lint: {ignore: [A101]}` does the same for its item or spec.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from cnncalc.diagnostics import Span
from cnncalc.linting.finding import Finding
from cnncalc.linting.linted_spec import LintedSpec
from cnncalc.linting.rule import Rule, all_rules
from cnncalc.linting.selection import fits, normal_word
from cnncalc.reading.nodes import Mapping, Scalar, Sequence, SpecNode, scalars

_COMMENT = re.compile(r"(?:^|(?<=\s))#[ \t]*cnncalc:[ \t]*([^\r\n]*)", re.MULTILINE)
_FORM = re.compile(r"ignore(-file)?[ \t]*\[([^\]]*)\][ \t]*(.*)", re.IGNORECASE)
_WORD = re.compile(r"[^\s,]+")
_CONTENT = re.compile(r"^[ \t]*(?!---\s|%)[^\s#][^\n]*", re.MULTILINE)
"""A line of the spec itself, not one that begins a document or directs the reader."""

Range = tuple[int, int]


class Suppression:
    """One comment or key. `words` are its codes with their positions, and `used` those that suppressed something."""

    __slots__ = ("_words", "is_comment", "ranges", "reason", "span", "used", "words")

    def __init__(
        self, span: Span, words: list[tuple[str, Span]], reason: str, ranges: list[Range] | None, *,
        is_comment: bool = True,
    ) -> None:  # fmt: skip
        self.is_comment = is_comment
        self.span = span
        self.words = words
        self.reason = reason
        self.ranges = ranges
        """The ranges that it applies to; None: everywhere."""
        self.used: set[str] = set()
        self._words = {word for word, _ in words}

    def names(self, rule: type[Rule]) -> bool:
        """Whether the comment names a rule; the matching words are then marked as used."""
        words = [word for word in self._words if fits(word, rule)]
        self.used.update(words)
        return bool(words)


class Suppressions:
    """The comments and keys of a spec in the order of its text, indexed by the positions that they apply to."""

    __slots__ = ("_everywhere", "_placed", "_reach", "each")

    def __init__(self, each: list[Suppression]) -> None:
        self.each = each
        self._everywhere = [one for one in each if one.ranges is None]
        placed = [(start, end, one) for one in each for start, end in one.ranges or ()]
        self._placed = sorted(placed, key=lambda place: place[0])
        self._reach = list(accumulate((end for _, end, _ in self._placed), max))
        """For each, the largest end of those up to it; none of them applies at a later position."""

    def suppress(self, finding: Finding, rule: type[Rule]) -> bool:
        """Whether a comment suppresses a finding of a rule; all that do are marked as used."""
        at = finding.span.start
        found = [*self._everywhere]
        index = bisect_right(self._placed, at, key=lambda place: place[0]) - 1
        while index >= 0 and self._reach[index] > at:
            if self._placed[index][1] > at:
                found.append(self._placed[index][2])
            index -= 1
        suppressing = [one for one in found if one.names(rule)]
        return bool(suppressing)


class Comment(NamedTuple):
    """A comment addressed to this tool: its position and its form, or None if it is malformed."""

    span: Span
    form: re.Match[str] | None


def comments(spec: LintedSpec) -> list[Comment]:
    """The comments addressed to this tool. Text in quotes, or inside a longer text, is not a comment."""
    source, root = spec.source, spec.root
    if "cnncalc:" not in source.text:
        return []
    texts = [(node.start, node.end) for node in scalars(root, keys=True) if "#" in node.text] if root else []
    found = []
    for match in _COMMENT.finditer(source.text):
        if not any(start <= match.start() < end for start, end in texts):
            form = _FORM.match(source.text, match.start(1), match.end(1))
            found.append(Comment(Span(source, match.start(), match.end(1)), form))
    return found


def suppressions(spec: LintedSpec) -> list[Suppression]:
    """The well-formed comments and keys of a spec, in any variant."""
    found = [each for each in lint_keys(spec) if isinstance(each, Suppression)]
    extents: list[Range] | None = None
    for span, form in comments(spec):
        if form is None or (form[1] and not is_at_top(span)):
            continue
        words = [
            (normal_word(word.group()), Span(spec.source, form.start(2) + word.start(), form.start(2) + word.end()))
            for word in _WORD.finditer(form[2])
        ]
        if extents is None:
            extents = sorted(_extents(spec.root))
        ranges = None if form[1] else list(_ranges(span, extents))
        found.append(Suppression(span, words, form[3].strip(), ranges))
    return found


def lint_keys(spec: LintedSpec) -> Iterator[Suppression | SpecNode]:
    """The suppressions of the `lint` keys of a spec and its items; for an invalid key, the node that is wrong."""
    root = spec.root
    if not isinstance(root, Mapping) or "lint" not in root.source.text:
        return
    keys: list[tuple[SpecNode, list[Range] | None]] = (
        [(root.entries["lint"][1], None)] if "lint" in root.entries else []
    )
    for each in spec.items.each:
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


def cannot_be_suppressed(word: str) -> bool:
    """Whether a word selects only rules that always run."""
    meant = [rule for rule in all_rules() if fits(word, rule)]
    return bool(meant) and all(rule.always for rule in meant)


def is_at_top(span: Span) -> bool:
    """Whether only comments come before a comment."""
    first = _CONTENT.search(span.source.text.removeprefix("\ufeff"))
    return first is None or span.start < first.start()


def _ranges(span: Span, extents: list[Range]) -> Iterator[Range]:
    """The line that a comment belongs to, and those of the sorted `extents` that begin on it."""
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
    yield from extents[bisect_left(extents, (start, 0)) : bisect_left(extents, (end, 0))]


def _extents(node: SpecNode | None) -> Iterator[Range]:
    """The range of every item of a list, and of every key with its value."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield item.start, item.end
            yield from _extents(item)
    if isinstance(node, Mapping):
        for key, value in node.entries.values():
            yield key.start, max(key.end, value.end)
            yield from _extents(value)
