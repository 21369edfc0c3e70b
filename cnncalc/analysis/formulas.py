"""Shapes, parameters, operations and memory as formulas in the sizes of the input.

The rules of the layers run on numbers with letters at the sizes that the spec has. Rules that decide by a comparison
limit the range of the letters in which the formulas hold. A few other sizes of that range are built in the usual way,
and must give the same numbers; so a size that a rule or an expression takes without its letter cannot stay unnoticed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import gcd
from typing import Any, NamedTuple

from cnncalc.analysis.analyze import check_amount
from cnncalc.analysis.figures import report_on
from cnncalc.analysis.lettered_source import (
    LetteredShape,
    LetteredSpec,
    axes_of,
    lettered_input,
    only_some,
    read_lettered,
    show_lettered,
)
from cnncalc.analysis.memory import elements, peak
from cnncalc.analysis.report import Report
from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.letter_range import HeldRange, held_range
from cnncalc.arithmetic.lettered import Lettered, Noted, NotedCondition, form_of
from cnncalc.arithmetic.linear_form import LinearForm, add, subtract, value_of, whole
from cnncalc.arithmetic.no_form import NoFormError
from cnncalc.diagnostics import Diagnostic, Span, SpecError
from cnncalc.graph.document import Overrides
from cnncalc.graph.doubts import CODE as MISREAD
from cnncalc.graph.doubts import OTHER, describe
from cnncalc.graph.memo import BuildCache
from cnncalc.graph.model import Graph, stacked
from cnncalc.layers.counts import count
from cnncalc.number_text import show_shape, thousands
from cnncalc.reading.limits import limits_of
from cnncalc.reading.load import Reference

FormShape = tuple[LinearForm, ...]


class LetteredLayer(NamedTuple):
    """The formulas of a layer."""

    name: str
    type: str
    output: FormShape
    params: LinearForm
    macs: LinearForm
    flops: LinearForm
    activation_bytes: LinearForm


class LayerPeak(NamedTuple):
    """The bytes of live tensors while a layer runs, the one with the peak at the sizes of the spec."""

    layer: str
    bytes: LinearForm


class ModelFormulas(NamedTuple):
    """The formulas of a model, and the range of the letters in which they hold."""

    name: str
    convention: str
    layout: str
    sizes: dict[str, int]
    """The sizes of the letters in the spec, at which the rules ran."""
    inputs: dict[str, LetteredShape]
    layers: tuple[LetteredLayer, ...]
    outputs: dict[str, FormShape]
    totals: dict[str, LinearForm]
    """The sums over all layers: params, macs, flops, param_bytes, activation_bytes."""
    peak: LayerPeak
    held: HeldRange
    remarks: tuple[Diagnostic, ...] = ()
    """Warnings about inputs whose letters were probably meant for other axes."""
    findings: tuple[Diagnostic, ...] = ()
    """The budgets that are exceeded at the sizes of the spec."""

    def samples(self) -> Iterator[dict[str, int]]:
        """A few combinations of sizes in the range: small, next to the spec's, and large ones, different per letter."""
        for spread in _SPREADS:
            sizes = {
                each.name: each.following(round(self.sizes[each.name] * spread) + 3 * place)
                for place, each in enumerate(self.held.letters)
            }
            if None not in sizes.values() and self.held.holds(sizes):  # type: ignore[arg-type]
                yield sizes  # type: ignore[misc]


_SPREADS = (0, 0.7, 1.01, 1.37, 2.1)
"""The sizes of the samples, relative to those of the spec."""

LetteredInputs = dict[str, LetteredShape]

LAYER_FIGURES = ("params", "macs", "flops", "activation_bytes")
TOTALS = ("params", "macs", "flops", "param_bytes")


