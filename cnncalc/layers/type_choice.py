"""Arguments that choose among several types under one name, as in Caffe: `Pooling {pool: AVE}`, `Eltwise {…}`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple


class TypeChoice(NamedTuple):
    """The arguments that choose, and the type that their values mean; Refusal where they mean none."""

    words: tuple[str, ...]
    pick: Callable[[Mapping[str, Any]], str]
