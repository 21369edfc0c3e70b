"""Hints where no layer has a name."""

from __future__ import annotations

import pytest

from cnncalc.graph.hints import layer_hint

LAYERS = ["conv_1", "dense_1", "dense_2"]


@pytest.mark.parametrize(
    ("name", "names", "hint"),
    [
        ("fc_2", LAYERS, 'fc is another name of dense: did you mean "dense_2"?'),
        ("fc_3", LAYERS, "fc is another name of dense, whose layers here are dense_1, dense_2"),
        ("fc_1", ["flatten_1"], "the layers are flatten_1"),
        ("fc_1", [], "it has none"),
        ("dens_2", LAYERS, 'did you mean "dense_2"?'),
    ],
)
def test_which_layer_may_be_meant(name: str, names: list[str], hint: str) -> None:
    """The layer after its type's own name if there is one, else those of the type, else the closest, else all."""
    assert layer_hint(name, names) == hint
