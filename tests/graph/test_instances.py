"""Instances of a block that are copied from earlier ones: they are what building them gives."""

from __future__ import annotations

import textwrap

import pytest

from cnncalc.analysis.analyze import analyze, load
from cnncalc.diagnostics import SpecError
from cnncalc.graph.instances import Instances
from cnncalc.graph.model import Graph
from cnncalc.layers.base import Layer
from cnncalc.reading.bundled import bundled_names
from cnncalc.reading.limits import Limits
from tests.sweeps import sampled


def plain(value: object) -> object:
    """A layer as its type and fields, the layer inside a wrapper too; other values as they are."""
    if not isinstance(value, Layer):
        return value
    return value.type, {name: plain(each) for name, each in value.values().items()}


def facts(graph: Graph) -> list[tuple[object, ...]]:
    """All that a graph says of its nodes; layers by what they are."""
    return [
        (
            node.name, node.layer and plain(node.layer), node.inputs, node.shape, node.span.start,
            node.path, node.activation and node.activation.values(), node.trainable, node.shares, node.samples,
        )
        for node in graph.nodes
    ]  # fmt: skip


def without_copies(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Instances, "find", lambda self, key: None)


@pytest.mark.parametrize("name", sampled(bundled_names()))
def test_bundled_specs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    copied = load(name)
    without_copies(monkeypatch)
    built = load(name)
    assert facts(copied) == facts(built)
    assert copied.outputs == built.outputs
    assert [claim._replace(span=None) for claim in copied.claims] == [
        claim._replace(span=None) for claim in built.claims
    ]


SPECS = {
    "takes a layer outside": """
        input: 8x8x4
        blocks: {b: [conv 4 3x3 same, {add: {from: [relu_1, conv_1]}}]}
        layers: [relu, b, relu, b]
    """,
    "the same outside, named otherwise each time": """
        input: 8x8x4
        blocks: {b: {parameters: {above: ~}, layers: [relu name=own, {add: {from: [own, "${above}"]}}]}}
        layers: [relu name=a, relu name=c, b a, b c, b a]
    """,
    "the layer that flows in, by its name": """
        input: 8x8x4
        blocks: {b: [relu name=own, {add: {from: [own, a]}}]}
        layers: [relu name=a, b, b]
    """,
    "the layer that flows in, by its name, in a block inside": """
        input: 8x8x4
        blocks: {inner: [relu name=own, {add: {from: [own, a]}}], b: [inner]}
        layers: [relu name=a, b, b]
    """,
    "nothing in it": """
        input: 8x8x4
        blocks: {b: {parameters: {on: false}, layers: [{when: "${on}", layers: [relu]}]}}
        layers: [b, relu, b, b on=true, b, b on=true]
        outputs: {last: relu_1}
    """,
    "parts": """
        input: 8x8x4
        blocks: {b: [split 2, concat]}
        layers: [b, b, b]
    """,
    "frozen": """
        input: 8x8x4
        blocks: {b: [conv 4 1x1]}
        layers: [{b: ~, trainable: false}, b, {b: ~, trainable: false, repeat: 2}]
    """,
    "shared": """
        input: 8x8x4
        blocks: {b: [conv 4 1x1]}
        layers: [b name=x, {b: ~, name: y, share_weights: x}, b, {b: ~, name: z, share_weights: y}]
    """,
    "shared inside": """
        input: 8x8x4
        blocks: {b: [conv 4 1x1 name=a, conv 4 1x1 share_weights=a]}
        layers: [b, b]
    """,
    "in one another": """
        input: 8x8x4
        blocks:
          inner: {parameters: {w: ~}, layers: ["conv ${w} 1x1", relu name=end]}
          outer: [inner 4, {inner: 4, repeat: 2, name: turn}, relu from=turn.1.end]
        layers: [outer, outer, {outer: ~, repeat: 3}]
    """,
    "other input": """
        input: 16x16x4
        blocks: {b: [conv 4 3x3 s2 p1]}
        layers: [b, b, b]
    """,
    "expects": """
        input: 8x8x4
        blocks: {b: [{conv: 4 1x1, expect: {params: 20}}]}
        layers: [b, b, b]
    """,
    "true and one": """
        input: 8x8x4
        blocks: {b: {parameters: {x: ~}, layers: [{when: "${x == 1}", layers: ["conv 4 1x1 bias=${x}"]}]}}
        layers: [b true, relu, b true]
    """,
    "several regions": """
        input: {x: 8x8x4}
        blocks: {b: [conv 4 1x1]}
        layers: [b, {roi_align: {size: 8, regions: 5}}, b, b]
    """,
}


