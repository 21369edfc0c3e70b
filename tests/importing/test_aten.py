"""Recorded graphs of PyTorch's operators become layers with the shapes and counts that PyTorch states."""

from __future__ import annotations

from typing import Any

import pytest

import cnncalc
from cnncalc.diagnostics import SpecError
from cnncalc.importing.aten.conversion import draft_of
from cnncalc.importing.aten.graph import AtenGraph, AtenInput, AtenNode, AtenRef
from cnncalc.importing.aten.operators import find
from cnncalc.importing.document import LiveModel
from cnncalc.importing.draft import Draft
from cnncalc.importing.tensors.tensor import TapeArray
from tests.importing.aten_graphs import graph_of, recorded
from tests.together import for_each

UNUSED = {"tied": 3 * 5 + 5}
"""The parameters of a module that no output depends on: the layer `spare`."""


def drafted(name: str) -> Draft:
    return draft_of(graph_of(recorded()[name]["graph"]), find)


@for_each("name", sorted(recorded()))
def test_counts_are_those_of_pytorch(name: str) -> None:
    """No operation is opaque, each value has PyTorch's sizes, and parameters and MACs are PyTorch's own counts."""
    draft = drafted(name)
    assert [layer.name for layer in draft.layers if layer.type == "opaque"] == []
    report = cnncalc.analyze(LiveModel(draft))
    assert report.findings == ()
    assert report.totals.params == recorded()[name]["params"] - UNUSED.get(name, 0)
    assert report.totals.macs == recorded()[name]["macs"]


@pytest.mark.parametrize("name", sorted(recorded()))
def test_the_written_spec_is_the_model(name: str) -> None:
    """The short text gives the same counts as the graph, and the forward pass agrees with it."""
    model = LiveModel(drafted(name))
    text = cnncalc.spec_of(model)
    short, whole = (cnncalc.analyze(each) for each in (text, model))
    assert (short.totals.params, short.totals.macs) == (whole.totals.params, whole.totals.macs)
    assert [each.shape for each in short.outputs] == [each.shape for each in whole.outputs]
    assert cnncalc.verify(model).problems == []


def test_modules_are_the_names() -> None:
    """A module with one operation gives it its name; the operations of others are inside it."""
    names = [layer.name for layer in drafted("residual").layers]
    assert names[:4] == ["conv", "norm", "act", "depthwise"]
    assert drafted("tokens").layers[-2].name == "select"
    assert {layer.scope for layer in drafted("tokens").layers} == {(), ("layer",)}


def test_products_around_a_softmax_are_attention() -> None:
    """`self_attn` of PyTorch's encoder layer, exported as products: 4 * (16 * 16 + 16) parameters."""
    (found,) = [layer for layer in drafted("tokens").layers if layer.type == "multi_head_attention"]
    assert (found.name, found.arguments, found.stated_params) == ("layer.self_attn", {"heads": 4}, 1088)


def graph(*nodes: AtenNode, arrays: dict[str, TapeArray] | None = None) -> AtenGraph:
    return AtenGraph(
        "net", 211, [AtenInput("x", (211, 3, 8, 8))], arrays or {}, list(nodes), [AtenRef(nodes[-1].name)], "net"
    )


def call(name: str, operator: str, *arguments: Any, outputs: Any = ((211, 3, 8, 8),), **keywords: Any) -> AtenNode:
    return AtenNode(name, f"aten.{operator}", "default", arguments, keywords, outputs)


X = AtenRef("x")


def test_an_operator_without_a_layer_type_is_opaque_with_its_shape() -> None:
    """Its output has the sizes that PyTorch states, and a remark names the operator."""
    draft = draft_of(graph(call("y", "my_own", X), call("z", "relu", AtenRef("y"))), find)
    assert [(layer.type, layer.arguments) for layer in draft.layers] == [
        ("opaque", {"output": [3, 8, 8]}),
        ("relu", {}),
    ]
    (remark,) = cnncalc.load(LiveModel(draft)).remarks
    assert str(remark).startswith("net: y: warning[E112]: my_own has no layer type here (my_own): its output is")


def test_a_value_that_mixes_samples_is_an_error() -> None:
    """A mean over the batch has no sample: the message names the call."""
    with pytest.raises(SpecError, match=r"mean: aten\.mean mixes the samples of a batch"):
        draft_of(graph(call("mean", "mean", X, [0], outputs=((3, 8, 8),))), find)


