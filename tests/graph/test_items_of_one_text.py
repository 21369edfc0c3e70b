"""Items of one text: their words, keys and mistakes, and the arguments and layers that equal ones share."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Source
from cnncalc.graph.kept import Kept
from cnncalc.graph.memo import BuildCache, SpecMemo
from cnncalc.reading.limits import Limits
from cnncalc.reading.nodes import Mapping, Scalar, Sequence
from cnncalc.reading.plain_mapping import PlainMapping
from cnncalc.reading.yaml_reader import read_yaml
from tests.graph.facts import IMAGE, mistakes_of, shapes_of
from tests.graph.test_plans import built

PAIRS = (
    ("{conv: {filters: 5, kernel: 1}, bias: false}", "{conv: {filters: 5, kernel: 1}}"),
    ("{conv: {filters: 5, kernel: 1}, bias: false, stride: 1}", "{conv: {filters: 5, kernel: 1}, stride: 1}"),
    ("{conv: {filters: 5, kernel: 1, name: a}}", "{conv: {filters: 5, kernel: 1, name: b, bias: false}}"),
    ("{conv: {filters: 5, kernel: 1, bias: false}}", "{conv: {filters: 5, kernel: 1}}"),
    ("{conv: {filters: 5, kernel: [1, 3]}}", "{conv: {filters: 5, kernel: [3, 1]}}"),
    ("{conv: {filters: 5, kernel: 1, padding: [[0, 1], [0, 0]]}}", "{conv: {filters: 5, kernel: 1, padding: 1}}"),
    (
        "{conv: {filters: 5, kernel: 1, padding: [[0, 1], [0, 0]]}}",
        "{conv: {filters: 5, kernel: 1, padding: [[1, 0], [0, 0]]}}",
    ),
    ("{max_pool: {kernel: 3, padding: same}}", "{max_pool: {kernel: 3, padding: valid}}"),
    ("conv 5 1 bias=false", "conv 5 1"),
    ("conv 5 1 name=a bias=false", "conv 5 1 name=b"),
    ("{time_distributed: {layer: {dense: 5}}}", "{time_distributed: {layer: {dense: 7}}}"),
    ("nn.Conv2d(3, 3, 1, bias=False)", "nn.Conv2d(3, 3, 1)"),
    ("{relu: }", "{relu: ~}"),
)


def layers_of(*items: str) -> list[str]:
    """The layers of items one after the other; each has the input's height and width, so that its layer is built."""
    found = built(f"input: 13x11x3\nlayers: [{', '.join(items)}]", BuildCache())
    return [layer.rpartition(" (")[0] for layer in found[1:]]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_similar_items_of_one_text(first: str, second: str) -> None:
    alone = layers_of(first) + layers_of(second)
    assert len(alone) == 2
    assert layers_of(first, second) == alone
    assert layers_of(second, first) == alone[::-1]


def memo_of(text: str) -> tuple[SpecMemo, Sequence]:
    """The memory of a text, and its list of layers."""
    root, _ = read_yaml(Source("a.yaml", text))
    assert isinstance(root, Mapping)
    layers = root.get("layers")
    assert isinstance(layers, Sequence)
    return BuildCache().spec(root, Limits()), layers


KEYS = (
    # The key that equal items share; None for one that is read each time.
    ("conv 5 3 p1", ("conv 5 3 p1",)),
    ("conv 5 3 p1 name=a trainable=false", ("conv 5 3 p1",)),
    ("conv 5 name=a 3", ("conv", "5", "3")),
    ("conv 5 kernel=3 name=a", ("conv", "5", "kernel=3")),
    ("{conv: {filters: 5, kernel: 3}}", ("conv", "filters", "5", "kernel", "3")),
    ("{conv: {filters: 5, name: a, kernel: 3}}", ("conv", "filters", "5", "kernel", "3")),
    ("{conv: {filters: '5', kernel: 3}}", ("conv", "filters", '"5"', "kernel", "3")),
    ("{conv: {filters: 5, kernel: [3, 1]}}", ("conv", "filters", "5", "kernel", "[3,1]")),
    ("{conv: {filters: 5, kernel: ['3', 1]}}", None),
    ("{conv: {filters: 5, kernel: [[3], 1]}}", None),
    ("{conv: {filters: 5, kernel: {a: 1}}}", None),
    ("{conv: {filters: 5}, kernel: 3}", None),
    ("{conv: {filters: 5}, name: a}", None),
    ("{conv: [5, 3]}", None),
    ("{conv: 5 3}", None),
    ("{layers: [relu]}", None),
    ("{activation: relu}", None),
)


