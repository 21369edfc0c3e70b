"""Declarations of framework arguments that are not fields of a layer type.

`argument_meaning.meaning` reads these declarations; a subclass adds to its parents'.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from cnncalc.arithmetic.convention import Setting, Shape
from cnncalc.layers.type_choice import TypeChoice


class FrameworkArguments:
    """The part of `Layer` that declares framework arguments."""

    states: ClassVar[dict[str, str]] = {}
    """Arguments that state a size of the input (`in_channels`), with the name of that size: see `arriving`."""
    without_effect: ClassVar[tuple[str, ...]] = ()
    """Accepted arguments that change no metric, in addition to `argument_meaning.WITHOUT_EFFECT`."""
    meanings: ClassVar[dict[str, tuple[str, dict[Any, Any]]]] = {}
    """Arguments that set a field by other values: `ceil_mode: true` is `rounding: ceil`."""
    refused: ClassVar[dict[str, str]] = {}
    """Arguments that are accepted only if they are off, with the reason."""
    choice: ClassVar[TypeChoice | None] = None
    """The arguments that choose another type under the name of this one."""
    activation_field: ClassVar[str | None] = None
    """The field that `activation` sets, if the function is inside the layer; empty if it has no effect."""
    hands_on: ClassVar[tuple[str, ...]] = ()
    """Arguments of a wrapper that are fields of the layer inside."""

    setting: Setting
    stated: Mapping[str, int] = MappingProxyType({})
    """The sizes of the input that the item states, by the argument that states each."""

    def arriving(self, size: str, *inputs: Shape) -> int:
        """A size that an argument can state: the `channels` of an input, or its `features`, the last axis.

        The prefixes `second` and `third` select another input than the first; the last input replaces a missing one.
        """
        place = {"second": 1, "third": 2}.get(size.partition(" ")[0], 0)
        x = inputs[min(place, len(inputs) - 1)]
        return self.setting.channels(x) if size.endswith("channels") else x[-1]
