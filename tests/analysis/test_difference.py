"""What `diff` finds between two models: alignment, settings, wiring, figures, limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from itertools import pairwise
from random import Random

import pytest

import cnncalc
from cnncalc.analysis.analyze import examine
from cnncalc.analysis.difference.alignment import in_order, matches
from cnncalc.analysis.difference.diff import difference_of
from cnncalc.analysis.difference.fingerprint import items
from cnncalc.analysis.difference.limits import exceeded, read_limit
from cnncalc.analysis.difference.model import Difference, FigureChange, LayerChange
from tests.together import for_each
from tests.work import lines_run


def model(*layers: object, shape: str = "16x16x3") -> dict[str, object]:
    """A spec of these layers."""
    return {"input": shape, "layers": list(layers)}


def told(difference: Difference) -> list[tuple[str, str | None, str | None]]:
    """Each layer that was changed itself: status, old and new name."""
    return [
        (layer.status, layer.old and layer.old.name, layer.new and layer.new.name)
        for layer in difference.layers
        if layer.status != "affected"
    ]


def settings(layer: LayerChange) -> list[str]:
    return [f"{change.setting} {change.old} → {change.new}" for change in layer.settings]


# --- aligning sequences ----------------------------------------------------------------------------------------------


@for_each(
    ("old", "new", "pairs"),
    [
        ("", "", []),
        ("abc", "", []),
        ("abc", "abc", [(0, 0), (1, 1), (2, 2)]),
        ("abc", "xabc", [(0, 1), (1, 2), (2, 3)]),
        ("abc", "abxc", [(0, 0), (1, 1), (2, 3)]),
        ("abxc", "abc", [(0, 0), (1, 1), (3, 2)]),
        ("abc", "xyz", []),
        ("aab", "aaab", [(0, 0), (1, 1), (2, 3)]),  # of equal items the last is the new one
        ("aaab", "aab", [(0, 0), (1, 1), (3, 2)]),
        ("xaba", "aba", [(1, 0), (2, 1), (3, 2)]),
        ("aaxa", "baa", [(0, 1), (1, 2)]),
        ("xa", "aba", [(1, 0)]),  # of equal items the first is the old one
        ("aba", "xa", [(0, 1)]),
    ],
)
def test_matches(old: str, new: str, pairs: list[tuple[int, int]]) -> None:
    """The items that stand in both, worked out by hand."""
    assert matches(old, new) == pairs


def longest(old: str, new: str) -> int:
    """The length of a longest common subsequence, by the textbook's table."""
    row = [0] * (len(new) + 1)
    for a in old:
        before = row
        row = [0]
        for index, b in enumerate(new):
            row.append(before[index] + 1 if a == b else max(row[-1], before[index + 1]))
    return row[-1]


def words() -> Iterator[tuple[str, str]]:
    for seed in range(300):
        random = Random(seed)
        yield tuple("".join(random.choices("abcd", k=random.randrange(17))) for _ in range(2))  # type: ignore[misc]


def test_matches_are_in_order_and_as_many_as_can_be() -> None:
    """300 random pairs of words against the quadratic algorithm."""
    for old, new in words():
        found = matches(old, new)
        assert all(old[x] == new[y] for x, y in found)
        assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(found))
        assert len(found) == longest(old, new), (old, new)


