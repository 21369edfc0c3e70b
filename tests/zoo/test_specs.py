"""Every bundled spec against its published figures, its own claims, and a real forward pass."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import NamedTuple

import jsonschema  # type: ignore[import-untyped]
import pytest
import yaml

from cnncalc.analysis.analyze import analyze, load
from cnncalc.forward.verify import verify
from cnncalc.graph.claims import COUNTS
from cnncalc.layers.base import show_shape
from cnncalc.render.schema import spec_schema
from cnncalc.spec.bundled import bundled_names

ROOT = Path(__file__).parents[2]
MOST_MACS = 6_000_000_000
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


def test_every_bundled_spec_is_in_the_tables() -> None:
    """A spec without published figures is a rumour."""
    assert set(NAMES) == set(FIGURES)


@pytest.mark.parametrize("figures", FIGURES.values(), ids=list(FIGURES))
def test_published_figures(figures: Figures) -> None:
    """Parameters, MACs and output are the network's own."""
    report = analyze(figures.name)
    assert figures.source
    assert figures.params in (str(report.totals.params), "")
    assert figures.macs in (str(report.totals.macs), "")
    assert show_shape(report.outputs[0].shape) == figures.output


@pytest.mark.parametrize("name", NAMES)
def test_it_cites_its_source_and_holds_what_it_expects(name: str) -> None:
    """The spec says where it comes from and when, claims its totals, and the claims hold."""
    graph = load(name)
    assert graph.source
    assert {"output", "params"} <= {claim.figure for claim in graph.claims if claim.whole}
    assert all(claim.figure in (*COUNTS, "output", "receptive_field") for claim in graph.claims)
    assert analyze(name).findings == ()


def size_to_prove(name: str) -> dict[str, str]:
    """The input on which a network is proved: its own, or a smaller one where that would take long."""
    report = analyze(name)
    spatial = 1 if report.layout == "CHW" else 0
    shape = list(report.inputs[0].shape)
    if report.totals.macs <= MOST_MACS or len(shape) < 3 or len(report.inputs) > 1:
        return {}
    shape[spatial : spatial + 2] = [SMALL.get(name, 224)] * 2
    return {"input": show_shape(tuple(shape))}


VALIDATOR = jsonschema.Draft202012Validator(spec_schema())

SMALL: dict[str, int] = {}
"""Networks that 224×224 does not fit."""


@pytest.mark.parametrize("name", NAMES)
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


@pytest.mark.parametrize("path", sorted((ROOT / "specs").glob("*.yaml")), ids=lambda path: path.stem)
def test_it_fits_the_schema(path: Path) -> None:
    """An editor that knows the JSON Schema has nothing to complain about."""
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []


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
