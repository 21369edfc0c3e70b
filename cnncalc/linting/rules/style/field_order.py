"""The rule S105, `field_order`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from cnncalc.graph.document import KEYS
from cnncalc.linting.finding import Finding
from cnncalc.linting.linted_spec import LintedSpec
from cnncalc.linting.rule import Rule
from cnncalc.linting.source_items import is_inline, written_items
from cnncalc.reading.nodes import Mapping, Scalar

_LAST = ("activation", "from", "name", "trainable", "share_weights", "expect", "budget", "lint")
"""What every item may carry, behind a layer's own fields; `when` and `repeat` may stand before or behind."""


class FieldOrder(Rule):
    """The keys of a spec, or the fields of a layer, stand in another order than in the reference.

    The keys of a spec go from what it is (`name`, `source`) over its input and blocks to its layers and what it
    expects; an item's from its type over the type's fields, as `cnncalc layers TYPE` lists them, to what every item may
    carry; only `when` and `repeat` may stand anywhere. Off by default.
    """

    code = "S105"
    name = "field_order"
    severity = "info"
    message = "`{later}` stands before `{earlier}`"
    bad = "layers:\n  - conv 4 3x3 p1\ninput: 8x8x4\n"
    good = "input: 8x8x4\nlayers:\n  - conv 4 3x3 p1\n"
    default = False
    reason = "Two specs that are written alike can be compared line by line."
    sources = ("docs/language.md, the keys of a spec; docs/layers.md",)

    def check(self, spec: LintedSpec) -> Iterator[Finding]:
        root = spec.root
        if not isinstance(root, Mapping) or is_inline(root):
            return
        yield from self.compared([key for key, _ in root.entries.values()], KEYS)
        for written in written_items(root):
            head, kind = written.item.head, written.kind
            if kind is not None and head is not None and isinstance(written.item.node, Mapping):
                order = (*kind.fields, *_LAST)
                item = written.item.node.entries
                fields = item[head.text][1] if head.text in item else None
                if isinstance(fields, Mapping):
                    yield from self.compared([key for key, _ in fields.entries.values()], order)
                yield from self.compared([key for key, _ in item.values()], (head.text, *order))

    def compared(self, keys: Sequence[Scalar], order: Sequence[str]) -> Iterator[Finding]:
        """The first key that stands behind one which it should precede; aliases and unknown keys are passed over."""
        known = [key for key in keys if key.text in order]
        for first, second in pairwise(known):
            if order.index(first.text) > order.index(second.text):
                hint = "the order is " + ", ".join(sorted({key.text for key in known}, key=order.index))
                yield self.finding(second.span, later=first.text, earlier=second.text, hint=hint)
                return
