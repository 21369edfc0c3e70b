"""The shapes that the caller gives for the inputs of a model file."""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.arithmetic.convention import Shape
from cnncalc.importing.formats import Request, fail
from cnncalc.number_text import plural, show_shape

Stated = Sequence[int | None] | None
"""The sizes of an input as the file states them, without the batch; None for an open one, or for an unknown rank."""


def given_shape(request: Request, *names: str, stated: Stated = None, is_first: bool = True) -> Shape | None:
    """The shape for the input with one of these names, or for the first input if the caller names none.

    Raises SpecError (E303) for another number of axes than the file states.
    """
    wanted = (*names, "") if is_first else names
    given = next((shape for name in wanted if (shape := request.shapes.get(name))), None)
    if given is not None:
        check_axes(request.path, names[0], given, stated)
    return given


def check_axes(path: str, name: str, given: Shape, stated: Stated) -> None:
    """Raise SpecError (E303) for a shape with another number of axes than the file states."""
    if stated is None or len(given) == len(stated):
        return
    sizes = "x".join("?" if size is None else str(size) for size in stated)
    known = f" ({sizes})" if any(stated) else ""
    message = f"{name}: got {show_shape(given)}, but the file's input has {plural(len(stated), 'axis', 'axes')}{known}"
    fail(path, message, "give a size for each axis, without the batch", code="E303")
