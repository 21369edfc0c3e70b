"""The order of arguments in the frameworks' constructors and functions, and the framework of a call.

A table maps a name, with `#` for the number of axes, to its parameters in order. A parameter `name` is the argument
with that name; `name=word` is the field `word`; `name:value` has a default that the type does not have; `*name` is the
input tensor; `-name` has no effect. The tables of ONNX and Caffe, whose layers are not called, only list the
parameters.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

_RANK = re.compile(r"[123](?=[dD])")
_NO_NUMBER = re.compile(r"activation|data_format|_?weight|.*_(?:activation|initializer|regularizer|constraint)")


class SignatureParameter(NamedTuple):
    """A parameter: the framework's name, the field's name, and a default."""

    name: str
    word: str
    default: str = ""

    @property
    def flows(self) -> bool:
        return self.word == "*"

    @property
    def ignored(self) -> bool:
        return self.word == "-"


class Signature(NamedTuple):
    """A constructor or function of a framework."""

    framework: str
    parameters: tuple[SignatureParameter, ...]

    def named(self, name: str) -> SignatureParameter | None:
        return next((each for each in self.parameters if each.name == name), None)


def find(name: str, positional: Sequence[str], keywords: Sequence[str]) -> Signature | None:
    """The signature of a call, determined by the module prefix, the spelling, or the arguments.

    `positional` are the texts of the arguments without a keyword.
    """
    modules, _, last = name.rpartition(".")
    key = _RANK.sub("#", last)
    if modules.endswith("nn") and last[:1].isupper():
        key = key.replace("#D", "#d")  # Keras's spelling Conv2D of PyTorch's Conv2d
    found = [each for each in _tables(modules.rpartition(".")[2]) if key in each[1] or last in each[1]]
    signatures = [_signature(title, table[last] if last in table else table[key]) for title, table in found]
    if len(signatures) == 1:
        return signatures[0]
    return next((each for each in signatures if _fits(each, positional, keywords)), next(iter(signatures), None))


def _fits(signature: Signature, positional: Sequence[str], keywords: Sequence[str]) -> bool:
    """Whether a call's arguments match a signature."""
    names = [each.name for each in signature.parameters]
    if len(positional) > len(names) or any(keyword not in names for keyword in keywords):
        return False
    numbers = zip(names, positional, strict=False)
    if any(text[:1].isdigit() and _NO_NUMBER.fullmatch(name) for name, text in numbers):
        return False
    flags = zip(names, positional, strict=False)
    if any((text in ("true", "false")) and name in ("max_value", "negative_slope") for name, text in flags):
        return False
    given = {*names[: len(positional)], *keywords}
    return all(each.name in given for each in signature.parameters if each.default == "required")


def _tables(module: str) -> list[tuple[str, Mapping[str, str]]]:
    """The tables to search, the most likely first, determined by the last module before a name."""
    from cnncalc.reading.signatures import functional, keras, tensorflow, torch

    layers = [("keras", keras.LAYERS), ("pytorch", torch.MODULES), ("torch functions", functional.FUNCTIONS)]
    if module == "layers":
        return [layers[0], ("tf.layers", tensorflow.LAYERS)]
    if module == "nn":
        return [layers[1], ("tf.nn", tensorflow.FUNCTIONS)]
    if module in ("F", "functional", "torch"):
        return [layers[2], layers[1]]
    return layers


@lru_cache(maxsize=512)
def _signature(framework: str, text: str) -> Signature:
    return Signature(framework, signature_of(text))


def signature_of(text: str) -> tuple[SignatureParameter, ...]:
    """The parameters of a row of a table."""
    return tuple(map(_parameter, text.split()))


def _parameter(text: str) -> SignatureParameter:
    if text[0] in "*-":
        return SignatureParameter(text[1:], text[0])
    name, _, default = text.partition(":")
    if name.endswith("!"):
        name, default = name[:-1], "required"
    name, _, word = name.partition("=")
    return SignatureParameter(name, word or name, default)
