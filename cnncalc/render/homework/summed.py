"""The working of a model's totals: sums over the layers, and memory."""

from __future__ import annotations

from cnncalc.analysis.memory import alive_at, elements, peak
from cnncalc.graph.document import DTYPES
from cnncalc.homework.figure_paths import Asked, AskedModel, arrays_of, is_bias, show_value
from cnncalc.number_text import plural, thousands
from cnncalc.render.homework.counted import title_of

_MOST_SUMMANDS = 12


def summed(about: AskedModel, asked: Asked) -> list[str]:
    """The number of every layer that has one, added up."""
    title = title_of(asked.figure)
    found = [(layer.name, int(getattr(layer, asked.figure, 0))) for layer in about.report.layers]
    return _added(title, [(name, number) for name, number in found if number], show_value(asked.value))


def summed_arrays(about: AskedModel, asked: Asked) -> list[str]:
    """The weights, or the biases, of a layer or of the model, array by array."""
    graph = about.graph
    nodes = [
        node for node in (graph.nodes if asked.place is None else [graph.nodes[asked.place]])
        if node.layer is not None and (node.shares is None or asked.place is not None)
    ]  # fmt: skip
    found = [
        (array.name if asked.place is not None else f"{node.name}.{array.name}", array.size)
        for node in nodes
        for array in arrays_of(graph, node)
        if not array.statistic and is_bias(array) == (asked.figure == "biases")
    ]
    if len(found) == 1 and asked.place is not None:
        (array,) = [array for array in arrays_of(graph, nodes[0]) if array.name == found[0][0]]
        product = f" {'·'.join(thousands(size) for size in array.shape)}" if len(array.shape) > 1 else ""
        return [f"{asked.figure} = {array.name}{product} = {show_value(asked.value)}"]
    return _added(asked.figure, found, show_value(asked.value))


def _added(title: str, counted: list[tuple[str, int]], total: str) -> list[str]:
    if not counted:
        return [f"No layer has any: {title} = {total}"]
    shown = " + ".join(thousands(number) for _, number in counted[:_MOST_SUMMANDS])
    names = " + ".join(name for name, _ in counted[:_MOST_SUMMANDS])
    rest = f" + {len(counted) - _MOST_SUMMANDS} more" if len(counted) > _MOST_SUMMANDS else ""
    if len(counted) == 1:
        return [f"{names} alone has any: {title} = {total}"]
    return [f"{names}{rest}", f"= {shown}{rest} = {total}"]


def weight_memory(about: AskedModel) -> list[str]:
    """The bytes of all parameters."""
    totals, dtype = about.report.totals, about.report.dtype
    size = DTYPES[dtype]
    return [
        f"total.params = {thousands(totals.params)}, each a {dtype} of {plural(size, 'byte')}",
        f"Bytes = {thousands(totals.params)}·{size} = {thousands(totals.param_bytes)}",
    ]


def peak_memory(about: AskedModel) -> list[str]:
    """The arrays that are alive at the peak, and their bytes."""
    nodes, report = about.graph.nodes, about.report
    sizes = [elements(node, report.batch) for node in nodes]
    outputs = [index for _, index in about.graph.outputs]
    place = peak(nodes, sizes, outputs).place
    alive = [index for index in alive_at(nodes, outputs, max(place, 0)) if sizes[index]]
    while_running = f"While {nodes[place].name} runs, there are " if place >= 0 else "Before the first layer there are "
    names = " + ".join(nodes[index].name for index in alive[:_MOST_SUMMANDS])
    rest = f" + {len(alive) - _MOST_SUMMANDS} more" if len(alive) > _MOST_SUMMANDS else ""
    batch = f", a batch of {thousands(report.batch)}" if report.batch > 1 else ""
    numbers = " + ".join(thousands(sizes[index]) for index in alive[:_MOST_SUMMANDS]) + rest
    size = DTYPES[report.dtype]
    return [
        f"{while_running}{names}{rest}{batch}; {report.dtype}, {plural(size, 'byte')} each",
        f"Peak = ({numbers})·{size} = {thousands(report.totals.peak_activation_bytes)}",
    ]


def whole_memory(about: AskedModel) -> list[str]:
    """The memory of the parameters, and of the arrays that are alive at the peak."""
    totals = about.report.totals
    numbers = f"{thousands(totals.param_bytes)} + {thousands(totals.peak_activation_bytes)}"
    total = thousands(totals.param_bytes + totals.peak_activation_bytes)
    return [*weight_memory(about), *peak_memory(about), f"Memory = parameters + peak = {numbers} = {total}"]
