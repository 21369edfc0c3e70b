"""Mistakes in counting parameters: biases, depth, sharing, groups, gates, statistics."""

from __future__ import annotations

from math import prod

from cnncalc.homework.hand import Worksheet
from cnncalc.homework.mistakes.catalogue import miscalculated

_COUNTED = ("params", "trainable_params")


def _has_kernel(worked: Worksheet) -> bool:
    return worked.area > 0


def _convolves(worked: Worksheet) -> bool:
    """Whether there is a single kernel, as in most convolutions."""
    return worked.area > 0 and worked.layer.family == "convolution" and not worked.before


def _separates(worked: Worksheet) -> bool:
    """Whether a depthwise kernel precedes the 1×1 kernel."""
    return worked.before > 0


@miscalculated("bias forgotten", "F·F·C·K", likely=1)
def bias_forgotten(worked: Worksheet) -> Worksheet | None:
    """Every filter has one bias in addition to its weights: {biases} in a layer of {filters} filters."""
    return worked.but(biases=0) if _convolves(worked) or _separates(worked) else None


@miscalculated("dense without bias", "n·units", likely=1)
def dense_bias_forgotten(worked: Worksheet) -> Worksheet | None:
    """Every unit has a bias in addition to its weights: {biases} for {filters} units."""
    return worked.but(biases=0) if worked.layer.family == "dense" else None


@miscalculated("biases of the gates forgotten", "gates·(n + u)·u", likely=2)
def gate_biases_forgotten(worked: Worksheet) -> Worksheet | None:
    """Every gate has biases for its {filters} units in addition to its weights: {biases} in each of {gates} gates."""
    return worked.but(biases=0) if _recurs(worked) else None


@miscalculated("bias added where there is none", "(F·F·C + 1)·K", likely=4)
def bias_added(worked: Worksheet) -> Worksheet | None:
    """This layer has no biases: bias=false."""
    return worked.but(biases=worked.filters) if _has_kernel(worked) and not worked.biases else None


@miscalculated("one bias for the whole layer", "F·F·C·K + 1", likely=4)
def one_bias(worked: Worksheet) -> Worksheet | None:
    """Each of the {filters} filters has its own bias."""
    return worked.but(biases=1) if _has_kernel(worked) and worked.biases else None


@miscalculated("a bias for every weight", "2·F·F·C·K", likely=6)
def bias_per_weight(worked: Worksheet) -> Worksheet | None:
    """A filter sums its {area}·{depth} products first and adds one bias to the sum."""
    return worked.but(biases=worked.area * worked.depth * worked.filters) if _has_kernel(worked) else None


@miscalculated("a bias for every slice of a filter", "(F·F + 1)·C·K", likely=4)
def bias_per_slice(worked: Worksheet) -> Worksheet | None:
    """A filter sums all {depth} input channels and has one bias, not one per channel."""
    return worked.but(biases=worked.depth * worked.filters) if _convolves(worked) else None


@miscalculated("a bias at every position", "F·F·C·K + O·O·K", likely=5)
def bias_per_position(worked: Worksheet) -> Worksheet | None:
    """The bias is shared like the kernel: there is one for each of the {filters} filters, at all positions."""
    return worked.but(biases=worked.filters * worked.positions()) if _convolves(worked) and worked.axes else None


@miscalculated("depth of the filter forgotten", "(F·F + 1)·K", likely=1)
def filter_depth_forgotten(worked: Worksheet) -> Worksheet | None:
    """A filter covers all {depth} input channels: it has F·F·{depth} weights."""
    return worked.but(depth=1) if _convolves(worked) else None


@miscalculated("only one filter counted", "F·F·C + 1", likely=4)
def one_filter(worked: Worksheet) -> Worksheet | None:
    """This is one filter; the layer has {filters}."""
    return worked.but(filters=1, biases=min(worked.biases, 1)) if _convolves(worked) else None


@miscalculated("number of filters taken for the depth", "(F·F·K + 1)·K", likely=5)
def filters_for_depth(worked: Worksheet) -> Worksheet | None:
    """A filter has the depth of its input, {depth} channels; the {filters} filters give the output's depth."""
    return worked.but(depth=worked.filters) if _convolves(worked) else None


@miscalculated("counted without weight sharing", "(F·F·C + 1)·K·O·O", likely=1, figures=_COUNTED)
def without_sharing(worked: Worksheet) -> Worksheet | None:
    """This is the count *without* weight sharing: a separate kernel at each of the {positions} positions. All of
    them share the same weights.
    """
    return worked.but(shared=False) if _has_kernel(worked) else None


