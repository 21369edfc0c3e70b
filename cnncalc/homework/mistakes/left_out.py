"""Whole parts of a layer or of a model left out, for every layer type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from cnncalc.homework.figure_paths import COUNTS, Asked, AskedModel, FigureValue
from cnncalc.homework.formulas import LayerFormulas
from cnncalc.homework.mistakes.catalogue import COUNTED, WORK, miscalculated, misread
from cnncalc.homework.substitution import is_leaf, leaves

_PLURALS: Mapping[str, str] = {
    "convolution": "convolutions", "pooling": "pools", "normalization": "normalizations",
    "activation": "activations", "embedding": "embeddings", "merge": "merges",
}  # fmt: skip
_ROLES = ("kernel", "bias", "scale", "shift", "recurrent", "back")


def _arrays(own: LayerFormulas) -> Iterator[str]:
    names = [weight.name for weight in own.learned()]
    return iter(names if len(names) > 1 else ())


@miscalculated("the {} left out", "all other arrays", likely=6, about="params", figures=COUNTED, choices=_arrays)
def array_left_out(own: LayerFormulas, name: str) -> LayerFormulas | None:
    """All of the layer's arrays are learned, and counted."""
    return own.with_weights(lambda weight: None if weight.name == name else weight)


def _words(name: str) -> list[str]:
    """The words of an array's name that say which part of the layer it belongs to."""
    return [word for word in name.split("_") if word not in _ROLES and not word.isdigit()]


def _parts(own: LayerFormulas) -> Iterator[str]:
    """The parts of a layer that have several arrays of their own: squeeze and excite; query, key, value and output."""
    learned = own.learned()
    words = dict.fromkeys(word for weight in learned for word in _words(weight.name))
    for word in words:
        count = sum(word in _words(weight.name) for weight in learned)
        if 1 < count < len(learned):
            yield word


@miscalculated("the part {} left out", "all other parts", likely=3, about="params", figures=COUNTED, choices=_parts)
def part_left_out(own: LayerFormulas, part: str) -> LayerFormulas | None:
    """Each part of the layer has arrays of its own."""
    return own.with_weights(lambda weight: None if part in _words(weight.name) else weight)


@miscalculated("the part {} left out, but not its normalization", "all other parts", likely=3, about="params",
               figures=COUNTED, choices=_parts)  # fmt: skip
def part_left_out_but_norm(own: LayerFormulas, part: str) -> LayerFormulas | None:
    """Each part of the layer has arrays of its own."""
    words = [_words(weight.name) for weight in own.learned()]
    if not any(part in each and "norm" in each for each in words) or part == "norm":
        return None
    return own.with_weights(
        lambda weight: weight if part not in _words(weight.name) or "norm" in _words(weight.name) else None
    )


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


@misread("one kind of layer left out", "the sum over the other kinds", likely=3)
def kind_left_out(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """The total is the sum over all layers of the model, of every kind."""
    if asked.place is not None or asked.over is not None or asked.figure not in COUNTS:
        return
    assert isinstance(asked.value, int)
    sums: Counter[str] = Counter()
    for layer in about.report.layers:
        kind = about.graph.nodes[about.places[layer.name]].layer
        assert kind is not None
        sums[kind.family] += int(getattr(layer, asked.figure))
    for family, count in sums.items():
        if 0 < count < asked.value:
            yield asked.value - count, f"the total without the {_PLURALS.get(family, f'{family} layers')}"
