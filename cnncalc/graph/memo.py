"""The memory of a build: values that are computed once, and the mistakes that computing them reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from collections.abc import Mapping as AnyMapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from cnncalc.arithmetic.convention import Setting, Shape
from cnncalc.diagnostics import Diagnostic, Source
from cnncalc.graph.field_plan import FieldPlan, PlanKey, plan_key, plan_of, taken_apart
from cnncalc.graph.items import (
    Item,
    is_literal,
    item_of_literal_words,
    item_of_spelt,
    item_of_words,
    moved,
    same_text,
    take_apart,
)  # fmt: skip
from cnncalc.graph.kept import MOST_VALUES, Kept
from cnncalc.graph.plain_items import PlainArguments, PlainKey, plain_item
from cnncalc.graph.used_layer import UsedLayer
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import is_canonical
from cnncalc.reading.items import STRUCTURE
from cnncalc.reading.limits import Limits
from cnncalc.reading.nodes import Mapping, Scalar, SpecNode, Words
from cnncalc.reading.plain_mapping import PlainMapping
from cnncalc.reading.spelt_layers import SpeltLayer

if TYPE_CHECKING:
    from cnncalc.graph.construct import Construction
    from cnncalc.graph.instances import Instance
    from cnncalc.graph.source_items import SourceItems

_MOST_SPECS = 4
"""The number of texts whose items are kept; those used last stay."""
_MOST_VARIANTS = 2
"""The number of settings and sets of variables for which the instances of a text's blocks are kept."""

Mistakes = tuple[Diagnostic, ...]
ItemKey = tuple[tuple[str, ...], str]
"""The text of an item, and the values that its expressions see."""
InstanceKey = tuple[str, str, str]
"""A block's name, the parameters given to it, and all that matters of the node that flows in and of its scope."""
ArgumentNames = tuple[str, ...]
"""The names of an item's arguments; empty if none has one."""
LayerKey = tuple[type[Layer], ArgumentNames, str]
"""A type, the names of its arguments, and the text of their values."""
MadeLayer = tuple[Layer, tuple[str | None, ...]]
"""A layer, and the field that each of its arguments went to."""

P = ParamSpec("P")
T = TypeVar("T")


class BuildCache:
    """Remembers what building specs computes, for as long as its owner keeps it.

    The owner is whoever builds: a call of the public API, a lint worker, a study of sizes, a homework sheet, a test.
    It hands one cache to all of its builds, which are then as fast as they can be, and give what they give with a
    cache each.

    Every key holds all that its value depends on. The items of a text are kept under the text's source, its blocks
    and its limits, and there each under its own node; a mistake in an item is kept beside it, and is reported again
    in every build that meets the item. A layer is kept under its type, its setting, and the names and values of its
    arguments, and only if nothing was reported; so is a plan, under the key that `PlanKey` describes. A use of a layer
    is kept under the layer and the shapes of its inputs, the value of a function under the function and its arguments.
    Nodes and layers are compared by identity: they never change once they are made, and a key keeps its own alive, so
    that no other object takes its place. So no entry can be wrong, and none is ever taken back; the oldest are dropped
    to bound the memory. Threads may share a cache: at worst, both compute a value.
    """

    def __init__(self) -> None:
        self._specs = lru_cache(_MOST_SPECS)(SpecMemo)
        self._functions: dict[Callable[..., object], Callable[..., object]] = {}
        self._activations: dict[Setting, Kept[str, Layer]] = {}
        self._layers: dict[Setting, LayerMemo] = {}
        self.use: Callable[[Layer, tuple[Shape, ...]], UsedLayer] = lru_cache(MOST_VALUES)(UsedLayer)
        """The use of a layer on inputs of these shapes."""

    def spec(self, root: Mapping, limits: Limits) -> SpecMemo:
        """The memory of one text, whose blocks and limits decide how its items are read."""
        return self._specs(root.source, root.get("blocks"), limits)

    def layers(self, setting: Setting) -> LayerMemo:
        """The layers under a setting. Equal ones, in whatever block, variant or text, are one object."""
        return self._layers.setdefault(setting, LayerMemo())

    def activations(self, setting: Setting) -> Kept[str, Layer]:
        """The activations that layers carry under a setting, by their names."""
        return self._activations.setdefault(setting, Kept())

    def remembering(self, function: Callable[P, T]) -> Callable[P, T]:
        """A function that depends on nothing but its arguments, as one that computes each value once."""
        known = self._functions.get(function)
        if known is None:
            known = self._functions.setdefault(function, lru_cache(MOST_VALUES)(function))
        return cast(Callable[P, T], known)


