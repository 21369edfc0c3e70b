"""What a layer type says of the arguments of the frameworks' constructors that are no fields of its own.

`argument_meaning.meaning` reads these declarations; a subclass adds to its parents'.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from cnncalc.arithmetic.convention import Setting, Shape
from cnncalc.layers.type_choice import TypeChoice


class FrameworkArguments:
    """The base of `Layer` that holds what it takes from the frameworks."""

    states: ClassVar[dict[str, str]] = {}
    """Arguments that state a size of the input (`in_channels`), with that size: see `arriving`."""
    without_effect: ClassVar[tuple[str, ...]] = ()
    """Arguments that change no metric; they are accepted. So are those of `argument_meaning.WITHOUT_EFFECT`."""
    meanings: ClassVar[dict[str, tuple[str, dict[Any, Any]]]] = {}
    """Arguments that set a field in other words: `ceil_mode: true` is `rounding: ceil`."""
    refused: ClassVar[dict[str, str]] = {}
    """Arguments that are taken only where they are off, with the reason."""
    choice: ClassVar[TypeChoice | None] = None
    """The arguments that choose another type under this one's name."""
    activation_field: ClassVar[str | None] = None
    """The field that `activation` sets, where the function is inside the layer; empty where it changes nothing."""
    hands_on: ClassVar[tuple[str, ...]] = ()
    """Arguments of a wrapper that are fields of the layer inside."""

    setting: Setting
    stated: Mapping[str, int] = MappingProxyType({})
    """The sizes of the input that the item states, by the argument that states each."""

    def arriving(self, size: str, *inputs: Shape) -> int:
        """A size that an argument can state: the `channels` of an input, or its `features`, which are the last axis.

        `second` and `third` in front name another input than the first; the last stands for one that is missing.
        """
        place = {"second": 1, "third": 2}.get(size.partition(" ")[0], 0)
        x = inputs[min(place, len(inputs) - 1)]
        return self.setting.channels(x) if size.endswith("channels") else x[-1]
