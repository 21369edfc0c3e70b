"""Images whose channels come first: `data_format="channels_first"`, and where the channels of a layer are then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from cnncalc.importing.keras.layers import OwnLayer, without_channels_axis
from cnncalc.importing.python.keras.graph import GraphTape, graph_of
from cnncalc.importing.tensors.tape import Tape
from cnncalc.importing.tensors.tensor import NotSaid, TapeTensor
from cnncalc.layers.registry import find
from cnncalc.source.values import CallGiven, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

_FORMATS: Mapping[str, str] = {"channels_first": "CHW", "th": "CHW", "channels_last": "HWC", "tf": "HWC"}
_OF_CLASSES: Final = ("Flatten", "SpatialDropout2D", "SpatialDropout3D")
"""Classes that take `data_format`, which has no effect on their sizes."""


def use_layout(tape: Tape, class_name: str, config: Mapping[str, Any]) -> None:
    """Read a layer's `data_format`: the layout of the whole draft. Raises NotSaid if the draft has both."""
    if not isinstance(tape, GraphTape):
        return
    layout = _layout(class_name, config)
    if not tape.of_draft:
        tape.use(layout or "HWC")
    elif layout is not None:
        if layout != tape.layout and (tape.has_layout or any(_has_channels(each.type) for each in tape.layers)):
            raise NotSaid("channels before the image in one layer, and after it in another")
        tape.has_layout = True
        tape.use(layout)


def _layout(class_name: str, config: Mapping[str, Any]) -> str | None:
    """The layout that a layer states, or the one inside it."""
    inner = config.get("layer")
    if isinstance(inner, dict) and isinstance(inner.get("config"), dict):
        return _layout(str(inner.get("class_name")), inner["config"])
    return None if class_name in _OF_CLASSES else _FORMATS.get(str(config.get("data_format")))


def _has_channels(type: str) -> bool:
    """Whether a layer depends on where the channels are, by default or always."""
    found = find(type)
    if found is None:
        return False
    kind = found[0]
    return "axis" in kind.fields and kind.fields["axis"].default == "channels"


def with_axis(tape: Tape, piece: OwnLayer, tensors: Sequence[TapeTensor]) -> dict[str, Any]:
    """The arguments of a layer, whose axis is Keras's default, the last one, if it states none."""
    sample = tensors[0].sample
    if tape.layout == "HWC" or not (isinstance(tape, GraphTape) and tape.of_draft):
        arguments = without_channels_axis(piece, sample) if len(tensors) == 1 else dict(piece.arguments)
        if len(tensors) > 1 and arguments.get("axis") in (-1, len(sample)):
            del arguments["axis"]
        return arguments
    arguments = dict(piece.arguments)
    if _has_channels(piece.type) and len(sample) > 2:
        axis = arguments.pop("axis", -1)
        if not isinstance(axis, int):
            raise NotSaid("several axes of channels")
        place = axis if axis > 0 else len(sample) + 1 + axis
        if place != 1:
            arguments["axis"] = place
    if piece.type == "dense" and len(sample) > 2:
        raise NotSaid("a dense layer along the last axis of an image whose channels come first")
    return arguments


def get_format(interpreter: Interpreter, given: CallGiven) -> object:
    """`K.image_data_format()`."""
    return graph_of(interpreter).data_format


def get_ordering(interpreter: Interpreter, given: CallGiven) -> object:
    """`K.image_dim_ordering()` of Keras 1."""
    return "th" if graph_of(interpreter).data_format == "channels_first" else "tf"


def set_format(interpreter: Interpreter, given: CallGiven) -> object:
    """`K.set_image_data_format("channels_first")`, and `set_image_dim_ordering("th")` of Keras 1."""
    word = given.values[0] if given.values else next(iter(given.keywords.values()), None)
    layout = _FORMATS.get(word) if isinstance(word, str) else None
    if layout is None:
        return Unfollowed("set_image_data_format(…)", given.place)
    graph_of(interpreter).data_format = "channels_first" if layout == "CHW" else "channels_last"
    return None
