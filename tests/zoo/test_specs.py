"""The bundled specs against the networks themselves, and against a real forward pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc.analysis.analyze import analyze, load
from cnncalc.forward.verify import verify
from cnncalc.graph.claims import COUNTS
from cnncalc.spec.bundled import bundled_names

SPECS = Path(__file__).parents[1] / "specs"

# Each built with random weights and run: torchvision 0.28.0 on PyTorch 2.13.0 (alexnet, googlenet, mobilenet, resnets, vgg), the
# paper's layers in PyTorch (dcgan_generator, lenet5) and in Keras 3.15 (keras_mnist, tf_mnist): parameters, trainable
# ones, and the multiply-accumulates of convolutions and dense layers without biases. The quiz is worked by hand.
NETWORKS = {
    "alexnet": (61_100_840, 714_188_480, (1000,)),
    "dcgan_generator": (3_576_704, 104_628_224, (3, 64, 64)),
    "googlenet": (6_624_904, 1_498_376_192, (1000,)),
    "keras_mnist": (93_322, 2_794_240, (10,)),
    "lenet5": (61_706, 416_520, (10,)),
    "mobilenet_v2": (3_504_872, 300_774_272, (1000,)),
    "quiz": (3_860, 752_640, (14, 14, 20)),
    "resnet18": (11_689_512, 1_814_073_344, (1000,)),
    "resnet34": (21_797_672, 3_663_761_408, (1000,)),
    "resnet50": (25_557_032, 4_089_184_256, (1000,)),
    "resnet101": (44_549_160, 7_801_405_440, (1000,)),
    "resnet152": (60_192_808, 11_513_626_624, (1000,)),
    "tf_mnist": (3_274_634, 13_883_904, (10,)),
    "vgg16": (138_357_544, 15_470_264_320, (1000,)),
}


def test_every_bundled_spec_is_in_the_table() -> None:
    """A spec without published figures is a rumour."""
    assert set(bundled_names()) == set(NETWORKS)


@pytest.mark.parametrize(("name", "figures"), NETWORKS.items(), ids=list(NETWORKS))
def test_published_figures(name: str, figures: tuple[int, int, tuple[int, ...]]) -> None:
    """Parameters, MACs and output are the network's own; none of these has frozen weights."""
    report = analyze(name)
    params, macs, output = figures
    assert (report.totals.params, report.totals.trainable_params, report.totals.macs) == (params, params, macs)
    assert report.outputs[0].shape == output


@pytest.mark.parametrize("name", NETWORKS)
def test_it_cites_its_source_and_holds_what_it_expects(name: str) -> None:
    """The spec says where it comes from, claims its totals, and the claims hold."""
    graph = load(name)
    assert graph.source
    assert {"output", "params"} <= {claim.figure for claim in graph.claims if claim.whole}
    assert all(claim.figure in (*COUNTS, "output", "receptive_field") for claim in graph.claims)
    assert analyze(name).findings == ()


@pytest.mark.parametrize("name", NETWORKS)
def test_the_forward_pass_agrees(name: str) -> None:
    """Real arrays have the reported shapes and numbers of weights, layer by layer."""
    found = verify(name)
    assert found.problems == []
    assert sum(check.actual_weights for check in found.layers) == sum(
        layer.params + layer.buffers for layer in analyze(name).layers
    )


@pytest.mark.parametrize(
    ("name", "options", "output", "params"),
    [
        ("resnet18", {"variables": {"classes": 10}}, (10,), 11_689_512 - 513_000 + 5_130),  # 512*1000 + 1000
        ("resnet50", {"input": "3x256x256"}, (1000,), 25_557_032),  # global pooling: any size
        ("lenet5", {"variables": {"classes": 26}}, (26,), 61_706 - 850 + 85 * 26),
        ("dcgan_generator", {"variables": {"channels": 1}}, (1, 64, 64), 3_576_704 - 2 * 64 * 16),
    ],
)
def test_other_sizes_and_classes(name: str, options: dict[str, object], output: tuple[int, ...], params: int) -> None:
    """A spec takes other inputs and numbers of classes; only the layers that depend on them change."""
    report = analyze(name, **options)  # type: ignore[arg-type]
    assert (report.outputs[0].shape, report.totals.params) == (output, params)
