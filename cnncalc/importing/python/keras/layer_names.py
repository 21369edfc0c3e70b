"""Names that Keras gives to layers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnncalc.importing.python.keras.graph import graph_of

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter


def layer_name(interpreter: Interpreter, class_name: str, given: object) -> str:
    """The name that a program gives to a layer, or an automatic one."""
    return given if isinstance(given, str) and given else graph_of(interpreter).automatic(snake(class_name))


def snake(name: str) -> str:
    """`conv2d_transpose` of `Conv2DTranspose`, as Keras writes it."""
    words = re.sub(r"\W+", "", name)
    words = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", words)
    return re.sub("([a-z])([A-Z])", r"\1_\2", words).lower()
