"""Mistakes with groups, and with the parts of a separable convolution."""

from __future__ import annotations

from cnncalc.arithmetic.term import Term
from cnncalc.homework.formulas import LayerFormulas
from cnncalc.homework.mistakes.catalogue import COUNTED, COUNTS, miscalculated, only
from cnncalc.homework.mistakes.kernels import divided
from cnncalc.homework.substitution import addends, is_leaf
from cnncalc.layers.base import Weight


def _groups(own: LayerFormulas) -> int:
    return int(getattr(own.inner, "groups", 1))


@miscalculated("groups ignored", "(F·F·C + 1)·K", likely=1, about="params", when=only("convolution"), figures=COUNTS)
def groups_ignored(own: LayerFormulas) -> LayerFormulas | None:
    """A filter of a grouped convolution sees only the {depth} channels of its own group."""
    return own.with_counts(lambda part: part.parts[0] if part.operator == "/" else None)


@miscalculated("divided by the groups twice", "(F·F·C/g + 1)·K/g", likely=2, about="params", when=only("convolution"),
               figures=COUNTS, choices=("all", "kernel"))  # fmt: skip
def groups_divided_twice(own: LayerFormulas, choice: str) -> LayerFormulas | None:
    """Each group has K/g filters, and there are g groups: K = {filters} filters in total, each of depth {depth}."""
    groups = Term.leaf(_groups(own), "g")

    def change(weight: Weight) -> Weight:
        if choice == "kernel" and "bias" in weight.name:
            return weight
        return weight._replace(shape=(*weight.shape[:-1], divided(weight.shape[-1], groups)))

    return own.with_weights(change) and own.unlike(
        own._replace(weights=tuple(map(change, own.weights)), macs=divided(own.macs, groups))
    )


@miscalculated("multiplied by the groups", "g·(F·F·C/g + 1)·K", likely=3, about="params", when=only("convolution"),
               figures=COUNTS)  # fmt: skip
def groups_multiplied_in(own: LayerFormulas) -> LayerFormulas | None:
    """K = {filters} counts the filters of all groups together."""
    if _groups(own) == 1:
        return None
    groups = Term.leaf(_groups(own), "g")
    weights = tuple(weight._replace(shape=(*weight.shape, groups)) for weight in own.weights)
    return own._replace(weights=weights, macs=own.macs * groups)


# --- depthwise and separable -------------------------------------------------------------------------------------


@miscalculated("counted as a full convolution", "(F·F·C + 1)·K", likely=1, about="params", figures=COUNTS,
               when=only("depthwise_conv", "separable_conv"))  # fmt: skip
def full_convolution(own: LayerFormulas) -> LayerFormulas | None:
    """A depthwise kernel sees one channel, not all of them."""
    kernel, *others = own.weights
    if own.inner.type == "separable_conv" and len(addends(own.macs)) != 2:
        return None
    sides = tuple(size for size in kernel.shape if is_leaf(size, "F"))
    depth = kernel.shape[-2]
    if own.inner.type == "depthwise_conv":
        full = kernel._replace(shape=(*kernel.shape, depth))
        return own.unlike(own._replace(weights=(full, *others), macs=own.macs * depth))
    filters = others[0].shape[-1]
    full = Weight("kernel", (*sides, depth, filters), kernel.positions)
    rest = [weight for weight in others if "bias" in weight.name]
    return own.unlike(own._replace(weights=(full, *rest), macs=full.unshared_size))


@miscalculated("depthwise part forgotten", "(C + 1)·K", likely=1, about="params", figures=COUNTS,
               when=only("separable_conv"))  # fmt: skip
def depthwise_part_forgotten(own: LayerFormulas) -> LayerFormulas | None:
    """Before the 1×1 kernel mixes the channels, each channel has its own kernel: {before} additional weights."""
    parts = addends(own.macs)
    return own._replace(weights=own.weights[1:], macs=parts[1]) if len(parts) == 2 else None


@miscalculated("pointwise part forgotten", "F·F·C", likely=2, about="params", figures=COUNTS,
               when=only("separable_conv"))  # fmt: skip
def pointwise_part_forgotten(own: LayerFormulas) -> LayerFormulas | None:
    """After the kernels of the single channels, a 1×1 kernel maps the channels to {filters}."""
    parts = addends(own.macs)
    return own._replace(weights=own.weights[:1], macs=parts[0]) if len(parts) == 2 else None


@miscalculated("a window in the pointwise part, too", "F·F·C + (F·F·C + 1)·K", likely=3, about="params", figures=COUNTS,
               when=only("separable_conv"))  # fmt: skip
def pointwise_part_with_window(own: LayerFormulas) -> LayerFormulas | None:
    """The second kernel is 1×1: it only mixes the channels of one position."""
    first, second, *rest = own.weights
    sides = tuple(size for size in first.shape if is_leaf(size, "F"))
    wide = second._replace(shape=(*sides, *second.shape[-2:]))
    more = wide.unshared_size - second.unshared_size
    return own.unlike(own._replace(weights=(first, wide, *rest), macs=own.macs + more))


@miscalculated("a depthwise kernel for every filter", "F·F·K + (C + 1)·K", likely=3, about="params", figures=COUNTS,
               when=only("separable_conv"))  # fmt: skip
def depthwise_part_by_filters(own: LayerFormulas) -> LayerFormulas | None:
    """The first kernels work on the channels of the input: there is one for each of them."""
    first, second, *rest = own.weights
    sides = tuple(size for size in first.shape if is_leaf(size, "F"))
    wrong = first._replace(shape=(*sides, second.shape[-1]))
    more = wrong.unshared_size - first.unshared_size
    return own.unlike(own._replace(weights=(wrong, second, *rest), macs=own.macs + more))


@miscalculated("the filters divided by the groups instead of the depth", "(F·F·C + 1)·K/g", likely=2, about="params",
               when=only("convolution"), figures=COUNTED)  # fmt: skip
def filters_divided_for_depth(own: LayerFormulas) -> LayerFormulas | None:
    """A filter sees the {depth} channels of its own group; there are {filters} filters in all groups together."""
    whole = groups_ignored(own)
    groups = Term.leaf(_groups(own), "g")
    return whole and whole.with_weights(
        lambda weight: weight._replace(shape=(*weight.shape[:-1], divided(weight.shape[-1], groups)))
    )
