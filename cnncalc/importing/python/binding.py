"""The arguments of a library's call under the names of its signature."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from cnncalc.diagnostics import did_you_mean
from cnncalc.reading.signatures import SignatureParameter, signature_of
from cnncalc.source.signals import Raised
from cnncalc.source.values import CallGiven, CodePlace, Unfollowed


class Parameters(NamedTuple):
    """The parameters of a library's function. The one that is `gathering` takes all that follow, or one list."""

    each: tuple[SignatureParameter, ...]
    gathering: str = ""
    is_open: bool = False
    """Whether any other keyword is accepted without effect."""


@lru_cache(maxsize=512)
def parameters_of(text: str) -> Parameters:
    """The parameters of a row: names in order, `name!` if it is required, `*name` if it takes all that follow."""
    words, gathering = [], ""
    for word in text.replace("**", "").split():
        if word.startswith("*"):
            word = word[1:]
            gathering = word.rstrip("!")
        words.append(word)
    return Parameters(signature_of(" ".join(words)), gathering, "**" in text)


_WORDS_OF: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "kernel": ("kernel_size",), "filters": ("out_channels",), "stride": ("stride",), "padding": ("padding",),
    "dilation": ("dilation",), "groups": ("groups", "num_groups"), "output_padding": ("output_padding",),
    "amount": ("padding", "pad"), "size": ("output_size", "size"), "scale": ("scale_factor",),
    "factor": ("upscale_factor", "downscale_factor"), "heads": ("num_heads", "nhead"), "axis": ("dim",),
    "units": ("out_features",), "rate": ("p",),
})  # fmt: skip
"""PyTorch's words for the fields that a layer type may refuse."""


_NUMPYS: Mapping[str, str] = MappingProxyType({"axis": "dim", "keepdims": "keepdim"})
"""Words of NumPy that PyTorch accepts, too."""


@dataclass
class BoundArguments:
    """Values by the names of the parameters, and where each was written."""

    values: dict[str, Any]
    nodes: dict[str, ast.AST]
    place: CodePlace
    title: str = ""
    """The function or class that is called."""

    def place_of(self, name: str) -> CodePlace:
        """Where an argument was written, or the call."""
        return CodePlace(self.place.file, self.nodes.get(name, self.place.node))

    def of_field(self, field: str | None, place: CodePlace) -> CodePlace:
        """Where the argument for a field of a layer type was written, or the given place."""
        found = self.word_of(field)
        return self.place_of(found) if found else place

    def word_of(self, field: str | None) -> str:
        """The argument that was written for a field of a layer type; empty for none."""
        known = next((word for word in _WORDS_OF.get(field or "", ()) if word in self.nodes), "")
        if known or field is None:
            return known
        from cnncalc.importing.python.fields import words_for_field

        return next((word for word in words_for_field(self.title, field) if word in self.nodes), "")

    def unfollowed(self) -> Unfollowed | None:
        """The first argument that is unknown, or a part of a list or tuple that is."""
        parts = (each if isinstance(each, list | tuple) else (each,) for each in self.values.values())
        return next((each for part in parts for each in part if isinstance(each, Unfollowed)), None)

    def get(self, name: str, default: Any = None) -> Any:
        value = self.values.get(name)
        return default if value is None else value


def bind(title: str, parameters: Parameters, given: CallGiven) -> BoundArguments:
    """The arguments of a call. Raises Raised (TypeError) as the library does."""
    values: dict[str, Any] = {}
    nodes: dict[str, ast.AST] = {}
    names = [each.name for each in parameters.each]
    for place, value in enumerate(given.values):
        name = names[place] if place < len(names) else ""
        if name and name == parameters.gathering:
            values[name] = _gathered(given.values[place:])
            if place < len(given.nodes):
                nodes[name] = given.nodes[place]
            break
        if not name:
            message = f"{title}() takes {len(names)} positional arguments but {len(given.values)} are given"
            raise Raised("TypeError", message, given.place)
        values[name] = value
        if place < len(given.nodes):
            nodes[name] = given.nodes[place]
    for key, value in given.keywords.items():
        if key not in names and key in _NUMPYS and _NUMPYS[key] in names:
            key = _NUMPYS[key]
        if key not in names and parameters.is_open:
            continue
        if key in values:
            raise Raised("TypeError", f"{title}() got multiple values for argument '{key}'", given.place)
        if key not in names:
            hint = did_you_mean(key, names)
            message = f"{title}() got an unexpected keyword argument '{key}'{f'; {hint}' if hint else ''}"
            raise Raised("TypeError", message, given.place)
        values[key] = value
        if key in given.keyword_nodes:
            nodes[key] = given.keyword_nodes[key]
    for each in parameters.each:
        if each.default == "required" and each.name not in values:
            raise Raised("TypeError", f"{title}() is missing the argument '{each.name}'", given.place)
    return BoundArguments(values, nodes, given.place, title)


def _gathered(values: list[object]) -> object:
    first = values[0]
    return first if len(values) == 1 and isinstance(first, list | tuple) else tuple(values)


def words_of(bound: BoundArguments, parameters: Parameters) -> dict[str, Any]:
    """The arguments under the words of our layer types, without those that have no effect."""
    table: Mapping[str, SignatureParameter] = {each.name: each for each in parameters.each}
    found: dict[str, Any] = {}
    for name, value in bound.values.items():
        parameter = table[name]
        if not parameter.ignored and not parameter.flows:
            word, _, form = parameter.word.partition("@")
            found[word] = last_first(value) if form == "last" else value
    return found


def last_first(value: Any) -> Any:
    """Amounts that begin with the last axis, `(left, right, top, bottom)`, as pairs in the order of the axes."""
    if not isinstance(value, list | tuple) or len(value) % 2:
        return value
    return [list(value[place : place + 2]) for place in range(len(value) - 2, -1, -2)]
