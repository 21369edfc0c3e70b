"""The `bidirectional` layer type."""

from __future__ import annotations

from typing import Any

from cnncalc.arithmetic.convention import Setting, Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers.base import Layer
from cnncalc.layers.wrapping._wrapper import Wrapper


class Bidirectional(Wrapper):
    """The inner recurrent layer forwards and backwards: what the layer's own field `bidirectional` says.

    FLOPs: those of the inner layer with `bidirectional: true`.
    """

    type = "bidirectional"
    rule = "bidirectional: two sets of weights; the outputs joined"
    sources = ("Keras, keras.layers.Bidirectional", "Schuster & Paliwal, Bidirectional Recurrent Neural Networks, 1997")
    examples = ("7x13 -> bidirectional(lstm 11)", "7x13 -> bidirectional(gru 5 merge=sum return_sequences=true)")

    def steps_first(self) -> bool:
        return True

    def features_last(self) -> bool:
        return self.layer.features_last()

    def __init__(self, setting: Setting, **values: Any) -> None:
        inner: Layer = values["layer"]
        if "bidirectional" in inner.fields:
            values["layer"] = inner.__class__(inner.setting, **{**inner.values(), "bidirectional": True})
            values["layer"].stated = inner.stated
        super().__init__(setting, **values)

    def shape(self, x: Shape) -> Shape:
        if "bidirectional" not in self.layer.fields:
            raise Refusal(
                f"{self.layer.type} has no direction that could be reversed",
                hint="put an rnn, lstm, gru or conv_lstm inside",
                field="layer",
                code="E304",
            )
        return super().shape(x)
