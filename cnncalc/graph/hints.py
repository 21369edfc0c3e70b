"""The text to write in place of what cannot be read. A hint that offers a text offers one that can be read there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from cnncalc.diagnostics import Refusal, UnknownLayerError, did_you_mean
from cnncalc.layers.base import Layer
from cnncalc.layers.declare import Field
from cnncalc.layers.registry import find
from cnncalc.reading.nodes import SpecNode
from cnncalc.reading.scalars import value_of
from cnncalc.reading.sizes import has_unsized, meant_axes, with_capitals, without_batch

_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,9})?)%")
_UNIT = re.compile(r"[x×]?([0-9]{1,20})(?:px|pixels?|[x×])?,?")
_WORD_AFTER = re.compile(r"[\s,;]*([A-Za-z_][\w.]*)")
_NAME = re.compile(r"(?:(.*)\.)?([A-Za-z]\w*?)_?([0-9]+)")

NO_BATCH = "shapes have no batch axis"


# --- numbers and sizes ---------------------------------------------------------------------------------------------


def meant(value: object) -> Iterator[str]:
    """The texts that may have been meant by one that is neither a number nor a list of sizes; likelier ones first."""
    if not isinstance(value, str):
        return
    if _THOUSANDS.fullmatch(value):
        yield value.replace(",", "")
    axes = meant_axes(value)
    if axes and axes != value:
        yield axes
    if percent := _PERCENT.fullmatch(value):
        yield str(Decimal(percent[1]) / 100)
    unit = _UNIT.fullmatch(value)
    if unit and unit[1] not in (value, axes):
        yield unit[1]


def readable(value: object, reads: Callable[[Any], bool], node: SpecNode | None = None) -> str:
    """`write X` for the texts that may have been meant, as far as they can be read; else nothing.

    `node` is where the value is written: what follows its comma decides what to write in place of that.
    """
    found = [text for text in meant(value) if reads(value_of(text))]
    if not found:
        return ""
    assert isinstance(value, str)
    end = _after_comma(node) if value[-1] in ",;" else ""
    return f"write {' or '.join(found)}{end}"


def _after_comma(node: SpecNode | None) -> str:
    """The text to write in place of the comma that ends a value."""
    following = _WORD_AFTER.match(node.source.text, node.end) if node else None
    if node is not None and (following is None or find(following[1]) is None):
        return ", without the comma"
    before = node.source.text[: node.start] if node else ""
    sign = "|" if before.count("(") > before.count(")") else "->"
    return f", and {sign} before the next layer"


def fits(field: Field) -> Callable[[Any], bool]:
    """Whether a field takes a value."""

    def reads(value: Any) -> bool:
        try:
            field.parse(value)
        except Refusal:
            return False
        return True

    return reads


def shape_hint(value: object) -> str:
    """The text to write in place of a value that cannot be the shape of an input."""
    text = ", ".join(map(str, value)) if isinstance(value, list) else value
    if isinstance(text, str):
        without = without_batch(text)
        if without:
            return f"{NO_BATCH}: write {without}"
        if has_unsized(text):
            return "every size is a whole number from 1; choose one, such as 224x224x3"
        if letters := with_capitals(text):
            return f"write numbers, here or in --input; cnncalc summary SPEC --input {letters} prints formulas"
        if re.search("[0-9]\\.[0-9]", text):
            return "every size is a whole number from 1, without a decimal point"
        if "0" in re.findall("[0-9]+", text):
            return "every size is at least 1"
        if text[-1:] in ("-", "=") and (axes := meant_axes(text.rstrip(" -="))):
            return f"write {axes}, and the arrow as ->"
        axes = meant_axes(text.strip(" ()[]"))
        if axes and axes != text:
            return f"write {axes}{', and -> before the next layer' if text[-1] in ',;' else ''}"
    return "write for example 32x32x3, without the batch"


def from_habit(value: object, kind: type[Layer]) -> str:
    """The hint for other notations: `/2` for a stride, `6@5x5` for filters, `*3` for a repeat, `softmax 10`."""
    text = value if isinstance(value, str) else ""
    if repeated := re.fullmatch(r"[0-9]+(?:x[0-9]+)+\*([0-9]{1,6})", text):
        return f"to repeat the layer, write it in parentheses: ({kind.type} …)*{repeated[1]}"
    if maps := re.fullmatch(r"([0-9]+)@([0-9]+(?:x[0-9]+)*)", text):
        return f"write {maps[1]} {maps[2]}"
    stride = re.fullmatch(r"/([1-9][0-9]?)", text)
    if stride and "stride" in kind.fields:
        return f"write s{stride[1]} for a stride of {stride[1]}"
    if isinstance(value, int) and not isinstance(value, bool) and "num_parameters" in kind.fields:
        return f"write num_parameters={value}"
    if isinstance(value, int) and not isinstance(value, bool) and kind.role in ("activation", "softmax"):
        return f"write dense {value} {kind.type} for {value} outputs"
    return ""


# --- names ---------------------------------------------------------------------------------------------------------


def layer_hint(name: str, names: Iterable[str]) -> str:
    """The hint where no layer is called `name`: the name after its type's own, the closest, or which there are."""
    known = list(names)
    some = f"the layers are {', '.join(known[:12])}{', …' if len(known) > 12 else ''}" if known else "it has none"
    return alias_hint(name, known) or did_you_mean(name, known) or some


def alias_hint(name: str, known: Iterable[str]) -> str:
    """For `fc_1` where the layer was named `dense_1`, after its type's own name; else nothing."""
    found = _NAME.fullmatch(name)
    kind = find(found[2]) if found else None
    if found is None or kind is None or kind[0].type == found[2]:
        return ""
    own = f"{found[1]}.{kind[0].type}" if found[1] else kind[0].type
    named = f"{own}_{found[3]}"
    if named not in known:
        alike = [each for each in known if each.rpartition("_")[0] == own]
        listed = f"{found[2]} is another name of {kind[0].type}, whose layers here are {', '.join(alike[:12])}"
        return listed if alike else ""
    return f'{found[2]} is another name of {kind[0].type}: did you mean "{named}"?'


def unknown_layer(name: str, names: Iterable[str]) -> UnknownLayerError:
    """The error of the Python API where no layer is called `name`."""
    return UnknownLayerError(f'there is no layer "{name}": {layer_hint(str(name), names)}')
