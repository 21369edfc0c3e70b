"""Every mistake is tried on every layer type: a search ends without an error, and finds nothing in nonsense."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import SpecError
from cnncalc.homework.figure_paths import AskedModel, ask, subject_of
from cnncalc.homework.formulas import formulas
from cnncalc.homework.judge import Question
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import load_all
from tests.sweeps import sampled

TYPES = [kind for kind in load_all().values() if kind.examples]
NONSENSE = {"params": "987654321987", "macs": "987654321987", "output": "98765x43219x87654", "weights": "987654321987"}


def names(about: AskedModel, path: str, text: str) -> list[str]:
    """The names that an answer gets; none where the layer has no such metric."""
    try:
        asked = ask(about, path)
    except SpecError:
        return []
    found = Question(about, asked).judge(text)
    assert found.status == "wrong"
    return [suspect.name for suspect in found.suspects]


@pytest.mark.parametrize("kind", sampled(TYPES, 25), ids=lambda kind: kind.type)
def test_a_search_ends(kind: type[Layer]) -> None:
    about = subject_of(kind.examples[0])
    assert [name for path, text in NONSENSE.items() for name in names(about, path, text)] == []


@pytest.mark.parametrize("kind", sampled(TYPES, 10), ids=lambda kind: kind.type)
def test_without_a_mistake_the_formulas_give_the_report(kind: type[Layer]) -> None:
    """The output, the parameters and the work of every layer type."""
    about = subject_of(kind.examples[0])
    for place, node in enumerate(about.graph.nodes):
        if node.layer is None or node.shares is not None:
            continue
        layer, own = about.layer(place), formulas(node.layer, about.graph.inputs_of(node))
        assert (own.shape(), own.params(), own.unshared(), int(own.macs) * node.samples) == (
            layer.output_shape, layer.params, layer.unshared_params, layer.macs,
        ), node.name  # fmt: skip