def formulas(
    source: Reference, input: str | LetteredShape | Mapping[str, LetteredShape] | None = None, **options: Any
) -> ModelFormulas:  # fmt: skip
    """The formulas of a spec whose input has letters: `"HxWx3"`. The other options are those of `analyze`.

    An inline text may begin with the letters: `"HxWx3 -> conv 20 5x5"`.

    Raises SpecError for an invalid spec, and for a layer whose sizes have no formula.

    >>> found = formulas("32x32x3 -> conv 20 5x5 s2 -> max_pool 2", "HxWx3")
    >>> [value_of(size, {"H": 32, "W": 41}) for size in found.layers[1].output]
    [7, 9, 20]
    """
    amount = {"batch": options.pop("batch", 1), "dtype": options.pop("dtype", None)}
    check_amount(**amount)
    stdin, limits = options.pop("stdin", None), limits_of("formulas", options.pop("limits", None))
    given = input or lettered_input(source)
    if given is None:
        raise _refused("no size of the input is a letter", 'for example, input="HxWx3"')
    spec, own = read_lettered(source, Overrides(None, limits=limits, **options), stdin, given)
    limits.check_at_once("write as formulas", stacked(own.nodes), own.nodes[0].span)
    inputs, sizes = _inputs(own, given)
    misread = tuple(_misread(own, inputs, spec.overrides))
    noted = Noted()
    letters = {name: Lettered.of(name, size, noted) for name, size in sizes.items()}
    try:
        graph = spec.build(_given(inputs, sizes), _given(inputs, letters))
        _count(graph)
        conditions = noted.conditions  # without the comparisons of the peak, which the report adds
        report = _report(graph._replace(claims=[]), **amount)
        found = _model(report, _peak(graph, report), inputs, held_range(conditions, sizes))._replace(
            sizes=sizes, remarks=misread, findings=tuple(_over_budget(own, sizes, amount))
        )
    except SpecError as error:
        raise SpecError([*error.diagnostics, *misread]) from None
    except NoFormError as error:
        raise _without_formula(error, sizes) from None
    try:
        _check(found, spec, amount)
    except SpecError:
        fixed = tuple(_fixed(found))
        if not fixed or spec.document.again is None:
            raise
        found = found._replace(held=held_range([*conditions, *fixed], sizes))
        _check(found, spec, amount)
    return found


def _count(graph: Graph) -> None:
    """Run the rules of the counts, whose comparisons limit the range. Raises NoFormError with the layer."""
    for node in graph.nodes:
        if node.layer is not None:
            try:
                count(node.layer, node.activation, graph.inputs_of(node), node.shape or ())
            except NoFormError as error:
                error.locate(node.name, node.span)
                raise