def test_a_search_cut_short_still_aligns(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a search of at most three skipped items the matches are still true and in order."""
    monkeypatch.setattr("cnncalc.analysis.difference.alignment._FURTHEST", 3)
    total = 0
    for old, new in words():
        found = matches(old, new)
        assert all(old[x] == new[y] for x, y in found)
        assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(found))
        total += len(found)
    most = sum(longest(old, new) for old, new in words())
    assert 0.9 * most < total < most


def test_what_a_short_search_still_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal ends, and items among ten that the other side lacks: neither counts as skipped."""
    monkeypatch.setattr("cnncalc.analysis.difference.alignment._FURTHEST", 3)
    for old, new in words():
        found = matches(f"pqr{old}xyz", f"pqr{new}xyz")
        ends = [(len(old) + index, len(new) + index) for index in (3, 4, 5)]
        assert (found[:3], found[-3:]) == ([(0, 0), (1, 1), (2, 2)], ends)
    lone = [*range(10), "x", *range(10, 20)]
    for other, pair in ((["x", *range(20, 30)], (10, 0)), ([*range(20, 30), "x", 30], (10, 10))):
        assert matches(lone, other) == [pair]
        assert matches(other, lone) == [pair[::-1]]


def test_what_equals_nothing() -> None:
    """None matches nothing, not even None."""
    assert matches([None, 1, None], [None, 1, None]) == [(1, 1)]
    assert matches(["a", None, "z"], ["b", None, "z"]) == [(2, 2)]


def test_in_order() -> None:
    """Of 0→3, 1→0, 2→1, 3→2 the last three stand in order."""
    assert in_order([(0, 3), (1, 0), (2, 1), (3, 2)]) == {(1, 0), (2, 1), (3, 2)}
    assert in_order([(0, 0), (1, 2), (2, 4), (3, 1), (4, 5)]) == {(0, 0), (1, 2), (2, 4), (4, 5)}
    assert in_order([]) == set()


def test_the_largest_set_in_order() -> None:
    """200 random permutations against the quadratic algorithm."""
    for seed in range(200):
        order = list(range(Random(seed).randrange(1, 9)))
        Random(seed).shuffle(order)
        longest_to: list[int] = []
        for place, value in enumerate(order):
            longest_to.append(1 + max((longest_to[i] for i in range(place) if order[i] < value), default=0))
        found = sorted(in_order(list(enumerate(order))))
        assert len(found) == max(longest_to)
        assert all(a[0] < b[0] and a[1] < b[1] for a, b in pairwise(found))


# --- pairing layers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            model("conv 4 3x3", "relu", "conv 4 3x3", "relu"),
            model("conv 4 1x1", "conv 4 3x3", "relu", "conv 4 3x3", "relu"),
            [("added", None, "conv_1")],
            id="what is put in front renumbers the others and changes none",
        ),
        pytest.param(
            model("conv 4 3x3", "conv 4 3x3", "conv 8 3x3"),
            model("conv 4 3x3", "conv 4 3x3", "conv 4 3x3", "conv 8 3x3"),
            [("added", None, "conv_3")],
            id="of equal layers the last is the added one",
        ),
        pytest.param(
            model("conv 4 3x3", "batch_norm", "relu"), model("conv 4 3x3", "relu"),
            [("removed", "batch_norm_1", None)], id="removed from the middle",
        ),
        pytest.param(
            model("batch_norm", "relu"), model("relu"), [("removed", "batch_norm_1", None)], id="the first removed",
        ),
        pytest.param(
            model("conv 4 3x3", "batch_norm", "conv 8 3x3"), model("conv 4 3x3", "conv 9 3x3"),
            [("removed", "batch_norm_1", None), ("changed", "conv_2", "conv_2")], id="removed before what changed",
        ),
        pytest.param(
            model("conv 4 3x3", "relu", "conv 4 3x3", "relu"), model("conv 4 5x5", "relu", "conv 4 5x5", "relu"),
            [("changed", "conv_1", "conv_1"), ("changed", "conv_2", "conv_2")], id="changed between what stayed",
        ),
        pytest.param(
            model("conv 4 3x3", "max_pool 2"), model("conv 4 3x3", "avg_pool 2"),
            [("changed", "max_pool_1", "avg_pool_1")], id="another type of the family",
        ),
        pytest.param(
            model("conv 4 3x3 name=a", "conv 4 3x3 name=b", "conv 4 3x3 name=c"),
            model("conv 4 3x3 name=b", "conv 4 3x3 name=c", "conv 4 3x3 name=a"),
            [("moved", "a", "a")], id="names count for more than equal settings",
        ),
        pytest.param(
            model("relu name=a", "relu name=b", "relu name=c"),
            model("relu name=x", "relu name=b", "relu name=c", "relu name=a"),
            [("added", None, "x"), ("moved", "a", "a")], id="a moved layer takes no other's place",
        ),
        pytest.param(
            model("flatten", "dense 7", "relu"),
            model("flatten", "dense 5 name=head", "relu", "tanh name=dense_1"),
            [("changed", "dense_1", "head"), ("added", None, "dense_1")], id="a number taken by a later name",
        ),
        pytest.param(
            model("flatten", "dense 5 name=head", "relu", "tanh name=dense_1"),
            model("flatten", "dense 7", "relu"),
            [("changed", "head", "dense_1"), ("removed", "dense_1", None)], id="a number that was a later name",
        ),
        pytest.param(
            model("conv 4 3x3 name=a", "conv 4 3x3 name=b"), model("conv 4 3x3 name=a", "conv 4 3x3 name=c"),
            [("renamed", "b", "c")], id="another name for the same layer",
        ),
        pytest.param(
            model("flatten", "dense 7 name=a", "relu"), model("flatten", "dense 5 name=b", "relu"),
            [("changed", "a", "b")], id="another name and other settings, alone between the same neighbours",
        ),
        pytest.param(
            model("relu", "dropout 0.5", "flatten", "dense 7"), model("relu", "flatten", "dense 7", "dropout 0.5"),
            [("moved", "dropout_1", "dropout_1")], id="unnamed, and equal to the one that is left over",
        ),
        pytest.param(
            model("conv 4 3x3"), model("conv 4 3x3 stride=1 bias=true", {"conv": {"filters": 4, "kernel": 3}}),
            [("added", None, "conv_2")], id="a default that is written out is no change",
        ),
        pytest.param(
            model("relu", {"repeat": 2, "name": "s", "layers": ["conv 3 3x3 same", "relu"]}),
            model("relu", {"repeat": 3, "name": "s", "layers": ["conv 3 3x3 same", "relu"]}),
            [("added", None, "s.2.conv_1"), ("added", None, "s.2.relu_1")], id="one more round of a repeat",
        ),
        pytest.param(
            model({"name": "a", "layers": ["conv 4 3x3", "relu"]}),
            model({"name": "b", "layers": ["conv 4 3x3", "relu"]}),
            [("renamed", "a.conv_1", "b.conv_1"), ("renamed", "a.relu_1", "b.relu_1")], id="a block of another name",
        ),
        pytest.param(
            model({"name": "s", "layers": [{"name": "a", "layers": ["conv 4 3x3"]}, "relu"]}),
            model({"name": "s", "layers": [{"name": "b", "layers": ["conv 5 3x3"]}, "relu"]}),
            [("changed", "s.a.conv_1", "s.b.conv_1")], id="an inner block of another name, and other settings",
        ),
        pytest.param(
            model("relu", "max_pool 2 name=a"), model("relu", "avg_pool 2 name=b"),
            [("added", None, "b"), ("removed", "a", None)], id="another name and another type",
        ),
    ],
)  # fmt: skip
def test_layers_are_aligned(old: object, new: object, expected: list[tuple[str, ...]]) -> None:
    """Which layer is which, as a reader of both specs would say."""
    assert told(cnncalc.diff(old, new)) == expected


