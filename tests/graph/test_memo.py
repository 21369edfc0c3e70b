"""One cache for many builds: what they give, and report, is what each gives with a cache of its own."""

from __future__ import annotations

import textwrap
from typing import Any

import pytest

from cnncalc.analysis.figures import report_on
from cnncalc.arithmetic.convention import CONVENTIONS, Setting
from cnncalc.diagnostics import Diagnostic, Source
from cnncalc.graph.document import Overrides, build
from cnncalc.graph.field_reader import FieldReader
from cnncalc.graph.items import Item, is_literal, take_apart
from cnncalc.graph.kept import Kept
from cnncalc.graph.memo import BuildCache
from cnncalc.graph.work import Work
from cnncalc.reading.bundled import bundled_names
from cnncalc.reading.limits import Limits
from cnncalc.reading.load import read
from cnncalc.reading.nodes import Mapping, Scalar, Sequence, SpecNode
from cnncalc.reading.yaml_reader import read_yaml
from tests.sweeps import sampled
from tests.together import for_each

Result = tuple[dict[str, object] | None, list[tuple[object, ...]]]


def root_of(text: str) -> Mapping:
    root, mistakes = read_yaml(Source("spec", textwrap.dedent(text)))
    assert isinstance(root, Mapping), mistakes
    return root


def facts(diagnostic: Diagnostic) -> tuple[object, ...]:
    return diagnostic.code, diagnostic.message, diagnostic.hint, diagnostic.line, diagnostic.column


def result(root: Mapping, overrides: Overrides, cache: BuildCache | None) -> Result:
    """The report of a spec, if it builds, and all that is wrong with it."""
    graph, diagnostics = build(root, overrides, cache)
    return report_on(graph).to_dict() if graph else None, [facts(each) for each in diagnostics]


def check(builds: list[tuple[Mapping, Overrides]]) -> list[Result]:
    """The results with one cache, forwards and backwards, which are those with a cache each."""
    alone = [result(*each, BuildCache()) for each in builds]
    shared, reverse = BuildCache(), BuildCache()
    assert [result(*each, shared) for each in builds] == alone
    assert [result(*each, reverse) for each in reversed(builds)] == alone[::-1]
    assert [result(*each, shared) for each in builds] == alone
    return alone


VARIANTS = """
    variables: {n: 8}
    variants: {small: {n: 4}, large: {n: 16}, again: {n: 8}}
"""
WRONG = {
    "no field takes a word": "[conv 8 3x3 nothing, relu]",
    "a key twice in an item": "['conv 8 3x3 name=a name=b', 'conv 8 3x3 name=c name=d']",
    "a mistake in each turn": "[{repeat: 20, layers: ['conv 8 3x3 name=${i} name=b', relu]}]",
    "an item is a list": "[[relu], conv 8 3x3]",
    "an arrow too many": "['conv 8 3x3 -> -> relu', dense 10]",
    "a chain in a branch is broken": "[{add: ['relu -> -> relu', [relu]]}, {add: ['relu -> -> relu', [relu]]}]",
    "an unknown type": "[cnov 8 3x3, cnov 8 3x3]",
    "an unknown activation": "[conv 8 3x3 activation=rleu, conv 4 3x3 activation=rleu]",
    "a key twice in it": "[{dense: 8, activation: elu name=a name=b}, {dense: 3, activation: elu name=a name=b}]",
    "a size that depends on the variant": "[conv 8 8x8, 'conv 8 ${n}x${n}', dense 10]",
    "a block with a mistake, twice": "[b, b]",
    "a block whose parameter is wrong": "[c 3, c 3, c x]",
    "a wrapped layer is wrong": "[time_distributed(cnov 8), time_distributed(cnov 8)]",
    "a call with a mistake": "['nn.Conv2d(3, 8, 3, nothing=1)', 'nn.Conv2d(3, 8, 3, nothing=1)']",
}  # fmt: skip


@for_each("layers", WRONG.values(), ids=WRONG)
def test_mistakes_are_reported_in_each_variant(layers: str) -> None:
    blocks = "blocks: {b: [conv 8 3x3 nothing, relu], c: {parameters: {k: ~}, layers: ['conv 8 ${k}']}}"
    root = root_of(f"input: 9x9x3\n{textwrap.dedent(VARIANTS)}{blocks}\nlayers: {layers}\n")
    found = check([(root, Overrides(variant=each)) for each in (None, "small", "large", "again")])
    assert found[0] == found[3]
    assert any(diagnostics for _, diagnostics in found)


