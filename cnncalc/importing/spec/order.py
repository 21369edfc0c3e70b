"""The layers of a draft in the order in which a person lists them: each branch from its beginning to its end.

Files list layers by their depth, or as they were made, so that the layers of parallel branches alternate.
"""

from __future__ import annotations

from dataclasses import replace

from cnncalc.importing.draft import Draft, DraftLayer


def by_outputs(draft: Draft) -> Draft:
    """The draft with each layer after all that its first input needs, then its second; itself if nothing moves."""
    known = {layer.name: layer for layer in draft.layers}
    done: set[str] = {each.name for each in draft.inputs}
    found: list[DraftLayer] = []
    for name in (*draft.outputs, *known):
        _visit(_owner(name, known), known, done, found)
    return replace(draft, layers=found) if any(map(_differ, found, draft.layers)) else draft


def _visit(name: str, known: dict[str, DraftLayer], done: set[str], found: list[DraftLayer]) -> None:
    """Append a layer after the layers that it needs. Without recursion, since chains are long."""
    stack = [name]
    while stack:
        layer = known.get(stack[-1])
        if layer is None or layer.name in done:
            stack.pop()
            continue
        needed = [_owner(each, known) for each in (*((layer.shares,) if layer.shares else ()), *layer.inputs)]
        missing = [each for each in needed if each in known and each not in done]
        if missing:
            stack.append(missing[0])
            continue
        done.add(layer.name)
        found.append(layer)
        stack.pop()


def _owner(name: str, known: dict[str, DraftLayer]) -> str:
    """The layer that gives a value, which may be one output of several."""
    return name if name in known else name.rpartition(".")[0] or name


def _differ(mine: DraftLayer, theirs: DraftLayer) -> bool:
    return mine is not theirs
