"""The computation of a layer's counts: weights, operations and memory."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.analysis.derivation import Derivation
from cnncalc.analysis.explanation import Explanation
from cnncalc.arithmetic.convention import CONVENTIONS
from cnncalc.graph.document import DTYPES
from cnncalc.graph.model import Node
from cnncalc.homework.figure_paths import Asked, AskedModel, show_value
from cnncalc.number_text import thousands

_TITLES: Mapping[str, str] = {
    "params": "Parameters", "trainable_params": "Trainable parameters",
    "non_trainable_params": "Non-trainable parameters", "buffers": "Buffers", "unshared_params": "Without sharing",
    "macs": "MACs", "flops": "FLOPs", "activation_elements": "Elements", "activation_bytes": "Bytes",
    "param_bytes": "Bytes of the parameters", "peak_activation_bytes": "Peak",
}  # fmt: skip


def title_of(figure: str) -> str:
    """A count in words, as workings begin."""
    return _TITLES.get(figure, figure)


def chained(title: str, derivation: Derivation) -> str:
    """`title = formula = numbers = result`."""
    return " = ".join((title, *derivation.text.chain))


def counted(about: AskedModel, place: int, explanation: Explanation, figure: str) -> list[str]:
    """The lines that lead to one of a layer's counts."""
    if figure == "unshared_params":
        return _unshared(about, explanation)
    if figure in ("macs", "flops"):
        return _work(explanation, figure)
    if figure.startswith("activation"):
        return _memory(about, place, figure)
    return _weights(about, about.graph.nodes[place], explanation, figure)


def weights_of(explanation: Explanation, asked: Asked) -> list[str]:
    """The working of an array's size, from its shape."""
    for array in explanation.weights:
        if array.name == asked.figure and len(array.shape) > 1:
            return [f"{array.name} = {'·'.join(map(str, array.shape))} = {show_value(asked.value)}"]
    return [f"{asked.figure} = {show_value(asked.value)}"]


def _weights(about: AskedModel, node: Node, explanation: Explanation, figure: str) -> list[str]:
    """A count of weights: of learned ones, and of kept ones where the convention counts them, less shared ones."""
    in_params = CONVENTIONS[about.report.convention].statistics_are_params
    title, report = title_of(figure), about.report.layer(node.name)
    if node.shares is not None and not node.ties:
        owner = about.graph.nodes[node.shares].name
        return [f"The weights are those of {owner}, which counts them: {title} = 0"]
    learned = explanation.params if _counts_learned(node, figure) else None
    kept = explanation.statistics if _counts_kept(figure, in_params) else None
    tied = (explanation.params.value if explanation.params else 0) - _learned(report, node)
    if learned is not None and tied and node.shares is not None:
        rest = learned.value - tied
        owner = about.graph.nodes[node.shares].name
        return [
            chained("Weights", learned),
            f"{thousands(tied)} of them are counted at {owner}: {title} = {thousands(rest)}",
        ]
    if learned is not None and kept is not None and kept.value:
        return [
            chained("Learned", learned), chained("Not learned", kept),
            f"{title} = {thousands(learned.value)} + {thousands(kept.value)} = {thousands(learned.value + kept.value)}",
        ]  # fmt: skip
    one = learned or kept
    if one is not None:
        return [chained(title, one)]
    return [f"{_why_none(about, node, explanation, figure)}: {title} = 0"]


def _learned(report: object, node: Node) -> int:
    """The learned weights that the layer itself counts."""
    return int(report.trainable_params) if node.trainable else int(report.non_trainable_params)  # type: ignore[attr-defined]


def _counts_learned(node: Node, figure: str) -> bool:
    return figure == "params" or figure == ("trainable_params" if node.trainable else "non_trainable_params")


def _counts_kept(figure: str, in_params: bool) -> bool:
    return figure in ("params", "non_trainable_params") if in_params else figure == "buffers"


def _why_none(about: AskedModel, node: Node, explanation: Explanation, figure: str) -> str:
    title = CONVENTIONS[about.report.convention].title
    if figure == "buffers" and explanation.statistics is not None:
        return f"{title} counts what is kept as parameters"
    if explanation.params is None and explanation.statistics is None:
        return "The layer has no weights"
    if figure == "trainable_params":
        return "The layer is frozen" if not node.trainable else "Training changes none of its weights"
    if figure == "non_trainable_params":
        return "Training changes all of its parameters"
    if figure == "buffers":
        return "Training changes all of its weights"
    return f"{title} keeps its weights as buffers"


def _unshared(about: AskedModel, explanation: Explanation) -> list[str]:
    """The count without sharing: each use of a weight is a separate weight."""
    title = title_of("unshared_params")
    learned = explanation.unshared or explanation.params
    in_params = CONVENTIONS[about.report.convention].statistics_are_params
    kept = explanation.unshared_statistics if in_params else None
    if learned is not None and kept is not None and kept.value:
        return [
            chained("Learned", learned), chained("Not learned", kept),
            f"{title} = {thousands(learned.value)} + {thousands(kept.value)} = {thousands(learned.value + kept.value)}",
        ]  # fmt: skip
    one = learned or kept
    return [chained(title, one) if one is not None else f"The layer has no weights: {title} = 0"]


def _work(explanation: Explanation, figure: str) -> list[str]:
    macs, flops = explanation.macs, explanation.flops
    if figure == "macs":
        return [chained("MACs", macs) if macs else "The layer multiplies by no weights: MACs = 0"]
    if not flops:
        return ["The layer moves numbers and computes none: FLOPs = 0"]
    if macs and flops.value != 2 * macs.value:
        counted = "Two for each MAC, though a sum of N products has N − 1 additions, and biases and element-wise work:"
        return [counted, chained("FLOPs", flops)]
    return [chained("FLOPs", flops)]


def _memory(about: AskedModel, place: int, figure: str) -> list[str]:
    """The numbers of an output, of the whole batch, and their bytes."""
    node, report = about.graph.nodes[place], about.report
    title, value = title_of(figure), getattr(report.layer(node.name), figure)
    if not value:
        return [f"The output is a weight, which needs no memory of its own: {title} = 0"]
    factors = [*(node.shape or ())]
    said = []
    if node.samples > 1 and not node.unbatched:
        factors.append(node.samples)
        said.append(f"{thousands(node.samples)} samples of each")
    if report.batch > 1 and not node.unbatched:
        factors.append(report.batch)
        said.append(f"a batch of {thousands(report.batch)}")
    if figure == "activation_bytes":
        factors.append(DTYPES[report.dtype])
        said.append(f"{report.dtype}, {factors[-1]} bytes each")
    lead = f"{', '.join(said)}: " if said else ""
    product = "·".join(thousands(factor) for factor in factors) or "1"
    return [f"{lead}{title} = {product}" + (f" = {thousands(value)}" if len(factors) > 1 else "")]