def test_resnets() -> None:
    """ResNet-34 has 3+4+6+3 blocks of 6 layers, ResNet-18 has 2+2+2+2: 8 blocks more, at the end of each stage."""
    found = cnncalc.diff("resnet18", "resnet34")
    assert {status for status, _, _ in told(found)} == {"added"}
    assert found.count("added") == 8 * 6 == found.total("layers").growth
    blocks = dict.fromkeys(".".join(layer.shown.path) for layer in found.layers if layer.status == "added")
    assert list(blocks) == ["stage1.2", "stage2.2", "stage2.3", *(f"stage3.{i}" for i in (2, 3, 4, 5)), "stage4.2"]
    params = found.total("params")
    assert (params.old, params.new, params.growth) == (11_689_512, 21_797_672, 10_108_160)  # torchvision's
    assert params.to_dict()["percent"] == 86.47


# --- settings and wiring ---------------------------------------------------------------------------------------------


@for_each(
    ("old", "new", "expected"),
    [
        ("conv 4 3x3 same", "conv 4 5x5 same", ["kernel 3x3 → 5x5"]),
        ("conv 4 3 same", "conv 4 5x5 same", ["kernel 3x3 → 5x5"]),
        ("conv 4 3x3 same", "conv 8 3x3 s2 same", ["filters 4 → 8", "stride 1 → 2"]),
        ("conv 4 3x3 same", "conv 4 3x3 same relu", ["activation none → relu"]),
        ("conv 4 3x3 same relu", "conv 4 3x3 same gelu", ["activation relu → gelu"]),
        ("conv 4 3x3 same", "conv 4 3x3 same bias=false", ["bias true → false"]),
        ("conv 4 3x3 same", "conv 4 3x3 same trainable=false", ["trainable true → false"]),
        ("max_pool 2", "avg_pool 2", ["type max_pool → avg_pool"]),
        ("max_pool 2 s2", "max_pool 2 s1", ["stride 2 → 1"]),
        ("max_pool 2", "max_pool 2 s1", ["stride default → 1"]),
        ("conv 4 3x3 p1", "conv 4 3x3 same", ["padding 1 → same"]),
        ("conv 4 3x3 padding=[[1,0],[1,1]]", "conv 4 3x3 p1", ["padding [[1, 0], [1, 1]] → 1x1"]),
        ("conv 4 3x3 s1 same", "conv 4 3x3 s2x1 same", ["stride 1x1 → 2x1"]),
        ("max_pool 2 s2", "avg_pool 3 s1", ["type max_pool → avg_pool", "kernel 2 → 3", "stride 2 → 1"]),
        ("batch_norm", "group_norm 3", ["type batch_norm → group_norm"]),  # groups are no setting of a batch norm
        ("batch_norm", "batch_norm trainable=false", ["trainable true → false"]),
        ("leaky_relu", "leaky_relu 0.2", ["slope default → 0.2"]),
        ("conv 4 3x3 padding=[[1,1],[2,2]]", "conv 5 3x3 padding=1x2", ["filters 4 → 5"]),
        (
            "conv 4 3x3 padding=[[1,1],[0,1]]",
            "conv 4 3x3 padding=[[1,1],[1,0]]",
            ["padding [[1, 1], [0, 1]] → [[1, 1], [1, 0]]"],
        ),
        ("dropout", "drop_block rate=0.5", ["type dropout → drop_block"]),  # 0.5 is the rate of a dropout
        ("batch_norm trainable=false", "batch_norm trainable=buffer", ["trainable false → buffer"]),
    ],
)
def test_the_settings_that_differ_are_named(old: str, new: str, expected: list[str]) -> None:
    """Each setting as the spec writes it, or its default."""
    (layer,) = cnncalc.diff(model(old), model(new)).layers
    assert layer.status == "changed"
    assert settings(layer) == expected


