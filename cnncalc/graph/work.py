"""Counting what a text makes of itself, so that no text costs more than its limits allow.

Every amount that a text can name or multiply is counted here, where possible before it is expanded: layers, turns of
repeats, inputs, characters of names and of expressions, values of variables. One `Work` belongs to one building of a
spec; `layers_before` counts those that earlier variants of the same text have made.
"""

from __future__ import annotations

from typing import Protocol

from cnncalc.diagnostics import Diagnostic, Reporter, Span
from cnncalc.number_text import thousands
from cnncalc.reading.limits import LONGEST_NAME, Limits


class LayerCount:
    """The number of layers that builds have made together, each with what a variant counts beside them."""

    __slots__ = ("layers",)

    def __init__(self) -> None:
        self.layers = 0


_COUNTED = ("layers", "turns", "connections", "name_characters", "evaluated", "list_values")

COPIED = ("layers", "turns", "connections")
"""The layers that a copy of a block's instance counts at once; its names are counted one by one."""


class Placed(Protocol):
    """Has a place in the text, which is made only where something is reported there."""

    @property
    def span(self) -> Span: ...


class LimitReached(Exception):  # noqa: N818 - not an error of ours: it ends a spec that grew beyond its limits
    """Raised once a limit is exceeded and reported, or mistakes are beyond number."""


class Work:
    """The amounts so far, each against its limit."""

    __slots__ = ("_most", "_report", "limits", "spent")

    def __init__(self, limits: Limits, report: Reporter, layers_before: int = 0) -> None:
        self.limits = limits
        self.spent = dict.fromkeys(_COUNTED, 0) | {"layers": layers_before}
        self._most = {what: getattr(limits, what) for what in _COUNTED}
        self._report = report

    def spend(self, what: str, amount: int, place: Placed | Span) -> None:
        """Count `amount` more of `what`. Raises LimitReached, after reporting it at `place`, beyond the limit."""
        spent = self.spent[what] = self.spent[what] + amount
        if spent > self._most[what]:
            span = place if isinstance(place, Span) else place.span
            self._report(self.limits.exceeded(what, spent, span))
            raise LimitReached

    def spend_layer(self, layers: int, connections: int, place: Placed) -> None:
        """Count a layer, with those that are stacked inside of it, and its inputs. Raises LimitReached."""
        spent, most = self.spent, self._most
        spent["layers"] += layers
        spent["connections"] += connections
        if spent["layers"] > most["layers"] or spent["connections"] > most["connections"]:
            self.spend("layers", 0, place)
            self.spend("connections", 0, place)

    def allows(self, what: str, amount: int, place: Placed | Span) -> None:
        """Raise LimitReached, after reporting it, if `amount` more of `what` would be beyond the limit."""
        self.spend(what, amount, place)
        self.spent[what] -= amount

    def name(self, full: str, span: Span) -> None:
        """Count a full name. Raises LimitReached, after reporting it, for one that is too long, or one too many."""
        if len(full) > LONGEST_NAME:
            length, most = thousands(len(full)), thousands(LONGEST_NAME)
            message = f"a layer's full name has {length} characters; the limit is {most}"
            hint = "a name is joined to those of the blocks around it: give shorter ones"
            self._report(Diagnostic("E103", f"{message}: {full[:40]}…", span, hint=hint))
            raise LimitReached
        self.spend("name_characters", len(full), span)
