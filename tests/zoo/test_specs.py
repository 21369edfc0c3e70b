"""Every bundled spec against its published figures, its own claims, and a real forward pass."""

from __future__ import annotations

import csv
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import pytest

from cnncalc.analysis.analyze import analyze, load
from cnncalc.analysis.zoo import entries, entry_of
from cnncalc.forward.verify import verify
from cnncalc.graph.read_claims import COUNTS
from cnncalc.layers.base import show_shape
from cnncalc.reading.bundled import bundled_families, bundled_names
from tests.sweeps import sampled
from tests.together import for_each

ROOT = Path(__file__).parents[2]
MOST_MACS = 2_000_000_000
"""Above this a network is proved on a smaller input in the tests; `cnncalc verify NAME` proves it whole."""


class Figures(NamedTuple):
    """A network's published figures: parameters, MACs, output; empty where the source has none."""

    name: str
    params: str
    macs: str
    output: str
    source: str


def read_figures() -> dict[str, Figures]:
    """The rows of tests/data/figures/*.csv, each with its source."""
    rows = {}
    for path in sorted((ROOT / "tests" / "data" / "figures").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows |= {row["name"]: Figures(**row) for row in csv.DictReader(file)}
    return rows


FIGURES = read_figures()
NAMES = bundled_names()
ENTRIES = {entry.name: entry for entry in entries()}
"""The recorded figures that `cnncalc zoo` lists."""


def test_every_bundled_spec_is_in_the_tables() -> None:
    """A spec without published figures is a rumour."""
    assert set(NAMES) == set(FIGURES)


@pytest.mark.parametrize("figures", sampled(FIGURES, 6))
def test_published_figures(figures: Figures) -> None:
    """Parameters, MACs and output are the network's own and what the spec expects; the record has today's figures."""
    report = analyze(figures.name)
    assert report.findings == ()
    entry = ENTRIES[figures.name]
    assert entry == entry_of(entry.family, report), "specs/figures.json is out of date: python -m tests.zoo.record"
    assert figures.source
    assert figures.params in (str(report.totals.params), "")
    assert figures.macs in (str(report.totals.macs), "")
    assert show_shape(report.outputs[0].shape) == figures.output


@pytest.mark.parametrize("name", sampled(NAMES))
def test_it_cites_its_source_and_claims_its_totals(name: str) -> None:
    """The spec says where it comes from and when, and claims its totals."""
    graph = load(name)
    assert graph.source
    assert {"output", "params"} <= {claim.figure for claim in graph.claims if claim.whole}
    assert all(claim.figure in (*COUNTS, "output", "receptive_field") for claim in graph.claims)


def size_to_prove(name: str) -> dict[str, object]:
    """The input on which a network is proved: its own, or a smaller one where that would take long."""
    report = analyze(name)
    shape = list(report.inputs[0].shape)
    end = len(shape) if report.layout == "CHW" else len(shape) - 1
    if report.totals.macs <= MOST_MACS or len(shape) < 3 or len(report.inputs) > 1:
        return {}
    shape[end - 2 : end] = [SMALL.get(name.removeprefix("keras_"), 128)] * 2
    fewer = {"variables": FEWER[name]} if name in FEWER else {}
    return {"input": show_shape(tuple(shape)), **fewer}


SMALL: dict[str, int] = {
    "c3d": 32, "convnext_base": 64, "convnext_large": 64, "convnext_small": 64, "convnext_xlarge": 64,
    "efficientnet_b5": 64, "nasnet_large": 96, "vgg19": 64,
    "efficientnet_b6": 64, "efficientnet_b7": 64, "efficientnet_v2_l": 64, "efficientnet_v2_m": 64,
    "efficientnet_v2_s": 64, "fast_rcnn": 128, "fasterrcnn_resnet50_fpn": 128, "fcn16s": 32, "fcn32s": 32, "fcn8s": 32,
    "fasterrcnn_resnet50_fpn_v2": 128, "keypointrcnn_resnet50_fpn": 128, "maskrcnn_resnet50_fpn_v2": 128,
    "retinanet_resnet50_fpn_v2": 128, "fcos_resnet50_fpn": 128, "ssdlite320_mobilenet_v3_large": 320,
    "hourglass": 64, "hourglass_1": 64, "hourglass_2": 64, "maskrcnn_resnet50_fpn": 128, "mc3_18": 56,
    "r2plus1d_18": 56, "r3d_18": 56, "regnet_x_16gf": 64, "regnet_x_32gf": 64,
    "regnet_x_8gf": 64, "regnet_y_128gf": 32, "regnet_y_16gf": 64, "regnet_y_32gf": 64, "regnet_y_8gf": 64,
    "retinanet_resnet50_fpn": 128, "ssd300_vgg16": 272, "unet": 188,
    "vit_b_32": 64, "vit_h_14": 28, "vit_l_16": 32, "vit_l_32": 64,
    "inception_v3_aux": 299, "s3d": 224, "swin_b": 224, "swin_s": 224, "swin_t": 224,
    **dict.fromkeys(("fcn_resnet101", "deeplabv3_resnet101", "pspnet", "pspnet_noaux", "pspnet_resnet101"), 64),
    **dict.fromkeys(("vgg11", "vgg11_bn", "vgg13", "vgg13_bn", "vgg16", "vgg16_bn", "vgg19_bn"), 64),
}  # fmt: skip
"""Networks that 128×128 does not fit, or that are large on it."""

FEWER = {
    "rcnn": {"regions": 4}, "fast_rcnn": {"regions": 4}, "fasterrcnn_resnet50_fpn": {"regions": 4},
    "maskrcnn_resnet50_fpn": {"regions": 4, "found": 2}, "keypointrcnn_resnet50_fpn": {"regions": 4},
    "fasterrcnn_mobilenet_v3_large_fpn": {"regions": 4}, "fasterrcnn_mobilenet_v3_large_320_fpn": {"regions": 4},
    "fasterrcnn_resnet50_fpn_v2": {"regions": 4}, "maskrcnn_resnet50_fpn_v2": {"regions": 4, "found": 2},
}  # fmt: skip
"""Networks that run once for each region, on fewer of them."""


PROVED_EACH_TIME = {"lenet5", "quiz"}
"""The others are proved in the sweep."""

FAMILIES = [[name for _, name in family] for _, family in groupby(bundled_families(), itemgetter(0))]
PROVED = sorted({name for family in FAMILIES for name in (family[0], family[-1])} & set(NAMES))
"""The first and the last of each family: those between them repeat the same blocks more or less often."""


@pytest.mark.parametrize(
    "name", sampled(sorted(PROVED, key=lambda name: name not in PROVED_EACH_TIME), len(NAMES), PROVED_EACH_TIME)
)
def test_the_forward_pass_agrees(name: str) -> None:
    """Real arrays have the reported shapes and numbers of weights, layer by layer."""
    options = size_to_prove(name)
    found = verify(name, **options)  # type: ignore[arg-type]
    assert found.problems == []
    own = [layer for layer in analyze(name, **options).layers if not layer.shares_with]  # type: ignore[arg-type]
    names = {layer.name for layer in own}
    assert sum(check.actual_weights for check in found.layers if check.name in names) == sum(
        layer.params + layer.buffers for layer in own
    )


@for_each(
    ("name", "options", "output", "params"),
    [
        ("resnet18", {"variables": {"classes": 10}}, (10,), 11_689_512 - 513_000 + 5_130),  # 512*1000 + 1000
        ("resnet50", {"input": "3x256x256"}, (1000,), 25_557_032),  # global pooling: any size
        ("lenet5", {"variables": {"classes": 26}}, (26,), 61_706 - 850 + 85 * 26),
        ("dcgan_generator", {"variables": {"channels": 1}}, (1, 64, 64), 3_576_704 - 2 * 64 * 16),
        ("unet", {"input": "1x188x188"}, (2, 4, 4), 31_030_658),
        ("yolov3", {"input": "3x608x608"}, (255, 19, 19), 61_949_149),
        ("ssd300_vgg16", {"variables": {"classes": 21}}, (8732, 4), 35_641_826 - 70 * 133_662),
        ("retinanet_resnet50_fpn", {"variables": {"classes": 81}}, (120_087, 81), 34_014_999 - 10 * 9 * 2305),
        ("fasterrcnn_resnet50_fpn", {"variables": {"regions": 300}}, (91,), 41_755_286),
        ("fcn8s", {"input": "3x225x301"}, (21, 225, 301), 134_489_759),  # cut to any size, by Caffe's offsets
        ("segnet", {"input": "3x99x101"}, (12, 99, 101), 29_449_932),  # odd sizes come back from their indices
        ("deeplabv3_resnet50", {"input": "3x225x301"}, (21, 225, 301), 42_004_074),
        ("lraspp_mobilenet_v3_large", {"variables": {"classes": 10}}, (10, 520, 520), 3_221_538 - 11 * (41 + 129)),
        ("r3d_18", {"input": "3x8x64x64"}, (400,), 33_371_472),
        ("vit_b_16", {"input": "3x384x384"}, (1000,), 86_859_496),  # torchvision publishes these three
        ("vit_l_16", {"input": "3x512x512"}, (1000,), 305_174_504),
        ("vit_h_14", {"input": "3x518x518"}, (1000,), 633_470_440),
        ("espcn", {"variables": {"factor": 2}}, (34, 34, 1), 22_729 - 5 * 289),
    ],
)
def test_other_sizes_and_classes(name: str, options: dict[str, object], output: tuple[int, ...], params: int) -> None:
    """A spec takes other inputs and numbers of classes; only the layers that depend on them change."""
    report = analyze(name, **options)  # type: ignore[arg-type]
    assert (report.outputs[0].shape, report.totals.params) == (output, params)
