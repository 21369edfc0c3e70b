"""Mistakes about the output's depth."""

from __future__ import annotations

from cnncalc.homework.hand import Worksheet
from cnncalc.homework.mistakes.catalogue import miscalculated


def _depth_of(worked: Worksheet) -> int:
    """The input's channels."""
    return worked.layer.channels(worked.given)


def _with_depth(worked: Worksheet, channels: int) -> Worksheet | None:
    """A copy with a different output depth, for layers with windows."""
    return worked.but(channels=channels) if worked.axes else None


@miscalculated("depth taken from the input", "depth = input's channels", likely=2)
def depth_from_input(worked: Worksheet) -> Worksheet | None:
    """Every filter gives one channel of the output: {channels} filters, depth {channels}."""
    return _with_depth(worked, _depth_of(worked)) if worked.area else None


@miscalculated("depth multiplied by the filters", "depth = input's channels · filters", likely=4)
def depth_times_filters(worked: Worksheet) -> Worksheet | None:
    """A filter covers all input channels and sums them: it gives one channel, not one per input channel."""
    return _with_depth(worked, _depth_of(worked) * worked.filters) if worked.area else None


@miscalculated("kernel size taken for the depth", "depth = F", likely=6)
def kernel_for_depth(worked: Worksheet) -> Worksheet | None:
    """The depth is the number of filters, {channels}; {F} is the size of each of them."""
    return _with_depth(worked, worked.axes[0].kernel) if worked.area and worked.axes else None


@miscalculated("pooling changes the depth", "depth = channels / F", likely=3)
def pooling_divides_depth(worked: Worksheet) -> Worksheet | None:
    """Pooling works on each channel separately: the depth stays {channels}."""
    if worked.layer.family != "pooling" or not worked.axes:
        return None
    return _with_depth(worked, worked.channels // worked.axes[0].stride)


@miscalculated("pooling makes one channel", "depth = 1", likely=5)
def pooling_flattens_depth(worked: Worksheet) -> Worksheet | None:
    """Pooling works on each channel separately: the depth stays {channels}."""
    return _with_depth(worked, 1) if worked.layer.family == "pooling" else None


@miscalculated("flatten forgets the channels", "n = H·W", likely=3)
def flatten_forgets_channels(worked: Worksheet) -> Worksheet | None:
    """A flattened volume keeps all elements of all channels: {elements}."""
    if worked.layer.type != "flatten" or len(worked.given) < 2 or worked.shape is None:
        return None
    channels = _depth_of(worked)
    return worked.but(shape=(worked.shape[0] // channels,)) if channels > 1 else None


@miscalculated("flatten keeps only the channels", "n = channels", likely=6)
def flatten_keeps_channels_only(worked: Worksheet) -> Worksheet | None:
    """Flatten puts all positions of all channels in a row: {elements} elements. Global pooling keeps one each."""
    if worked.layer.type != "flatten" or len(worked.given) < 2:
        return None
    return worked.but(shape=(_depth_of(worked),))
