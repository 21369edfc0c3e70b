"""Right answers to different questions, and slips of the pen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from math import prod

from cnncalc.homework.figure_paths import (
    COUNTS,
    SUMS,
    TOTALS,
    Asked,
    AskedModel,
    FigureValue,
    arrays_of,
    ask,
    axis_names,
)
from cnncalc.homework.mistakes.catalogue import misread
from cnncalc.homework.substitution import unrounded
from cnncalc.number_text import thousands

_WORDS: Mapping[str, str] = {
    "params": "the number of parameters", "unshared_params": "the number of parameters without sharing",
    "macs": "the number of multiply–accumulates", "flops": "the number of operations",
    "trainable_params": "the number of trainable parameters",
    "non_trainable_params": "the number of parameters that are not trained", "buffers": "the number of buffers",
    "activation_elements": "the number of elements", "activation_bytes": "the number of bytes of the output",
    "param_bytes": "the number of bytes of the parameters", "peak_activation_bytes": "the peak of the activations",
    "output": "the output", "input": "the input", "receptive_field": "the receptive field",
    "effective_stride": "the effective stride", "kernel": "the number of weights in the kernel",
    "bias": "the number of biases",
}  # fmt: skip


def _figure(about: AskedModel, asked: Asked, owner: str, figure: str) -> Iterator[tuple[FigureValue, str]]:
    """A metric of a layer or of the model, and its description, with the requested part of a shape."""
    from cnncalc.diagnostics import SpecError

    path = f"{owner or 'total'}.{figure}.{asked.part}".removesuffix(".")
    try:
        value = ask(about, path).value
    except SpecError:  # this layer has no such metric
        return
    if value == 0:
        return
    what = f"{asked.part} of {_WORDS.get(figure, figure)}" if asked.part else _WORDS.get(figure, figure)
    if asked.part == "shape":
        what = f"the shape of the {figure}"
    yield value, f"{what} of {owner or 'the whole model'}"


def _names(about: AskedModel) -> list[str]:
    return [layer.name for layer in about.report.layers]


def _own(about: AskedModel, asked: Asked) -> str:
    return "" if asked.place is None else about.graph.nodes[asked.place].name


@misread("the answer of a different layer", "the same metric of a different layer", likely=4)
def another_layer(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """This is the right metric, but of a different layer."""
    for name in _names(about):
        if name != _own(about, asked):
            yield from _figure(about, asked, name, asked.figure)


@misread("the answer of one layer", "one layer of the model", likely=3)
def layer_for_total(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """The question is about the whole model: add up all its layers."""
    if asked.place is None and asked.figure in (*COUNTS, *SUMS) and len(about.report.layers) > 1:
        for name in _names(about):
            yield from _figure(about, asked, name, asked.figure)


@misread("the answer of the whole model", "the sum over all layers", likely=3)
def total_for_layer(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """The question is about one layer; this is the sum over all of them."""
    if asked.place is not None and len(about.report.layers) > 1:
        yield from _figure(about, asked, "", asked.figure)


@misread("the answer to a different question", "a different metric", likely=3)
def another_figure(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """This is the right answer to a different question about the same layer or model."""
    owner = _own(about, asked)
    for figure in (*(COUNTS if owner else TOTALS), "output", "input", "receptive_field", "kernel", "bias"):
        if figure != asked.figure:
            yield from _figure(about, asked, owner, figure)
    layers = [node for node in about.graph.nodes if node.layer is not None]
    if asked.place is not None or len(layers) == 1:
        node = layers[0] if asked.place is None else about.graph.nodes[asked.place]
        for array in arrays_of(about.graph, node) if node.layer is not None and asked.part != "shape" else ():
            yield array.shape, f"the shape of the {array.name} of {node.name}"


@misread("operations and multiply–accumulates confused", "FLOPs ≈ 2·MACs", likely=1)
def macs_and_flops_confused(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """A multiply–accumulate is two operations. Papers use the name FLOPs for both, so state which one you mean."""
    if asked.figure == "flops":
        yield from _figure(about, asked, _own(about, asked), "macs")
    elif asked.figure == "macs" and isinstance(asked.value, int):
        yield from _figure(about, asked, _own(about, asked), "flops")
        yield 2 * asked.value, "twice the multiply–accumulates"


@misread("layers counted in another way", "other kinds of layers", likely=2)
def layers_counted_otherwise(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """Layers with a kernel, a matrix or a table count as weight layers, and no others: no pools, no activations."""
    if asked.figure not in ("layers", "weight_layers"):
        return
    layers = [node.layer for node in about.graph.nodes if node.layer is not None]
    families = Counter(layer.family for layer in layers)
    weighted = ask(about, "weight_layers").value
    assert isinstance(weighted, int)
    yield len(about.report.layers), "the number of all layers"
    yield weighted, "the number of layers with a kernel, a matrix or a table"
    yield weighted + families["pooling"], "the number of layers with weights and of pools"
    for kind, count in Counter(layer.type for layer in layers if layer.family == "pooling").items():
        yield weighted + count, f"the number of layers with weights and of {kind}"
    yield weighted + families["normalization"], "the number of layers with weights and of normalizations"
    yield families["convolution"], "the number of convolutions"
    yield families["dense"], "the number of dense layers"
    yield weighted + 1, "the number with the input as a layer"


@misread("a ratio upside down", "b / a", likely=3)
def ratio_upside_down(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """Numerator and denominator are swapped."""
    if asked.over is not None and isinstance(asked.value, Fraction | int) and asked.value:
        yield 1 / Fraction(asked.value), f"{asked.over.path} divided by the other"


@misread("height and width swapped in the answer", "W×H", likely=2)
def sides_swapped(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """Here, shapes list the height before the width."""
    if not isinstance(asked.value, tuple) or len(asked.value) not in (2, 3):
        return
    first = 0 if about.graph.setting.layout == "HWC" or len(asked.value) == 2 else 1
    swapped = list(asked.value)
    swapped[first], swapped[first + 1] = swapped[first + 1], swapped[first]
    yield tuple(swapped), "the shape as width × height"


@misread("the depth left out", "H×W", likely=3)
def depth_left_out(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """A volume also has a depth: height, width and channels."""
    if isinstance(asked.value, tuple) and asked.is_size and len(asked.value) > 1:
        yield about.graph.setting.spatial(asked.value), "only the height and width"
    elif asked.is_size and asked.part == "size":
        node = about.graph.nodes[about.graph.outputs[0][1] if asked.place is None else asked.place]
        if node.shape and len(node.shape) > 1 and asked.figure == "output":
            yield prod(about.graph.setting.spatial(node.shape)), "the number of positions"


@misread("two digits transposed", "…54… ↔ …45…", likely=5)
def digits_transposed(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """Two neighbouring digits of the right answer are swapped."""
    for place, number in enumerate(asked.value if isinstance(asked.value, tuple) else (asked.value,)):
        if isinstance(number, int):
            for other in _transpositions(number):
                if isinstance(asked.value, tuple):
                    yield (*asked.value[:place], other, *asked.value[place + 1 :]), "the right answer, nearly"
                else:
                    yield other, "the right answer, nearly"


def _transpositions(number: int) -> Iterator[int]:
    digits = str(number)
    for place in range(len(digits) - 1):
        swapped = digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        if swapped != digits and swapped[0] != "0":
            yield int(swapped)


@misread("wrong power of ten", "10·, 1000·, …", likely=5)
def wrong_power_of_ten(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """The digits are right, but there are zeros too many or too few, or thousands instead of millions."""
    if isinstance(asked.value, int) and asked.value > 99:
        for power in (10, 100, 1000, 10**6):
            yield asked.value * power, f"{thousands(power)} times as many"
            if asked.value % power == 0:
                yield asked.value // power, f"a {thousands(power)}th"


@misread("left unrounded", "O = (W − F + 2P)/S + 1", likely=1)
def left_unrounded(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """A size counts windows, so it is whole: if the stride does not divide evenly, the last window does not fit."""
    place = about.graph.outputs[0][1] if asked.place is None else asked.place
    node = about.graph.nodes[place]
    if asked.figure != "output" or node.layer is None:
        return
    sizes = tuple(map(unrounded, about.workings.formulas(node.layer, about.graph.inputs_of(node)).sizes))
    if not any(size.denominator > 1 for size in sizes):
        return
    shape = node.shape or ()
    if not asked.part:
        yield sizes, "the size before rounding"  # type: ignore[misc]  # an unrounded shape
    elif asked.part in axis_names(about, len(shape)):
        yield sizes[axis_names(about, len(shape)).index(asked.part)], "the size before rounding"