@pytest.mark.parametrize("name", sampled(bundled_names(), every=48))
def test_bundled_variants_have_their_figures(name: str) -> None:
    root = read(name).root
    assert isinstance(root, Mapping)
    variants = root.get("variants")
    check([(root, Overrides(variant=each)) for each in (None, *(variants.entries if variants else ()))])


def test_a_setting_has_layers_of_its_own() -> None:
    """max_pool 3x3 s2 on 8x8: 3 rows in PyTorch's rule, (8 − 3)/2 + 1 rounded down; Caffe rounds up, to 4."""
    root = root_of("input: 8x8x3\nlayers: [max_pool 3x3 s2, {dense: 5, activation: leaky_relu}]")
    settings = [Overrides(convention=each) for each in ("pytorch", "caffe", "keras", "formula", "pytorch")]
    found = check([(root, each._replace(layout="HWC")) for each in settings])
    shapes = [report["layers"][0]["output_shape"] for report, _ in found]
    assert shapes == [[3, 3, 3], [4, 4, 3], [3, 3, 3], [3, 3, 3], [3, 3, 3]]


def test_blocks_and_limits_decide_how_a_text_is_read() -> None:
    """`net` is a block in the one, an unknown type in the other; three levels of nesting are allowed, then one."""
    nested = "{add: [['(relu -> (relu -> (relu)*2)*2)*2'], [relu]]}"
    with_block = root_of(f"input: 4x4x3\nblocks: {{net: [relu]}}\nlayers: [net, {nested}]")
    without = Mapping(with_block.source, with_block.start, with_block.end, {
        key: entry for key, entry in with_block.entries.items() if key != "blocks"
    })  # fmt: skip
    limits = (Limits(), Limits(nesting=2), Limits())
    found = check([(root, Overrides(limits=each)) for each in limits for root in (with_block, without)])
    codes = [[code for code, *_ in diagnostics] for _, diagnostics in found]
    assert codes == [[], ["E202"], ["E103"], ["E202", "E103"], [], ["E202"]]


def test_equal_words_that_name_different_activations() -> None:
    """An activation that is an argument of a layer is a part of what makes two of them equal."""
    root = root_of("""
        input: 10x4
        layers:
          - rnn 8 activation=relu return_sequences=true
          - rnn 8 activation=tanh return_sequences=true
          - rnn 8 activation=relu return_sequences=true
    """)
    graph, _ = build(root)
    assert [node.layer.values()["nonlinearity"] for node in graph.nodes[1:]] == ["relu", "tanh", "relu"]


def test_equal_layers_are_one_object_in_one_cache() -> None:
    """The convolution of two texts and three places is one; another cache makes its own."""
    one = root_of("input: 9x9x3\nlayers: [conv 3 3x3 p1, relu, conv 3 3x3 p1 name=last]")
    other = root_of("input: 5x5x3\nlayers: [relu, conv 3 3x3 p1]")
    cache = BuildCache()
    places = ((one, 1), (one, 3), (other, 2))
    layers = [build(root, Overrides(), cache)[0].nodes[place].layer for root, place in places]
    assert layers[0] is layers[1] is layers[2]
    assert build(other)[0].nodes[2].layer is not layers[0]


def test_a_function_is_remembered_by_its_arguments() -> None:
    calls = []

    def double(number: int) -> int:
        calls.append(number)
        return 2 * number

    cache = BuildCache()
    assert [cache.remembering(double)(number) for number in (3, 5, 3)] == [6, 10, 6]
    assert calls == [3, 5]
    assert BuildCache().remembering(double)(3) == 6
    assert calls == [3, 5, 3]


def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnncalc.graph.kept.MOST_VALUES", 3)
    kept: Kept[int, int] = Kept()
    for number in range(8):
        kept.keep(number, number)
        assert len(kept) <= 3
    assert kept[7] == 7


def test_texts_are_forgotten_in_turn() -> None:
    """A lint worker checks thousands of texts: their nodes are kept for the last few alone."""
    import gc
    import weakref

    cache = BuildCache()
    texts = [root_of(f"input: 9x9x{depth}\nlayers: [conv 8 3x3]") for depth in range(1, 9)]
    memos = [weakref.ref(cache.spec(root, Limits())) for root in texts]
    gc.collect()
    assert [memo() is not None for memo in memos] == [False] * 4 + [True] * 4


