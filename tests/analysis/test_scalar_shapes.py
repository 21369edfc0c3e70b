"""Scalars: an input, or a layer's output, of one number a sample. Its shape is `[]`, written `scalar`."""

from __future__ import annotations

import pytest

from cnncalc import SpecError, analyze, check, explain, load, verify
from cnncalc.render.explanation.text import render_text
from cnncalc.render.summary import csv, latex, markdown
from cnncalc.render.summary.columns import chosen_columns
from tests.together import for_each

# Scores of users and items, as torch's nn.Embedding on a batch of indices gives them: (B,) to (B, 16) to (B,).
SCORES = {
    "convention": "pytorch",
    "input": {"user": "scalar", "item": []},
    "layers": [
        "embedding 1000 16 from=user name=users",
        "embedding 500 16 from=item name=items",
        {"multiply": {"from": ["users", "items"]}},
        {"reduce_sum": {"axis": 1, "name": "score"}},
        {"add": [[], ["parameter scalar name=offset"]]},
        "sigmoid",
    ],
    "expect": {"output": "scalar", "params": 24_001},
}

# layer after a scalar, output; as torch computes it on (B,): one_hot, unsqueeze(1), reshape(B, 1), stack …
AFTER = [
    ("embedding 100 8", (8,), 800),
    ("one_hot 7", (7,), 0),
    ("unsqueeze 1", (1,), 0),
    ("unsqueeze 1x2", (1, 1), 0),
    ("reshape 1", (1,), 0),
    ("reshape 1x1x1", (1, 1, 1), 0),
    ("reshape scalar", (), 0),
    ("relu", (), 0),
    ("rescaling 2 offset=1", (), 0),  # as Keras's Rescaling and CategoryEncoding give them
    ("category_encoding 5 mode=one_hot", (5,), 0),
    ("opaque output=scalar", (), 0),
    ("dropout 0.5", (), 0),
    ("add(identity | parameter scalar)", (), 1),
    ("stack(identity | identity)", (2,), 0),
]

# a layer on a sample of this shape that leaves a scalar, as torch's function with that axis does
TO_SCALAR = [
    ("1", 'einsum equation="bi->b"'),
    ("16", "reduce_sum axis=1"),
    ("5x7", "reduce_mean"),
    ("16", "argmax axis=1"),
    ("16", "gather 3 axis=1"),
    ("1x1", "squeeze"),
    ("1", "reshape []"),
    ("16", "cosine_similarity(identity | relu) axis=1"),
    ("16", 'einsum(identity | relu) equation="bi,bi->b"'),
    ("16", "matmul(identity | parameter 16)"),
]


def test_a_model_of_scalars():
    """Its expectations hold, its forward pass agrees, and every form prints the shape."""
    report = analyze(SCORES)
    assert [tensor.shape for tensor in (*report.inputs, *report.outputs)] == [(), (), ()]
    assert report.findings == ()
    assert report.to_dict()["outputs"][0]["shape"] == []
    assert report.totals.activation_elements == 51  # 16 + 16 + 16 + 1 + 1 + 1
    assert verify(SCORES, batch=3, receptive_field=True).problems == []


@for_each("convention", ["pytorch", "keras"])
@for_each(("item", "shape", "params"), AFTER)
def test_what_takes_a_scalar(convention, item, shape, params):
    """Index layers give a vector; elementwise layers keep it; reshaping gives it axes."""
    text = f"scalar -> {item}"
    report = analyze(text, convention=convention)
    assert (report.outputs[0].shape, report.totals.params) == (shape, params)
    assert verify(text, convention=convention, batch=3).problems == []
    assert len(explain(text, convention=convention)) == len(report.layers)


@for_each(("shape", "item"), TO_SCALAR)
def test_what_gives_a_scalar(shape, item):
    """Nothing but the batch is left."""
    text = f"{shape} -> {item}"
    assert analyze(text, convention="pytorch").outputs[0].shape == ()
    assert verify(text, convention="pytorch", batch=3).problems == []


@for_each("item", ["conv 8 3x3", "dense 8", "softmax", "batch_norm", "flatten", "lstm 3", "concat(relu | relu)"])
def test_what_needs_an_axis(item):
    """PyTorch would take the batch for it: refused, with a hint that works."""
    with pytest.raises(SpecError) as error:
        load(f"scalar -> {item}", convention="pytorch")
    assert error.value.diagnostics[0].message.endswith("does not accept a scalar, one number per sample")
    assert analyze("scalar -> unsqueeze 1 -> dense 8", convention="pytorch").outputs[0].shape == (8,)


@pytest.mark.parametrize("convention", ["formula", "keras", "tensorflow", "onnx"])
def test_flatten_of_a_scalar(convention):
    """A vector of one number, as Keras's Flatten and ONNX's give it; torch's nn.Flatten has no axis 1 to begin at."""
    text = "scalar -> flatten -> dense 3"
    report = analyze(text, convention=convention)
    assert (report.layers[0].output_shape, report.totals.params) == ((1,), 6)
    assert verify(text, convention=convention, batch=3).problems == []


@pytest.mark.parametrize("written", ["scalar", [], "[]"])
def test_spellings_of_the_input(written):
    """A word, an empty list, and the same inline and as an option."""
    assert analyze({"input": [] if written == "[]" else written, "layers": ["embedding 10 4"]}).outputs[0].shape == (4,)
    assert analyze("5 -> embedding 10 4", input=[] if written == "[]" else written).outputs[0].shape == (4,)
    if isinstance(written, str):
        assert analyze(f"{written} -> embedding 10 4").outputs[0].shape == (4,)
        assert analyze(f"i: {written}, x: 4 -> embedding 10 4 -> add from=[x, embedding_1]").outputs[0].shape == (4,)


@pytest.mark.parametrize("render", [csv, latex, markdown])
def test_every_form_prints_the_word(render):
    """`scalar`, never an empty cell."""
    assert "scalar" in render.render(analyze("16 -> reduce_sum name=s"), chosen_columns("all"))


def test_explain_says_that_no_axis_is_left():
    """The size is not called unchanged."""
    assert "no axis is left: a scalar, one number a sample" in render_text(explain("16 -> reduce_sum")[0])


@pytest.mark.parametrize(("answer", "right"), [("scalar", True), ("[]", True), ("5x16", False), ("3x3", False)])
def test_a_scalar_is_an_answer(answer, right):
    """`check` reads the word, and judges other shapes."""
    (judgement,) = check(SCORES, {"score.output": answer})
    assert judgement.right is right