def test_shared_weights_are_a_setting() -> None:
    own, shared = (model("conv 3 1x1 name=a", f"conv 3 1x1 name=b{words}") for words in ("", " share_weights=a"))
    for old, new, change in ((own, shared, "false → true"), (shared, own, "true → false")):
        (layer,) = cnncalc.diff(old, new).layers
        assert settings(layer) == [f"share_weights {change}"]


def test_the_same_written_otherwise() -> None:
    """One number for all axes, a default written out, an alias: no difference."""
    old = model("conv 4 3x3 same", "max_pool 2")
    new = model({"convolution": {"out_channels": 4, "kernel": 3, "stride": [1, 1], "padding": "same"}}, "max_pool 2x2")
    assert cnncalc.diff(old, new).is_empty
    for padding in ("[[1,1],[2,2]]", "[1,2]"):
        assert cnncalc.diff(model("conv 4 3x3 padding=1x2"), model(f"conv 4 3x3 padding={padding}")).is_empty


def test_an_array_without_an_input() -> None:
    """A learned array has a shape alone; one of another shape is another setting."""
    old, new = (
        model({"parameter": size, "name": "p"}, {"multiply": {"from": ["input", "p"]}}) for size in ("16x1x3", "3")
    )
    (layer,) = (each for each in cnncalc.diff(old, new).layers if each.status == "changed")
    assert settings(layer) == ["shape 16x1x3 → [3]"]


def test_another_wiring() -> None:
    """A skip connection that begins elsewhere changes the `add`, whose settings are the same."""
    old, new = (
        model("relu name=a", "relu name=b", "conv 3 3x3 same name=c", {"add": {"from": ["c", skipped]}, "name": "sum"})
        for skipped in ("a", "b")
    )
    (layer,) = cnncalc.diff(old, new).layers
    assert (layer.status, layer.inputs) == ("changed", (("c", "a"), ("c", "b")))
    assert layer.to_dict()["inputs"] == {"old": ["c", "a"], "new": ["c", "b"]}


