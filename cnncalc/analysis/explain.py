"""Explanations: every number of a layer with its working, obtained by running the layer's rules on named numbers."""

import re
from collections.abc import Iterable, Iterator
from math import prod
from typing import Any, NamedTuple

from cnncalc.analysis.analyze import load
from cnncalc.analysis.applied_rule import applied_rule
from cnncalc.analysis.coverage import coverage, describe
from cnncalc.analysis.derivation import Derivation, derive, derive_collected, derive_sum, factored_sum
from cnncalc.analysis.explanation import Explanation, Explanations, ResolvedPadding, Size, WeightArray
from cnncalc.analysis.field_growth import (
    FIELD_SOURCE,
    FieldAndJump,
    agrees,
    described,
    growth,
    seen_by,
    symbols_of,
)
from cnncalc.analysis.legend import Legend
from cnncalc.analysis.receptive_field import views
from cnncalc.analysis.remarks import statistics_remark, terms_remark, work_remark
from cnncalc.analysis.trace import LayerTrace, axis_names, keeps_steps, trace, window_axis
from cnncalc.arithmetic import algebra
from cnncalc.arithmetic.algebra import Formula
from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.term import Term
from cnncalc.graph.model import Graph, Node, stacked
from cnncalc.layers.base import Layer, Weight
from cnncalc.layers.declare import show_value
from cnncalc.layers.window_layer import WindowLayer
from cnncalc.number_text import thousands
from cnncalc.reading.limits import limits_of
from cnncalc.reading.load import Reference


class LayerContext(NamedTuple):
    """The part of an explanation that depends on the model around a layer."""

    activation: Layer | None = None
    """The activation that follows the layer in the same item."""
    seen: FieldAndJump = ()
    """The receptive field of the layer's input; empty if it has no closed form."""
    field: tuple[str, ...] = ()
    """Sentences about the receptive field of its output."""
    remarks: tuple[str, ...] = ()
    samples: int = 1
    """The number of samples per sample of the model; it multiplies the operations."""
    batch: int = 1
    """The number of samples of the model; it multiplies the operations."""

    @property
    def times(self) -> int:
        """The factor of the operations, with its symbols."""
        samples = Term.leaf(self.samples, "R") if self.samples > 1 else 1
        return samples * (Term.leaf(self.batch, "B") if self.batch > 1 else 1)


def explain_layer(
    layer: Layer, inputs: tuple[Shape, ...], output: Shape, name: str = "",
    context: LayerContext = LayerContext(),  # noqa: B008
) -> Explanation:  # fmt: skip
    """Explain one layer for given shapes, in the layer's layout and without a batch axis."""
    return _in_context(_explain_alone(layer, inputs, output, context.activation, context.times), name, context)


class _Alone(NamedTuple):
    """The explanation of a layer without the model around it: equal layers have the same."""

    explanation: Explanation
    traced: LayerTrace
    windows: object
    """Those of the traced layer on its inputs."""
    legend: Legend


