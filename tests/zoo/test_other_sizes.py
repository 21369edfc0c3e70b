"""The bundled networks on inputs of other sizes, as torchvision and keras.applications build them."""

from __future__ import annotations

from math import prod

import pytest

from cnncalc.analysis.analyze import analyze
from cnncalc.layers.base import show_shape
from tests.oracles.networks import FOLDER
from tests.oracles.other_sizes import Sized, on_file
from tests.sweeps import sampled

INPUTS: dict[str, list[Sized]] = {}
for row in on_file():
    INPUTS.setdefault(row.name, []).append(row)


def assert_like_the_library(row: Sized) -> None:
    """Parameters, output, and the elements that the parametrised layers give."""
    report = analyze(row.name, input=row.input)
    own = [layer for layer in report.layers if layer.params]
    elements = sum(prod(layer.output_shape) for layer in own)
    assert (report.totals.params, len(own), elements) == (row.params, row.layers, row.elements)
    assert row.output in ("", show_shape(report.outputs[0].shape))


@pytest.mark.parametrize("rows", sampled(INPUTS, 8))
def test_it_is_the_library_s_on_another_input(rows: list[Sized]) -> None:
    """On the input that is recorded last, of odd sides where the library accepts any, the spec gives its numbers.

    keras.applications builds VGG for one input size: its dense layers then differ in parameters. torchvision's have an
    adaptive pool before them and do not.
    """
    assert_like_the_library(rows[-1])


@pytest.mark.sweep
@pytest.mark.parametrize("name", INPUTS)
def test_it_is_the_library_s_on_one_input_more(name: str) -> None:
    """On the other input that is recorded, too."""
    assert_like_the_library(INPUTS[name][0])


def test_each_network_on_file_has_two_other_inputs() -> None:
    """Every network that is recorded layer by layer is recorded on two inputs more."""
    names = {path.stem for path in FOLDER.glob("*.json")}
    assert names == set(INPUTS)
    assert {len(rows) for rows in INPUTS.values()} == {2}
