"""The spec that `import` writes: short, and the same network as the flat draft."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cnncalc
from cnncalc.analysis.analyze import examine
from cnncalc.analysis.imported import imported, imported_draft
from cnncalc.analysis.same_network import differences
from cnncalc.diagnostics import Source
from cnncalc.importing.draft import Draft, DraftInput, DraftLayer
from cnncalc.importing.spec.order import by_outputs
from tests.importing.flattened import draft_of
from tests.oracles import record_onnx_networks
from tests.oracles.record_keras_files import FILE, LAYERS, recorded
from tests.sweeps import sampled


def assert_same_network(draft: Draft, most_lines: int | None = None) -> str:
    """Assert that the text of a draft's spec is the same network, and not longer than it may be; the text."""
    found = imported_draft(draft)
    assert found.differences == ()
    assert found.findings == ()
    lines = found.text.splitlines()
    assert most_lines is None or len(lines) <= most_lines
    return found.text


@pytest.mark.parametrize("scopes", sampled({"with modules": True, "plain": False}))
@pytest.mark.parametrize(
    ("name", "most", "blocks"),
    [
        ("resnet50", 60, 2),  # a shortcut with and without a convolution
        ("mobilenet_v2", 80, 2),  # the chain, and a sum around it
        ("densenet121", 80, 2),  # what each layer adds, and the transition
        ("googlenet", 60, 1),  # inception modules
        ("vit_b_16", 40, 1),  # encoders
    ],
)
def test_a_network_is_as_short_as_a_person_writes_it(name: str, most: int, blocks: int, scopes: bool) -> None:
    """The text has few lines and few blocks, and building it gives every layer of the draft."""
    text = assert_same_network(draft_of(name, scopes=scopes), most)
    assert text.count("    - ") > 0
    before, _, _ = text.partition("\nlayers:\n")
    assert sum(line.startswith("  ") and line[2] != " " for line in before.splitlines()) <= blocks + scopes


SPECS = (
    "alexnet", "shufflenet_v2_x1_0", "inception_v3", "unet", "yolov3", "efficientnet_b0", "squeezenet1_0", "segnet",
    "keras_resnet50", "convnext_tiny", "wavenet", "swin_t", "keras_nasnet_mobile", "fcos_resnet50_fpn", "hourglass",
    "lenet5", "rbm_movies", "lstm_rows", "dcgan_generator", "c3d", "tcn",
)  # fmt: skip


@pytest.mark.parametrize("name", sampled(SPECS, every=5))
def test_it_is_the_same_network(name: str) -> None:
    """Layers, shapes, parameters, MACs and connections are those of the draft."""
    assert_same_network(draft_of(name))


OTHERS = ("ConvNeXtTiny", "EfficientNetV2B0", "MobileNet", "MobileNetV3Small", "ResNet101V2", "VGG16", "Xception")
"""One of each other family; their larger members repeat the same blocks."""


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("ResNet50", 60),
        ("MobileNetV2", 80),
        ("DenseNet121", 80),
        ("EfficientNetB0", 80),  # gates, with the dropout of each block
        pytest.param("InceptionV3", 90, marks=pytest.mark.sweep),  # convolutions of many kernels, normalized
        pytest.param("NASNetMobile", 350, marks=pytest.mark.sweep),  # cells that read the two before them
        pytest.param("MobileNetV3Large", 95, marks=pytest.mark.sweep),  # blocks with one activation or another
        pytest.param("InceptionResNetV2", 110, marks=pytest.mark.sweep),
        pytest.param("EfficientNetB7", 120, marks=pytest.mark.sweep),  # blocks whose uses pass parameters on
        *(pytest.param(name, 450, marks=pytest.mark.sweep) for name in OTHERS),
    ],
)
def test_a_network_of_keras(name: str, most: int, tmp_path: Path) -> None:
    """The text of a file whose layers are listed by their depth has few lines."""
    file = tmp_path / "model.json"
    file.write_text(json.dumps(recorded(FILE)[name]["model"]), encoding="utf-8")
    found = imported(str(file))
    assert found.differences == ()
    assert len(found.text.splitlines()) <= most


@pytest.mark.parametrize(
    ("name", "most"),
    sampled([
        ("resnet50_old", 60), ("resnet50_new", 60), ("mobilenet_v2_old", 80), ("mobilenet_v2_new", 80),
        ("densenet121_new", 80), ("vit_b_16_old", 50), ("vit_b_16_new", 35), ("swin_t_old", 115),
        ("swin_v2_t_old", 205),
    ], every=3),
)  # fmt: skip
def test_a_network_of_onnx(name: str, most: int, tmp_path: Path) -> None:
    """The text of a file of either exporter of PyTorch has few lines."""
    file = tmp_path / "model.onnx"
    file.write_bytes(record_onnx_networks.recorded()[1].read(f"{name}.onnx"))
    found = imported(str(file))
    assert found.differences == ()
    assert len(found.text.splitlines()) <= most


