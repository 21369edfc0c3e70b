"""The activation that a layer carries: `conv 8 3x3 relu`, or `activation: relu` in its item."""

from __future__ import annotations

from cnncalc.diagnostics import Diagnostic
from cnncalc.graph import type_lookup
from cnncalc.graph.building import Building, Placement
from cnncalc.graph.construct import Construction
from cnncalc.graph.field_reader import FieldReader
from cnncalc.graph.values import Unknowable, WrongValue, show
from cnncalc.layers.base import Layer
from cnncalc.reading.nodes import Scalar, SpecNode

_NO_ACTIVATION = ("none", "linear", "~", "null", "")


class Activations:
    """Makes the activations of layers; equal words give one object."""

    def __init__(self, building: Building, fields: FieldReader) -> None:
        self._building = building
        self._fields = fields
        self._known = building.cache.activations(building.setting)

    def carried(self, placed: Placement, built: Construction | None) -> Layer | None:
        """The activation of a layer, from the `activation` key or a bare word; None where it has none."""
        own = placed.item.common.get("activation") if placed.kind.activation_field is None else None
        written = own or (built.activation if built else None)
        if isinstance(written, Scalar) and "$" in written.text:
            written = self._evaluated(written, placed)
        if written is None or (isinstance(written, Scalar) and written.text.lower() in _NO_ACTIVATION):
            return None
        word = written.text if isinstance(written, Scalar) else ""
        return self._known[word] if word in self._known else self._made(written, word, placed)

    def _made(self, written: SpecNode, word: str, placed: Placement) -> Layer | None:
        """The activation that an item names; None after reporting why there is none."""
        part, mistakes = self._building.memo.layer_item(written)
        for mistake in mistakes:
            self._building.report(mistake)
        if part is None or part.head is None:
            return None
        found = type_lookup.find(part.head.text)
        if found is None or not found[0].usable_as_activation:
            kind = None if "activation" in placed.item.common else placed.kind
            self._building.report(type_lookup.unknown_word(part.head, kind))
            return None
        made = self._fields.construction(part, found[0], placed.scope, placed.sources[0])
        if made is None:
            return None
        carried = made.layer.as_activation()
        if word and "$" not in word and not mistakes:
            self._known.keep(word, carried)
        return carried

    def _evaluated(self, written: Scalar, placed: Placement) -> Scalar | None:
        """The activation's name that an expression gives, at its position; None if it gives none, or a mistake."""
        try:
            value = self._building.values(placed.scope, placed.sources[0]).read(written)
        except WrongValue as mistake:
            self._building.report(mistake.diagnostic)
            return None
        except Unknowable:
            return None
        if value is None or isinstance(value, str):
            return Scalar(written.source, written.start, written.end, value) if value else None
        message = f"activation: {show(value)} is not the name of an activation"
        self._building.report(Diagnostic("E204", message, written.span, hint="it is a word, such as relu"))
        return None
