"""Layers that a file states in parts: unit vectors, attention and its projections, cyclic shifts."""

from __future__ import annotations

from collections.abc import Collection

from cnncalc.importing.draft import Draft
from cnncalc.importing.patterns.draft_graph import DraftGraph
from cnncalc.importing.patterns.heads import with_projections
from cnncalc.importing.patterns.rolls import with_rolls
from cnncalc.importing.patterns.scores import with_attention
from cnncalc.importing.patterns.unit_norms import with_unit_norms


def recognize(draft: Draft, disputed: Collection[str] = ()) -> None:
    """Write `unit_norm`, `attention`, `multi_head_attention` and `roll` in place of their parts.

    Parameters, multiply-accumulates and shapes stay the same. Layers whose shape the file states differently
    (`disputed`) stay as they are.
    """
    graph = DraftGraph(draft, disputed)
    with_unit_norms(graph)
    with_attention(graph)
    with_projections(graph)
    with_rolls(graph)
    graph.finish()
