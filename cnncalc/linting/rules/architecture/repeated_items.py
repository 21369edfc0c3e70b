"""The rule N116, `repeated_items`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.linting.finding import Finding
from cnncalc.linting.linted_spec import LintedSpec
from cnncalc.linting.rule import Option, Rule
from cnncalc.reading.nodes import Mapping, Scalar, Sequence, SpecNode

_LONGEST = 100
"""The largest group of items that is searched for, so that long lists are not compared with themselves."""


class RepeatedItems(Rule):
    """The same items appear several times in a row.

    `repeat` states the count as a number, and a block names a group of layers, so that a change is made in one place.
    Items are compared as written; items with different names differ. Not reported for inline specs, which have
    `(…)*3`, or for repeated groups of more than a hundred items.
    """

    code = "N116"
    name = "repeated_items"
    severity = "info"
    message = "the same {items} {appear} {times} times in a row here"
    bad = (
        "input: 32x32x3\nlayers:\n  - conv 8 3x3 same\n  - relu\n  - conv 8 3x3 same\n  - relu\n"
        "  - conv 8 3x3 same\n  - relu\n"
    )
    good = "input: 32x32x3\nlayers:\n  - repeat: 3\n    layers:\n      - conv 8 3x3 same\n      - relu\n"
    reason = "A change to one copy is easily forgotten in the others."
    sources = ("docs/language.md",)
    only_for_specs = True
    options = (Option("saved", 4, "The minimum number of items that `repeat` must save for a finding.", 1),)

    def check(self, spec: LintedSpec) -> Iterator[Finding]:
        if spec.variant is None and "\n" in spec.source.text.strip():
            for layers in spec.items.lists:
                yield from self.in_list(layers.items)

    def in_list(self, items: list[SpecNode]) -> Iterator[Finding]:
        """The longest repetitions in one list, from the start."""
        texts = [_text(item) for item in items]
        place = 0
        while place < len(texts):
            tried = range(1, min((len(texts) - place) // 2, _LONGEST) + 1)
            found = [(period, times) for period in tried if (times := _times(texts, place, period)) > 1]
            saved, period, times = max((((times - 1) * n, -n, times) for n, times in found), default=(0, 0, 0))
            if saved < self.option("saved"):
                place += 1
                continue
            count = -period
            words = "item" if count == 1 else f"{count} items"
            appear = "appears" if count == 1 else "appear"
            hint = f"write {words if count > 1 else 'it'} once, with repeat: {times}"
            yield self.finding(items[place].span, items=words, appear=appear, times=times, hint=hint)
            place += count * times


def _times(texts: list[str], place: int, period: int) -> int:
    """The number of times that the `period` items starting at `place` occur in a row."""
    if texts[place] != texts[place + period]:
        return 1
    unit, times = texts[place : place + period], 1
    while texts[place + times * period : place + (times + 1) * period] == unit:
        times += 1
    return times


def _text(node: SpecNode) -> str:
    """An item's text without the whitespace and trailing comments in which equal items may differ."""
    if isinstance(node, Scalar):
        return " ".join(node.text.split())
    if isinstance(node, Sequence):
        return f"[{', '.join(map(_text, node.items))}]"
    assert isinstance(node, Mapping)
    return f"{{{', '.join(f'{name}: {_text(value)}' for name, (_, value) in node.entries.items())}}}"
