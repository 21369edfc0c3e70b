"""The rule N116, `repeated_items`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.graph import type_lookup
from cnncalc.linting.finding import Finding
from cnncalc.linting.linted_spec import LintedSpec
from cnncalc.linting.rule import Option, Rule
from cnncalc.reading.nodes import Mapping, Scalar, Sequence, SpecNode

_LONGEST = 100
"""Items that are repeated together are at most so many; lists of thousands are not compared with themselves."""
_NO_LAYERS = ("input", "variables", "variants", "parameters", "outputs", "expect", "budget", "lint", "from")
"""Keys whose lists hold no layers."""


class RepeatedItems(Rule):
    """The same items stand several times in a row.

    `repeat` says how often in a number, and a block gives a group of layers a name; a change is then made once. Items
    are compared as they are written; names make them different. Inline texts, which have `(…)*3`, are not spoken of,
    nor are repetitions of more than a hundred items.
    """

    code = "N116"
    name = "repeated_items"
    severity = "info"
    message = "the same {items} {stand} here {times} times in a row"
    bad = (
        "input: 32x32x3\nlayers:\n  - conv 8 3x3 same\n  - relu\n  - conv 8 3x3 same\n  - relu\n"
        "  - conv 8 3x3 same\n  - relu\n"
    )
    good = "input: 32x32x3\nlayers:\n  - repeat: 3\n    layers:\n      - conv 8 3x3 same\n      - relu\n"
    reason = "What is written three times is changed twice."
    sources = ("docs/language.md",)
    options = (Option("saved", 4, "How many items a repeat must save to be spoken of.", 1),)

    def check(self, spec: LintedSpec) -> Iterator[Finding]:
        if spec.variant is None and "\n" in spec.source.text.strip():
            for items in _lists(spec.root):
                yield from self.in_list(items)

    def in_list(self, items: list[SpecNode]) -> Iterator[Finding]:
        """The longest repetitions in one list, from its beginning on."""
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
            stand = "stands" if count == 1 else "stand"
            hint = f"write {words if count > 1 else 'it'} once, with repeat: {times}"
            yield self.finding(items[place].span, items=words, stand=stand, times=times, hint=hint)
            place += count * times


def _times(texts: list[str], place: int, period: int) -> int:
    """How often the `period` items from `place` on stand one after the other."""
    if texts[place] != texts[place + period]:
        return 1
    unit, times = texts[place : place + period], 1
    while texts[place + times * period : place + (times + 1) * period] == unit:
        times += 1
    return times


def _text(node: SpecNode) -> str:
    """What is written, without what differs between equal items: blanks, and comments behind them."""
    if isinstance(node, Scalar):
        return " ".join(node.text.split())
    if isinstance(node, Sequence):
        return f"[{', '.join(map(_text, node.items))}]"
    assert isinstance(node, Mapping)
    return f"{{{', '.join(f'{name}: {_text(value)}' for name, (_, value) in node.entries.items())}}}"


def _is_word(item: Scalar) -> bool:
    return item.plain and item.text[:1].isalpha()


def _has_branches(word: str) -> bool:
    found = type_lookup.find(word)
    return word == "branches" or (found is not None and found[0].branching)


def _lists(root: SpecNode | None) -> Iterator[list[SpecNode]]:
    """The items of every `layers` list and of every branch. Branches themselves stand side by side, not in a row."""
    if isinstance(root, Mapping):
        for key, value in root.entries.values():
            parts = value.items if isinstance(value, Sequence) and _has_branches(key.text) else [value]
            for part in parts if key.text not in _NO_LAYERS else ():
                yield from _lists(part)
    elif isinstance(root, Sequence):
        if any(isinstance(item, Mapping) or (isinstance(item, Scalar) and _is_word(item)) for item in root.items):
            yield root.items
        for item in root.items:
            yield from _lists(item)
