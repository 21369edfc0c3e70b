"""The layers of a network definition in order: blobs by name, phases, tops in place, shared parameters."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Diagnostic, Refusal, Source, Span, SpecError, closest, shortened
from cnncalc.importing.caffe.text_format import Message
from cnncalc.importing.draft import Draft, DraftInput, DraftLayer, Location
from cnncalc.importing.formats import Request, check_layers, fail
from cnncalc.importing.free_names import FreeNames
from cnncalc.importing.given_shapes import given_shape
from cnncalc.importing.layer_shapes import LayerShapes

SKIPPED = frozenset({
    "Accuracy", "ContrastiveLoss", "EuclideanLoss", "HingeLoss", "InfogainLoss", "MultinomialLogisticLoss", "Silence",
    "SigmoidCrossEntropyLoss", "SoftmaxWithLoss", "SmoothL1Loss", "MultiBoxLoss", "DetectionEvaluate", "HDF5Output",
    "SoftmaxWithLossOHEM", "SmoothL1LossOHEM", "BoxAnnotatorOHEM", "SegAccuracy",
})  # fmt: skip
"""Losses, measures and sinks of Caffe and its forks, which are not part of the network."""

_OLD_NAMES: Mapping[str, str] = MappingProxyType({
    "ABSVAL": "AbsVal", "BNLL": "BNLL", "CONCAT": "Concat", "CONVOLUTION": "Convolution",
    "DECONVOLUTION": "Deconvolution",
    "DATA": "Data", "DROPOUT": "Dropout", "DUMMY_DATA": "DummyData", "ELTWISE": "Eltwise", "EXP": "Exp",
    "FLATTEN": "Flatten",
    "HDF5_DATA": "HDF5Data", "IMAGE_DATA": "ImageData", "INNER_PRODUCT": "InnerProduct", "LRN": "LRN",
    "MEMORY_DATA": "MemoryData", "MVN": "MVN", "POOLING": "Pooling", "POWER": "Power", "RELU": "ReLU",
    "SIGMOID": "Sigmoid", "SLICE": "Slice", "SOFTMAX": "Softmax", "SPLIT": "Split", "TANH": "TanH",
    "THRESHOLD": "Threshold", "WINDOW_DATA": "WindowData", "SOFTMAX_LOSS": "SoftmaxWithLoss", "ACCURACY": "Accuracy",
    "EUCLIDEAN_LOSS": "EuclideanLoss", "HINGE_LOSS": "HingeLoss", "SILENCE": "Silence", "ARGMAX": "ArgMax",
    "SIGMOID_CROSS_ENTROPY_LOSS": "SigmoidCrossEntropyLoss", "INFOGAIN_LOSS": "InfogainLoss",
    "CONTRASTIVE_LOSS": "ContrastiveLoss", "MULTINOMIAL_LOGISTIC_LOSS": "MultinomialLogisticLoss",
})  # fmt: skip
"""The types of `layers`, and what `layer` calls them."""


class CaffeModel:
    """The network so far: each blob's newest giver, and the layers."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.inputs: list[DraftInput] = []
        self.layers: list[DraftLayer] = []
        self.blobs: dict[str, str] = {}
        self.used: set[str] = set()
        self.owners: dict[str, str] = {}
        """Of each named parameter: the layer that has it."""
        self.doubts: list[Diagnostic] = []
        self.shapes: dict[str, Shape] = {}
        """The shape without the batch of each input and of each layer, where it is known."""
        self._rules = LayerShapes("caffe", "CHW")
        self.names = FreeNames()
        self.regions: int | None = None
        """The number of regions that `--set regions=…` states."""
        self.boxes: dict[str, int] = {}
        """The number of rows of the inputs and layers that hold boxes."""
        self.elsewhere: dict[str, str] = {}
        """The phase of each top that only layers of another phase have."""

    def bottoms(self, layer: Message) -> list[str]:
        """The givers of a layer's bottoms."""
        found = []
        for value in layer.values("bottom"):
            if value.text not in self.blobs:
                near = closest(value.text, self.blobs)
                hint = f'did you mean "{near}"?' if near else "a layer or an input before it must have it as its top"
                if value.text in self.elsewhere:
                    phase = self.elsewhere[value.text]
                    hint = f"only a layer of the phase {phase} has this top: --set phase={phase}"
                layer.fail(f'bottom: no blob is called "{value.text}"', hint, place=value)
            found.append(self.blobs[value.text])
            self.used.add(value.text)
        return found

    def add(self, layer: Message, type: str, arguments: dict[str, Any], inputs: list[str], name: str = "") -> str:
        """Append a layer and return its name."""
        word = layer.text("type")
        given = self.names.take(name or layer.text("name") or word)
        place = Location(layer.start, layer.end, path=f'layer "{given}"')
        self.layers.append(DraftLayer(given, type, arguments, tuple(inputs), place, operation=word))
        self._see(self.layers[-1])
        return given

    def _see(self, layer: DraftLayer) -> None:
        """Note the shape of a layer; building the spec reports the mistakes of those without one."""
        if layer.type == "opaque":
            self.shapes[layer.name] = tuple(layer.arguments["output"])
            return
        inputs = [self.shapes.get(name) for name in layer.inputs]
        known = [shape for shape in inputs if shape is not None]
        if len(known) == len(inputs):
            with suppress(Refusal):
                self.shapes[layer.name] = self._rules.of(layer.type, layer.arguments, known)

    def example(self) -> str:
        """The `--input` for those that a layer has read, and whose shape is not known."""
        names = [each.name for each in self.inputs if each.shape is None and each.name in self.used]
        return " ".join(f"--input {name}=3x224x224" for name in names) if names[1:] else "--input 3x224x224"

    def doubt(self, layer: Message, message: str) -> None:
        """A warning about a layer."""
        span = Span(self.source, layer.start, layer.end)
        self.doubts.append(Diagnostic("E112", message, span, severity="warning"))