def _explain_alone(
    layer: Layer, inputs: tuple[Shape, ...], output: Shape, activation: Layer | None, times: int
) -> _Alone:  # fmt: skip
    traced = trace(layer, inputs)
    weights = list(traced.layer.weights(*traced.inputs, traced.output))
    learned = [weight for weight in weights if not weight.statistic]
    kept = [weight for weight in weights if weight.statistic]
    macs = algebra.formula(traced.layer.macs(*traced.inputs, traced.output) * times)
    others = [algebra.formula(work * times) for work in _other_work(traced, activation)]
    other_work = factored_sum(others)
    work = _flops(macs.value, other_work)
    windows = traced.layer.windows(*traced.inputs)
    rule = applied_rule(layer, traced, inputs)
    sizes = [*_computed(traced.sizes), *_counted_sizes(weights)]
    legend = Legend(layer, traced, [*map(algebra.formula, sizes), macs, *others], rule.text)
    explanation = Explanation(
        layer.type,
        layer.type,
        layer.title(),
        rule.text,
        layer.setting.convention.title,
        inputs,
        output,
        tuple((field.rstrip("_"), show_value(value)) for field, value in layer.values().items()),
        legend.names(),
        _sizes(layer, traced),
        _paddings(traced, windows),
        _left_out(layer, inputs),
        tuple(_array(weight) for weight in weights),
        derive_sum(prod(weight.shape) for weight in learned) if learned else None,
        derive_sum(map(_unshared, learned)) if any(weight.positions for weight in learned) else None,
        derive_sum(prod(weight.shape) for weight in kept) if kept else None,
        derive_sum(map(_unshared, kept)) if kept else None,
        derive_collected(macs) if macs.value else None,
        derive(work) if work.value else None,
        (),
        (),
        (
            *layer.remarks(*inputs, output),
            *statistics_remark(layer, weights),
            *terms_remark(layer, activation, other_work),
            *work_remark(macs.value, work),
        ),
        (*layer.sources, *rule.sources),
    )
    return _Alone(explanation, traced, windows, legend)


def _in_context(alone: _Alone, name: str, context: LayerContext) -> Explanation:
    """The explanation with the receptive field and the remarks of the place of a layer in its model."""
    own, seen = alone.explanation, context.seen
    grown = growth(alone.traced, alone.windows, seen)
    names = own.names
    if grown:
        symbols = map(algebra.formula, symbols_of(seen))
        names = alone.legend.names([*symbols, *(step.field.formula for step in grown)])
    return own._replace(
        name=name or own.type,
        names=names,
        growth=grown,
        field=context.field,
        remarks=(*own.remarks, *context.remarks),
        sources=(*own.sources, *((FIELD_SOURCE,) if grown else ())),
    )


def _left_out(layer: Layer, inputs: tuple[Shape, ...]) -> tuple[str, ...]:
    if isinstance(layer, WindowLayer) and layer.slides_over_input:
        return describe(coverage(layer, inputs[0]))
    return ()


def _array(weight: Weight) -> WeightArray:
    shape = tuple(map(int, weight.shape))
    return WeightArray(weight.name, shape, prod(shape), prod(map(int, weight.positions)), weight.statistic)


def _counted_sizes(weights: Iterable[Weight]) -> list[int]:
    return [size for weight in weights for size in (*weight.shape, *weight.positions)]


def _unshared(weight: Weight) -> int:
    """The number of weights without sharing; positions come before the last factor, as in (F·F·Cᵢ + 1)·O·O·Cₒ."""
    return prod((*weight.shape[:-1], *weight.positions, *weight.shape[-1:]))


def _other_work(traced: LayerTrace, activation: Layer | None) -> list[int]:
    """Operations beyond two per multiply–accumulate: the layer's own, and its activation's."""
    work = [traced.layer.elementwise(*traced.inputs, traced.output)]
    return work if activation is None else [*work, activation.elementwise(traced.output, traced.output)]


def _flops(macs: int, other: Formula) -> Formula:
    """Two per multiply–accumulate, and the other operations."""
    if not macs:
        return other
    twice = algebra.product((algebra.number(2), Formula("figure", macs, symbol="MACs")))
    return algebra.total((twice, other)) if other.value else twice


def _computed(sizes: Shape) -> list[int]:
    """The sizes that have a formula."""
    return [size for size in sizes if isinstance(size, Term) and size.operator != "leaf"]


