"""A verification as text or JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.number_text import plural, scientific, show_shape, thousands
from cnncalc.render.json_text import json_lines
from cnncalc.render.text import wrap
from cnncalc.render.text_table import StyledText, TableColumn, TableRow, TextTable, draw

_COLUMNS = (
    TableColumn(gap=1),
    TableColumn(narrow="wrap", least=12, at="names"),
    TableColumn(),
    TableColumn(align="right"),
    TableColumn(align="right", narrow="below"),
    TableColumn(narrow="below"),
)
"""A mark, the layer, its shape, its weights, those of untied copies, a remark."""
_PROBE_COLUMNS = (TableColumn(gap=1), TableColumn(narrow="wrap"))

if TYPE_CHECKING:
    from cnncalc.forward.receptive_field import Probe
    from cnncalc.forward.verify import LayerCheck, Verification


def as_json(found: Verification) -> str:
    """The verification as one JSON object, a line for each layer."""
    return json_lines(
        {
            "format": 1,
            "name": found.name,
            "agrees": not found.problems,
            "layers": [check._asdict() for check in found.layers],
            "receptive_fields": [
                {"name": probe.name, "reported": probe.reported, "axes": [axis._asdict() for axis in probe.axes],
                 "problem": probe.problem, **({"remark": probe.remark} if probe.remark else {}),
                 **({"smallest": probe.smallest} if probe.smallest != probe.reported else {})}
                for probe in found.probes
            ],
            "problems": found.problems,
        }
    )  # fmt: skip


def as_text(found: Verification, *, limit: int | None = None, color: bool = False) -> str:
    """A line per layer with a tick or a cross, the probes, and the verdict."""
    lines = draw(TextTable(_COLUMNS, list(map(_row, found.layers))), limit, color=color)
    rows = [TableRow([_mark(probe.problem), _probe(probe)]) for probe in found.probes if not probe.remark]
    rows += [TableRow(["-", line]) for line in _not_probed(found.probes)]
    lines += draw(TextTable(_PROBE_COLUMNS, rows), limit, color=color)
    return "\n".join([*lines, "", *wrap(verdict(found), limit)])


def _mark(problem: str) -> list[StyledText]:
    return [("✗", "red")] if problem else [("✓", "green")]


def _row(check: LayerCheck) -> TableRow:
    shape = show_shape(check.actual_shape) if check.actual_shape is not None else "nothing"
    weights = _weights(check.params, check.buffers) if check.actual_weights else ""
    if check.actual_weights and not check.params + check.buffers:
        weights = plural(check.actual_weights, "shared weight")
    unshared = f"{thousands(check.actual_unshared)} untied" if check.actual_unshared else ""
    return TableRow([_mark(check.problem), check.name, shape, weights, unshared, _remark(check)])


def _remark(check: LayerCheck) -> str:
    text = check.problem or check.remark
    if not text and check.difference is not None:
        text = f"tied copies give the same values (largest relative difference {scientific(check.difference)})"
    return text


def _probe(probe: Probe) -> str:
    parts = [
        f"{axis.axis} {axis.seen[0]} to {axis.seen[1] - 1}" if axis.seen[0] < axis.seen[1] else f"{axis.axis} nothing"
        for axis in probe.axes
    ]
    reported = "the whole input" if probe.reported is None else show_shape(probe.reported)
    if probe.smallest is not None and probe.smallest != probe.reported:
        reported = f"{show_shape(probe.smallest)} to {reported}"
    return f"{probe.name}: receptive field {reported}; {probe.place} sees {', '.join(parts)}" + (
        f"  {probe.problem}" if probe.problem else ""
    )


def _not_probed(probes: tuple[Probe, ...]) -> list[str]:
    """The layers that were not probed, a line for each reason."""
    names: dict[str, list[str]] = {}
    for probe in probes:
        if probe.remark:
            names.setdefault(probe.remark, []).append(probe.name)
    return [f"receptive field not probed: {', '.join(layers)}: {remark}" for remark, layers in names.items()]


def verdict(found: Verification) -> str:
    """The result in a sentence or two."""
    if found.problems:
        return f"{plural(len(found.problems), 'disagreement')} with the forward pass."
    weights = _weights(sum(check.params for check in found.layers), sum(check.buffers for check in found.layers))
    witnessed = sum(1 for check in found.layers if not check.remark)
    taken = len(found.layers) - witnessed
    unknown = f" {plural(taken, 'layer')} taken at its word." if taken else ""
    return f"The forward pass agrees: {plural(witnessed, 'layer')}, {weights}.{unknown}"


def _weights(params: int, buffers: int) -> str:
    """Weights as a summary counts them: parameters, and separately buffers."""
    counted = [plural(params, "parameter")] if params or not buffers else []
    return ", ".join(counted + ([plural(buffers, "buffer")] if buffers else []))
