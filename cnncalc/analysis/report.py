"""The report: the results of an analysis, as plain immutable values.

`Report.to_dict()` is the stable machine-readable form (format 1). Shapes are in the spec's layout, without the batch
axis; counts of operations, elements and bytes are for the whole batch.
"""

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from cnncalc import shown
from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Diagnostic, Span
from cnncalc.graph.model import Doubt

if TYPE_CHECKING:
    from cnncalc.importing.unshaped import UnshapedLayer, UnshapedRest

FORMAT = 1

Stride = int | float
"""An effective stride, which is below 1 after a transposed convolution."""


class Tensor(NamedTuple):
    """A named input or output of the model."""

    name: str
    shape: Shape


class LayerReport(NamedTuple):
    """The metrics of one layer."""

    name: str
    type: str
    inputs: tuple[str, ...]
    input_shapes: tuple[Shape, ...]
    output_shape: Shape
    params: int
    trainable_params: int
    non_trainable_params: int
    buffers: int
    unshared_params: int
    macs: int
    flops: int
    activation_elements: int
    activation_bytes: int
    receptive_field: tuple[int, ...] | None
    effective_stride: tuple[Stride, ...] | None
    location: Span
    path: tuple[str, ...]
    """The named blocks and repeats around the layer, outermost first."""
    settings: dict[str, Any]
    """The fields given in the spec, by canonical name."""
    shares_with: str | None
    """The layer whose weights this one uses; the parameters are counted there."""
    samples: int = 1
    """The number of samples per sample of the model, such as regions of an image."""

    def to_dict(self) -> dict[str, Any]:
        return _layer_dict(self)

    def setting(self, name: str) -> Any:
        """A field as given in the spec, with a single number repeated for every spatial axis; None if it is missing."""
        value = self.settings.get(name)
        if isinstance(value, int) and self.input_shapes:
            return (value,) * (len(self.input_shapes[0]) - 1)
        return value


WINDOW_SETTINGS = ("kernel", "stride", "padding")
"""The settings of a layer in the machine-readable formats."""


def _plain(value: Any) -> Any:
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


_LAYER_COUNTS = (
    "params", "trainable_params", "non_trainable_params", "buffers", "unshared_params", "macs", "flops",
    "activation_elements", "activation_bytes",
)  # fmt: skip


class Totals(NamedTuple):
    """The sums over all layers; shared weights count once in parameters and for every use in operations."""

    params: int
    trainable_params: int
    non_trainable_params: int
    buffers: int
    unshared_params: int
    macs: int
    flops: int
    param_bytes: int
    activation_elements: int
    peak_activation_bytes: int


AnyLayer: TypeAlias = "LayerReport | UnshapedLayer"
"""A layer of a report, whose shape may be unknown."""


def _layer_dict(layer: AnyLayer) -> dict[str, Any]:
    """A layer in the machine-readable form; null for what is unknown."""
    span, shape = layer.location, layer.output_shape
    return {
        "name": layer.name,
        "type": layer.type,
        "inputs": list(layer.inputs),
        "output_shape": None if shape is None else list(shape),
        **({"samples": layer.samples} if layer.samples > 1 else {}),
        **{name: getattr(layer, name) for name in _LAYER_COUNTS},
        "receptive_field": None if layer.receptive_field is None else list(layer.receptive_field),
        "effective_stride": None if layer.effective_stride is None else list(layer.effective_stride),
        "location": {"file": span.source.name, "line": span.line, "column": span.column},
        "input_shapes": [list(shape) for shape in layer.input_shapes],
        **{name: _plain(layer.setting(name)) for name in WINDOW_SETTINGS},
        "shares_with": layer.shares_with,
    }


OF_SHAPES = ("unshared_params", "macs", "flops", "activation_elements", "peak_activation_bytes")
"""The totals to which a layer of unknown shape adds an unknown number."""
_OF_PARAMETERS = ("params", "trainable_params", "non_trainable_params", "buffers", "param_bytes")


@shown.in_notebooks
class Report(NamedTuple):
    """The results of `analyze` for a model.

    `findings` lists the `expect` and `budget` claims that are not met; a model with findings is still fully reported.
    """

    name: str
    convention: str
    layout: str
    dtype: str
    batch: int
    inputs: tuple[Tensor, ...]
    layers: tuple[LayerReport, ...]
    outputs: tuple[Tensor, ...]
    totals: Totals
    findings: tuple[Diagnostic, ...] = ()
    description: str = ""
    source: str = ""
    """The source of the architecture, as cited in the spec."""
    year: str = ""
    """The year of publication."""
    doubts: tuple[Doubt, ...] = ()
    """The inputs whose sizes were probably meant differently: in the other layout, or with the batch."""
    remarks: tuple[Diagnostic, ...] = ()
    """Warnings about the model file that it was read from, such as operations that have no layer type."""
    rest: "UnshapedRest | None" = None
    """The layers of unknown shape, after something in the code that cannot be followed."""

    @property
    def all_layers(self) -> tuple[AnyLayer, ...]:
        """The layers with those of unknown shape among them, in execution order."""
        if self.rest is None:
            return self.layers
        found: list[AnyLayer] = list(self.layers)
        for layer in reversed(self.rest.layers):
            found.insert(layer.after, layer)
        return tuple(found)

    @property
    def at_least(self) -> tuple[str, ...]:
        """The totals that are sums over the known layers alone."""
        if self.rest is None:
            return ()
        return OF_SHAPES if self.rest.is_counted else OF_SHAPES + _OF_PARAMETERS

    def layer(self, name: str) -> LayerReport:
        """The layer called `name`; UnknownLayerError, a KeyError, if there is none."""
        for layer in self.layers:
            if layer.name == name:
                return layer
        from cnncalc.graph.hints import unknown_layer  # most names are known

        raise unknown_layer(name, (layer.name for layer in self.layers))

    def share(self, layer: AnyLayer) -> float | None:
        """A layer's fraction of all parameters."""
        return layer.params / self.totals.params if self.totals.params and layer.params is not None else None

    def table(self, columns: str = "", depth: int | None = None) -> str:
        """The table of `cnncalc summary`, with further columns, and blocks below level `depth` folded."""
        return shown.text(self, columns=columns, depth=depth)

    def rows(self) -> list[dict[str, Any]]:
        """A mapping for each layer with its metrics and its share of the parameters, as `pandas.DataFrame` takes it."""
        hidden = ("location", "path", "settings", "after")
        return [
            {name: value for name, value in layer._asdict().items() if name not in hidden}
            | {"share": self.share(layer)}
            for layer in self.all_layers
        ]

    def to_dict(self) -> dict[str, Any]:
        """The stable JSON form, version `format`."""
        return {
            "format": FORMAT,
            "name": self.name,
            "convention": self.convention,
            "layout": self.layout,
            "dtype": self.dtype,
            "batch": self.batch,
            "inputs": [{"name": tensor.name, "shape": list(tensor.shape)} for tensor in self.inputs],
            "layers": [_layer_dict(layer) | {"share": self.share(layer)} for layer in self.all_layers],
            "outputs": [{"name": tensor.name, "shape": list(tensor.shape)} for tensor in self.outputs],
            "totals": self.totals._asdict() | dict.fromkeys(self.at_least),
        }