def _over_budget(own: Graph, sizes: Mapping[str, int], amount: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """The budgets of the spec that are exceeded at its own sizes."""
    at = ", ".join(f"{name} = {size}" for name, size in sizes.items())
    for finding in _report(own, **amount).findings:
        if finding.code == "E402":
            message = f"{finding.message} at {at}"
            yield Diagnostic("E402", message, finding.span, hint=finding.hint)


def _fixed(found: ModelFormulas) -> Iterator[NotedCondition]:
    """Conditions that each layer has the parameters that it has at the spec's sizes, as code states them in numbers."""
    for layer in found.layers:
        if not layer.params.is_constant:
            terms = subtract(layer.params, whole(value_of(layer.params, found.sizes))).terms
            shared = gcd(*(number for _, number in terms))
            yield NotedCondition(LinearForm(tuple((factors, number // shared) for factors, number in terms)), "==")


def _misread(own: Graph, inputs: LetteredInputs, overrides: Overrides) -> Iterator[Diagnostic]:
    """Warnings about letters for channels where the channels of the other layout are those of an image."""
    layout = own.setting.layout
    for node in own.sources if overrides.layout is None else ():
        shape = inputs[node.name]
        *rest, channels = (shape if layout == "CHW" else shape[::-1]) or (0,)
        if len(shape) > 2 and channels in (1, 3, 4) and all(isinstance(axis, str) for axis in rest):
            other = OTHER[layout]
            written = show_lettered((*shape[-1:], *shape[:-1]) if layout == "CHW" else (*shape[1:], *shape[:1]))
            message = f"{node.name}: {show_lettered(shape)} is read as {describe(shape, layout)} ({layout})"
            hint = f"if it is {describe(shape, other)}, write {written}; --layout {layout} confirms this reading"
            yield Diagnostic(MISREAD, message, node.span, hint=hint, severity="warning")


def _report(graph: Graph, *, batch: int, dtype: str | None) -> Report:
    """The report without receptive fields, which depend on the sizes of the input only at its borders."""
    return report_on(graph, batch=batch, dtype=dtype or graph.dtype or "float32", seen=[None] * len(graph.nodes))


def _inputs(
    own: Graph, given: str | LetteredShape | Mapping[str, LetteredShape]
) -> tuple[LetteredInputs, dict[str, int]]:
    """The shape of each input with its letters, and the spec's size of each letter. Raises SpecError."""
    shapes = {node.name: node.shape or () for node in own.sources}
    named: LetteredInputs = dict(given) if isinstance(given, Mapping) else {next(iter(shapes)): axes_of(given)}
    sizes: dict[str, int] = {}
    for name, shape in named.items():
        if name not in shapes:
            raise _refused(f"the spec has no input {name}", f"it has {', '.join(shapes)}")
        if len(shape) != len(shapes[name]):
            written = show_lettered(shape)
            raise _refused(f"input {name}: {written} has {len(shape)} axes, the spec's {show_shape(shapes[name])} has "
                           f"{len(shapes[name])}", "letters are for sizes of the axes that the spec has")  # fmt: skip
        for axis, size in zip(shape, shapes[name], strict=True):
            if isinstance(axis, str):
                sizes.setdefault(axis, size)
    return {name: named.get(name, shape) for name, shape in shapes.items()}, sizes


def _refused(message: str, hint: str) -> SpecError:
    return SpecError([Diagnostic("E204", message, hint=hint)])


def _given(inputs: LetteredInputs, sizes: Mapping[str, int]) -> dict[str, Shape]:
    """The shapes of the inputs with numbers for the letters."""
    return {
        name: tuple(sizes[axis] if isinstance(axis, str) else axis for axis in shape) for name, shape in inputs.items()
    }


def _without_formula(error: NoFormError, sizes: Mapping[str, int]) -> SpecError:
    where = error.layer or "the spec"
    message = f"{where}: its sizes have no formula in {', '.join(sizes)}: {error}"
    span = error.position if isinstance(error.position, Span) else None
    numbers = next((f"input={size}..{2 * size}:{size // 4 or 1}" for size in sizes.values()), "input=32..64:8")
    hint = f"give numbers, or letters for other axes alone; `cnncalc sweep SPEC --vary {numbers}` lists several sizes"
    return SpecError([Diagnostic("E304", message, span, hint=hint)])


def _peak(graph: Graph, report: Report) -> LayerPeak:
    sizes = [elements(node, report.batch) for node in graph.nodes]
    place = peak(graph.nodes, sizes, [index for _, index in graph.outputs]).place
    return LayerPeak(graph.nodes[max(place, 0)].name, form_of(report.totals.peak_activation_bytes))


def _model(report: Report, peak_at: LayerPeak, inputs: LetteredInputs, held: HeldRange) -> ModelFormulas:
    layers = tuple(
        LetteredLayer(
            layer.name,
            layer.type,
            tuple(map(form_of, layer.output_shape)),
            *(form_of(getattr(layer, figure)) for figure in LAYER_FIGURES),
        )
        for layer in report.layers
    )
    outputs = {tensor.name: tuple(map(form_of, tensor.shape)) for tensor in report.outputs}
    totals = {figure: form_of(getattr(report.totals, figure)) for figure in TOTALS}
    activations = [layer.activation_bytes for layer in layers]
    return ModelFormulas(
        report.name, report.convention, report.layout, {}, inputs, layers, outputs,
        {**totals, "activation_bytes": add(*activations)}, peak_at, held,
    )  # fmt: skip


def _check(found: ModelFormulas, spec: LetteredSpec, amount: Mapping[str, Any]) -> None:
    """Compare the formulas with the numbers at a few other sizes. Raises SpecError for the first difference."""
    cache = BuildCache()
    for sizes in found.samples():
        at = ", ".join(f"{name} = {size}" for name, size in sizes.items())
        try:
            graph = spec.build(_given(found.inputs, sizes), cache=cache)
        except SpecError as error:
            raise only_some(f"the formulas do not hold at {at}", error) from None
        report = _report(graph, **amount)
        different = difference(found, report, sizes)
        if different:
            message = f"{different} at {at}: a number in the spec repeats a size of the input, so that no formula holds"
            hint = "write a size of the input as in.height in an expression of its own, not in a text or a variable"
            raise SpecError([Diagnostic("E304", message, hint=hint)])


def difference(found: ModelFormulas, report: Report, sizes: Mapping[str, int]) -> str:
    """The first number of a report that differs from its formula, in words; empty if all agree."""
    if len(report.layers) != len(found.layers):
        return f"{len(found.layers)} layers become {len(report.layers)}"
    for layer, own in zip(report.layers, found.layers, strict=True):
        shape = tuple(value_of(form, sizes) for form in own.output)
        if shape != layer.output_shape:
            own_shape = show_shape(layer.output_shape)
            return f"{layer.name}: the output is {own_shape}, the formula gives {show_shape(shape)}"
        for figure in LAYER_FIGURES:
            expected, actual = value_of(getattr(own, figure), sizes), getattr(layer, figure)
            if expected != actual:
                return f"{layer.name}: {figure} is {thousands(actual)}, the formula gives {thousands(expected)}"
    return ""