def test_parts_of_samples_are_an_error_after_a_dense_layer() -> None:
    """3x8x8 in two parts of 96, which no later view merges; without the dense layer they are an output."""
    view = call("v", "view", X, [422, 96], outputs=((422, 96),))
    (found,) = draft_of(graph(view), find).layers
    assert (found.type, found.arguments) == ("reshape", {"shape": [2, 96]})
    dense = call("y", "linear", AtenRef("v"), AtenRef("w"), outputs=((422, 5),))
    message = r"error\[E305\]: v: view to rows of 96 makes 2 samples of each one, which has 192 numbers"
    with pytest.raises(SpecError, match=message):
        draft_of(graph(view, dense, arrays={"w": TapeArray((5, 96), "w", learned=True)}), find)


def test_sizes_that_differ_from_pytorch_are_not_believed() -> None:
    """A layer whose output is not what PyTorch states is replaced by an opaque one with PyTorch's."""
    draft = draft_of(graph(call("y", "relu", X, outputs=((211, 3, 8, 9),))), find)
    assert [layer.type for layer in draft.layers] == ["opaque"]


def test_a_value_changed_in_place_is_the_changed_one() -> None:
    """After relu_ the name of its input means its output."""
    draft = draft_of(graph(call("y", "relu_", X), call("z", "add", X, AtenRef("y"))), find)
    assert draft.layers[-1].inputs == ("relu", "relu")


def test_a_bilinear_form_is_a_layer() -> None:
    """Its array has units × features × features: 5·8·8 parameters, and no bias."""
    halves = call("h", "relu", X)
    form = call("y", "bilinear", X, AtenRef("h"), AtenRef("w"), outputs=((211, 3, 8, 5),))
    draft = draft_of(graph(halves, form, arrays={"w": TapeArray((5, 8, 8), "w", learned=True)}), find)
    found = draft.layers[-1]
    assert (found.type, found.arguments, found.stated_params) == ("bilinear", {"units": 5, "bias": False}, 320)


def test_what_no_output_needs_is_no_layer() -> None:
    """A call whose result nothing uses is left out."""
    draft = draft_of(graph(call("unused", "sigmoid", X), call("y", "relu", X)), find)
    assert [layer.type for layer in draft.layers] == ["relu"]


def test_lstm_by_hand() -> None:
    """5 steps of 6 features, 4 units: 4·((6 + 4)·4 + 2·4) = 192 parameters, 5·4·(6 + 4)·4 = 800 MACs."""
    arrays = {
        name: TapeArray(dims, name, learned=True)
        for name, dims in {"w": (16, 6), "u": (16, 4), "b": (16,), "c": (16,)}.items()
    }
    weights = [AtenRef(name) for name in arrays]
    node = AtenNode(
        "y", "aten.lstm", "input", (X, [], weights, True, 1, 0.0, False, False, True), {},
        ((211, 5, 4), (1, 211, 4), (1, 211, 4)),
    )  # fmt: skip
    last = AtenNode("z", "getitem", "default", (AtenRef("y"), 0), {}, ((211, 5, 4),))
    made = AtenGraph("net", 211, [AtenInput("x", (211, 5, 6))], dict(arrays), [node, last], [AtenRef("z")])
    report = cnncalc.analyze(LiveModel(draft_of(made, find)))
    assert (report.totals.params, report.totals.macs, report.outputs[0].shape) == (192, 800, (5, 4))


def test_a_standardized_kernel_is_the_kernel_of_its_layer() -> None:
    """4 filters of 3x3x3 and a gain for each: 4·27 + 4 + 4 biases = 116 parameters, 6·6·4·27 = 3,888 MACs."""
    sizes = {"w": (4, 3, 3, 3), "gain": (4, 1, 1, 1), "bias": (4,)}
    flat, view = AtenRef("flat"), AtenRef("view")
    made = graph(
        call("flat", "reshape", AtenRef("w"), [1, 4, -1], outputs=((1, 4, 27),)),
        call("view", "view", AtenRef("gain"), [-1], outputs=((4,),)),
        call("even", "batch_norm", flat, view, None, None, None, True, 0.0, 1e-6, False, outputs=((1, 4, 27),)),
        call("kernel", "reshape", AtenRef("even"), [4, 3, 3, 3], outputs=((4, 3, 3, 3),)),
        call("y", "conv2d", X, AtenRef("kernel"), AtenRef("bias"), outputs=((211, 4, 6, 6),)),
        arrays={name: TapeArray(dims, name, learned=True) for name, dims in sizes.items()},
    )
    model = LiveModel(draft_of(made, find))
    report = cnncalc.analyze(model)
    assert [layer.type for layer in report.layers if layer.params] == ["conv", "parameter", "parameter"]
    assert (report.totals.params, report.totals.macs, report.outputs[0].shape) == (116, 3888, (4, 6, 6))
    assert "1 convolution standardizes its kernel first" in str(cnncalc.load(model).remarks[0])