@pytest.mark.parametrize("part", sampled(range(24), every=24))
def test_small_models_of_keras(part: int, tmp_path: Path) -> None:
    """The spec of each layer and operation by itself is the network of the file."""
    file = tmp_path / "model.json"
    wrong = {}
    for name, record in list(recorded(LAYERS).items())[part::24]:
        file.write_text(json.dumps(record["model"]), encoding="utf-8")
        found = imported(str(file))
        if found.differences or found.findings:
            wrong[name] = (found.differences, found.findings)
    assert wrong == {}


def test_shared_heads_are_a_block() -> None:
    """A detector's heads run on five maps with the same weights: a block, and uses that share them."""
    text = assert_same_network(draft_of("fcos_resnet50_fpn"), 130)
    assert text.count("- head from=") == 5
    assert text.count(" share_weights=") == 4 + 4 + 2 * 4  # two towers, and the layers after the second


def _draft(*layers: DraftLayer, shape: tuple[int, ...] = (12, 7, 5)) -> Draft:
    source = Source("test.toy", "")
    return Draft(source, "a test's", "pytorch", "CHW", [DraftInput("x", shape)], list(layers), (layers[-1].name,))


CONV = DraftLayer("c", "conv", {"filters": 12, "kernel": 3}, ("x",))


def _run(begin: str, number: int, *, shares: bool, own: bool) -> list[DraftLayer]:
    """A convolution and a normalization, with the weights of the first run or not, and the product of two parts."""
    names = {part: f"{part}.{number}" for part in ("conv", "norm", "split", "product")}
    split = f"{names['split']}.two"
    return [
        DraftLayer(names["norm"], "batch_norm", {}, (begin,), shares="norm.0" if shares else None),
        DraftLayer(
            names["conv"], "conv", {"filters": 12, "kernel": 1}, (names["norm"],),
            shares="conv.0" if shares and not own else None,
        ),
        DraftLayer(split, "split", {"parts": 2, "axis": 1}, (names["conv"],)),
        DraftLayer(names["product"], "multiply", {}, (f"{split}.1", f"{split}.0")),
        DraftLayer(f"pad.{number}", "concat", {"axis": 1}, (names["product"], names["product"])),
    ]  # fmt: skip


@pytest.mark.parametrize(("own", "count"), [(False, 24 + 156), (True, 24 + 3 * 156)], ids=["all shared", "norm shared"])
def test_runs_that_share_weights_hold_a_split(own: bool, count: int) -> None:
    """Three runs with a split inside use the same weights, or one normalization and a convolution each.

    A normalization of 12 channels has 2 * 12 parameters, and a convolution 12 * 12 + 12.
    """
    layers = _run("x", 0, shares=False, own=own)
    for number in (1, 2):
        layers += _run(layers[-1].name, number, shares=True, own=own)
    text = assert_same_network(_draft(*layers))
    assert f"params: {count}" in text


def test_weights_of_a_run_that_a_later_layer_shares() -> None:
    """Three runs with the same weights, and a normalization by itself with those of the first: 24 + 156 parameters."""
    layers = _run("x", 0, shares=False, own=False)
    for number in (1, 2):
        layers += _run(layers[-1].name, number, shares=True, own=False)
    layers.append(DraftLayer("last", "batch_norm", {}, (layers[-1].name,), shares="norm.0"))
    text = assert_same_network(_draft(*layers))
    assert "params: 180" in text


def test_the_report_of_an_import_is_whole() -> None:
    """Receptive fields included, although the texts are compared without them."""
    (layer,) = imported_draft(_draft(CONV)).report.layers
    assert (layer.receptive_field, layer.params) == ((3, 3), (3 * 3 * 12 + 1) * 12)


def test_a_flat_spec_lists_every_layer() -> None:
    """Three equal layers are one line of the short text, and three of the flat one, under their own names."""
    draft = _draft(
        DraftLayer("p", "conv", {"filters": 12, "kernel": 1}, ("x",)),
        DraftLayer("q", "conv", {"filters": 12, "kernel": 1}, ("p",)),
        DraftLayer("r", "conv", {"filters": 12, "kernel": 1}, ("q",)),
    )
    short, flat = (_items(imported_draft(draft, flat=flat).text) for flat in (False, True))
    assert short == ["conv 12 1x1 repeat=3"]
    assert [item.split("name=")[1] for item in flat] == ["p", "q", "r"]


def test_a_flat_spec_can_be_read_again(tmp_path: Path) -> None:
    """A module after a split names its input, an input of one axis is a number, and elements of a list are modules."""
    draft = _draft(
        DraftLayer("parts", "split", {"parts": 2}, ("x",)),
        DraftLayer("blocks.0.a", "dense", {"units": 12}, ("parts.0",), scope=("blocks", "0")),
        DraftLayer("sum", "add", {}, ("blocks.0.a", "parts.1")),
        DraftLayer("blocks.1.a", "dense", {"units": 12}, ("sum",), scope=("blocks", "1")),
        shape=(24,),
    )
    spec = tmp_path / "flat.yaml"
    spec.write_text(imported_draft(draft, flat=True).text, encoding="utf-8")
    report = cnncalc.analyze(spec)
    assert [layer.name for layer in report.layers] == ["parts.0", "parts.1", "blocks.0.a", "sum", "blocks.1.a"]
    assert report.totals.params == 2 * (12 * 12 + 12)


