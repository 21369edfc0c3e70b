"""The columns of a summary, declared once: title, value, alignment, total. Every format that has columns uses these."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from cnncalc.analysis.report import AnyLayer, Report
from cnncalc.diagnostics import did_you_mean
from cnncalc.layers.declare import show_value
from cnncalc.number_text import byte_size, percent, show_shape, thousands

CellValue = int | float | str | None


class Column(NamedTuple):
    """One column: `value` gives the raw figure (as CSV writes it), `show` the text that people read."""

    key: str
    title: str
    value: Callable[[AnyLayer, Report], CellValue]
    numeric: bool = False
    """Right-aligned."""
    show: Callable[[Any], str] = str
    total: Callable[[Report], CellValue] = lambda report: None
    """The value below the column; None for an empty cell."""
    usual: bool = False
    """Shown without being asked for."""
    figure: str = ""
    """The field of the totals that `total` gives."""

    def cell(self, layer: AnyLayer, report: Report) -> str:
        return self.cells([layer], report)[0]

    def cells(self, layers: Sequence[AnyLayer], report: Report) -> list[str]:
        """The texts of a long column; `?` for a metric that is unknown."""
        value, show = self.value, self.show
        return [
            show(found) if (found := value(layer, report)) is not None else "?" if layer.output_shape is None else ""
            for layer in layers
        ]  # fmt: skip

    def footer(self, report: Report) -> str:
        value = self.total(report)
        return "" if value is None else f"{'≥ ' if self.figure in report.at_least else ''}{self.show(value)}"


class UnknownColumnError(ValueError):
    """A column that does not exist; the text says which do."""


def _count(key: str, title: str, field: str, *, usual: bool = False) -> Column:
    """A column of a figure that layers and totals both have."""
    return Column(
        key, title, lambda layer, report: getattr(layer, field), numeric=True, show=thousands, usual=usual,
        total=lambda report: getattr(report.totals, field), figure=field,
    )  # fmt: skip


def _setting(key: str) -> Column:
    """A column of a field that a spec gives to some layers, a number for each axis."""
    return Column(key, key.capitalize(), lambda layer, report: _per_axis(layer, key))


def _per_axis(layer: AnyLayer, field: str) -> str:
    value = layer.setting(field)
    return "" if value is None else show_value(value)


def _output(layer: AnyLayer) -> str | None:
    """The output's shape, and how many of them a sample has become where that is more than one."""
    several = f"{thousands(layer.samples)} × " if layer.samples > 1 else ""
    return None if layer.output_shape is None else several + show_shape(layer.output_shape)


def _axes(sizes: tuple[int | float, ...] | None) -> str | None:
    return None if sizes is None else show_shape(sizes)


def _location(layer: AnyLayer, report: Report) -> str:
    return layer.location.place


COLUMNS: Mapping[str, Column] = {
    column.key: column
    for column in (
        Column("layer", "Layer", lambda layer, report: layer.name, total=lambda report: "Total", usual=True),
        Column("type", "Type", lambda layer, report: layer.type, usual=True),
        Column("inputs", "Inputs", lambda layer, report: ", ".join(layer.inputs)),
        Column("input_shape", "Input shape", lambda layer, report: ", ".join(map(show_shape, layer.input_shapes))),
        Column("output_shape", "Output shape", lambda layer, report: _axes(layer.output_shape), usual=True),
        _setting("kernel"),
        _setting("stride"),
        _setting("padding"),
        _count("params", "Params", "params", usual=True),
        _count("trainable", "Trainable", "trainable_params"),
        _count("non_trainable", "Non-trainable", "non_trainable_params"),
        _count("buffers", "Buffers", "buffers"),
        Column(
            "share", "Share of params", lambda layer, report: report.share(layer), numeric=True,
            show=lambda value: percent(value, 1), total=lambda report: 1.0 if report.totals.params else None,
        ),
        Column("shares_with", "Weights of", lambda layer, report: layer.shares_with or ""),
        _count("unshared", "Unshared params", "unshared_params"),
        _count("macs", "MACs", "macs", usual=True),
        _count("flops", "FLOPs", "flops"),
        _count("activations", "Activations", "activation_elements"),
        Column(
            "memory", "Activation memory", lambda layer, report: layer.activation_bytes, numeric=True, show=byte_size
        ),
        Column("receptive_field", "Receptive field", lambda layer, report: _axes(layer.receptive_field)),
        Column("effective_stride", "Effective stride", lambda layer, report: _axes(layer.effective_stride)),
        Column("location", "Location", _location),
    )
}  # fmt: skip
"""Every column by its key, in the order in which they are printed."""

_ALIASES: Mapping[str, str] = {
    "name": "layer", "output": "output_shape", "shape": "output_shape", "input": "inputs", "parameters": "params",
    "trainable_params": "trainable", "non_trainable_params": "non_trainable", "unshared_params": "unshared",
    "activation_elements": "activations", "activation_bytes": "memory", "rf": "receptive_field",
}  # fmt: skip


def chosen_columns(text: str) -> list[Column]:
    """The usual columns and those that `text` names, with commas between. Raises UnknownColumnError."""
    wanted = {_key(word) for word in text.split(",") if word.strip()}
    return [column for column in COLUMNS.values() if column.usual or column.key in wanted or "all" in wanted]


def _key(word: str) -> str:
    key = word.strip().lower().replace("-", "_").replace(" ", "_")
    key = _ALIASES.get(key, key)
    if key != "all" and key not in COLUMNS:
        hint = did_you_mean(key, [*COLUMNS, *_ALIASES])
        known = ", ".join(key for key, column in COLUMNS.items() if not column.usual)
        raise UnknownColumnError(
            f'there is no column "{word.strip()}"{": " + hint if hint else ""} (columns: {known}, all)'
        )
    return key
