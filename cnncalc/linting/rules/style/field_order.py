"""The rule S105, `field_order`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from cnncalc.graph.document import KEYS
from cnncalc.linting.finding import Finding
from cnncalc.linting.linted_spec import LintedSpec
from cnncalc.linting.rule import Rule
from cnncalc.linting.spec_text import is_inline
from cnncalc.reading.nodes import Mapping, Scalar

_LAST = ("activation", "from", "name", "trainable", "share_weights", "expect", "budget", "lint")
"""The keys that every item may have, after the layer's own fields; `when` and `repeat` may come first or last."""


class FieldOrder(Rule):
    """The keys of a spec, or the fields of a layer, are not in the order of the reference.

    The order for a spec: description (`name`, `source`), input, blocks, layers, expectations. The order for an item:
    type, the type's fields as listed by `cnncalc layers TYPE`, then the keys that every item may have; `when` and
    `repeat` may come first or last. Off by default.
    """

    code = "S105"
    name = "field_order"
    severity = "info"
    message = "`{later}` comes before `{earlier}`"
    bad = "layers:\n  - conv 4 3x3 p1\ninput: 8x8x4\n"
    good = "input: 8x8x4\nlayers:\n  - conv 4 3x3 p1\n"
    default = False
    reason = "Specs with a consistent order can be compared line by line."
    sources = ("docs/language.md, the keys of a spec; docs/layers.md",)

    def check(self, spec: LintedSpec) -> Iterator[Finding]:
        root = spec.root
        if not isinstance(root, Mapping) or is_inline(root):
            return
        yield from self.compared([key for key, _ in root.entries.values()], KEYS)
        for written in spec.items.each:
            head, kind = written.item.head, written.kind
            if kind is not None and head is not None and isinstance(written.item.node, Mapping):
                order = (*kind.fields, *_LAST)
                item = written.item.node.entries
                fields = item[head.text][1] if head.text in item else None
                if isinstance(fields, Mapping):
                    yield from self.compared([key for key, _ in fields.entries.values()], order)
                yield from self.compared([key for key, _ in item.values()], (head.text, *order))

    def compared(self, keys: Sequence[Scalar], order: Sequence[str]) -> Iterator[Finding]:
        """The first key that comes after a key that it should precede; aliases and unknown keys are skipped."""
        known = [key for key in keys if key.text in order]
        for first, second in pairwise(known):
            if order.index(first.text) > order.index(second.text):
                hint = "the order is " + ", ".join(sorted({key.text for key in known}, key=order.index))
                yield self.finding(second.span, later=first.text, earlier=second.text, hint=hint)
                return