class LayerMemo:
    """The layers of items under one setting, and the plans by which others are made that differ in their numbers."""

    def __init__(self) -> None:
        self._layers: Kept[LayerKey, MadeLayer] = Kept()
        self.plans: Kept[PlanKey, FieldPlan] = Kept()
        self._of_text: dict[type[Layer], Kept[str, MadeLayer]] = defaultdict(Kept)
        """For each type, by the text of an item."""
        self._plans_of_texts: Kept[tuple[type[Layer], ArgumentNames, tuple[str, ...]], FieldPlan] = Kept()
        """By the type, the names of the arguments, and the forms of their texts."""

    def of_text(self, kind: type[Layer], names: ArgumentNames, text: str) -> MadeLayer | None:
        """The layer of an item whose arguments are plain texts, if an equal or a similar item has been read.

        `text` is that of an item of plain words; or, on a line each, the names of fields and then their texts.
        """
        known = self._of_text[kind]
        made = known.get(text)
        if made is None:
            forms, values = taken_apart(_arguments(names, text))
            plan = self._plans_of_texts.get((kind, names, forms))
            layer = plan.layer_of(values) if plan else None
            if plan is None or layer is None:
                return None
            made = known.keep(text, (layer, plan.fields))
        return made

    def keep_text(self, kind: type[Layer], names: ArgumentNames, text: str, made: MadeLayer) -> None:
        """Keep the layer of such an item that was read, and its plan for similar ones."""
        self._of_text[kind].keep(text, made)
        forms, values = taken_apart(_arguments(names, text))
        plan = plan_of(names, *made, values)
        if plan is not None:
            self._plans_of_texts.keep((kind, names, forms), plan)

    def find(self, key: LayerKey, values: list[Any]) -> MadeLayer | None:
        """The layer of an item with these values, if an equal or a similar item has been read."""
        made = self._layers.get(key)
        if made is None:
            plan = self.plans.get(plan_key(*key))
            layer = plan.layer_of(values) if plan else None
            if plan is None or layer is None:
                return None
            made = layer, plan.fields
            self._layers.keep(key, made)
        return made

    def keep(self, key: LayerKey, values: list[Any], made: MadeLayer) -> None:
        """Keep the layer of an item that was read, and its plan for similar ones."""
        self._layers.keep(key, made)
        similar = plan_key(*key)
        plan = plan_of(key[1], *made, values)
        if plan is not None:
            self.plans.keep(similar, plan)


def _arguments(names: ArgumentNames, text: str) -> list[str]:
    """The texts of the arguments."""
    return text.split("\n")[len(names) :] if names else text.split()[1:]


