"""The meaning of framework arguments that are not fields of a layer type.

A type declares its own (`states`, `without_effect`, `meanings`, `refused`); a subclass adds to its parents'. Arguments
that any layer of a framework accepts, such as `dtype`, are listed here.
"""

from functools import lru_cache
from typing import Any, NamedTuple

from cnncalc.layers.base import Layer
from cnncalc.layers.spelling import normal

LAYOUT_WORDS = ("data_format", "dim_ordering")
"""Arguments that name the layout; they are checked against the spec's."""

WITHOUT_EFFECT = (
    "inplace", "return_indices", "device", "dtype", "seed", "autocast", "dtype_policy", "input_shape",
    "batch_input_shape", "batch_shape", "batch_size", "input_dtype", "weights", "synchronized", "process_group",
    "reuse", "engine", "param", "lr_mult", "decay_mult", "operation_seed", "factory_kwargs", "quantization_config",
    "name_scope",
)  # fmt: skip
"""Arguments that change no metric of any layer."""

ENDINGS = ("initializer", "regularizer", "constraint", "filler")
"""The endings of arguments without effect: `kernel_initializer`, `weight_filler`."""


class Meaning(NamedTuple):
    """The meaning of an argument: at most one of its four parts is set; none if it has no effect."""

    word: str
    """The framework's spelling."""
    states: str = ""
    """The size of the input that it states: see `Layer.arriving`."""
    field: str = ""
    values: dict[Any, Any] | None = None
    """The field that it sets, and the field's value for each of its values."""
    refused: str = ""
    """The reason for rejecting it unless it is off."""


def meaning(kind: type[Layer], word: str) -> Meaning | None:
    """The meaning of an argument that is not a field; None if the type does not know it."""
    plain = normal(word)
    found = _declared(kind.__mro__).get(plain)
    if found is None and plain.endswith(ENDINGS):
        return Meaning(word)
    return found


def known_words(kind: type[Layer]) -> list[Meaning]:
    """The arguments that a type accepts in addition to its fields."""
    return list(_declared(kind.__mro__).values())


@lru_cache(maxsize=1024)
def _declared(parents: tuple[type, ...]) -> dict[str, Meaning]:
    """The arguments by their names, from a type and its parents, the nearest first."""
    found = {normal(word): Meaning(word) for word in (*WITHOUT_EFFECT, *LAYOUT_WORDS)}
    for parent in reversed(parents):
        own = vars(parent)
        meanings = [
            *(Meaning(word) for word in own.get("without_effect", ())),
            *(Meaning(word, states=size) for word, size in own.get("states", {}).items()),
            *(Meaning(word, field=field, values=to) for word, (field, to) in own.get("meanings", {}).items()),
            *(Meaning(word, refused=reason) for word, reason in own.get("refused", {}).items()),
        ]
        found.update({normal(each.word): each for each in meanings})
    return found


def layout_of(value: object) -> str:
    """The layout that a word such as `channels_first` or `NHWC` names; empty if it does not name one."""
    word = str(value).lower()
    if word in ("channels_first", "th") or (word.startswith("nc") and len(word) > 2):
        return "CHW"
    return "HWC" if word in ("channels_last", "tf") or (word.startswith("n") and word.endswith("c")) else ""