@pytest.mark.parametrize(("item", "key"), KEYS)
def test_the_key_that_equal_items_share(item: str, key: tuple[str, ...] | None) -> None:
    """The texts of a type and its own fields: quoted ones are marked, and a name is no part of it."""
    memo, layers = memo_of(f"layers: [{item}]")
    found, mistakes = memo.item(layers.items[0])
    assert found is not None
    assert not mistakes
    assert found.key == key


@pytest.mark.parametrize(
    ("item", "common", "arguments"),
    [
        ("conv 5 3 name=a", {"name": "a"}, ["5", "3"]),
        ("conv  5  3x1  from=b,c  name=a.1", {"from": "b,c", "name": "a.1"}, ["5", "3x1"]),
        ("add from=-1", {"from": "-1"}, []),
        ("conv 5 3 when=true repeat=2 bias=false", {"when": "true", "repeat": "2"}, ["5", "3", "false"]),
        ("conv 5 3 name=a kernel", {"name": "a"}, ["5", "3", "kernel"]),
        ("conv 5 3 name='a'", {"name": "a"}, ["5", "3"]),
    ],
)
def test_what_every_item_may_carry_after_the_words(item: str, common: dict[str, str], arguments: list[str]) -> None:
    """The keys and the arguments are at their places, however the text is taken apart."""
    memo, layers = memo_of(f"layers:\n  - {item}\n")
    for found in (memo.item(layers.items[0])[0], memo.placed_item(layers.items[0])):
        assert found is not None
        assert {key: node.text for key, node in found.common.items() if isinstance(node, Scalar)} == common
        nodes = [*found.common.values(), *[argument.value for argument in found.arguments]]
        assert [node.source.text[node.start : node.end].strip("'") for node in nodes] == [*common.values(), *arguments]


OF_A_GROUP = "a group may carry name, from, activation, trainable, share_weights, expect, budget, when, repeat, lint"
TWO = "give each layer its own list item, with a dash before it"
OF_CONV = "it has filters, kernel, stride, padding, dilation, bias, rounding, padding_mode, groups"
WRONG = (
    ("{layers: {a: b}}", "2:19 E209", "`layers` needs a list, got a mapping", "begin each layer with a dash: - a: …"),
    ("{layers: ''}", "2:19 E209", "`layers` needs a list, got a text", ""),
    ("{layers: }", "2:19 E209", "`layers` needs a list, got a text", ""),
    ("{layers: ~}", "2:19 E209", "an item is empty", 'write a layer, such as "conv 20 3x3"'),
    ("{layers: [relu], nam: q}", "2:27 E201", 'unknown key "nam" in a group', 'did you mean "name"?'),
    ("{layers: [relu], zz: q}", "2:27 E201", 'unknown key "zz" in a group', OF_A_GROUP),
    ("{conv: 5 3, relu: ~}", "2:22 E209", '"conv" and "relu" appear in one item', TWO),
    ("{conv: 5 3, abs: ~, relu: ~}", "2:22 E209", '"conv" and "abs" appear in one item', TWO),
    ("{name: a}", "2:10 E209", "this item names no layer", 'write a type, such as "conv: {...}"'),
    ("{nope: {a: 1}, b: 3}", "2:11 E202", 'unknown layer type "nope"', 'did you mean "rope"?'),
    ("{conv: 5 3, b: 3}", "2:22 E203", 'conv has no field "b"', OF_CONV),
    ("{conv: 5 3, bias: true, b: 3}", "2:34 E203", 'conv has no field "b"', OF_CONV),
    ("{conv: {branches: 3, filters: 5, kernel: 3}}", "2:18 E203", 'conv has no field "branches"', OF_CONV),
    ("{conv: {filters: 5, kernel: 3, name: a}, name: b}", "2:41 E102", '"name" is given twice (first on line 2)', ""),
)


@pytest.mark.parametrize(("item", "place", "message", "hint"), WRONG)
def test_a_mistake_in_a_mapping(item: str, place: str, message: str, hint: str) -> None:
    assert mistakes_of(f"{IMAGE}layers: [{item}]") == [(place, message, hint)]


