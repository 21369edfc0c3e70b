"""Units and nouns after a number, and their factors."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

_SCALES: Mapping[str, int] = {
    "k": 10**3, "thousand": 10**3, "tsd": 10**3, "lakh": 10**5, "m": 10**6, "million": 10**6, "millions": 10**6,
    "mn": 10**6, "mio": 10**6, "mill": 10**6, "crore": 10**7, "g": 10**9, "billion": 10**9, "bn": 10**9, "mrd": 10**9,
    "t": 10**12, "trillion": 10**12, "ki": 2**10, "mi": 2**20, "gi": 2**30, "万": 10**4, "亿": 10**8, "億": 10**8,
}  # fmt: skip
_PREFIXES: Mapping[str, int] = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_BINARY: Mapping[str, int] = {"ki": 2**10, "mi": 2**20, "gi": 2**30}
_BYTES: Mapping[str, int] = {
    "b": 1, "byte": 1, "bytes": 1,
    **{f"{prefix}b": scale for prefix, scale in (*_PREFIXES.items(), *_BINARY.items()) if prefix},
    "kilobytes": 10**3, "megabytes": 10**6, "gigabytes": 10**9,
    "kibibytes": 2**10, "mebibytes": 2**20, "gibibytes": 2**30,
}  # fmt: skip
_WORK: Mapping[str, int] = {
    f"{prefix}{noun}": scale
    for prefix, scale in _PREFIXES.items()
    for noun in ("mac", "macs", "flop", "flops", "op", "ops", "madd", "madds")
}
NOUNS = frozenset((
    "px", "pixel", "pixels", "param", "params", "parameter", "parameters", "weight", "weights", "bias", "biases",
    "times", "fold", "operation", "operations", "multiplication", "multiplications", "channel", "channels", "filter",
    "filters", "map", "maps", "unit", "units", "neuron", "neurons", "feature", "features", "layer", "layers", "step",
    "steps", "element", "elements", "value", "values", "entries", "connections", "positions",
))  # fmt: skip
_UNITS: Mapping[str, Fraction] = {
    **{word: Fraction(scale) for known in (_SCALES, _BYTES, _WORK) for word, scale in known.items()},
    **{noun: Fraction(1) for noun in NOUNS},
    "%": Fraction(1, 100), "bit": Fraction(1, 8), "bits": Fraction(1, 8),
}  # fmt: skip


def is_of_bytes(words: list[str]) -> bool:
    """Whether the words after a number are a unit of memory: MB, KiB, bytes."""
    return any(word in _BYTES or word in ("bit", "bits") for word in words) and not NOUNS.intersection(words)


def scale_of(words: list[str]) -> Fraction | None:
    """The factor of the words after a number, such as `M MACs`; None if one of them is not a unit.

    `B` is a byte, unless a noun follows: 1.5 B parameters are billions.
    """
    scale = Fraction(1)
    for place, word in enumerate(words):
        own = _UNITS.get(word)
        if word == "b" and words[place + 1 : place + 2] and words[place + 1] in NOUNS:
            own = Fraction(10**9)
        if own is None or (own != 1 != scale):
            return None
        scale *= own
    return scale