def _sizes(layer: Layer, traced: LayerTrace) -> tuple[Size, ...]:
    steps = keeps_steps(layer, traced.inputs, traced.sizes)
    rank = len(traced.sizes)
    names = axis_names(layer, rank, steps=steps) if rank > 1 else ("size",)[:rank]
    found: list[Size] = []
    for index, (axis, size) in enumerate(zip(names, traced.sizes, strict=True)):
        symbol = "Cₒ" if axis in ("channels", "features") else "O"
        formula, reason = algebra.plain(algebra.formula(size)), _reason(layer, traced, index)
        if found and _is_alike(found[-1], symbol, formula, reason):
            last = found.pop()
            found.append(last._replace(axes=(*last.axes, axis), values=(*last.values, int(size))))
        else:
            found.append(Size((axis,), (int(size),), symbol, derive(formula), reason))
    return tuple(found)


def _is_alike(one: Size, symbol: str, formula: Formula, reason: str) -> bool:
    """Whether a size is computed like one before it, or is unchanged, too."""
    if one.reason == reason == "unchanged":
        return True
    return (one.symbol, one.derivation.formula, one.reason) == (symbol, formula, reason)


def _paddings(traced: LayerTrace, windows: object) -> tuple[ResolvedPadding, ...]:
    """The padding of axes whose output size is determined first: for SAME, the padding follows from the output."""
    if not isinstance(windows, tuple):
        return ()
    found: dict[tuple[Derivation, int, int], list[str]] = {}
    for index, window in enumerate(windows):
        total = _split_total(window.before) or _split_total(window.after)
        if total is not None:
            output = Formula("figure", int(window.output), symbol="O")
            node = algebra.renamed(algebra.formula(total), algebra.formula(window.output), output)
            key = (derive(node), int(window.before), int(window.after))
            found.setdefault(key, []).append(window_axis(traced.layer, len(windows), index))
    return tuple(ResolvedPadding(tuple(axes), *key) for key, axes in found.items())


def _split_total(side: int) -> int | None:
    """The total padding of which `side` is half: the max of ⌊max(…, 0)/2⌋."""
    if isinstance(side, Term) and side.operator == "//" and getattr(side.parts[0], "operator", "") == "max":
        return side.parts[0]
    return None


def _reason(layer: Layer, traced: LayerTrace, index: int) -> str:
    """The reason for a size that is not computed: unchanged, or the value of a field."""
    size = traced.sizes[index]
    if not isinstance(size, Term) or size.operator != "leaf":
        return ""
    if _first_has(traced, index) and any(_has_there(shape, traced, index) for shape in traced.inputs):
        return "unchanged"
    field = layer.by_symbol().get(size.symbol)
    if field:
        return re.split("[,;]", field.help)[0]
    return _taken_from(layer, traced.inputs, size)


def _has_there(shape: Shape, traced: LayerTrace, index: int) -> bool:
    """Whether an input determines the size of this axis; shorter inputs are aligned with the last axes."""
    size, rank = traced.sizes[index], len(traced.sizes)
    meets_longer = len(shape) < rank and any(len(other) == rank for other in traced.inputs)
    if meets_longer and rank - index <= len(shape):
        return shape[index - rank] is size
    return len(shape) > index and shape[index] is size


def _first_has(traced: LayerTrace, index: int) -> bool:
    """Whether the first input with as many axes as the output has the same size along this axis."""
    alike = (shape for shape in traced.inputs if len(shape) == len(traced.sizes))
    first = next(alike, None)
    return first is None or first[index] == traced.sizes[index]


def _taken_from(layer: Layer, inputs: tuple[Shape, ...], size: Term) -> str:
    """The axis of the input that a size was taken from."""
    owner = "the inputs'" if len(inputs) > 1 else "the input's"
    for shape in inputs:
        for name, one in zip(axis_names(layer, len(shape), steps=layer.steps_first()), shape, strict=False):
            if one is size:
                return f"{owner} {name if len(shape) > 1 else 'size'}"
    return "moved from a different axis"


