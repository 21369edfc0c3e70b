"""Mistakes about bytes, memory and batches."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import prod

from cnncalc.graph.document import DTYPES
from cnncalc.homework.figure_paths import COUNTS, Asked, AskedModel, FigureValue
from cnncalc.homework.mistakes.catalogue import misread
from cnncalc.number_text import thousands

_OF_BATCH = ("macs", "flops", "activation_elements", "activation_bytes", "peak_activation_bytes")
_ONCE = ("params", "trainable_params", "non_trainable_params", "buffers", "unshared_params", "param_bytes")
_UNITS = (("kB", 10**3, "KiB", 2**10), ("MB", 10**6, "MiB", 2**20), ("GB", 10**9, "GiB", 2**30))


@misread("a number of elements for the bytes", "elements, not bytes", likely=1)
def elements_for_bytes(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """A float32 has 4 bytes."""
    if asked.figure.endswith("bytes") and isinstance(asked.value, int):
        elements = asked.value // DTYPES[about.report.dtype]
        yield elements, "the number of elements"
        for dtype in ("float64", "float32", "float16"):
            if DTYPES[dtype] != DTYPES[about.report.dtype]:
                yield elements * DTYPES[dtype], f"the bytes of a {dtype}"


@misread("bits for bytes", "8·bytes", likely=1)
def bits_for_bytes(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """A byte has 8 bits: a float32 has 4 bytes."""
    if asked.figure.endswith("bytes") and isinstance(asked.value, int):
        yield asked.value * 8, "the number of bits"


@misread("decimal and binary units confused", "1 MB ↔ 1 MiB", likely=1)
def decimal_for_binary_units(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """A MB has 1,000,000 bytes, a MiB has 1,048,576."""
    if asked.figure.endswith("bytes") and isinstance(asked.value, int):
        for decimal, small, binary, large in reversed(_UNITS):
            if asked.value >= small:
                yield Fraction(asked.value * small, large), f"the number of {binary} as {decimal}"
                yield Fraction(asked.value * large, small), f"the number of {decimal} as {binary}"


@misread("one array for the peak of memory", "one activation", likely=2)
def one_tensor_of_the_peak(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """While a layer runs, its inputs and its output are in memory together."""
    if asked.figure == "peak_activation_bytes":
        for layer in about.report.layers:
            yield layer.activation_bytes, f"the output of {layer.name}"
        outputs = sum(layer.activation_bytes for layer in about.report.layers)
        yield outputs, "the outputs of all layers together"
        bytes_per_number = DTYPES[about.report.dtype]
        given = [prod(one.shape) * bytes_per_number * about.report.batch for one in about.report.inputs]
        yield max(given), "the input"
        yield outputs + sum(given), "the input and the outputs of all layers together"


@misread("the channels left out", "H·W", likely=1)
def channels_left_out(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """Every channel has its own values."""
    if asked.figure not in ("activation_elements", "activation_bytes") or asked.place is None:
        return
    node = about.graph.nodes[asked.place]
    if node.shape and len(node.shape) > 1 and isinstance(asked.value, int):
        yield asked.value // about.graph.setting.channels(node.shape), "the number for one channel"
        spatial = prod(about.graph.setting.spatial(node.shape))
        yield asked.value // spatial, "the number for one position"


# --- batches -----------------------------------------------------------------------------------------------------


@misread("the batch left out", "the number for one sample", likely=1)
def batch_left_out(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """The question is about a batch: operations and memory are needed for every sample."""
    batch = about.report.batch
    if batch > 1 and asked.figure in _OF_BATCH and isinstance(asked.value, int) and asked.value % batch == 0:
        yield asked.value // batch, f"the number for one sample of {thousands(batch)}"


@misread("the batch counted twice", "B·B·…", likely=1)
def batch_counted_twice(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """The batch multiplies the numbers of one sample once."""
    batch = about.report.batch
    if batch > 1 and asked.figure in _OF_BATCH and isinstance(asked.value, int):
        yield asked.value * batch, f"the number for {thousands(batch)}·{thousands(batch)} samples"


@misread("multiplied by the batch", "B·parameters", likely=1)
def batch_multiplied_in(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """All samples of a batch share the same parameters."""
    batch = about.report.batch
    if (
        batch > 1
        and asked.figure in (*_ONCE, *COUNTS)
        and asked.figure not in _OF_BATCH
        and isinstance(asked.value, int)
    ):
        yield asked.value * batch, f"the number for {thousands(batch)} copies of the parameters"


@misread("the weights left out of the memory", "the activations only", likely=1)
def weights_left_out_of_memory(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """The parameters are in memory together with the activations."""
    if asked.figure == "memory_bytes":
        yield about.report.totals.peak_activation_bytes, "the memory of the activations at their peak"


@misread("the activations left out of the memory", "the parameters only", likely=1)
def activations_left_out_of_memory(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """While a layer runs, its inputs and its output are in memory together with the parameters."""
    if asked.figure == "memory_bytes":
        totals = about.report.totals
        yield totals.param_bytes, "the memory of the parameters"
        outputs = sum(layer.activation_bytes for layer in about.report.layers)
        yield totals.param_bytes + outputs, "the memory of the parameters and of all outputs, without the input"