@miscalculated("counted with weight sharing", "(F·F·C + 1)·K", likely=1, figures=("unshared_params",))
def with_sharing(worked: Worksheet) -> Worksheet | None:
    """This is the count *with* weight sharing. Without it, each of the {positions} positions has its own weights."""
    return worked.but(every=1) if _has_kernel(worked) else None


@miscalculated("kernel shared, bias not", "F·F·C·K·O·O + K", likely=5)
def bias_still_shared(worked: Worksheet) -> Worksheet | None:
    """Without sharing, every position has its own bias as well as its own kernel."""
    if not _convolves(worked) or not worked.biases or worked.copies() < 2:
        return None
    weights = worked.area * worked.depth * worked.filters
    return worked.but(biases=0, extra=0, shared=True, area=0)._replace(  # type: ignore[union-attr]
        extra=weights * worked.copies() + worked.biases, every=1
    )


@miscalculated("input positions for the output's", "(F·F·C + 1)·K·W·W", likely=5)
def input_positions(worked: Worksheet) -> Worksheet | None:
    """The kernel is applied at every position of the *output*, {positions}, not of the input."""
    if not _convolves(worked) or not worked.axes or worked.axes[0].rule == "transposed":
        return None
    return worked.but(at=prod(axis.size for axis in worked.axes))


@miscalculated("input size taken for the kernel", "(W·W·C + 1)·K", likely=4)
def input_for_kernel(worked: Worksheet) -> Worksheet | None:
    """A filter sees a window of {area} positions, not the whole input, as a dense layer would."""
    if not _convolves(worked) or not worked.axes:
        return None
    return worked.but(area=prod(axis.size for axis in worked.axes))


@miscalculated("F weights per channel instead of F·F", "(F·C + 1)·K", likely=5)
def kernel_side_for_area(worked: Worksheet) -> Worksheet | None:
    """The window has size {F} along every axis: {area} weights per channel, not {F}."""
    return worked.but(area=worked.axes[0].kernel) if _convolves(worked) and len(worked.axes) > 1 else None


@miscalculated("weights counted in the holes of a dilated kernel", "(F′·F′·C + 1)·K", likely=4)
def dilated_kernel_counted(worked: Worksheet) -> Worksheet | None:
    """The holes of a dilated kernel have no weights: there are {area} per channel, whatever the dilation."""
    return worked.but(area=prod(axis.extent for axis in worked.axes)) if _convolves(worked) and worked.axes else None


def _groups(worked: Worksheet) -> int:
    if worked.layer.type == "depthwise_conv":
        return worked.layer.channels(worked.given)
    return int(getattr(worked.layer, "groups", 1))


@miscalculated("groups ignored", "(F·F·C + 1)·K", likely=2)
def groups_ignored(worked: Worksheet) -> Worksheet | None:
    """A filter of a grouped convolution sees only the {depth} channels of its own group."""
    return worked.but(depth=worked.depth * _groups(worked)) if _convolves(worked) else None


