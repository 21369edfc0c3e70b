"""Names of blocks: after the classes of the modules where the file states them, else after what they do."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cnncalc.importing.spec.elements import Element, Use
from cnncalc.importing.spec.tree import DraftItem
from cnncalc.layers.registry import find, is_type_name

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+")


class Namer:
    """Gives each block a name of its own."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def name(self, runs: Sequence[Sequence[Element]], otherwise: str = "") -> str:
        """The name of a block of these runs: their module's, the one for other runs, or after what they do."""
        wanted = _kind_of(runs) or otherwise or _described(runs[0])
        name, number = wanted, 1
        while name in self._taken or is_type_name(name):
            number += 1
            name = f"{wanted}_{number}"
        self._taken.add(name)
        return name


def _kind_of(runs: Sequence[Sequence[Element]]) -> str:
    """The class of the innermost module that holds a run, in lower snake case; empty where runs have different ones."""
    found = set()
    for run in runs:
        layers = [layer for each in run for layer in each.layers()]
        depth = 0
        while all(
            len(layer.scope) > depth and layer.scope[: depth + 1] == layers[0].scope[: depth + 1] for layer in layers
        ):
            depth += 1
        kinds = layers[0].kinds
        found.add(kinds[depth - 1] if 0 < depth <= len(kinds) else "")
    kind = found.pop() if len(found) == 1 else ""
    return "" if kind in ("Sequential", "ModuleList", "Module") else "_".join(_WORDS.findall(kind)).lower()


def _described(run: Sequence[Element]) -> str:
    if any(isinstance(each, Use) for each in run):
        return "stage"
    if any(isinstance(each, DraftItem) and each.layer.type == "channel_shuffle" for each in run):
        return "shuffle_unit"
    types = {layer.type for each in run for layer in each.layers()}
    if "softmax" in types and types & {"einsum", "matmul"}:
        return "attention"
    merges = [each for each in run if isinstance(each, DraftItem) and each.branches is not None]
    if merges:
        return _merge_name(merges[-1])
    ordered = [layer.type for each in run for layer in each.layers()]
    if "depthwise_conv" in types:
        return "separable" if ordered[0] == "depthwise_conv" else "inverted"
    if ordered[-1].endswith("pool"):
        return "transition" if ordered.count("conv") == 1 else "stage"
    if "conv" in types:
        return "convs" if ordered.count("conv") > 1 else "conv_unit"
    return "unit"


def _merge_name(merge: DraftItem) -> str:
    """`residual` for a sum with a shortcut, `projected` where that has layers, `inception` for many branches."""
    branches = merge.branches or []
    if merge.layer.type == "concat":
        return "dense_layer" if [] in branches else "inception" if len(branches) > 2 else "parallel"
    if merge.layer.type == "multiply":
        return "gate"
    found = find(merge.layer.type)
    word = found[0].type if found else "merge"
    return ("residual" if [] in branches else "projected") if word == "add" else f"{word}_block"
