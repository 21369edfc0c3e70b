"""The rule N102, `unused_output`."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.linting.finding import Finding
from cnncalc.linting.network import Network
from cnncalc.linting.rule import NetworkRule


class UnusedOutput(NetworkRule):
    """The output of a layer, or an input of the model, is never used.

    No layer takes it, and it is not an output of the model. The usual cause is a `from` that bypasses it; a model with
    several outputs lists them under `outputs`. Not reported for a `parameter`, which is not computed: it may hold
    weights that only training uses.
    """

    code = "N102"
    name = "unused_output"
    needs_whole_model = True
    message = "{layer}: {what} is never used"
    bad = "32x32x3 -> conv 8 3x3 relu name=left -> conv 8 3x3 relu from=input"
    good = "32x32x3 -> conv 8 3x3 relu name=left -> conv 8 3x3 relu"
    reason = "It is computed for nothing, and the intended connection is missing."
    sources = ("PyTorch, torch.nn.parallel.DistributedDataParallel, find_unused_parameters",)

    def check_network(self, network: Network) -> Iterator[Finding]:
        for index, node in enumerate(network.nodes):
            if network.users(index) or index in network.outputs or network.type(index) == "parameter":
                continue
            what = "its output" if node.layer else "this input"
            hint = "name it under `outputs`, take it with `from`, or remove it"
            yield self.finding(node.span, layer=node.name, what=what, hint=hint)
