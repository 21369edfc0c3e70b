"""Receptive fields where positions see unequally many of the input's: the largest over the interior positions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cnncalc.analysis.analyze import analyze, load
from cnncalc.analysis.explain import explain
from cnncalc.analysis.field_growth import seen_by
from cnncalc.analysis.following import MOST_STEPS, Follower, is_interior
from cnncalc.analysis.model_field import traced_field
from cnncalc.analysis.receptive_field import views
from cnncalc.forward.predicted import fed_by, predict
from cnncalc.forward.verify import verify
from tests.together import for_each

DATA = Path(__file__).parents[1] / "data"


@pytest.mark.parametrize(
    ("spec", "smallest", "largest"),
    [
        # by hand: neighbours are copies of one pooled value, which sees 2, or of two, which see 4
        ("24x1 -> max_pool 2 -> upsample 2 -> conv 2 2", (2,), (4,)),
        # ±1/4 of the way between two pooled values, so 2 of 2 each; 3 neighbours reach 3 of them at most
        ("24x1 -> max_pool 2 -> upsample 2 linear", (4,), (4,)),
        ("24x1 -> max_pool 2 -> upsample 2 linear -> conv 2 3", (6,), (6,)),
        # scale 3: the middle copy lies on the input itself
        ("24x1 -> upsample 3 linear", (1,), (2,)),
        ("24x1 -> upsample 2 cubic", (4,), (4,)),
        ("24x1 -> upsample 3 cubic", (1,), (4,)),
        # corners aligned, 5 to 9: every second output lies on an input
        ("5x1 -> upsample size=9 linear align_corners=true", (1,), (2,)),
        # kernel 3, stride 2: outputs sum 1 or 2 products
        ("16x1 -> conv_transpose 1 3 s2", (1,), (2,)),
        # stride 3, kernel 2: one output in three is a hole, which does not count
        ("16x1 -> conv_transpose 1 2 s3", (1,), (1,)),
        ("16x1 -> conv_transpose 1 2 s3 -> conv 1 3", (1,), (2,)),
        # taps 3 apart and stride 2: each output has one tap of two
        ("16x1 -> conv_transpose 1 2 s2 d3", (1,), (1,)),
        # 7 into 3: bins 0 to 2, 2 to 4, 4 to 6; 7 into 5: 2 each; 8 into 3: 0 to 2, 2 to 5, 5 to 7
        ("7x1 -> adaptive_avg_pool 3", (3,), (3,)),
        ("7x1 -> adaptive_avg_pool 5", (2,), (3,)),
        ("8x1 -> adaptive_avg_pool 3", (3,), (4,)),
        ("16x1 -> slice 1 axis=1 step=3 -> conv 1 2", (4,), (4,)),
        ("16x1 -> flip 1 -> conv 1 3", (3,), (3,)),
        ("16x1 -> roll 2 axis=1 -> conv 1 3", (3,), (3,)),
        ("16x4 -> depth_to_space 2 -> conv 1 2", (1,), (2,)),
        ("16x1 -> space_to_depth 2 -> conv 1 2", (4,), (4,)),
        ("8x8x3 -> softmax axis=height", (8, 1), (8, 1)),
        ("7x13 -> lstm 5 return_sequences=true bidirectional=true", (7,), (7,)),
    ],
)
def test_the_smallest_and_the_largest_interval(spec, smallest, largest):
    """Worked out by hand; the forward pass agrees at every position."""
    graph = load(spec)
    view = views(graph)[-1]
    assert view is not None
    assert (view.smallest, view.sizes) == (smallest, largest)
    assert verify(spec, receptive_field=True).problems == []


@pytest.mark.parametrize(
    ("spec", "field", "stride"),
    [
        # pooled to 2·k and 2·k + 1 and copied: the union with the position itself is the pool's pair
        ("24x1 -> add(max_pool 2 -> upsample 2 | identity)", (2,), (1,)),
        # position k sees k to k + 6 and 2·k to 2·k + 2: from 0 to 4 that is 7 each
        ("11x1 -> add(conv 1 3 s2 | conv 1 7)", (7,), None),
        ("16x1 -> add(flip 1 | identity)", (16,), None),
    ],
)
def test_branches_are_united_position_by_position(spec, field, stride):
    """There is no one stride where the branches' differ."""
    last = analyze(spec).layers[-1]
    assert (last.receptive_field, last.effective_stride) == (field, stride)
    assert verify(spec, receptive_field=True).problems == []


