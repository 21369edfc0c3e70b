"""Receptive fields before global pools, for the rules about them."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.graph.model import Node
from cnncalc.linting.network import Network

Ratio = tuple[int, int]
"""A receptive field and the size of the input along one axis."""


def fields_before_pools(network: Network) -> Iterator[tuple[Node, list[Ratio]]]:
    """The global pools over features that lead to the output, with the receptive fields of their input's positions.

    Inputs with a single axis, such as text or sound, are skipped: there is no object to see as a whole.
    """
    for index, node in network.layers:
        if network.role(index) != "global_pool":
            continue
        source = node.inputs[0]
        view = network.view(source)
        if view is None or not view.axes or not _leads_on(network, index):
            continue
        sizes = network.spatial(network.shape(view.source))
        pools = max(network.spatial(network.shape(source)), default=1) > 1
        if 1 < len(sizes) == len(view.axes) and pools and max(axis.size for axis in view.axes) > 1:
            yield node, [(int(axis.size), size) for axis, size in zip(view.axes, sizes, strict=True)]


def _leads_on(network: Network, index: int) -> bool:
    """Whether a pool is on the way to the output, not part of a gate such as squeeze-and-excitation's."""
    while (user := network.only_user(index)) is not None:
        if network.family(user) == "merge":
            return False
        index = user
    return not network.users(index)