def test_branches_in_another_order() -> None:
    """The concatenation's inputs are called as the new model calls them: the automatic numbers have changed places."""
    branches = [["conv 8 1x1 relu"], ["conv 4 5x5 same relu"], ["conv 2 3x3 same relu"]]
    old, new = model({"concat": branches}), model({"concat": [branches[2], *branches[:2]]})
    moved, joined = cnncalc.diff(old, new).layers
    assert (moved.status, moved.old and moved.old.name, moved.new and moved.new.name) == ("moved", "conv_3", "conv_1")
    assert joined.inputs == (("conv_2", "conv_3", "conv_1"), ("conv_1", "conv_2", "conv_3"))


def test_a_layer_between_is_no_other_wiring() -> None:
    """A layer put into a branch is told once: the merge behind it takes the same branch."""
    branches = [["conv 3 3x3 same"], []], [["conv 3 3x3 same", "batch_norm"], []]
    old, new = (model("relu", {"add": branch}) for branch in branches)
    assert told(cnncalc.diff(old, new)) == [("added", None, "batch_norm_1")]


def test_a_layer_less_is_no_other_wiring() -> None:
    """The skip begins after a dropout, and without it before where that was; also where two were in a row."""
    new = model("relu name=a", "tanh name=b", {"add": {"from": ["b", "a"]}, "name": "sum"})
    for dropped in (["d"], ["d", "e"]):
        layers = [f"dropout 0.5 name={name}" for name in dropped]
        old = model("relu name=a", *layers, "tanh name=b", {"add": {"from": ["b", dropped[-1]]}, "name": "sum"})
        assert told(cnncalc.diff(old, new)) == [("removed", name, None) for name in dropped]
        assert told(cnncalc.diff(new, old)) == [("added", None, name) for name in dropped]


def test_another_input_of_the_model() -> None:
    """Inputs correspond by their names, a single one also under another name."""
    layers = [{"add": {"from": ["x", "y"]}, "name": "sum"}]
    two = {"input": {"x": "8x8x3", "y": "8x8x3"}, "layers": layers}
    swapped = {"input": {"y": "8x8x3", "x": "8x8x3"}, "layers": layers}
    assert told(cnncalc.diff(two, swapped)) == []
    named = {"input": {"image": "8x8x3"}, "layers": ["relu", {"add": {"from": ["relu_1", "image"]}}]}
    plain = {"input": "8x8x3", "layers": ["relu", {"add": {"from": ["relu_1", "input"]}}]}
    assert told(cnncalc.diff(named, plain)) == []
    from_layer = {"input": "8x8x3", "layers": ["relu", "tanh", {"add": {"from": ["tanh_1", "relu_1"]}}]}
    from_input = {"input": {"image": "8x8x3"}, "layers": ["relu", "tanh", {"add": {"from": ["tanh_1", "image"]}}]}
    (joined,) = cnncalc.diff(from_layer, from_input).layers
    assert joined.inputs == (("tanh_1", "relu_1"), ("tanh_1", "image"))


def test_the_order_of_an_addition_says_nothing() -> None:
    """a + b is b + a, but their concatenation is another."""
    for merge, count in (("add", 0), ("concat", 1)):
        old, new = (model("relu name=a", "relu name=b", {merge: {"from": names}}) for names in (["a", "b"], ["b", "a"]))
        assert len(cnncalc.diff(old, new).layers) == count


# --- figures ---------------------------------------------------------------------------------------------------------


def test_figures_that_only_follow() -> None:
    """Of 32x32x3 → conv 20 (560 params) → conv 5 (905), ten more filters give 840 and, behind them, 1,355."""
    found = cnncalc.diff("32x32x3 -> conv 20 3x3 -> conv 5 3x3", "32x32x3 -> conv 30 3x3 -> conv 5 3x3")
    assert [(layer.status, layer.shown.name) for layer in found.layers] == [
        ("changed", "conv_1"), ("affected", "conv_2"),
    ]  # fmt: skip
    figures = [{change.figure: (change.old, change.new) for change in layer.figures()} for layer in found.layers]
    assert figures[0]["params"] == (28 * 20, 28 * 30)
    assert figures[1]["params"] == ((9 * 20 + 1) * 5, (9 * 30 + 1) * 5)
    assert figures[0]["output_shape"] == ((30, 30, 20), (30, 30, 30))
    assert figures[1]["output_shape"] == ((28, 28, 5), (28, 28, 5))


