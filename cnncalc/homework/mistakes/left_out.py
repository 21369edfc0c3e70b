"""Whole parts of a layer or of a model left out, for every layer type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cnncalc.homework.figure_paths import COUNTS, Asked, AskedModel, FigureValue
from cnncalc.homework.formulas import LayerFormulas
from cnncalc.homework.mistakes.catalogue import COUNTED, WORK, miscalculated, misread
from cnncalc.homework.substitution import is_leaf, leaves


def _arrays(own: LayerFormulas) -> Iterator[str]:
    names = [weight.name for weight in own.learned()]
    return iter(names if len(names) > 1 else ())


@miscalculated("the {} left out", "all other arrays", likely=6, about="params", figures=COUNTED, choices=_arrays)
def array_left_out(own: LayerFormulas, name: str) -> LayerFormulas | None:
    """All of the layer's arrays are learned, and counted."""
    return own.with_weights(lambda weight: None if weight.name == name else weight)


def _parts(own: LayerFormulas) -> Iterator[str]:
    """The parts of a layer with their own kernel and bias: squeeze and excite; query, key, value and output."""
    kernels = {weight.name.removesuffix("_kernel") for weight in own.learned() if weight.name.endswith("_kernel")}
    return iter(sorted(part for part in kernels if any(weight.name == f"{part}_bias" for weight in own.learned())))


@miscalculated("the part {} left out", "all other parts", likely=3, about="params", figures=COUNTED, choices=_parts)
def part_left_out(own: LayerFormulas, part: str) -> LayerFormulas | None:
    """Each part of the layer has a kernel and biases of its own."""
    return own.with_weights(lambda weight: None if weight.name.startswith(f"{part}_") else weight)


def _symbols(own: LayerFormulas) -> Iterator[str]:
    found = dict.fromkeys(leaf.symbol for weight in own.learned() for size in weight.shape for leaf in leaves(size))
    return iter(dict.fromkeys((*found, *(leaf.symbol for leaf in leaves(own.macs)))))


@miscalculated("the factor {} left out", "the formula without one factor", likely=7, about="params",
               figures=(*COUNTED, *WORK), choices=_symbols)  # fmt: skip
def factor_left_out(own: LayerFormulas, symbol: str) -> LayerFormulas | None:
    """Every factor of the formula counts."""
    return own.with_counts(lambda part: 1 if is_leaf(part, symbol) else None)


@misread("one layer left out", "the sum over all other layers", likely=3)
def layer_left_out(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """The total is the sum over all layers of the model."""
    layers = about.report.layers
    if asked.place is not None or asked.over is not None or asked.figure not in COUNTS or len(layers) < 3:
        return
    assert isinstance(asked.value, int)
    for layer in layers:
        own = int(getattr(layer, asked.figure))
        if own:
            yield asked.value - own, f"the total without {layer.name}"
