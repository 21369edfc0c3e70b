"""The numbers in the explanations of mistakes."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from cnncalc.homework.formulas import LayerFormulas, is_bias
from cnncalc.homework.substitution import is_leaf
from cnncalc.layers.window_layer import WindowLayer
from cnncalc.number_text import thousands

_LETTERS: Mapping[str, str] = {
    "depth": "C", "filters": "K", "biases": "K", "channels": "K", "pads": "2P", "positions": "O·O", "area": "F·F",
    "gates": "g", "before": "F·F·C", "extent": "F′", "elements": "H·W·C", "groups": "g", "heads": "h", "steps": "T",
}  # fmt: skip
"""The symbols that replace missing numbers."""


class FactsOrSymbols(dict[str, str]):
    """The facts of a layer; missing ones are replaced by their symbols."""

    def __missing__(self, key: str) -> str:
        return _LETTERS.get(key, key)


def facts_or_symbols(own: LayerFormulas | None) -> FactsOrSymbols:
    """The numbers of a layer as text, by the names used in explanations."""
    return FactsOrSymbols({} if own is None else _facts(own))


def _facts(own: LayerFormulas) -> dict[str, str]:
    found: dict[str, str] = {"type": own.inner.type, "channels": thousands(int(own.sizes[own.channel()]))}
    for leaf in own.all_leaves():
        found.setdefault(leaf.symbol, thousands(int(leaf)))
    found["elements"] = thousands(prod(next(iter(own.given), ())))
    for name, symbol in (("groups", "g"), ("heads", "h"), ("steps", "T")):
        if symbol in found:
            found[name] = found[symbol]
    kernel = own.kernel()
    if kernel is not None:
        found |= _kernel_facts(own)
    layer = own.inner
    if isinstance(layer, WindowLayer) and layer.slides_over_input and layer is own.layer:
        step = layer.windows(own.given[0])[0]
        found |= {"pads": str(int(step.before + step.after)), "P": str(int(step.before)), "S": str(int(step.stride)),
                  "extent": str(int(step.extent)), "F": str(int(layer.kernels(own.given[0])[0]))}  # fmt: skip
    return found


def _kernel_facts(own: LayerFormulas) -> dict[str, str]:
    """Numbers of the largest array, its positions and biases."""
    kernel = own.kernel()
    assert kernel is not None
    sides = [size for size in kernel.shape if is_leaf(size, "F")]
    biases = [int(weight.size) for weight in own.learned() if is_bias(weight)]
    gates = getattr(own.inner, "gates", 1)
    first = next((int(weight.size) for weight in own.learned() if "depthwise" in weight.name), 0)
    return {
        "area": thousands(prod(map(int, sides))),
        "depth": thousands(int(prod(kernel.shape[:-1])) // prod(map(int, sides))),
        "filters": thousands(int(kernel.shape[-1]) // gates),
        "biases": thousands(sum(biases) // gates),
        "positions": thousands(prod(map(int, kernel.positions))),
        "gates": str(gates),
        "before": thousands(first),
    }
