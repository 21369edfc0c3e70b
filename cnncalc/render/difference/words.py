"""Wording of a difference: signs, percentages, metric names, a headline. Every output format of `diff` uses these."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.analysis.difference.limits import Excess
from cnncalc.analysis.difference.model import ComparedValue, Difference, FigureChange, LayerChange
from cnncalc.number_text import byte_size, growth_percent, plural, show_shape, signed, thousands

SIGNS: Mapping[str, str] = {"added": "+", "removed": "−", "changed": "~", "moved": "~", "renamed": "~", "affected": "·"}
NO_DIFFERENCES = "no differences"

TITLES: Mapping[str, str] = {
    "convention": "Convention",
    "layout": "Layout",
    "dtype": "Type of numbers",
    "input": "Input",
    "output": "Output",
    "layers": "Layers",
    "params": "Parameters",
    "trainable_params": "Trainable parameters",
    "non_trainable_params": "Non-trainable parameters",
    "buffers": "Buffers",
    "unshared_params": "Unshared parameters",
    "macs": "MACs",
    "flops": "FLOPs",
    "param_bytes": "Memory of parameters",
    "activation_elements": "Activations",
    "activation_bytes": "Activation memory",
    "peak_activation_bytes": "Peak activation memory",
    "receptive_field": "Receptive field",
}
"""The figures of a model by their names, in the order of the table."""

_ALWAYS = ("output", "layers", "params", "macs", "peak_activation_bytes", "receptive_field")
_WHERE_CHANGED = ("convention", "layout", "dtype", "input", "buffers", "param_bytes")
_MOST_NAMES = 8
_OF_A_LAYER: Mapping[str, str] = {
    "output_shape": "output", "params": "params", "macs": "MACs", "activation_bytes": "memory",
    "receptive_field": "receptive field",
}  # fmt: skip


def shown_totals(difference: Difference, *, everything: bool = False) -> list[FigureChange]:
    """The metrics in the table: the usual ones, and others that changed."""
    wanted = set(TITLES if everything else _ALWAYS)
    trainable = difference.total("trainable_params")
    if trainable.growth != difference.total("params").growth:
        wanted |= {"trainable_params", "non_trainable_params"}
    return [total for total in difference.totals if total.figure in wanted or _adds(total)]


def _adds(total: FigureChange) -> bool:
    return total.is_changed and total.figure in _WHERE_CHANGED


def figure_text(figure: str, value: ComparedValue) -> str:
    """One side of a figure."""
    if value is None:
        return "undefined" if figure == "receptive_field" else "none"
    if isinstance(value, int):
        return byte_size(value) if figure.endswith("_bytes") else thousands(value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {show_shape(shape)}" for name, shape in value.items())
    return value if isinstance(value, str) else show_shape(value)


def growth_text(change: FigureChange) -> str:
    """The change of a count, `+10,108,160`, or of equal sizes of all axes, `+2`; empty for anything else."""
    old, new = change.old, change.new
    if isinstance(old, tuple) and isinstance(new, tuple) and change.figure == "receptive_field":
        steps = {b - a for a, b in zip(old, new, strict=False)}
        return signed(steps.pop()) if len(steps) == 1 and len(old) == len(new) else ""
    if change.growth is None:
        return ""
    if change.figure.endswith("_bytes"):
        return f"{'+' if change.growth > 0 else '−'}{byte_size(abs(change.growth))}" if change.growth else "0"
    return signed(change.growth)


def percent_text(change: FigureChange) -> str:
    """The relative change of a count with one decimal: `+86.5%`; empty if nothing changed."""
    if change.growth is None or not isinstance(change.old, int):
        return ""
    return growth_percent(change.growth, change.old)


def headline(difference: Difference) -> str:
    """The difference in one line: `48 layers added; parameters +86.5%, MACs +102.0%`."""
    if difference.is_empty:
        return NO_DIFFERENCES
    if not difference.layers and not any(total.is_changed for total in difference.totals):
        return f"{NO_DIFFERENCES} in the layers that can be followed"
    found = [(status, count) for status in SIGNS if status != "affected" and (count := difference.count(status))]
    counts = [f"{thousands(count)} {status}" for status, count in found]
    if counts:
        first, count = found[0]
        counts[0] = f"{plural(count, 'layer')} {first}"
    figures = [
        f"{name} {percent_text(total) or growth_text(total)}"
        for name, total in (("parameters", difference.total("params")), ("MACs", difference.total("macs")))
        if total.growth
    ]
    output = difference.total("output")
    if output.is_changed:
        figures.append(f"output {figure_text('output', output.old)} → {figure_text('output', output.new)}")
    return "; ".join(part for part in (", ".join(counts), ", ".join(figures)) if part) or _of_the_rest(difference)


def _of_the_rest(difference: Difference) -> str:
    """The headline if neither layers nor parameters nor MACs changed."""
    names = [TITLES[total.figure].lower() for total in difference.totals if total.is_changed]
    return "other " + ", ".join(names) if names else "the metrics of some layers differ"


def not_compared_text(difference: Difference) -> str:
    """The layers that are not compared, by name, as far as a line holds them; empty for none."""
    names = difference.not_compared
    more = f" and {thousands(len(names) - _MOST_NAMES)} more" if len(names) > _MOST_NAMES else ""
    return f"not compared: {', '.join(names[:_MOST_NAMES])}{more}" if names else ""


def excess_text(excess: Excess) -> str:
    """A broken limit: `parameters +86.5% (11,689,512 → 21,797,672), allowed is +5%`."""
    limit, change = excess
    sides = f"{figure_text(limit.figure, change.old)} → {figure_text(limit.figure, change.new)}"
    growth = percent_text(change) if limit.is_share else growth_text(change) if limit.direction else ""
    most = "" if limit.direction else "at most "
    allowed = f"allowed is {most}{limit.text.replace('-', '−')}" if limit.text else "may not change"
    title = TITLES[limit.figure]
    name = title if limit.figure in ("macs", "flops") else title.lower()
    return f"{name} {growth} ({sides}), {allowed}" if growth else f"{name} {sides}, {allowed}"


def figures_text(layer: LayerChange) -> list[str]:
    """The figures of a layer that changed, `params 9,408 → 4,800 (−49.0%)`; all of an added or removed one."""
    if layer.old is not None and layer.new is not None:
        return [figure_change_text(change) for change in layer.figures() if change.is_changed]
    shown, sign = layer.shown, SIGNS[layer.status]
    counts = [(shown.params, "params"), (shown.macs, "MACs")]
    return [show_shape(shown.output_shape), *(f"{sign}{thousands(count)} {name}" for count, name in counts if count)]


def figure_change_text(change: FigureChange) -> str:
    """A figure of a layer on both sides: `params 9,408 → 4,800 (−49.0%)`."""
    sides = f"{figure_text(change.figure, change.old)} → {figure_text(change.figure, change.new)}"
    percent = percent_text(change)
    return f"{_OF_A_LAYER[change.figure]} {sides}" + (f" ({percent})" if percent else "")