def _items(text: str) -> list[str]:
    return [line[4:] for line in text.splitlines() if line.startswith("  - ")]


@pytest.mark.parametrize(
    ("layers", "line"),
    [
        (
            [
                DraftLayer("s", "sigmoid", {}, ("c",)),
                DraftLayer("m", "multiply", {}, ("c", "s")),
            ],
            "conv 12 3x3 swish",
        ),
        (
            [
                DraftLayer("s", "hard_sigmoid", {}, ("c",)),
                DraftLayer("m", "multiply", {}, ("s", "c")),
            ],
            "conv 12 3x3 hard_swish",
        ),
        (
            [
                DraftLayer("r", "reshape", {"shape": [3, 4, 5, 3]}, ("c",)),
                DraftLayer("p", "permute", {"order": [2, 1, 3, 4]}, ("r",)),
                DraftLayer("q", "reshape", {"shape": [12, 5, 3]}, ("p",)),
            ],
            "channel_shuffle 3",
        ),
        (
            [
                DraftLayer("r", "reshape", {"shape": [3, 4, 5, 3]}, ("c",)),
                DraftLayer("p", "permute", {"order": [2, 1, 3, 4]}, ("r",)),
                DraftLayer("q", "flatten", {"end": 2}, ("p",)),
            ],
            "channel_shuffle 3",
        ),
        ([DraftLayer("d", "conv", {"filters": 12, "kernel": 3, "groups": 12}, ("c",))], "depthwise_conv 3x3"),
    ],
    ids=["swish", "hard swish", "shuffle", "shuffle with flatten", "depthwise"],
)
def test_a_layer_in_parts_is_whole(layers: list[DraftLayer], line: str) -> None:
    """Parts into which exporters take a layer are written as that layer."""
    assert f"  - {line}\n" in assert_same_network(_draft(CONV, *layers))


def test_a_gate_that_another_layer_uses_stays() -> None:
    """`x * sigmoid(x)` is no swish where the sigmoid is used as well."""
    layers = [
        CONV,
        DraftLayer("s", "sigmoid", {}, ("c",)),
        DraftLayer("m", "multiply", {}, ("c", "s")),
        DraftLayer("a", "add", {}, ("m", "s")),
    ]
    assert "swish" not in assert_same_network(_draft(*layers))


def test_a_sum_of_arrays_is_a_branch() -> None:
    """A merge of arrays takes nothing of what is before it, like an array."""
    layers = [
        DraftLayer("p", "parameter", {"shape": [12, 1, 5]}, ()), DraftLayer("q", "parameter", {"shape": [7, 1]}, ()),
        DraftLayer("s", "add", {}, ("p", "q")), DraftLayer("r", "relu", {}, ("s",)),
        DraftLayer("a", "add", {}, ("x", "r")),
    ]  # fmt: skip
    text = assert_same_network(_draft(*layers))
    assert "from" not in text.split("layers:")[1]


def test_layers_are_ordered_by_branches() -> None:
    """Layers of two branches that alternate in the file are two chains in the text."""
    layers = [
        CONV,
        DraftLayer("a", "relu", {}, ("c",)),
        DraftLayer("b", "tanh", {}, ("c",)),
        DraftLayer("a2", "conv", {"filters": 5, "kernel": 1}, ("a",)),
        DraftLayer("b2", "conv", {"filters": 5, "kernel": 1}, ("b",)),
        DraftLayer("m", "add", {}, ("a2", "b2")),
    ]
    assert [each.name for each in by_outputs(_draft(*layers)).layers] == ["c", "a", "a2", "b", "b2", "m"]


@pytest.mark.parametrize(
    ("mine", "theirs", "says"),
    [
        ("13x11x3 -> conv 5 3x3", "13x11x3 -> conv 5 3x3 same", "only the first has conv 11x9x5, 140 parameters"),
        ("13x11x3 -> conv 5 3x3", "13x11x3 -> conv 5 3x3 relu", "only the second has relu 11x9x5"),
        (
            "7x7x3 -> relu name=a -> sigmoid name=b -> tanh from=a -> add from=[a, b]",
            "7x7x3 -> relu name=a -> sigmoid name=b -> tanh from=b -> add from=[a, b]",
            "only the first has tanh 7x7x3",
        ),
    ],
)
def test_differences_are_seen(mine: str, theirs: str, says: str) -> None:
    """Another shape, another layer, or another connection is told."""
    assert differences(examine(mine), examine(mine)) == []
    assert says in "; ".join(differences(examine(mine), examine(theirs)))


def test_an_activation_that_a_layer_carries_is_a_layer() -> None:
    """`conv 5 3x3 relu` is the same network as `conv 5 3x3 -> relu`."""
    assert differences(examine("7x7x3 -> conv 5 3x3 relu"), examine("7x7x3 -> conv 5 3x3 -> relu")) == []