def _reads(layer: Message, lost: Collection[str]) -> bool:
    """Whether a layer has no other bottoms than these."""
    bottoms = layer.values("bottom")
    return bool(bottoms) and all(value.text in lost for value in bottoms)


def draft_of(source: Source, top: Message, request: Request) -> Draft:
    """The draft of a network definition."""
    from cnncalc.importing.caffe.layers import add_layer
    from cnncalc.importing.caffe.regions import is_for_training

    network = CaffeModel(source)
    network.regions = _regions(request)
    phase = _phase(request)
    layers = [*top.blocks("layer"), *top.blocks("layers")]
    present = [layer for layer in layers if is_in(layer, phase)]
    check_layers(request, len(present), source)
    if "phase" not in request.settings:
        present = [*_data_of_training(network, layers, present), *present]
    _note_other_phase(network, layers, present, phase)
    _declared_inputs(network, top, request, slides=any(map(_has_window, present)))
    lost: set[str] = set()  # the tops of layers that are left out
    for layer in present:
        word = type_of(layer)
        if word in SKIPPED or (word == "Python" and is_for_training(layer, layers, phase)) or _reads(layer, lost):
            lost.update(value.text for value in layer.values("top"))
            continue
        lost.difference_update(value.text for value in layer.values("top"))
        if _is_data(layer):
            _data(network, layer, word, request)
        elif word == "Python" and not layer.values("bottom"):
            for value in layer.values("top"):
                _add_input(network, layer, value.text, None, request)
        else:
            add_layer(network, layer, word)
    if not network.layers:
        raise SpecError([Diagnostic("E111", f"no layer is in the phase {phase}", Span(source, 0, 0))])
    outputs = tuple(dict.fromkeys(giver for blob, giver in network.blobs.items() if _is_output(network, blob, giver)))
    return Draft(
        source, "Caffe", "caffe", "CHW", _read_inputs(network), network.layers, outputs or (network.layers[-1].name,),
        name=top.text("name"), doubts=network.doubts,
    )  # fmt: skip


def _phase(request: Request) -> str:
    """The phase of `--set phase=…`, by default TEST."""
    phase = str(request.settings.get("phase", "TEST")).upper()
    if phase not in ("TRAIN", "TEST"):
        fail(request.path, f"phase: got {shortened(phase)}, but it must be TRAIN or TEST", code="E206")
    return phase


def type_of(layer: Message) -> str:
    """The type of a layer under its present name."""
    if not layer.values("type"):
        layer.fail("a layer without a type", 'add type: "Convolution"')
    word = layer.text("type")
    return _OLD_NAMES.get(word, word)


def _is_output(network: CaffeModel, blob: str, giver: str) -> bool:
    return blob not in network.used and any(layer.name == giver.split(".")[0] for layer in network.layers)


def is_in(layer: Message, phase: str) -> bool:
    """Whether a layer is part of the network in a phase: an include names it, or no exclude does."""
    includes, excludes = layer.blocks("include"), layer.blocks("exclude")
    names = [value.text for value in layer.values("include")]  # the old form, `include: TEST`
    if includes or names:
        return any(rule.text("phase", phase) == phase for rule in includes) or phase in names
    return not any(rule.text("phase") == phase for rule in excludes)


def _is_data(layer: Message) -> bool:
    """Whether a layer gives data: it has no bottom, and its type is Input or ends with Data, as in Caffe's forks."""
    word = type_of(layer)
    return not layer.values("bottom") and (word == "Input" or word.endswith("Data"))


