"""The transposed convolution that restores the input size of a convolution."""

from __future__ import annotations

from typing import Any, NamedTuple

from cnncalc.arithmetic.convention import Setting, Shape
from cnncalc.graph.model import Graph
from cnncalc.layers.window_layer import WindowLayer
from cnncalc.number_text import show_shape
from cnncalc.solving.grid import UNSET
from cnncalc.solving.question import unusable


class Undone(NamedTuple):
    """The inverse of a convolution: the shapes before and after it, and the settings that it keeps."""

    setting: Setting
    input: Shape
    wanted: Shape
    said: dict[str, Any]
    output_padding: str
    """The candidates for the output padding, which are below the stride or the dilation."""


def undone(graph: Graph) -> Undone:
    """The inverse of the single convolution or pool of `graph`. Raises SpecError for any other graph.

    The transposed convolution has the same kernel, stride, padding and dilation. If (W − F′ + 2P) leaves a remainder,
    several input sizes W give the same output size, and the output padding selects one of them.
    """
    layers = [node for node in graph.nodes if node.layer is not None]
    layer = layers[0].layer if len(layers) == 1 else None
    if not isinstance(layer, WindowLayer) or not layer.slides_over_input or layer.inputs != (1, 1):
        hint = 'for example, --undo "32x32x3 -> conv 20 5x5 s2 p2"'
        raise unusable(f"undo needs an input and one convolution or pool, got {_described(graph)}", hint)
    x, y = graph.inputs_of(layers[0])[0], layers[0].shape
    assert y is not None
    word = layer.padding if _keeps_word(layer) else None
    said = {
        "kernel": _short(layer.kernels(x)),
        "stride": _short(layer.strides(x)),
        "padding": word or _short(tuple((window.before, window.after) for window in layer.windows(x))),
        "dilation": _short(layer.dilations(x)),
        "groups": getattr(layer, "groups", 1),
    }
    most = max(*layer.strides(x), *layer.dilations(x)) - 1
    alike = len(set(zip(graph.setting.spatial(x), graph.setting.spatial(y), strict=True))) == 1
    numbers = "x".join([f"0..{most}"] * (1 if alike else len(x) - 1))
    worded = word or graph.setting.convention.name in ("keras", "tensorflow")
    return Undone(graph.setting, y, x, said, f"{UNSET},{numbers}" if worded else numbers)


def _described(graph: Graph) -> str:
    names = [node.name for node in graph.nodes if node.layer is not None]
    return f"{show_shape(graph.nodes[0].shape or ())} and {', '.join(names[:6]) or 'no layer'}"


def _keeps_word(layer: WindowLayer) -> bool:
    """Whether a transposed convolution of this convention accepts the layer's padding word: Keras's same and valid."""
    product = layer.setting.convention.transposed_same == "product"
    return product and layer.padding in ("same", "same_upper", "same_lower", "valid")


def _short(sizes: tuple[Any, ...]) -> Any:
    """A single number if all axes, and both sides, have the same value."""
    plain = tuple(size[0] if isinstance(size, tuple) and size[0] == size[1] else size for size in sizes)
    alike = len(set(plain)) == 1 and not isinstance(plain[0], tuple)
    return plain[0] if alike else plain