def test_a_block_is_built_once_for_all_builds_of_a_text() -> None:
    """Three instances in two builds: one is built, the others have its layers; the items are read once."""
    root = root_of("input: 9x9x4\nblocks: {b: [conv 4 3x3 p1 name=c, relu]}\nlayers: [b name=x, b name=y]")
    cache, visited = BuildCache(), []
    spend, spend_layer = Work.spend, Work.spend_layer

    def counted(self: Work, what: str, amount: int, place: object) -> None:
        visited.append(what)
        spend(self, what, amount, place)

    def counted_layer(self: Work, layers: int, connections: int, place: object) -> None:
        visited.append("connections")
        spend_layer(self, layers, connections, place)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Work, "spend", counted)
        patch.setattr(Work, "spend_layer", counted_layer)
        first, _ = build(root, Overrides(), cache)
        of_first = visited.count("connections")
        second, _ = build(root, Overrides(), cache)
    assert [node.name for node in first.nodes] == ["input", "x.c", "x.relu_1", "y.c", "y.relu_1"]
    assert [node.name for node in second.nodes] == [node.name for node in first.nodes]
    assert [node.inputs for node in second.nodes] == [(), (0,), (1,), (2,), (3,)]
    assert of_first == 2 + 2  # for each layer that is built, and for the copy: when it is allowed, and when it is made
    assert visited.count("connections") - of_first == 2 * 2


def test_a_name_that_depends_on_names_outside_is_no_part_of_a_copy() -> None:
    """The first convolution of `b_1` is its second, as another layer has that name; that of `b_2` is its first."""
    root = root_of("""
        input: 8x8x3
        blocks: {b: [conv 3 3x3 p1]}
        layers: [relu name=b_1.conv_1, b, b]
    """)
    graph, _ = build(root)
    assert [node.name for node in graph.nodes[1:]] == ["b_1.conv_1", "b_1.conv_2", "b_2.conv_1"]


def test_a_name_of_an_input_is_outside_of_a_block() -> None:
    """The input has the name of the first block's convolution."""
    root = root_of("input: {b_1.conv_1: 8x8x3}\nblocks: {b: [conv 3 3x3 p1]}\nlayers: [b, b]")
    graph, _ = build(root)
    assert [node.name for node in graph.nodes] == ["b_1.conv_1", "b_1.conv_2", "b_2.conv_1"]


BLOCKS = {
    "variables of the model": "input: 8x8x4\nvariables: {n: 8}\nvariants: {s: {n: 4}, t: {n: 8}}\n"
    "blocks: {b: ['conv ${n} 3x3 p1', relu]}\nlayers: [b, b, {b: [], trainable: false}]",
    "another input": "input: 8x8x4\nvariables: {n: 2}\nvariants: {s: {n: 3}, t: {n: 2}}\n"
    "blocks: {b: [conv 4 3x3 p1, relu]}\nlayers: ['max_pool ${n}', b, b]",
    "a name outside": "input: 8x8x4\nvariables: {n: 2}\nvariants: {s: {n: 3}, t: {n: 2}}\n"
    "blocks: {b: [conv 4 3x3 p1, {add: {from: [conv_1, stem]}}]}\nlayers: [relu name=stem, b, b]",
    "a name taken in one variant": "input: 8x8x4\nvariables: {n: true}\nvariants: {s: {n: false}, t: {n: true}}\n"
    "blocks: {b: [conv 4 3x3 p1]}\nlayers: [{relu: {}, name: b_2.conv_1, when: '${n}'}, b, b]",
    "deeper than before": "input: 8x8x4\nvariables: {n: false}\nvariants: {s: {n: true}}\n"
    "blocks: {b: [relu, c], c: [[conv 4 1x1]]}\nlayers: [{layers: [{layers: [b]}], when: '${n}'}, b]",
}  # fmt: skip


@pytest.mark.parametrize("text", BLOCKS.values(), ids=BLOCKS)
def test_copies_of_blocks_are_what_building_them_gives(text: str) -> None:
    root = root_of(text)
    variants = root.get("variants")
    assert isinstance(variants, Mapping)
    settings = [Overrides(variant=name, convention=each)
                for each in ("formula", "pytorch") for name in (None, *variants.entries)]  # fmt: skip
    check([(root, each) for each in settings])