@pytest.mark.parametrize("text", SPECS.values(), ids=SPECS)
def test_what_hangs_on_more_than_parameters(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    text = textwrap.dedent(text)
    copied = load(text)
    without_copies(monkeypatch)
    assert facts(copied) == facts(load(text))


@pytest.mark.parametrize(
    ("block", "copies"), [("[conv 4 1x1]", 2), ("[conv 4 1x1, relu]", 2), ("[abs name=c, {add: {from: [r, c]}}]", 0)]
)
def test_equal_instances_are_built_once(block: str, copies: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of three are copies, however many layers a block has; not if it reads a layer outside."""
    made = []
    copy = Instances.copy
    monkeypatch.setattr(Instances, "copy", lambda *args: made.append(copy(*args)))
    load(f"input: 8x8x4\nblocks: {{b: {block}}}\nlayers: [relu name=r, b, b, b]\n")
    assert len(made) == copies


def test_a_name_that_is_taken_is_told() -> None:
    """The user's `b_2.conv_1` stands where the second instance's layer would."""
    text = "input: 8x8x4\nblocks: {b: [conv 4 1x1 name=c]}\nlayers: [relu name=b_2.c, b, b]\n"
    with pytest.raises(SpecError) as caught:
        load(text)
    (told,) = caught.value.diagnostics
    assert told.message == 'the name "b_2.c" is given twice (first on line 3)'


@pytest.mark.parametrize(("layers", "fits"), [(20, True), (19, False)])
def test_the_limit_counts_copies(layers: int, fits: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten turns of a block of two make twenty layers; the blocks count as turns."""
    text = "input: 8x8x4\nblocks: {b: [relu, relu]}\nlayers: [{b: ~, repeat: 10}]\n"
    for _ in ("copied", "built"):
        if fits:
            assert len(analyze(text, limits=Limits(layers=layers)).layers) == 20
        else:
            with pytest.raises(SpecError, match="too many layers"):
                analyze(text, limits=Limits(layers=layers))
        without_copies(monkeypatch)


@pytest.mark.parametrize(
    ("layers", "limit", "codes"),
    [
        ("lstm 3 layers=3", 3, []),
        ("lstm 3 layers=3", 2, ["E103"]),
        ("split 5", 5, []),
        ("split 5", 4, ["E103"]),
        ("conv 3 3 nothing -> relu", 2, ["E204"]),  # a layer that cannot be read counts once
    ],
)
def test_the_limit_counts_stacked_layers(layers: str, limit: int, codes: list[str]) -> None:
    found: list[str] = []
    try:
        load(f"7x5 -> {layers}", limits=Limits(layers=limit))
    except SpecError as error:
        found = [each.code for each in error.diagnostics]
    assert found == codes


def test_a_copy_whose_name_is_taken_counts_once() -> None:
    """A block that cannot be copied is built: 1 + 2 + 2 layers, and as many count against the limit."""
    spec = """
    input: 8x8x3
    blocks: {b: {layers: [conv 3 1x1, conv 3 1x1]}}
    layers:
      - conv: {filters: 3, kernel: 1, name: b_2.conv_1}
      - b
      - b
    """
    graph = load(textwrap.dedent(spec), limits=Limits(layers=5))
    assert [node.name for node in graph.nodes if node.layer] == [
        "b_2.conv_1", "b_1.conv_1", "b_1.conv_2", "b_2.conv_2", "b_2.conv_3",
    ]  # fmt: skip


def test_a_block_after_a_broken_layer_is_not_copied() -> None:
    """Its first layer needs the channels of a layer that is unknown: neither instance reports that again."""
    text = "input: 8x8x4\nblocks: {b: ['conv ${in.channels} 1 name=c', relu]}\nlayers: [rely, b, b, relu from=b_2.c]\n"
    with pytest.raises(SpecError) as caught:
        load(text)
    assert [each.message for each in caught.value.diagnostics] == ['unknown layer type "rely"']
