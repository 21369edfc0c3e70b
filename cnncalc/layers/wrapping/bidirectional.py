from __future__ import annotations

from typing import Any, ClassVar

from cnncalc.arithmetic.convention import Setting, Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers.base import Layer
from cnncalc.layers.wrapping._kernel_wrapper import KernelWrapper
from cnncalc.layers.wrapping._wrapper import Wrapper


class Bidirectional(Wrapper):
    """Runs the inner recurrent layer forwards and backwards, like its field `bidirectional`.

    FLOPs: those of the inner layer with `bidirectional: true`.
    """

    type = "bidirectional"
    refused: ClassVar[dict[str, str]] = {"backward_layer": "both directions have the sizes of the inner layer"}
    rule = "bidirectional: two sets of weights; the outputs joined"
    sources = ("Keras, keras.layers.Bidirectional", "Schuster & Paliwal, Bidirectional Recurrent Neural Networks, 1997")
    examples = ("7x13 -> bidirectional(lstm 11)", "7x13 -> bidirectional(gru 5 merge=sum return_sequences=true)")

    hands_on = ("merge_mode", "merge")

    def steps_first(self) -> bool:
        return True

    def features_last(self) -> bool:
        return self.layer.features_last()

    def __init__(self, setting: Setting, **values: Any) -> None:
        super().__init__(setting, **{**values, "layer": both_ways(values["layer"])})

    def shape(self, x: Shape) -> Shape:
        inner = self.layer
        while isinstance(inner, KernelWrapper):
            inner = inner.layer
        if "bidirectional" not in inner.fields:
            raise Refusal(
                f"{inner.type} has no direction to reverse",
                hint="put an rnn, lstm, gru or conv_lstm inside",
                field="layer",
                code="E304",
            )
        return super().shape(x)


def both_ways(layer: Layer) -> Layer:
    """A recurrent layer in both directions, inside the same normalizations of its kernels; other layers unchanged."""
    if isinstance(layer, KernelWrapper):
        return layer.__class__(layer.setting, layer=both_ways(layer.layer))  # a wrapper states no sizes
    if "bidirectional" not in layer.fields:
        return layer
    twice = layer.__class__(layer.setting, **{**layer.values(), "bidirectional": True})
    twice.stated = layer.stated
    return twice