@pytest.mark.parametrize(
    "spec",
    [
        "8x3x8 -> log", "8x3x8 -> sqrt", "8x3x8 -> rsqrt",
        "8x3x8 -> asin", "8x3x8 -> conv 4 3 p1 activation=sqrt -> acosh",
        "8x3x8 -> logit",
        "8x3x8 -> hardmax", "8x3x8 -> hardmax axis=height", "8x3x8 -> sign", "8x3x8 -> hard_shrink",
        "5x2x1 -> zero_pad [[7,1],[8,0]]", "2x2x1 -> max_pool 2 p2 d2", "8x8x3 -> max_unpool 2 -> conv 2 3",
        "8x8x3 -> max_unpool 3 s2", "32x1 -> slice 2 axis=1 -> add(max_pool 2 -> upsample 2 linear | flip 1)",
        "12x1 -> circular_pad 2 -> conv 1 3 -> upsample 2 cubic", "12x1 -> reflection_pad 2 -> upsample 1.5 linear",
        "12x1 -> crop 2 -> upsample 2 -> zero_pad 1 -> conv 1 3", "9x7x2 -> conv 2 3 -> reshape 35x2 -> dense 3",
        "12x1 -> conv 1 3 p2 padding_mode=circular -> conv_transpose 1 5 s3 p1 d2", "13x1 -> fractional_max_pool 2 7",
    ],
)  # fmt: skip
def test_the_experiment_raises_no_false_alarm(spec):
    """Every position of every layer sees what its taps say."""
    found = verify(spec, receptive_field=True)
    assert found.problems == []
    assert len(found.probes) == len(found.layers)


@pytest.mark.parametrize("spec", ["28 -> one_hot 3", "4 -> unsqueeze 1x2 -> relu", "16000 -> mel_spectrogram"])
def test_an_input_without_spatial_axes_is_named(spec):
    """There is nothing to probe, and the command says so for each layer."""
    assert {probe.remark for probe in verify(spec, receptive_field=True).probes} == {
        "the model's input has no spatial axes"
    }


@pytest.mark.parametrize("convention", ["keras", "pytorch", "onnx"])
def test_the_axis_of_an_activation_counts(convention):
    """ONNX's softmax is over the last axis, the width where channels come first: its outputs see all of it."""
    found = verify("3x8x8 -> conv 4 3 activation=softmax", convention=convention, layout="CHW", receptive_field=True)
    assert found.problems == []
    last = analyze("3x8x8 -> conv 4 3 activation=softmax", convention=convention, layout="CHW").layers[-1]
    assert last.receptive_field == ((3, 8) if convention == "onnx" else (3, 3))


def test_explain_names_both_ends_and_the_reason():
    """The smallest and the largest; and the layer from which on there is no field."""
    last = explain("24x1 -> max_pool 2 -> upsample 2 -> conv 2 2")[-1]
    assert last.growth == ()
    assert "see 2 to 4 input positions" in last.field[0]
    assert explain("8x8x4 -> reshape 64x4 -> relu")[-1].field[0].startswith("undefined from reshape_1 on")


@pytest.mark.parametrize(
    "spec",
    [
        "24x1 -> upsample 3 linear -> (conv 1 3 p1)*500",
        "24x1 -> conv_transpose 1 3 s500 -> (conv 1 3 p1)*100",
        "1000000x1 -> upsample 2 linear -> conv 1 3 p1",
        "1000003x1 -> upsample size=1000000 linear",
        "1000x1 -> (add(upsample size=997 linear -> upsample size=1000 cubic | identity))*20",
    ],
)
def test_the_work_is_bounded(spec, monkeypatch):
    """However long the axis or the network is, no more steps are spent than the limit."""
    spent = []
    real = Follower._spend

    def counted(self, steps):
        taken = real(self, steps)
        spent.append(steps * taken)
        return taken

    monkeypatch.setattr(Follower, "_spend", counted)
    analyze(spec)
    assert sum(spent) <= MOST_STEPS


