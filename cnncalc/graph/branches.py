"""The branches of a merge, which all begin at one node, or each at its own."""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.diagnostics import Diagnostic, Reporter
from cnncalc.graph.building import ItemUse
from cnncalc.graph.model import Flow
from cnncalc.graph.scope import Scope
from cnncalc.layers.base import Layer
from cnncalc.reading.nodes import Scalar, Sequence, SpecNode

Walk = Callable[[list[SpecNode], Scope, Flow], Flow]
"""Builds a list of items in a scope from some nodes on; what flows on from the last."""


def branch_ends(use: ItemUse, body: Sequence, kind: type[Layer], walk: Walk, report: Reporter) -> Flow | None:
    """Build all branches of a merge, and give their ends; None after a mistake."""
    sources, count = use.sources, len(body.items)
    if not count:
        hint = f"write branches, {kind.type}: [[…], […]]"
        report(Diagnostic("E307", f"{kind.type} has no branches", use.item.span, hint=hint))
        return None
    if len(sources) not in (1, count):
        message = f"{len(sources)} inputs for {count} branches"
        hint = "one input goes to all branches; several go to one branch each"
        report(Diagnostic("E307", f"{kind.type}: {message}", use.item.span, hint=hint))
        return None
    begins = sources * count if len(sources) == 1 else sources
    ends = [_end(branch, use.scope, (begin,), walk) for branch, begin in zip(body.items, begins, strict=True)]
    return tuple([source for end in ends for source in end])


def _end(branch: SpecNode, scope: Scope, current: Flow, walk: Walk) -> Flow:
    """The end of one branch: a list of items, one item, or nothing (the identity)."""
    if isinstance(branch, Sequence):
        return walk(branch.items, scope, current)
    if isinstance(branch, Scalar) and branch.plain and branch.text in ("", "~", "null"):
        return current
    return walk([branch], scope, current)
