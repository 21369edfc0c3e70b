"""Arrays that training does not change: layers whose arrays are all frozen, and a warning about the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from cnncalc.diagnostics import Diagnostic
from cnncalc.importing.remarks import READ_WITH_LOSS
from cnncalc.importing.tensors.tape import Tape
from cnncalc.number_text import plural, thousands
from cnncalc.source.values import CodePlace


class FrozenArray(NamedTuple):
    """The number of elements of a frozen array, and where the program makes it or its module."""

    elements: int
    place: CodePlace | None


def freeze(tape: Tape, learned: Iterable[str], frozen: Mapping[str, FrozenArray]) -> Diagnostic | None:
    """Mark the layers of a tape whose arrays are all frozen; a warning if others have some frozen ones.

    `learned` names all parameters of the model, and `frozen` has those that are not trained. No spec freezes a part of
    a layer.
    """
    partly = tape.freeze({name: name in frozen for name in learned})
    names = [name for own in partly.values() for name in own]
    if not names:
        return None
    first, *others = partly
    them = f"{first} and {plural(len(others), 'more layer')} have" if others else f"{first} has"
    count = sum(frozen[name].elements for name in names)
    parameters = "frozen parameter counts" if count == 1 else "frozen parameters count"
    message = (
        f"{them} frozen parameters beside trained ones; a layer is frozen as a whole here, "
        f"so {thousands(count)} {parameters} as trained"
    )
    place = frozen[names[0]].place
    return Diagnostic(READ_WITH_LOSS, message, place.span if place else None, severity="warning")