@pytest.mark.parametrize(
    ("item", "shapes"),
    [
        ("{layers: relu}", "relu_1 13x11x3"),
        ("{relu: null}", "relu_1 13x11x3"),
        ("{relu: ''}", "relu_1 13x11x3"),
        ("{relu: ~, name: a}", "a 13x11x3"),
        ("{conv: 5 3, name: a, stride: 2}", "a 6x5x5"),
        ("{add: {branches: [[relu], []]}, name: a}", "relu_1 13x11x3; a 13x11x3"),
    ],
)
def test_a_mapping_of_few_words(item: str, shapes: str) -> None:
    """(13 - 3)/2 + 1 = 6 and (11 - 3)/2 + 1 = 5."""
    assert shapes_of(f"{IMAGE}layers: [{item}]") == shapes


WORDS = (
    ("conv 5 3 p1", ["5", "3", "p1"]),
    ("relu", []),
    ("conv  5   3", ["5", "3"]),
    ("conv 5 kernel=3", None),
    ("'conv 5 3'", None),  # positions inside quotes are not those of the text
    ("'conv 5 \"3\"'", None),
    ("{conv: 5 3}", None),
    ("{layers: [relu]}", None),
)


@pytest.mark.parametrize(("item", "words"), WORDS)
def test_the_words_of_an_item_of_plain_words(item: str, words: list[str] | None) -> None:
    memo, layers = memo_of(f"layers: [{item}]")
    found, _ = memo.item(layers.items[0])
    assert found is not None
    assert (found.given is None) == (words is not None)
    if words is not None:
        assert [argument.value.text for argument in found.arguments if isinstance(argument.value, Scalar)] == words


def test_each_node_is_taken_apart_once() -> None:
    """Its parts and its item are the same objects when it is met again; an item of plain words is made again."""
    memo, layers = memo_of("layers: [relu -> abs, relu, conv 5 k=3]")
    chain, plain, item = layers.items
    assert isinstance(chain, Scalar)
    assert isinstance(plain, Scalar)
    assert memo.parts(chain)[0] is memo.parts(chain)[0]
    assert [part.text for part in memo.parts(chain)[0] if isinstance(part, Scalar)] == ["relu", "abs"]
    assert memo.parts(plain) == ([plain], ())
    assert memo.item(item)[0] is memo.item(item)[0]
    assert memo.item(plain)[0] is not memo.item(plain)[0]


def test_arguments_of_a_model_file_s_layer_have_their_own_position() -> None:
    """The arguments of the second layer are those of the first, until its positions are needed."""
    memo, _ = memo_of("layers: [relu]")
    source = Source("net.onnx", "0123456789")
    nodes = [PlainMapping(source, place, place, {"dense": {"units": 5}}) for place in (3, 7)]
    first, second = (memo.item(node)[0] for node in nodes)
    assert first is not None
    assert second is not None
    assert second.arguments is first.arguments
    assert second.key == first.key == ("dense", "{'units': 5}")
    placed = memo.placed_item(nodes[1])
    assert placed is not None
    assert [argument.value.start for argument in placed.arguments] == [7]


def test_arguments_of_equal_texts_have_their_own_positions() -> None:
    """The second item's: its word, its arguments, their keys, and the numbers of a list."""
    memo, layers = memo_of("layers:\n - conv 5 kernel=[3, 1]\n - relu\n - conv 5 kernel=[3, 1]\n")
    shared = [memo.item(node)[0] for node in layers.items][2]
    placed = memo.placed_item(layers.items[2])
    assert placed is not None
    assert placed.head is not None
    assert shared is not None
    assert shared.head is not None
    assert (shared.head.start, shared.head.end) == (placed.head.start, placed.head.end)
    kernel = placed.arguments[1].value
    assert isinstance(kernel, Sequence)
    text = placed.node.source.text
    found = [placed.head, *(node for each in placed.arguments for node in (each.key, each.value) if node)]
    assert [text[node.start : node.end] for node in found] == ["conv", "5", "kernel", "[3, 1]"]
    assert [text[node.start : node.end] for node in kernel.items] == ["3", "1"]
    assert min(node.start for node in found) == placed.node.start == text.rindex("conv")


def test_the_number_of_values_that_are_kept() -> None:
    """As many as 16,384 small ones; one more drops them."""
    kept: Kept[str, int] = Kept()
    kept.keep("a", 1, size=16_383)
    kept.keep("b", 1)
    assert list(kept) == ["a", "b"]
    kept.keep("c", 1)
    assert list(kept) == ["c"]
