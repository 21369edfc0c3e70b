"""The names of items that others refer to."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from cnncalc.importing.draft import Draft
from cnncalc.importing.spec.elements import Element
from cnncalc.importing.spec.names import fit, names_of
from cnncalc.importing.spec.tree import DraftItem


class ItemNames(dict[str, str]):
    """The names in the spec by the names in the draft; `NAME.k` is output k of the layer NAME."""

    def __missing__(self, name: str) -> str:
        owner, _, part = name.rpartition(".")
        if owner not in self:
            raise KeyError(name)
        return f"{self[owner]}.{part}"

    def call(self, element: Element, name: str) -> None:
        """Name an element, and the layer that gives its value."""
        self[element.result] = name
        if isinstance(element, DraftItem):
            self[element.layer.name] = name

    def inside(self, items: list[Element]) -> ItemNames:
        """The names inside of a block, which its uses share: after the type, and numbered."""
        names, taken = ItemNames(self), set[str]()
        for item in items:
            if item.is_named:
                wanted = _WORDS.get(item.layer.type, "x") if isinstance(item, DraftItem) else "x"
                names.call(item, unused(wanted, taken))
                taken.add(names[item.result])
        return names


_WORDS: Mapping[str, str] = MappingProxyType({"split": "parts", "identity": "start"})


def names_in(draft: Draft, items: list[Element]) -> ItemNames:
    """The names of a spec's inputs, and of the items outside of blocks that are referred to."""
    full = {layer.name: name.full for layer, name in zip(draft.layers, names_of(draft), strict=True)}
    is_single = len(draft.inputs) == 1
    names = ItemNames({each.name: "input" if is_single else fit(each.name) for each in draft.inputs})
    taken = set(names.values())
    for item in items:
        if item.is_named:
            names.call(item, unused(full[item.result].replace(".", "_"), taken))
            taken.add(names[item.result])
    return names


def unused(name: str, taken: set[str]) -> str:
    """The name, with a number if it is taken."""
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    return found
