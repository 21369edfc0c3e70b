"""A draft as the text of a spec, as a person would have written it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from collections.abc import Mapping as AnyMapping
from typing import NamedTuple

from cnncalc.arithmetic.convention import CONVENTIONS, Shape
from cnncalc.arithmetic.convention import setting as make_setting
from cnncalc.importing.draft import Draft
from cnncalc.importing.spec.block_names import Namer
from cnncalc.importing.spec.blocks import BlockLines, find_blocks
from cnncalc.importing.spec.elements import Element, Reader
from cnncalc.importing.spec.flat_text import input_text, layer_lines
from cnncalc.importing.spec.item_names import names_in
from cnncalc.importing.spec.item_text import SpecExpression, Style, flow, quoted
from cnncalc.importing.spec.names import file_name, fit, stem_of
from cnncalc.importing.spec.order import by_outputs
from cnncalc.importing.spec.shared import shared_blocks
from cnncalc.importing.spec.tree import tree_of
from cnncalc.importing.spec.yaml_text import Writer
from cnncalc.number_text import show_shape
from cnncalc.reading.nodes import Mapping, Scalar, Sequence

_MOST_LAYERS = 3_000
"""Drafts of more layers are written once."""
_SHORT = 30
"""A text of so few lines is kept."""
_LONG = 150
"""A text of more lines is also written with blocks that are read at a glance, and of which longer ones are made."""
_USUAL, _ANY, _SMALL = BlockLines(), BlockLines(least=2), BlockLines(most=20)
_GAIN = 0.9
"""The part of a text's lines that another may have to take its place."""


class Facts(NamedTuple):
    """The results of building the draft: the shapes that flow into each layer, by its name, and the totals."""

    inputs: AnyMapping[str, Shape]
    shapes: AnyMapping[str, tuple[Shape, ...]]
    outputs: AnyMapping[str, Shape]
    totals: AnyMapping[str, int]


def written(draft: Draft, facts: Facts) -> Iterator[str]:
    """The YAML texts of a draft, the best first: the usual one, unless another is much shorter."""
    texts = [_text(draft, facts, _USUAL)]
    if len(draft.layers) <= _MOST_LAYERS and _lines(texts[0]) > _SHORT:
        ordered = by_outputs(draft)
        texts.append(_text(draft, facts, _ANY))
        if ordered is not draft:
            texts += [_text(ordered, facts, lines) for lines in (_USUAL, _ANY)]
        texts.append(_text(ordered, facts, _ANY, words=True))
        if min(map(_lines, texts)) > _LONG:
            texts.append(_text(ordered, facts, _SMALL))
    while texts:
        best = texts[0]
        for text in texts[1:]:
            best = text if _lines(text) < _GAIN * _lines(best) else best
        texts.remove(best)
        yield best


def _lines(text: str) -> int:
    return text.count("\n")


def _text(draft: Draft, facts: Facts, lines_of_blocks: BlockLines, *, words: bool = False) -> str:
    """The YAML text with the layers in the order of a draft, and with blocks of some sizes.

    With `words`, the activation of a block's items may be a parameter.
    """
    style = Style(draft.convention)
    tree = tree_of(draft, style)
    reader = Reader(style, make_setting(draft.convention, draft.layout), facts.shapes, words=words)
    variables = _name_classes(draft, facts, reader)
    items: list[Element] = list(tree.items)
    namer = Namer()
    blocks = shared_blocks(items, reader, namer) + find_blocks(items, reader, namer, lines_of_blocks)
    names = names_in(draft, items)
    writer = Writer(reader, style, names)
    lines = [*_head(draft, facts, variables)]
    if blocks:
        lines.append("blocks:")
        lines += [line for block in blocks for line in writer.block(block)]
    reader.loose = False
    lines += ["layers:", *writer.items(items, 2)]
    if len(draft.outputs) != 1 or items[-1].result != draft.outputs[0]:
        lines.append(f"outputs: {flow([names[each] for each in draft.outputs])}")
    return "\n".join([*lines, *_expectations(facts)]) + "\n"


def flat_text(draft: Draft, root: Mapping, facts: Facts) -> str:
    """The YAML text of a flat spec."""
    layers, outputs = root.get("layers"), root.get("outputs")
    assert isinstance(layers, Sequence)
    lines = [*_head(draft, facts, {}, input_text(root.get("input"))), "layers:"]
    lines += layer_lines(layers.items, Style(draft.convention))
    if isinstance(outputs, Sequence):
        lines.append(f"outputs: {flow([each.text for each in outputs.items if isinstance(each, Scalar)])}")
    return "\n".join([*lines, *_expectations(facts)]) + "\n"


def _head(draft: Draft, facts: Facts, variables: dict[str, int], inputs: str = "") -> Iterator[str]:
    """The keys before the layers."""
    yield f"# Imported from {file_name(draft.source.name)}, {draft.format}."
    yield f"name: {quoted(fit(draft.name or stem_of(draft.source.name)))}"
    for key in ("description", "year", "source"):
        if text := draft.texts.get(key):
            yield f"{key}: {quoted(textwrap.shorten(text, 300))}"
    yield f"convention: {draft.convention}"
    if draft.layout != CONVENTIONS[draft.convention].layout:
        yield f"layout: {draft.layout}"
    shapes = {fit(name): shape[0] if len(shape) == 1 else show_shape(shape) for name, shape in facts.inputs.items()}
    yield f"input: {inputs or (next(iter(shapes.values())) if len(shapes) == 1 else flow(shapes))}"
    if variables:
        yield f"variables: {flow(variables)}"


def _expectations(facts: Facts) -> Iterator[str]:
    shapes = [shape[0] if len(shape) == 1 else show_shape(shape) for shape in facts.outputs.values()]
    output = {"output": shapes[0]} if len(shapes) == 1 else {}
    yield f"expect: {flow({**output, **facts.totals})}"


def _name_classes(draft: Draft, facts: Facts, reader: Reader) -> dict[str, int]:
    """`classes` in place of the units of the last layer that learns, if the output has as many numbers."""
    if len(draft.outputs) != 1 or len(facts.outputs) != 1:
        return {}
    (shape,) = facts.outputs.values()
    last = next((layer for layer in reversed(draft.layers) if layer.type in ("dense", "conv")), None)
    name = "units" if last is not None and last.type == "dense" else "filters"
    count = last.arguments.get(name) if last is not None else None
    if last is None or not isinstance(count, int) or count < 2 or tuple(each for each in shape if each > 1) != (count,):
        return {}
    reader.fields(last)[name] = SpecExpression("${classes}")
    return {"classes": count}