def test_options_apply_to_both() -> None:
    """`--input`, `--batch` and `--dtype` scale both sides: (30·30·20 + 32·32·3)·2 bytes, for each of seven samples."""
    old, new = "32x32x3 -> conv 20 3x3", "32x32x3 -> conv 20 5x5"
    found = cnncalc.diff(old, new, input=(12, 12, 3), batch=7, dtype="float16")
    assert found.total("input").old == found.total("input").new == (12, 12, 3)
    assert found.total("output").to_dict() == {"old": [10, 10, 20], "new": [8, 8, 20]}
    assert found.total("peak_activation_bytes").old == 7 * 2 * (12 * 12 * 3 + 10 * 10 * 20)
    assert found.total("macs").growth == 7 * (8 * 8 * 20 * 75 - 10 * 10 * 20 * 27)


def test_the_receptive_field_is_that_of_the_last_sliding_layer() -> None:
    """Two 3×3 kernels see 5×5, with 5×5 for the second 7×7; the dense layer behind them sees all in any case."""
    found = cnncalc.diff("9x9x1 -> conv 2 3x3 -> conv 2 3x3 -> flatten -> dense 2",
                         "9x9x1 -> conv 2 3x3 -> conv 2 5x5 -> flatten -> dense 2")  # fmt: skip
    field = found.total("receptive_field")
    assert (field.old, field.new) == ((5, 5), (7, 7))


def test_a_convention_alone() -> None:
    """The same layers under another convention: no layer differs, and the models do."""
    found = cnncalc.diff(model("relu"), {**model("relu"), "convention": "keras"})
    assert found.layers == ()
    assert [total.figure for total in found.totals if total.is_changed] == ["convention"]
    assert not found.is_empty


def test_mistakes_of_both_sides_are_told() -> None:
    """A mistake in each spec: both are in the error."""
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.diff("8x8x3 -> konv 3", "8x8x3 -> conv 2 11x11")
    assert [diagnostic.code for diagnostic in caught.value.diagnostics] == ["E202", "E301"]


def test_the_machine_readable_form() -> None:
    """Format 1, key by key."""
    found = cnncalc.diff(model("conv 4 3x3 same"), model("conv 4 5x5 same")).to_dict()
    assert list(found) == ["format", "old", "new", "different", "totals", "layers"]
    assert (found["format"], found["different"]) == (1, True)
    assert found["totals"]["params"] == {"old": 112, "new": 304, "change": 192, "percent": 171.43}
    assert found["layers"] == [
        {
            "status": "changed", "old": "conv_1", "new": "conv_1", "type": "conv", "moved": False, "renamed": False,
            "settings": [{"setting": "kernel", "old": "3x3", "new": "5x5"}],
            "inputs": None,
            "figures": {
                "params": {"old": 112, "new": 304, "change": 192, "percent": 171.43},  # 28·4, 76·4
                "macs": {"old": 27648, "new": 76800, "change": 49152, "percent": 177.78},  # 16·16·4·27, ·75
                "receptive_field": {"old": [3, 3], "new": [5, 5]},
            },
        }
    ]  # fmt: skip


# --- limits ----------------------------------------------------------------------------------------------------------


@for_each(
    ("limit", "is_broken"),
    [
        # parameters 100 → 105, receptive field 5x5 → 4x7
        ("params=+5%", False),
        ("params=+4.9%", True),
        ("params=+5", False),
        ("params=+4", True),
        ("params=+0", True),
        ("params=-0", False),
        ("params=-5%", False),
        ("params=105", False),
        ("params=104", True),
        ("parameters=0.1k", True),
        ("params", True),
        ("layers", False),
        ("layers=+0", False),
        ("receptive_field=7", False),
        ("receptive_field=6", True),  # 7 is too large, 4 is not
        ("receptive_field=-1", False),
        ("receptive-field=-0", True),
        ("receptive_field=+2", False),
        ("receptive_field=+1", True),
        ("receptive_field=+40%", False),
        ("receptive_field=+39%", True),
        ("output", True),
        ("input", False),
        ("buffers=+5%", True),  # 0 → 1: more than any share of nothing
        ("PARAMS = +5 %", False),
        ("params=−5%", False),
    ],
)
def test_limits(limit: str, is_broken: bool) -> None:
    """Where a limit lies, to the last one; sizes per axis are held one by one."""
    found = cnncalc.diff("8x8x3 -> relu", "8x8x3 -> relu")
    sides = {
        "params": (100, 105), "buffers": (0, 1), "receptive_field": ((5, 5), (4, 7)), "output": ((5, 5, 2), (5, 5, 3)),
    }  # fmt: skip
    totals = tuple(
        total._replace(old=sides[total.figure][0], new=sides[total.figure][1]) if total.figure in sides else total
        for total in found.totals
    )
    assert bool(exceeded(found._replace(totals=totals), [read_limit(limit)])) is is_broken