class SpecMemo:
    """The items of one text, taken apart once; what is wrong in them is kept beside them."""

    def __init__(self, source: Source, blocks: SpecNode | None, limits: Limits) -> None:
        self.source = source
        self.limits = limits
        self.blocks = frozenset(blocks.entries if isinstance(blocks, Mapping) else ())
        self._parts: dict[Scalar, tuple[list[SpecNode], Mistakes]] = {}
        self._items = ItemMemo(self.blocks)
        self._layer_items = ItemMemo(frozenset())
        self._constructions: dict[Setting, Kept[ItemKey, Construction]] = {}
        self._instances = lru_cache(_MOST_VARIANTS)(_no_instances)
        self.source_items: dict[Mapping, SourceItems] = {}
        """All items of the text, by the root that holds them."""

    def parts(self, node: Scalar) -> tuple[list[SpecNode], Mistakes]:
        """The items of a text, which may hold a chain or a merge in parentheses, and the mistakes in it."""
        known = self._parts.get(node)
        if known is None:
            if STRUCTURE.search(node.text) is None:
                return [node], ()
            from cnncalc.reading.inline import expand_item  # specs that spell out every item need none

            parts, mistakes = expand_item(node, self.limits)
            known = self._parts[node] = parts, tuple(mistakes)
        return known

    def item(self, node: SpecNode) -> tuple[Item | None, Mistakes]:
        """The item that a node holds, None if it holds none, and the mistakes in it."""
        return self._items.item(node)

    def placed_item(self, node: SpecNode) -> Item | None:
        """The item that a node holds, with every argument at its own position in the text."""
        return self._items.placed(node)

    def layer_item(self, node: SpecNode) -> tuple[Item | None, Mistakes]:
        """The item of a node that can hold no block, a layer inside a wrapper or an activation, and its mistakes."""
        return self._layer_items.placed(node), self._layer_items.item(node)[1]

    def constructions(self, setting: Setting) -> Kept[ItemKey, Construction]:
        """The layers of the items under a setting."""
        return self._constructions.setdefault(setting, Kept())

    def instances(self, setting: Setting, variables: AnyMapping[str, object]) -> Kept[InstanceKey, Instance]:
        """The instances of blocks under a setting, in which the model's variables have these values."""
        return self._instances(setting, repr(variables))


def _no_instances(*_key: object) -> Kept[InstanceKey, Instance]:
    return Kept()


class ItemMemo:
    """Items by their nodes. Equal texts, and equal plain values, are taken apart once and share their arguments."""

    def __init__(self, blocks: frozenset[str]) -> None:
        self._blocks = blocks
        self._items: dict[SpecNode, Item | None] = {}
        self._mistakes: dict[SpecNode, Mistakes] = {}
        self._texts: dict[str, tuple[Scalar, Item]] = {}
        self._plain: dict[PlainKey, PlainArguments] = {}
        self._shared: dict[SpecNode, tuple[Scalar, Item]] = {}
        """For each node whose item has the arguments of an earlier one with the same text, the earlier one."""

    def item(self, node: SpecNode) -> tuple[Item | None, Mistakes]:
        """The item of a node, and the mistakes in it. One of plain words is not kept: it is made in no time."""
        if isinstance(node, Words):
            return item_of_words(node), ()
        if node not in self._items:
            if isinstance(node, Scalar) and (words := item_of_literal_words(node)):
                return words, ()
            if isinstance(node, SpeltLayer) and (spelt := item_of_spelt(node)):
                return spelt, ()
            self._items[node] = self._taken_apart(node)
        return self._items[node], self._mistakes.get(node, ())

    def placed(self, node: SpecNode) -> Item | None:
        """The item of a node, with every argument at its own position in the text."""
        if isinstance(node, PlainMapping) and (fresh := plain_item(node, {})):
            return fresh
        item, first = self.item(node)[0], self._shared.get(node)
        if item and item.given is None and (item.common or isinstance(node, SpeltLayer)):
            return self._taken_apart(node)
        return moved(first[1], node.start - first[0].start) if first else item

    def _taken_apart(self, node: SpecNode) -> Item | None:
        if isinstance(node, PlainMapping) and (plain := plain_item(node, self._plain)):
            return plain
        literal = node if isinstance(node, Scalar) and is_literal(node) else None
        first = self._texts.get(literal.text) if literal else None
        if literal and first and (item := same_text(first[1], literal, literal.start - first[0].start)):
            self._shared[node] = first
            return item
        mistakes: list[Diagnostic] = []
        item = take_apart(node, self._is_head, mistakes.append)
        if mistakes:
            self._mistakes[node] = tuple(mistakes)
        elif literal and item:
            self._texts.setdefault(literal.text, (literal, item))
        return item

    def _is_head(self, word: str) -> bool:
        return word in self._blocks or is_canonical(word)