def explain(source: Reference, layer: str | None = None, *, batch: int = 1, **options: Any) -> Explanations:
    """Explain the layer called `layer` of a spec, or every layer; options are those of `load`.

    Operations are counted for `batch` samples.

    Raises SpecError for an invalid spec, and KeyError if no layer has that name.

    >>> quiz = explain("32x32x3 -> conv 20 8x8 s2 p1")[0]
    >>> " = ".join(quiz.params.text.chain)
    '(F·F·Cᵢ + 1)·Cₒ = (8·8·3 + 1)·20 = 193·20 = 3,860'
    """
    graph = load(source, **options)
    if layer is None:
        limits_of("explain", options.get("limits")).check_at_once("explain", stacked(graph.nodes), graph.nodes[0].span)
        return explain_graph(graph, batch=batch)
    chosen = [node for node in graph.nodes if node.layer is not None and node.name == layer]
    if not chosen:
        from cnncalc.graph.hints import unknown_layer  # most names are known

        raise unknown_layer(layer, (node.name for node in graph.nodes if node.layer is not None))
    return explain_graph(graph, chosen, batch=batch)


def explain_graph(graph: Graph, nodes: Iterable[Node] | None = None, *, batch: int = 1) -> Explanations:
    """Explain the given layers of a graph, or all of them, in execution order."""
    return Explanations(explanations(graph, nodes, batch=batch))


def explanations(graph: Graph, nodes: Iterable[Node] | None = None, *, batch: int = 1) -> Iterator[Explanation]:
    """Like `explain_graph`, one at a time, since a deep network takes a while."""
    seen = views(graph)
    indices = {node: index for index, node in enumerate(graph.nodes)}
    known: dict[tuple[object, ...], _Alone] = {}
    for node in graph.nodes if nodes is None else nodes:
        if node.layer is not None:
            view = seen[indices[node]]
            context = _context(graph, node, node.layer, batch)
            context = context._replace(seen=seen_by(node, seen), field=described(graph, node, view))
            explained = _in_context(_known_alone(known, graph, node, context), node.name, context)
            yield explained if agrees(explained.growth, view) else explained._replace(growth=())


def _known_alone(known: dict[tuple[object, ...], _Alone], graph: Graph, node: Node, context: LayerContext) -> _Alone:
    """The explanation of a node's layer alone, made once for equal layers: those of repeated blocks are one object."""
    layer, inputs, times = node.layer, graph.inputs_of(node), context.times
    assert layer is not None
    key = (layer, inputs, node.shape, context.activation, context.samples, context.batch)
    if key not in known:
        known[key] = _explain_alone(layer, inputs, node.shape or (), context.activation, times)
    return known[key]


def _shared(node: Node, owner: str) -> str:
    """A remark on a node that shares weights with a different node."""
    if not node.ties:
        return f"The weights are shared with {owner} and counted only there."
    (tie,) = node.ties
    turned = ", transposed" if tie.is_transposed else ""
    return f"The {tie.mine} is the {tie.theirs} of {owner}{turned}, and is counted only there."


def _context(graph: Graph, node: Node, layer: Layer, batch: int) -> LayerContext:
    """The remarks on a node and the factors of its operations."""
    remarks = []
    if node.shares is not None:
        remarks.append(_shared(node, graph.nodes[node.shares].name))
    if node.unbatched:
        remarks.append("There is no batch axis: all samples of a batch share these numbers.")
    if layer.buffers_only:
        remarks.append("The weights are fixed numbers: buffers, not parameters.")
    elif not node.trainable:
        remarks.append("The weights are frozen: training does not change them.")
    samples, batch = (1, 1) if node.unbatched else (node.samples, batch)
    if batch > 1:
        remarks.append(f"Operations are counted for a batch of B = {thousands(batch)} samples.")
    if samples > 1:
        remarks.append(
            f"The layer runs R = {thousands(node.samples)} times per sample: its operations are multiplied by R."
        )
    if node.activation is not None:
        remarks.append(
            f"The activation {node.activation.type} follows: it keeps the size, and its operations are counted here."
        )
    return LayerContext(node.activation, remarks=tuple(remarks), samples=samples, batch=batch)
