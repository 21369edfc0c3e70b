"""A check that two texts are the same network: every variant has the same metrics, wiring, settings and claims."""

from __future__ import annotations

from typing import Any

from cnncalc.analysis.report import WINDOW_SETTINGS
from cnncalc.diagnostics import Source
from cnncalc.graph.document import Overrides
from cnncalc.graph.memo import BuildCache
from cnncalc.graph.work import LayerCount
from cnncalc.layers.base import Layer
from cnncalc.linting.linted_spec import linted_spec, read_root, variants_of
from cnncalc.linting.network import Network
from cnncalc.reading.limits import Limits
from cnncalc.reading.load import form_of


def networks_of(path: str, text: str, limits: Limits) -> list[Network] | None:
    """The networks of a spec as written and of all its variants; None if one cannot be built."""
    source = Source(path, text)
    root, mistakes = read_root(source, form_of(text), limits)
    if root is None or mistakes:
        return None
    found = []
    cache = BuildCache()
    for variant in (None, *variants_of(root)):
        spec = linted_spec(root, Overrides(variant=variant, limits=limits), (), cache, LayerCount())
        if spec.network is None:
            return None
        found.append(spec.network)
    return found


def same(before: list[Network], after: list[Network] | None) -> bool:
    """Whether two specs have the same networks, in the same order."""
    if after is None or len(before) != len(after):
        return False
    return all(
        _facts(one) == _facts(other) and _are_set_alike(one, other) for one, other in zip(before, after, strict=True)
    )


def _facts(network: Network) -> tuple[Any, ...]:
    """The metrics and wiring of a network, and the claims of its spec, without positions in the text."""
    report, graph = network.report.to_dict(), network.graph
    for layer in report["layers"]:
        for key in ("location", *WINDOW_SETTINGS):  # settings are compared by meaning
            del layer[key]
    wiring = [(node.inputs, node.path, node.trainable, node.shares, node.ties, node.samples) for node in graph.nodes]
    claims = [(each.kind, each.figure, each.value, each.first, each.last, each.whole) for each in graph.claims]
    return report, wiring, claims, graph.description, graph.source, graph.year, graph.dtype


def _are_set_alike(one: Network, other: Network) -> bool:
    """Whether the layers have the same settings, including those that affect no metric: a slope, a padding mode."""
    return all(
        _alike(mine.layer, its.layer) and _alike(mine.activation, its.activation)
        for mine, its in zip(one.nodes, other.nodes, strict=True)
    )


def _alike(one: Any, other: Any) -> bool:
    """Whether two values of a field are the same. An unset one follows the convention: then the metrics decide."""
    if isinstance(one, Layer) and isinstance(other, Layer):
        return one.type == other.type and all(
            _alike(getattr(one, field.attribute), getattr(other, field.attribute)) for field in one.fields.values()
        )
    return one is None or other is None or bool(one == other)
