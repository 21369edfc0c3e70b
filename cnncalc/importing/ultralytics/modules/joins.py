"""Modules that take several rows, or give several tensors."""

from __future__ import annotations

from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import module
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts, same_padding


@module("Concat", declaration="dimension=1", takes_list=True)
def concat(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> FeatureMap:
    parts.need(a.dimension in (1, 2, 3), f"the dimension must be 1, 2 or 3, got {a.dimension}")
    if a.dimension == 1:
        parts.network.need_same_sizes(inputs)
        return parts.concat(inputs, "concat")
    return parts.concat(inputs, "concat", axis=a.dimension)


@module("Index", declaration="out index=0", takes_groups=True)
def index(parts: ModuleParts, inputs: FeatureMap | list[FeatureMap], a: RowArguments) -> FeatureMap:
    """One of the tensors of a row that gives several."""
    given = inputs if isinstance(inputs, list) else [inputs]
    parts.need(-len(given) <= a.index < len(given), f"index {a.index} does not exist among {len(given)} tensors")
    chosen: FeatureMap = given[a.index]
    return chosen


@module("CBLinear", declaration="widths:list k=1 s=1 p:ints=None g=1")
def split_linear(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> list[FeatureMap]:
    """A convolution whose channels are the inputs of several joins, as in CBNet (arXiv 2107.00420)."""
    parts.need(len(a.widths) > 0 and min(a.widths) > 0, "needs a list of channels, all of them above 0")
    padding = same_padding(a.k) if a.p is None else a.p
    y = parts.bare_conv("conv", x, sum(a.widths), kernel=a.k, stride=a.s, padding=padding, groups=a.g)
    return parts.split(y, a.widths) if len(a.widths) > 1 else [y]


@module("CBFuse", declaration="indices:list", takes_list=True, takes_groups=True)
def fuse(parts: ModuleParts, inputs: list[FeatureMap | list[FeatureMap]], a: RowArguments) -> FeatureMap:
    """One tensor of each row but the last, resized to the last and added to it."""
    target = inputs[-1]
    if isinstance(target, list):
        parts.need(False, "its last row must give one tensor")
        raise AssertionError
    parts.need(len(a.indices) == len(inputs) - 1, f"needs {len(inputs) - 1} indices, one for each row but the last")
    summed = []
    for number, (group, place) in enumerate(zip(inputs[:-1], a.indices, strict=True)):
        if not isinstance(group, list) or not 0 <= place < len(group):
            parts.need(False, f"index {place} does not exist in the outputs of its row {number}")
            raise AssertionError
        x = group[place]
        if x.shape[1:] != target.shape[1:]:
            x = parts.layer(f"resize_{number}", "upsample", [x], size=list(target.shape[1:]))
        summed.append(x)
    return parts.layer("sum", "add", [*summed, target])
