"""Arguments that choose one of several types with the same name, as in Caffe: `Pooling {pool: AVE}`, `Eltwise {…}`."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


class TypeChoice(NamedTuple):
    """The arguments that choose, and the function that gives the type's name or raises Refusal."""

    words: tuple[str, ...]
    pick: Callable[[Mapping[str, Any]], str]