@pytest.mark.parametrize(
    ("layers", "reads"),
    [
        ("[conv 4 3x3 p1, conv 4 3x3 p1, conv 4 3x3 p1]", 1),
        ("['conv ${n} 1x1', 'conv ${n} 1x1']", 1),  # the same value of n
        ("[{repeat: 3, layers: ['conv ${i + 1} 1x1']}]", 3),  # another value of i each turn
        ("[{repeat: 3, layers: ['conv ${in.channels} 1x1']}]", 1),  # the same shape flows in
        ("['conv ${n} 1x1 name=a', 'conv ${n} 1x1 name=b']", 1),
        ("[conv 4 kernel=1, conv 4 kernel=1]", 1),
        ("[{conv: {filters: 4, kernel: [1, 1], name: a}}, {conv: {filters: 4, kernel: [1, 1], name: b}}]", 1),
        ("[{conv: {filters: 4, kernel: [1, 1]}}, {conv: {filters: 4, kernel: 1}}]", 2),
    ],
)
def test_equal_texts_of_layers_are_read_once(layers: str, reads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fields are read again only where an expression may have another value."""
    read_fields, seen = FieldReader._read, []

    def reading(self: FieldReader, item: Item, *args: Any) -> object:
        seen.append(item)
        return read_fields(self, item, *args)

    monkeypatch.setattr(FieldReader, "_read", reading)
    graph, _ = build(root_of(f"input: 8x8x4\nvariables: {{n: 4}}\nlayers: {layers}\n"), Overrides(), None)
    assert graph is not None
    assert len(seen) == reads


def test_values_are_dropped_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three small values are kept; a fourth drops them, and so does one that is as large as four."""
    monkeypatch.setattr("cnncalc.graph.kept.MOST_VALUES", 3)
    kept: Kept[str, int] = Kept()
    for key in "abc":
        kept.keep(key, 1)
    assert list(kept) == ["a", "b", "c"]
    for key in "def":
        kept.keep(key, 1)
    assert list(kept) == ["d", "e", "f"]
    kept.keep("g", 1, size=2)
    kept.keep("h", 1)
    assert list(kept) == ["g", "h"]
    kept.keep("i", 1, size=4)
    assert list(kept) == ["i"]


def test_texts_that_are_in_the_source_letter_by_letter() -> None:
    """Not an alias, and none with quotes or escapes: positions inside them are not those of the text."""
    node, _ = read_yaml(Source("a.yaml", '[&a relu, *a, "relu", "re\\u006cu", tanh]'))
    assert isinstance(node, Sequence)
    assert [isinstance(item, Scalar) and is_literal(item) for item in node.items] == [True, False, False, False, True]


def test_equal_texts_are_taken_apart_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those without mistakes: the mistakes of each have their own positions."""
    taken: list[SpecNode] = []

    def taking(node: SpecNode, *others: Any) -> Item | None:
        taken.append(node)
        return take_apart(node, *others)

    monkeypatch.setattr("cnncalc.graph.memo.take_apart", taking)
    layers = root_of("input: 9x9x3\nlayers: [conv 3 k=3, conv 3 k=3, conv 3 3 name=a name=b, conv 3 3 name=a name=b]")
    nodes = layers.get("layers")
    assert isinstance(nodes, Sequence)
    memo = BuildCache().spec(layers, Limits())
    found = [memo.item(node) for node in nodes.items]
    assert taken == [nodes.items[0], *nodes.items[2:]]
    assert [[mistake.column for mistake in mistakes] for _, mistakes in found] == [[], [], [50], [74]]


def test_instances_are_kept_for_two_sets_of_variables() -> None:
    """Those used last; with the same variables they are the same object."""
    root = root_of("input: 9x9x3\nlayers: [relu]")
    memo = BuildCache().spec(root, Limits())
    setting = Setting(CONVENTIONS["formula"], "HWC")
    first, second = (memo.instances(setting, {"a": value}) for value in (1, 2))
    assert memo.instances(setting, {"a": 1}) is first
    memo.instances(setting, {"a": 3})
    assert memo.instances(setting, {"a": 1}) is first
    assert memo.instances(setting, {"a": 2}) is not second


def test_an_instance_is_as_large_as_its_layers_and_one() -> None:
    """A block of two layers counts as three values, once for its two instances."""
    root = root_of("input: 9x9x4\nblocks: {b: [conv 4 3x3 p1, relu]}\nlayers: [b, b]")
    cache = BuildCache()
    graph, _ = build(root, Overrides(), cache)
    assert graph is not None
    kept = cache.spec(root, Limits()).instances(graph.setting, {})
    assert len(kept) == 1
    assert kept._held == 3
