"""The YAML text of a spec: its head, its blocks, and its items, one to a line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cnncalc.importing.spec.elements import Element, Reader, Use, WrittenBlock, unwrapped
from cnncalc.importing.spec.item_names import ItemNames
from cnncalc.importing.spec.item_text import SpecExpression, Style, flow, quoted, wrapped_text
from cnncalc.importing.spec.tree import DraftItem
from cnncalc.layers.registry import find


class Writer:
    """Writes items. `names` are the names in the spec of what items refer to, by their names in the draft."""

    def __init__(self, reader: Reader, style: Style, names: ItemNames) -> None:
        self.reader = reader
        self.style = style
        self.names = names

    def block(self, block: WrittenBlock) -> Iterator[str]:
        slots = iter(block.texts)
        self.reader.loose = block.loose
        inner = Writer(self.reader, self.style, self.names.inside(block.items))
        if not block.parameters:
            yield f"  {block.name}:"
            yield from inner.items(block.items, 4, slots)
            return
        yield f"  {block.name}:"
        parameters = {each.name: each.default for each in block.parameters}
        yield f"    parameters: {flow(parameters)}"
        yield "    layers:"
        yield from inner.items(block.items, 6, slots)

    def items(self, elements: list[Element], indent: int, slots: Iterator[Any] | None = None) -> Iterator[str]:
        """The lines of a list; `slots` are the texts for the numbers of a block's items."""
        place = 0
        while place < len(elements):
            times, period = (1, 1) if slots is not None else self.repetition(elements, place)
            if times > 1 and period == 1:
                yield from self.item(elements[place + times - 1], indent, None, times, elements[place].sources)
            elif times > 1:
                yield f"{' ' * indent}- repeat: {times}"
                yield f"{' ' * indent}  layers:"
                yield from self.items(elements[place : place + period], indent + 4)
            else:
                yield from self.item(elements[place], indent, slots)
            place += times * period

    def repetition(self, elements: list[Element], place: int) -> tuple[int, int]:
        """Repetitions of the items from a position on, and the number of these items; (1, 1) if it saves nothing."""
        best, saved = (1, 1), 0
        for period in range(1, min(8, (len(elements) - place) // 2) + 1):
            times = 1
            while self.equal(elements, place, place + times * period, period):
                times += 1
            if period > 1 and elements[place + times * period - 1].is_named:
                times -= 1  # a name would be that of the whole group
            lines = period * (times - 1) - (2 if period > 1 else 1)
            if lines > saved:
                best, saved = (times, period), lines
        return best

    def equal(self, elements: list[Element], first: int, second: int, count: int) -> bool:
        if second + count > len(elements):
            return False
        for offset in range(count):
            one, other = elements[first + offset], elements[second + offset]
            if other.sources is not None or elements[second + offset - 1].is_named or (offset and one.sources):
                return False
            if self.reader.key(one) != self.reader.key(other) or not self.same_numbers(one, other):
                return False
        return True

    def same_numbers(self, one: Element, other: Element) -> bool:
        mine, theirs = self.reader.slots(one), self.reader.slots(other)
        return [slot.value for slot in mine] == [slot.value for slot in theirs]

    # --- one item --------------------------------------------------------------------------------------------------

    def item(
        self, element: Element, indent: int, slots: Iterator[Any] | None, times: int = 1,
        sources: tuple[str, ...] | None = None,
    ) -> Iterator[str]:  # fmt: skip
        common: dict[str, Any] = {}
        sources = sources if times > 1 else element.sources
        if sources is not None:
            names = [self.names[each] for each in sources]
            common["from"] = names if len(names) > 1 or _is_alone(element) else names[0]
        if times > 1:
            common["repeat"] = times
        if element.is_named:
            common["name"] = self.names[element.result]
        if isinstance(element, Use):
            if element.shares is not None:
                common["share_weights"] = self.names[element.shares]
            yield " " * indent + "- " + self.use(element, common, slots)
            return
        layer = element.layer
        if layer.shares:
            common["share_weights"] = self.names[layer.shares]
        if layer.trainable is not True:
            common["trainable"] = layer.trainable
        if element.branches is not None:
            yield from self.merge(element, indent, slots, common)
            return
        kinds, _ = unwrapped(layer)
        fields = self.fields(element, slots)
        if element.activation:
            word = next(slots) if slots is not None and self.reader.has_slot(element) else element.activation.type
            common = {"activation": word, **common}
        yield " " * indent + "- " + wrapped_text(kinds, fields, common, self.style)

    def fields(self, item: DraftItem, slots: Iterator[Any] | None) -> dict[str, Any]:
        fields = dict(self.reader.fields(item.layer))
        if slots is None:
            return fields
        for name, value in fields.items():
            if self.reader.is_list(name, value):
                fields[name] = [next(slots) for _ in value]
            elif self.reader.is_slot(name, value):
                fields[name] = self.slot(name, value, next(slots))
        return fields

    def slot(self, name: str, value: Any, text: Any) -> Any:
        """The text of a number of a block's item: of a kernel that all uses share, its sizes."""
        return value if name == "kernel" and not isinstance(text, SpecExpression) else text

    def use(self, use: Use, common: dict[str, Any], slots: Iterator[Any] | None) -> str:
        """The uses of a block in a row, as one item."""
        values = {name: next(slots) if slots is not None else value for name, value in use.values.items()}
        times = next(slots) if slots is not None else use.times
        if times != 1:
            common = {"repeat": times, **common}
        parameters = [each for each in use.block.parameters if each.name in values]
        given = {each.name: values[each.name] for each in parameters if repr(values[each.name]) != repr(each.default)}
        if times != 1 or any(isinstance(value, list) for value in given.values()):
            return flow({use.block.name: given, **common})
        required = [str(given.pop(each.name)) for each in parameters if each.default is None]
        rest = [_argument(name, value) for name, value in {**given, **common}.items()]
        return quoted(" ".join([use.block.name, *required, *rest]))

    def merge(self, item: DraftItem, indent: int, slots: Iterator[Any] | None, common: dict[str, Any]) -> Iterator[str]:
        """A merge with its branches, each a list of items; its own fields and the rest beside them."""
        lines: list[str] = []
        inner = indent + 6
        for branch in item.branches or ():
            texts = list(self.items(branch, inner, slots))  # type: ignore[arg-type]
            if not texts:
                lines.append(" " * (indent + 4) + "- []")
                continue
            lines.append(" " * (indent + 4) + "- " + texts[0].lstrip(" "))
            lines += texts[1:]
        fields, edge = self.fields(item, slots), " " * (indent + 2)
        yield f"{' ' * indent}- {item.layer.type}:"
        if fields:
            yield f"{edge}  branches:"
            yield from (f"  {line}" for line in lines)
            yield from (f"{edge}  {name}: {flow(value)}" for name, value in {**fields, **common}.items())
            return
        yield from lines
        yield from (f"{edge}{name}: {flow(value)}" for name, value in common.items())


def _argument(name: str, value: Any) -> str:
    """An argument of a block as it is written after its name: `s2` for a stride, `1x7` for a kernel."""
    if name == "kernel" and type(value) is str:
        return value
    text = str(value) if isinstance(value, SpecExpression) else flow(value)
    return f"s{text}" if name == "stride" else f"{name}={text}"


def _is_alone(element: Element) -> bool:
    """Whether an item is a merge without branches, which lists even a single input."""
    found = find(element.layer.type) if isinstance(element, DraftItem) else None
    return found is not None and found[0].branching and isinstance(element, DraftItem) and element.branches is None
