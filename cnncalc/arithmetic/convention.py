"""Conventions: the defaults and rules of each framework, so that the results are the framework's own.

A `Convention` is a set of facts about a framework; a `Setting`, which the rules of a layer use, combines the convention
with the layout of the shapes.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Shape = tuple[int, ...]
"""A tensor's dimensions without the batch axis, in the file's layout."""

AXIS_NAMES: Mapping[int, tuple[str, ...]] = {1: ("length",), 2: ("height", "width"), 3: ("depth", "height", "width")}
"""The spatial axes, by their number."""

Layout = Literal["HWC", "CHW"]
DenseRule = Literal["volume", "features"]
TransposedSame = Literal["product", "auto_pad", "refuse"]


class Convention(NamedTuple):
    """The facts that differ between frameworks. The default of every field is that of the course formula."""

    name: str
    title: str
    layout: Layout = "HWC"
    pool_rounding: str = "floor"
    pool_stride: Literal["kernel", "one"] = "kernel"
    """The default stride of a pool."""
    global_pool_keeps_axes: bool = True
    dense_on_volume: DenseRule = "volume"
    """Whether a dense layer on H×W×C connects to the whole volume, or acts on the last axis."""
    statistics_are_params: bool = False
    """Whether batch norm's moving mean and variance are printed among the (non-trainable) parameters."""
    transposed_same: TransposedSame = "product"
    same_needs_unit_stride: bool = False
    same_needs_unit_dilation: bool = False
    """Whether SAME rejects a dilation: ONNX Runtime does for convolutions, and ignores the dilation of pools."""
    stride_with_dilation: bool = True
    """Whether a convolution may have a stride above 1 together with a dilation above 1."""
    depthwise_stride_with_dilation: bool = True
    """The same for a depthwise convolution: Keras accepts both; TensorFlow warns, and computes another size."""
    pool_padding_limit: Literal["none", "half", "kernel"] = "none"
    """The largest padding of a pool: any, half its kernel (PyTorch), or less than its kernel (ONNX, Caffe)."""
    average_counts_padding: bool = True
    """Whether an average pool divides by the whole kernel at the border (`count_include_pad`)."""
    recurrent_biases: int = 1
    """The biases of a recurrent layer's gate: one, or one for the input and one for the state."""
    recurrent_output: Literal["last", "sequence"] = "last"
    """Whether a recurrent layer returns every step, or only the last."""


CONVENTIONS: Mapping[str, Convention] = {
    convention.name: convention
    for convention in (
        Convention("formula", "the course formula"),
        Convention(
            "keras",
            "Keras",
            global_pool_keeps_axes=False,
            dense_on_volume="features",
            statistics_are_params=True,
            stride_with_dilation=False,
            average_counts_padding=False,
        ),
        Convention(
            "tensorflow",
            "TensorFlow",
            global_pool_keeps_axes=False,
            dense_on_volume="features",
            statistics_are_params=True,
            depthwise_stride_with_dilation=False,
            average_counts_padding=False,
        ),
        Convention(
            "pytorch",
            "PyTorch",
            layout="CHW",
            dense_on_volume="features",
            transposed_same="refuse",
            same_needs_unit_stride=True,
            pool_padding_limit="half",
            recurrent_biases=2,
            recurrent_output="sequence",
        ),
        Convention(
            "onnx",
            "ONNX",
            layout="CHW",
            pool_stride="one",
            transposed_same="auto_pad",
            same_needs_unit_dilation=True,
            pool_padding_limit="kernel",
            average_counts_padding=False,
            recurrent_biases=2,
            recurrent_output="sequence",
        ),
        Convention(
            "caffe",
            "Caffe",
            layout="CHW",
            pool_rounding="caffe",
            pool_stride="one",
            transposed_same="refuse",
            pool_padding_limit="kernel",
            recurrent_output="sequence",
        ),
    )
}

LAYOUTS: Mapping[str, Layout] = {"HWC": "HWC", "CHW": "CHW", "channels_last": "HWC", "channels_first": "CHW"}
"""Every spelling of a layout."""


class Setting(NamedTuple):
    """The context of a layer's rules: the convention and the layout of shapes."""

    convention: Convention
    layout: Layout

    def channels(self, shape: Shape) -> int:
        """The number of channels: the last axis in HWC, the first in CHW; 1 for a scalar."""
        if not shape:
            return 1
        return shape[-1] if self.layout == "HWC" else shape[0]

    def spatial(self, shape: Shape) -> Shape:
        """The axes that are not channels; empty for a vector."""
        return shape[:-1] if self.layout == "HWC" else shape[1:]

    def inner_axes(self, value: tuple[int, ...], rank: int) -> tuple[int, ...]:
        """The numbers of the spatial axes, of a list that also has 1 for batch and channels: `strides=[1, 2, 2, 1]`."""
        if len(value) != rank + 2:
            return value
        first = 1 if self.layout == "HWC" else 2
        around = (*value[:first], *value[first + rank :])
        return value[first : first + rank] if all(number == 1 for number in around) else value

    def volume(self, spatial: Shape, channels: int) -> Shape:
        """The shape with these spatial axes and this many channels."""
        return (*spatial, channels) if self.layout == "HWC" else (channels, *spatial)


def setting(convention: str = "formula", layout: str | None = None) -> Setting:
    """The setting of a convention, in its default layout unless another is given."""
    chosen = CONVENTIONS[convention]
    return Setting(chosen, LAYOUTS[layout] if layout else chosen.layout)


def axis_name(rank: int, index: int) -> str:
    """The name of a spatial axis, such as "height"; a number if there are more than three."""
    names = AXIS_NAMES.get(rank, ())
    return names[index] if index < len(names) else str(index)