@for_each(
    ("text", "words"),
    [
        ("parms=+5%", 'unknown metric "parms": did you mean "params"?'),
        ("params=5%", "5% needs a sign: write +5% or -5%"),
        ("params=x", '"x" is not a limit; write params=+5%'),
        ("params=", '"" is not a limit'),
        ("params=+1e3", "is not a limit"),
        ("params=+-5", "is not a limit"),
        ("params=1.5", "1.5 is not a whole number"),
        ("output=+1", 'output is not a count: write only "output"'),
        ("=5", "has no metric"),
        ("", "has no metric"),
    ],
)
def test_what_is_no_limit(text: str, words: str) -> None:
    """What is wrong, and what to write."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is what is tested
        read_limit(text)
    assert words in str(caught.value)


def test_amounts() -> None:
    """k, M and KiB are 1,000, a million and 1,024; hundredths stay exact."""
    assert read_limit("macs=+10M").amount == 10_000_000
    assert read_limit("peak_activation=2KiB").amount == 2048
    assert read_limit("params=+0.1%").amount == Fraction(1, 10)
    assert read_limit("params") == ("params", "", None, False, "")


# --- large models ----------------------------------------------------------------------------------------------------


Pair = tuple[list[object], list[object]]


def edited_chain(count: int) -> Pair:
    """A chain of layers, and the same with three edits in a hundred places."""
    chain: list[object] = [("conv 8 3x3 same", "batch_norm", "relu")[index % 3] for index in range(count)]
    edited = list(chain)
    for place in Random(1).sample(range(count * 9 // 10), count * 3 // 100):
        edited[place] = "conv 8 5x5 same"
    return chain, edited


def reversed_names(count: int) -> Pair:
    """Layers that all bear names, and the same in reverse."""
    named: list[object] = [{"relu": {}, "name": f"r{index}"} for index in range(count)]
    return named, named[::-1]


@pytest.mark.parametrize("pair", [edited_chain, reversed_names])
def test_work_grows_as_the_layers_do(pair: Callable[[int], Pair]) -> None:
    """Twice as many layers and edits take about twice the work, not four times."""
    work = []
    for count in (300, 600):
        sides = [examine(model(*layers, shape="8x8x8")) for layers in pair(count)]
        work.append(lines_run(partial(difference_of, *sides)))
    assert work[1] < 3 * work[0]


@pytest.mark.sweep
@pytest.mark.parametrize("pair", [edited_chain, reversed_names])
def test_ten_thousand_layers(pair: Callable[[int], Pair]) -> None:
    """A chain of 9,999 layers with 299 edits, and one whose layers all bear names that stand in reverse."""
    limits = cnncalc.Limits(layers=20_000)
    difference = difference_of(*(examine(model(*layers, shape="8x8x8"), limits=limits) for layers in pair(9_999)))
    assert difference.count("changed") + difference.count("added") + difference.count("moved") >= 200


def test_inputs_are_paired_by_their_names() -> None:
    """Two inputs in another order are the same model; with their names exchanged, the sum takes the other one."""
    old = "a: 9x1, b: 9x1 -> conv 1 3 p1 from=b -> add from=[a, conv_1]"
    same, swapped = old.replace("a: 9x1, b: 9x1", "b: 9x1, a: 9x1"), old.replace("from=[a", "from=[b")
    assert difference_of(examine(old), examine(same)).layers == ()
    (change,) = difference_of(examine(old), examine(swapped)).layers
    assert change.inputs == (("a", "conv_1"), ("b", "conv_1"))


def test_shapes_of_several_inputs_in_json() -> None:
    """Named inputs are an object of lists."""
    one, two = "a: 9x1, b: 7x2 -> relu from=b", "a: 9x1, b: 5x2 -> relu from=b"
    total = difference_of(examine(one), examine(two)).to_dict()["totals"]["input"]
    assert total == {"old": {"a": [9, 1], "b": [7, 2]}, "new": {"a": [9, 1], "b": [5, 2]}}
    assert [type(shape) for shape in total["old"].values()] == [list, list]


def test_names_that_do_not_depend_on_what_comes_before() -> None:
    """Explicit ones, in blocks with explicit names; a block without a name has a number."""
    spec = {"input": "8x8x3", "blocks": {"b": ["relu name=c", "relu"]},
            "layers": ["relu name=a", "relu name=.a", "relu", {"b": {}, "name": "stage"}, {"b": {}},
                       {"repeat": 1, "name": "s", "layers": ["relu name=c"]}]}  # fmt: skip
    graph, report = examine(spec)
    assert [(item.name, item.local, item.place, item.is_named) for item in items(graph, report.layers)] == [
        ("a", "a", (), True), (".a", ".a", (), True), ("relu_1", "", (), False), ("stage.c", "c", ("stage",), True),
        ("stage.relu_1", "", ("stage",), False), ("b_1.c", "c", ("b",), False), ("b_1.relu_1", "", ("b",), False),
        ("s.0.c", "c", ("s",), False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "growth", "percent"),
    [(4, 5, 1, 25.0), (3, 2, -1, -33.33), (0, 5, 5, None), (5, None, None, None), (None, 5, None, None)],
)
def test_growth(old: int | None, new: int | None, growth: int | None, percent: float | None) -> None:
    """Of counts alone, in per cent of the old one if that is not 0."""
    change = FigureChange("params", old, new)
    assert change.growth == growth
    assert change.to_dict().get("percent") == percent


def test_a_layer_that_takes_another_input() -> None:
    """One that was chained takes an earlier layer, or the reverse; an added or removed layer is not renamed."""
    chained, skipping = (
        model("relu name=a", "tanh name=b", {"conv": "3 1x1", "name": "c", "from": source}) for source in ("b", "a")
    )
    for old, new, inputs in ((chained, skipping, (("b",), ("a",))), (skipping, chained, (("a",), ("b",)))):
        (layer,) = cnncalc.diff(old, new).layers
        assert (layer.status, layer.inputs) == ("changed", inputs)
    (added,) = cnncalc.diff(model("relu"), model("relu", "tanh")).layers
    assert not added.is_renamed
    assert not added.is_moved


def test_a_merge_less_says_it_all() -> None:
    """What took the merge takes one of its branches now: the merge is the change."""
    old = model("relu name=a", "tanh name=b", {"add": {"from": ["a", "b"]}, "name": "s"}, "sigmoid name=d",
                {"concat": {"from": ["s", "d"]}, "name": "e"})  # fmt: skip
    new = model(
        "relu name=a", "tanh name=b", {"sigmoid": {}, "name": "d"}, {"concat": {"from": ["b", "d"]}, "name": "e"}
    )
    assert told(cnncalc.diff(old, new)) == [("removed", "s", None)]
    assert told(cnncalc.diff(new, old)) == [("added", None, "s")]


def test_another_input_where_a_layer_was() -> None:
    """The skip began after a dropout, which is gone, and begins at the model's input now."""
    old = model("relu name=a", "dropout 0.5 name=d", "tanh name=b", {"add": {"from": ["b", "d"]}, "name": "s"})
    new = model("relu name=a", "tanh name=b", {"add": {"from": ["b", "input"]}, "name": "s"})
    assert told(cnncalc.diff(old, new)) == [("removed", "d", None), ("changed", "s", "s")]


def test_other_branches_past_an_added_layer() -> None:
    """Both branches of a concatenation are the same but in another order; one has a dropout now."""
    old = model("relu name=a", "tanh name=b", {"concat": {"from": ["a", "b"]}, "name": "s"})
    new = model(
        "relu name=a", "dropout 0.5 name=d", "tanh name=b from=a", {"concat": {"from": ["b", "d"]}, "name": "s"}
    )
    assert told(cnncalc.diff(old, new)) == [("added", None, "d"), ("changed", "s", "s")]
