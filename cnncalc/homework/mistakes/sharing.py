"""Mistakes about the sharing of weights, and positions taken from elsewhere."""

from __future__ import annotations

from cnncalc.arithmetic.term import Term
from cnncalc.homework.formulas import LayerFormulas, edited
from cnncalc.homework.mistakes._tree import slides
from cnncalc.homework.mistakes.catalogue import COUNTED, WORK, miscalculated
from cnncalc.homework.substitution import is_leaf, rewritten
from cnncalc.layers.base import Weight

_SHARED = tuple(figure for figure in COUNTED if figure != "unshared_params")


@miscalculated("counted without weight sharing", "(F·F·C + 1)·K·O·O", likely=1, about="params", figures=_SHARED,
               choices=("own positions", "positions of the kernel"))  # fmt: skip
def without_sharing(own: LayerFormulas, choice: str) -> LayerFormulas | None:
    """This is the count *without* weight sharing: a separate kernel at each of the {positions} positions. All of
    them share the same weights.
    """
    kernel = own.kernel()
    if kernel is None or own.inner.family == "normalization":
        return None
    same = kernel.positions if choice == "positions of the kernel" else None

    def everywhere(weight: Weight) -> Weight:
        copies = weight.positions if same is None else same
        return weight._replace(shape=(*weight.shape, *copies), positions=())

    return own.with_weights(everywhere)


@miscalculated("counted with weight sharing", "(F·F·C + 1)·K", likely=1, about="params", figures=COUNTED)
def with_sharing(own: LayerFormulas) -> LayerFormulas | None:
    """This is the count *with* weight sharing. Without it, each of the {positions} positions has its own weights."""

    def once(weight: Weight) -> Weight:
        shape = tuple(size for size in weight.shape if not is_leaf(size, "O"))
        return weight._replace(shape=shape, positions=())

    return own.with_weights(once)


@miscalculated("kernel not shared, bias shared", "F·F·C·K·O·O + K", likely=2, about="unshared_params",
               figures=COUNTED)  # fmt: skip
def bias_still_shared(own: LayerFormulas) -> LayerFormulas | None:
    """Without sharing, every position has its own bias as well as its own kernel."""

    def shared(weight: Weight) -> Weight:
        if "bias" not in weight.name:
            return weight
        return weight._replace(shape=tuple(size for size in weight.shape if not is_leaf(size, "O")), positions=())

    return own.with_weights(shared)


@miscalculated("input positions for the output's", "(F·F·C + 1)·K·W·W", likely=2, about="unshared_params",
               figures=("params", "unshared_params", *WORK), when=slides)  # fmt: skip
def input_positions(own: LayerFormulas) -> LayerFormulas | None:
    """The kernel is applied at every position of the *output*, {positions}, not of the input."""
    if own.layer is not own.inner or not int(own.macs):
        return None
    sides = dict(zip(own.spatial(), own.layer.spatial(own.given[0]), strict=True))
    axes = {own.output[place].axis: Term.leaf(int(side), "W") for place, side in sides.items()}  # type: ignore[attr-defined]

    def edit(part: Term) -> int | None:
        return axes.get(part.axis) if is_leaf(part, "O") else None

    changed = own._replace(
        weights=tuple(
            weight._replace(shape=edited(weight.shape, edit), positions=edited(weight.positions, edit))
            for weight in own.weights
        ),
        macs=rewritten(own.macs, edit),
    )
    return own.unlike(changed)


@miscalculated("multiplied by the steps", "T·weights", likely=2, about="params", figures=_SHARED)
def steps_multiplied_in(own: LayerFormulas) -> LayerFormulas | None:
    """All {steps} steps share the same weights."""
    if not own.given or not own.layer.steps_first() or not own.learned():
        return None
    steps = Term.leaf(int(own.given[0][0]), "T")
    return own.with_weights(lambda weight: weight._replace(shape=(*weight.shape, steps)))