RECORDED = [json.loads(line) for line in (DATA / "receptive_fields.jsonl").read_text(encoding="utf-8").splitlines()]


@for_each("recorded", RECORDED, ids=[each["spec"] for each in RECORDED])
def test_gradients_of_random_networks(recorded):
    """PyTorch's gradients: every position sees what its taps say, and the report has the interior positions' largest.

    Recorded by tests/oracles/record_receptive_fields.py. A position in a padding sees nothing.
    """
    graph = load(recorded["spec"])
    last, fed = len(graph.nodes) - 1, fed_by(graph, 0)
    found = [predict(graph, last, (place,), 0, fed) for place in range(len(recorded["seen"]))]
    assert [list(each.axes[0]) for each in found if each] == recorded["seen"]
    view = views(graph)[last]
    assert view is not None
    if view.axes is not None:
        axis = view.axes[0]
        sizes = [end - first for place, (first, end) in enumerate(recorded["seen"]) if is_interior(axis, place)]
        assert not sizes or (max(sizes), min(filter(None, sizes))) == (axis.size, axis.smallest)


@pytest.mark.parametrize(
    ("layers", "said"),
    [
        # a reshape mixes positions and channels, so no output position belongs to an input position
        ("[conv 4 3x3, reshape 12x12x1, conv 4 3x3]", "it cannot be traced through the reshape layer reshape_1"),
        ("[conv 4 3x3 name=a, {permute: [3, 1, 2], name: b}]", "it cannot be traced through the permute layer b"),
    ],
)
def test_an_undefined_field_names_its_cause(layers: str, said: str, tmp_path: Path) -> None:
    """An expectation of a receptive field that is undefined at the output names the layer at which it ends."""
    spec = tmp_path / "spec.yaml"
    spec.write_text(f"input: 8x8x3\nlayers: {layers}\nexpect: {{receptive_field: 68}}\n", encoding="utf-8")
    (finding,) = analyze(spec).findings
    assert finding.message.startswith("the model: expected receptive_field 68, but it is undefined here (")
    assert said in finding.message


def test_the_field_of_a_model_ends_where_positions_end() -> None:
    """Two kernels of 3 see 3 + 2 = 5; the flattened vector after them has no positions, and so no field of its own."""
    report = analyze("9x9x1 -> conv 2 3x3 -> conv 2 3x3 -> flatten -> dense 3")
    assert traced_field(report) == (5, 5)


def test_the_field_where_all_positions_see_everything() -> None:
    """A dense layer's 10 numbers as 5x1 positions of 2 channels: each sees all of the 9x9 input."""
    report = analyze("1x9x9 -> conv 2 3x3 -> flatten -> dense 10 -> reshape 2x5x1", layout="CHW")
    assert traced_field(report) == (9, 9)


def test_a_branch_that_sees_everything_decides_the_field() -> None:
    """Positions that are unknown in another branch, those of a transposed image, do not matter beside it."""
    for branches in ("permute [2,1,3] | global_avg_pool keep=true", "global_avg_pool keep=true | permute [2,1,3]"):
        assert analyze(f"9x9x3 -> multiply({branches})").layers[-1].receptive_field == (9, 9)


def test_no_closed_form_after_an_axis_that_every_position_sees() -> None:
    """A mean over the height has a jump of 0 along it, so that the formula of the width alone is no field."""
    graph = load("9x7x3 -> reduce_mean axes=1 keep=true -> conv 4 1x3")
    assert seen_by(graph.nodes[2], views(graph)) == ()
    assert seen_by(graph.nodes[1], views(graph)) == ((1, 1), (1, 1))
