"""The bundled specs, layer by layer, as torchvision and keras.applications build them."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import analyze
from cnncalc.reading.bundled import bundled_names
from tests.oracles.networks import Network, recorded
from tests.sweeps import sampled

NETWORKS = recorded()


@pytest.mark.parametrize("network", sampled(NETWORKS))
def test_every_parametrised_layer_is_the_library_s(network: Network) -> None:
    """Totals, output, and in order of execution each layer's output shape and number of parameters."""
    report = analyze(network.name)
    mine = [(list(layer.output_shape), layer.params) for layer in report.layers if layer.params]
    first = next(
        (place for place, pair in enumerate(zip(mine, network.layers, strict=False)) if pair[0] != pair[1]), None
    )
    at = "" if first is None else f"layer {first}: {mine[first]} here, {network.layers[first]} in {network.source}"
    assert mine == network.layers, at or f"{len(mine)} layers here, {len(network.layers)} in {network.source}"
    assert (report.totals.params, report.totals.trainable_params) == (network.params, network.trainable)
    assert list(report.inputs[0].shape) == network.input
    assert network.output in ([], list(report.outputs[0].shape))
    assert [rate for layer in report.layers if (rate := layer.settings.get("dilation", 1)) != 1] == network.dilations


def test_the_networks_on_file_are_bundled() -> None:
    """A network that is recorded has a spec."""
    assert set(NETWORKS) <= set(bundled_names())