def _data_of_training(network: CaffeModel, layers: list[Message], present: list[Message]) -> list[Message]:
    """The data layers that only training has, of a file for training alone, which has no data in the test phase."""
    given = {value.text for layer in present for value in layer.values("top")}
    wanted = {value.text for layer in present for value in layer.values("bottom")} - given
    others = [layer for layer in layers if not is_in(layer, "TEST") and _is_data(layer)]
    found = [layer for layer in others if wanted & {value.text for value in layer.values("top")}][:1]
    for layer in found:
        network.doubt(
            layer,
            "the phase TEST has no layer for this data: that of TRAIN is used; --set phase=TRAIN reads that phase",
        )
    return found


def _note_other_phase(network: CaffeModel, layers: list[Message], present: list[Message], phase: str) -> None:
    """Note the tops that only layers of the other phase have."""
    other = "TEST" if phase == "TRAIN" else "TRAIN"
    here = {value.text for layer in present for value in layer.values("top")}
    for layer in layers:
        network.elsewhere |= {value.text: other for value in layer.values("top") if value.text not in here}


def _read_inputs(network: CaffeModel) -> list[DraftInput]:
    """The inputs that some layer reads, or all if none does: labels and boxes of a data layer are often unread."""
    read = {name for layer in network.layers for name in layer.inputs}
    return [each for each in network.inputs if each.name in read] or network.inputs


def _regions(request: Request) -> int | None:
    """The number of `--set regions=…`."""
    value = request.settings.get("regions")
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
        fail(request.path, f"regions: got {shortened(str(value))}, but it must be a whole number above 0", code="E206")
    return value


def _has_window(layer: Message) -> bool:
    """Whether a layer slides a window larger than 1."""
    blocks = [layer.block("convolution_param"), layer.block("pooling_param")]
    return any(size > 1 for block in blocks for size in block.numbers("kernel_size"))


def _declared_inputs(network: CaffeModel, top: Message, request: Request, *, slides: bool) -> None:
    """`input: "data"` with `input_dim: 10` four times, or with `input_shape { dim: 10 … }`.

    An image of 1×1 pixels before windows is a placeholder, whose size a program sets when it runs.
    """
    names = top.values("input")
    dims, shapes = top.numbers("input_dim"), [shape.numbers("dim") for shape in top.blocks("input_shape")]
    for index, value in enumerate(names):
        sizes = shapes[index] if index < len(shapes) else dims[4 * index : 4 * index + 4]
        is_placeholder = slides and len(sizes) == 4 and sizes[2:] == [1, 1] and sizes[1] in (1, 3)
        _add_input(network, top, value.text, None if is_placeholder else tuple(sizes[1:]) or None, request)
        if (len(sizes) == 2 and sizes[1] == 5) or sizes[1:] == [5, 1, 1]:
            network.boxes[network.inputs[-1].name] = sizes[0]


def _add_input(network: CaffeModel, place: Message, name: str, shape: tuple[int, ...] | None, request: Request) -> None:
    shape = given_shape(request, name, stated=shape, is_first=not network.inputs) or shape
    if shape is not None and any(size < 1 for size in shape):
        place.fail(f'the input "{name}" has a size below 1')
    network.inputs.append(DraftInput(network.names.take(name), shape, Location(place.start, place.end)))
    network.blobs[name] = network.inputs[-1].name
    if shape is not None:
        network.shapes[network.inputs[-1].name] = shape


def _data(network: CaffeModel, layer: Message, word: str, request: Request) -> None:
    """The first top of a data layer, which is the image; its labels are not an input of the network."""
    tops = [value.text for value in layer.values("top")]
    if word in ("Input", "DummyData"):
        inner = layer.block("input_param" if word == "Input" else "dummy_data_param")
        shapes = [shape.numbers("dim") for shape in inner.blocks("shape")]
        for index, top in enumerate(tops):
            sizes = shapes[min(index, len(shapes) - 1)] if shapes else []
            _add_input(network, layer, top, tuple(sizes[1:]) or None, request)
        return
    if not tops:
        return
    size = _first_size(layer, "crop_size")
    if size or not layer.has("memory_data_param"):
        resized = layer.block("transform_param").block("resize_param")
        height, width = (size, size) if size else (resized.number("height", 0), resized.number("width", 0))
        gray = layer.block("image_data_param").text("is_color") == "false"
        shape = (1 if gray else 3, height, width) if min(height, width) > 0 else None
    else:
        inner = layer.block("memory_data_param")
        shape = (inner.number("channels", 1), inner.number("height", 1), inner.number("width", 1))
    _add_input(network, layer, tops[0], shape, request)


def _first_size(layer: Message, name: str) -> int:
    """A size in the layer's `transform_param`, or in the parameters of old data layers."""
    inside = ("transform_param", "data_param", "image_data_param", "window_data_param")
    return next((value for each in inside if (value := layer.block(each).number(name, 0))), 0)