def test_a_part_that_is_written_is_in_the_whole() -> None:
    """Rows 2 to 5 of 8 are replaced in place: the rows before, the new ones, the rows after."""
    part = ((211, 3, 3, 8),)
    made = graph(
        call("rows", "slice", X, 2, 2, 5, outputs=part),
        call("new", "relu", AtenRef("rows"), outputs=part),
        call("written", "copy_", AtenRef("rows"), AtenRef("new"), outputs=part),
        call("y", "sigmoid", X),
    )
    layers = draft_of(made, find).layers
    assert [layer.type for layer in layers] == ["slice", "relu", "slice", "slice", "concat", "sigmoid"]
    assert layers[-1].inputs == (layers[-2].name,)


def test_sequences_of_rows_are_steps_of_a_recurrent_layer() -> None:
    """B·H rows as samples of an LSTM: it is applied to each of the 8 rows of a sample."""
    arrays = {
        name: TapeArray(dims, name, learned=True)
        for name, dims in {"w": (16, 3), "u": (16, 4), "b": (16,), "c": (16,)}.items()
    }
    weights = [AtenRef(name) for name in arrays]
    rows = (211 * 8, 8, 4)
    made = graph(
        call("last", "permute", X, [0, 2, 3, 1], outputs=((211, 8, 8, 3),)),
        call("rows", "reshape", AtenRef("last"), [-1, 8, 3], outputs=((211 * 8, 8, 3),)),
        call("all", "lstm", AtenRef("rows"), [], weights, True, 1, 0.0, False, False, True, outputs=(rows, rows, rows)),
        AtenNode("y", "getitem", "default", (AtenRef("all"), 0), {}, (rows,)),
        call("image", "reshape", AtenRef("y"), [211, 8, 8, 4], outputs=((211, 8, 8, 4),)),
        arrays=arrays,
    )
    draft = draft_of(made, find)
    assert [layer.type for layer in draft.layers] == ["permute", "time_distributed"]
    assert cnncalc.analyze(LiveModel(draft)).outputs[0].shape == (8, 8, 4)


def test_a_value_from_elsewhere_is_opaque_after_what_was_handed_over() -> None:
    """The warning is about code outside of PyTorch's operators, and gives the layer."""
    made = graph(call("a", "relu", X), call("b", "untraced", [AtenRef("a")]), call("y", "sigmoid", AtenRef("b")))
    model = LiveModel(draft_of(made, find))
    assert [(layer.type, layer.inputs) for layer in model.made.layers][1] == ("opaque", ("relu",))
    (remark,) = cnncalc.load(model).remarks
    assert "code outside of PyTorch's operators has no layer type here (untraced)" in str(remark)


def test_the_batch_of_one_sample_is_the_first_axis() -> None:
    """Each size is a multiple of 1; an operator without a layer type keeps the batch where inputs have it."""
    made = AtenGraph(
        "net", 1, [AtenInput("x", (1, 3, 8, 8))], {}, [call("y", "own", X, outputs=((1, 5, 4),))], [AtenRef("y")]
    )
    assert draft_of(made, find).layers[0].arguments == {"output": [5, 4]}


def test_an_operator_with_several_outputs_may_leave_some_out() -> None:
    """The second of three outputs is none: the third has its own layer."""
    own = call("all", "own", X, outputs=((211, 3, 8, 8), None, (211, 4)))
    last = AtenNode("last", "getitem", "default", (AtenRef("all"), 2), {}, ((211, 4),))
    layers = draft_of(graph(own, last), find).layers
    assert [layer.arguments["output"] for layer in layers] == [[3, 8, 8], [4]]


def test_parameters_without_use_are_a_warning() -> None:
    """6 numbers of one parameter; not if parameters may have several names."""
    arrays = {"spare": TapeArray((2, 3), "spare.weight", learned=True)}
    made = graph(call("y", "relu", X), arrays=arrays)
    (doubt,) = draft_of(made, find).doubts
    assert doubt.message == "1 parameter of 6 numbers affect no output, and are not counted: spare.weight"
    made.knows_ties = False
    assert draft_of(made, find).doubts == []


def test_another_shape_of_an_input_traces_the_model_again() -> None:
    """The caller's shape goes to the module; without one, or with the same one, nothing is traced again."""
    asked: list[Any] = []

    def again(shapes: Any) -> Draft:
        asked.append(dict(shapes))
        return draft_of(graph(call("y", "relu", X)), find)

    model = LiveModel(again({}), again)
    for given in (None, "3x8x8", {"x": (3, 8, 8)}):
        cnncalc.analyze(model, input=given)
    assert asked == [{}]
    for given in ("3x9x9", {"x": (3, 9, 9)}):
        cnncalc.analyze(model, input=given)
    assert asked == [{}, {"": (3, 9, 9)}, {"x": (3, 9, 9)}]