@miscalculated("divided by the groups twice", "(F·F·C/g + 1)·K/g", likely=5)
def groups_divided_twice(worked: Worksheet) -> Worksheet | None:
    """Each group has K/g filters, and there are g groups: K = {filters} filters in total, each of depth {depth}."""
    groups = _groups(worked)
    if not _convolves(worked) or groups == 1 or worked.filters % groups:
        return None
    return worked.but(filters=worked.filters // groups, biases=worked.biases // groups)


@miscalculated("depthwise part forgotten", "(C + 1)·K", likely=2)
def depthwise_part_forgotten(worked: Worksheet) -> Worksheet | None:
    """Before the 1×1 kernel mixes the channels, each channel has its own kernel: {before} additional weights."""
    return worked.but(before=0) if _separates(worked) else None


@miscalculated("pointwise part forgotten", "F·F·C", likely=3)
def pointwise_part_forgotten(worked: Worksheet) -> Worksheet | None:
    """After the kernels of the single channels, a 1×1 kernel maps {depth} channels to {filters}."""
    return worked.but(area=0, biases=0) if _separates(worked) else None


@miscalculated("counted as a full convolution", "(F·F·C + 1)·K", likely=2)
def full_convolution(worked: Worksheet) -> Worksheet | None:
    """A separable convolution has a kernel per channel and a 1×1 kernel, not one kernel that is both wide and deep."""
    if not _separates(worked):
        return None
    kernel = prod(axis.kernel for axis in worked.axes)
    return worked.but(before=0, area=kernel, depth=worked.before // kernel)


@miscalculated("biases in both parts", "(F·F + 1)·C + (C + 1)·K", likely=3)
def biases_in_both_parts(worked: Worksheet) -> Worksheet | None:
    """Here, the depthwise part has no biases: there are {biases}, one for each of the {filters} filters."""
    return worked.but(extra=worked.depth) if _separates(worked) and worked.biases else None


@miscalculated("pooling given parameters", "F·F·C", likely=3)
def pooling_has_weights(worked: Worksheet) -> Worksheet | None:
    """A pool has no weights: it takes the largest value, or the mean."""
    if worked.layer.family != "pooling" or not worked.axes:
        return None
    return worked.but(extra=prod(axis.kernel for axis in worked.axes) * worked.channels)


@miscalculated("pooling given one kernel", "F·F", likely=4)
def pooling_has_kernel(worked: Worksheet) -> Worksheet | None:
    """A pool has no weights: it takes the largest value, or the mean."""
    if worked.layer.family != "pooling" or not worked.axes:
        return None
    return worked.but(extra=prod(axis.kernel for axis in worked.axes))


@miscalculated("dense layer on the channels only", "(C + 1)·units", likely=4)
def dense_on_channels(worked: Worksheet) -> Worksheet | None:
    """Every unit sees all {depth} inputs, including all positions of a volume."""
    return worked.but(depth=worked.layer.channels(worked.given)) if worked.layer.type == "dense" else None


def _norm(worked: Worksheet) -> bool:
    return worked.layer.family == "normalization"


@miscalculated("batch norm's statistics counted", "4·C", likely=2)
def statistics_counted(worked: Worksheet) -> Worksheet | None:
    """The moving mean and variance are stored, not learned: here, a batch norm learns 2 numbers per channel."""
    return worked.but(statistics=2 * worked.channels) if _norm(worked) and not worked.statistics else None


@miscalculated("batch norm's statistics left out", "2·C", likely=2)
def statistics_left_out(worked: Worksheet) -> Worksheet | None:
    """Keras counts the moving mean and variance as parameters: 4 per channel, 2 of them not trainable."""
    return worked.but(statistics=0) if _norm(worked) else None


@miscalculated("batch norm's shift forgotten", "C", likely=5)
def norm_without_shift(worked: Worksheet) -> Worksheet | None:
    """A batch norm scales and shifts every channel: 2 learned numbers for each of {channels} channels."""
    return worked.but(extra=worked.channels, statistics=0) if _norm(worked) else None


@miscalculated("batch norm not counted", "0", likely=3)
def norm_left_out(worked: Worksheet) -> Worksheet | None:
    """A batch norm learns a scale and a shift: 2 numbers for each of {channels} channels."""
    return worked.but(extra=0, statistics=0) if _norm(worked) else None


@miscalculated("batch norm per element", "2·H·W·C", likely=5)
def norm_per_element(worked: Worksheet) -> Worksheet | None:
    """A batch norm has one scale and one shift per channel, {channels}, whatever the number of positions."""
    return worked.but(extra=2 * prod(worked.given), statistics=0) if _norm(worked) else None


def _recurs(worked: Worksheet) -> bool:
    return worked.layer.family == "recurrent"


@miscalculated("only one gate counted", "(n + u)·u + u", likely=2)
def one_gate(worked: Worksheet) -> Worksheet | None:
    """Every gate has its own weights: {gates} times as many."""
    return worked.but(repeated=1) if _recurs(worked) else None


@miscalculated("three gates instead of four", "3·((n + u)·u + u)", likely=3)
def three_gates(worked: Worksheet) -> Worksheet | None:
    """An LSTM has three gates and the candidate of its cell: four sets of weights."""
    return worked.but(repeated=3) if _recurs(worked) and worked.repeated == 4 else None


@miscalculated("four gates instead of three", "4·((n + u)·u + u)", likely=3)
def four_gates(worked: Worksheet) -> Worksheet | None:
    """A GRU has two gates and a candidate: three sets of weights, one less than an LSTM."""
    return worked.but(repeated=4) if _recurs(worked) and worked.repeated == 3 else None


@miscalculated("the state's weights forgotten", "gates·(n·u + u)", likely=3)
def recurrent_weights_forgotten(worked: Worksheet) -> Worksheet | None:
    """Every gate reads the state as well as the input: u·u additional weights."""
    return worked.but(depth=worked.depth - worked.filters) if _recurs(worked) else None


@miscalculated("one bias per gate instead of two", "gates·((n + u)·u + u)", likely=3)
def one_bias_per_gate(worked: Worksheet) -> Worksheet | None:
    """Here, a gate has two biases, one for the input and one for the state."""
    return worked.but(biases=worked.filters) if _recurs(worked) and worked.biases == 2 * worked.filters else None


@miscalculated("two biases per gate instead of one", "gates·((n + u)·u + 2u)", likely=3)
def two_biases_per_gate(worked: Worksheet) -> Worksheet | None:
    """Here, a gate has one bias. PyTorch has two, one for the input and one for the state."""
    return worked.but(biases=2 * worked.filters) if _recurs(worked) and worked.biases == worked.filters else None
