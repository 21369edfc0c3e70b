"""A draft in the form in which repetitions show: joins that grow, as in dense networks, one step after the other."""

from __future__ import annotations

from dataclasses import replace

from cnncalc.importing.draft import Draft, DraftLayer


def canonical(draft: Draft) -> Draft:
    """The draft with `concat(a, b, c)` as `concat(concat(a, b), c)`, where that first join exists.

    Every layer's output stays the same. A draft without such joins is returned as it is.
    """
    known: dict[tuple[str, int], str] = {}
    steps: dict[tuple[int, str], int] = {}
    layers = [_grown(layer, known, steps) for layer in draft.layers]
    is_same = all(mine is theirs for mine, theirs in zip(layers, draft.layers, strict=True))
    return draft if is_same else replace(draft, layers=layers)


def _grown(layer: DraftLayer, known: dict[tuple[str, int], str], steps: dict[tuple[int, str], int]) -> DraftLayer:
    """A join of what a join before it has, and more. `steps` number the lists of inputs, `known` has their joins."""
    if layer.type != "concat":
        return layer
    fields, number, longest = repr(sorted(layer.arguments.items())), 0, (0, "")
    for count, name in enumerate(layer.inputs, start=1):
        number = steps.setdefault((number, name), len(steps) + 1)
        if count < len(layer.inputs) and (fields, number) in known:
            longest = (count, known[fields, number])
    known.setdefault((fields, number), layer.name)
    count, name = longest
    return replace(layer, inputs=(name, *layer.inputs[count:])) if count else layer
