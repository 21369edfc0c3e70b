"""The layers of a model, one row after the other.

A layer's name is the row's module and number, and the names of the library's attributes: `C2f_4.m.0.cv1.conv`.
"""

from __future__ import annotations

from collections.abc import Sequence

from cnncalc.diagnostics import Span, SpecError, closest, shortened
from cnncalc.importing.draft import Draft, DraftInput, DraftLayer, Location
from cnncalc.importing.formats import Request
from cnncalc.importing.given_shapes import given_shape
from cnncalc.importing.ultralytics.activations import activation_of
from cnncalc.importing.ultralytics.arguments import RowArguments, bound
from cnncalc.importing.ultralytics.model_yaml import ModelRow, ModelYaml
from cnncalc.importing.ultralytics.modules import YOLOV7, YoloModule, find_module, is_only_in, module_names
from cnncalc.importing.ultralytics.parts import CONVENTION, LAYOUT, FeatureMap, ModuleParts
from cnncalc.importing.ultralytics.scaling import guessed_scale, scale_of, scaled_name
from cnncalc.number_text import plural, show_shape, thousands

_SIZE = 640
"""The height and width for which the library prints its figures."""
_TEXT_FEATURES = 512
_LEAST_LIMIT, _LAYERS_OF_ROW = 10_000, 200
"""A file may have this many layers, or so many for each of its rows; the largest published one has 1,200."""

_OF_YOLOV9 = ("RepNCSPELAN4", "ELAN1")
"""Each file of the YOLOv9 repository has one of these; no file of the YOLOv5 repository, with the same keys, does."""

RowOutput = FeatureMap | list[FeatureMap]


class YoloNetwork:
    """The network so far: the output of each row, and the settings of the file that its modules ask for."""

    def __init__(self, model: ModelYaml, request: Request) -> None:
        self.model = model
        self.limits = request.limits
        self.scale = scale_of(model, request)
        self.activation = activation_of(model)
        self.is_yolov5 = "anchors" in model.values
        """Whether the file is of the YOLOv5 repository, whose bottlenecks begin with a window of 1."""
        self.has_plain_heads = True
        """Whether heads have full convolutions for the classes: before C3k2, A2C2f or C2fCIB occurs."""
        self.image = FeatureMap("input", _input_shape(model, request))
        self.text: FeatureMap | None = None
        """The embeddings of the class names, for models that take them."""
        self.prompt: FeatureMap | None = None
        """The embeddings after the rows that change them."""
        self.text_features = _TEXT_FEATURES
        self.given_text = request.shapes.get("text")
        self.row: ModelRow
        """The row that is read."""
        self.most_layers = min(self.limits.model_layers, max(_LEAST_LIMIT, _LAYERS_OF_ROW * model.count))
        self.outputs: list[RowOutput] = []
        self.layers: list[DraftLayer] = []

    @property
    def classes(self) -> int:
        return self.model.integer("nc", 80)

    @property
    def unscaled(self) -> int:
        """The number of channels that the library takes for an output of the model, which the width does not scale."""
        if not self.is_yolov5:
            return self.classes
        anchors = self.model.values["anchors"]
        each = anchors if isinstance(anchors, int) else len(anchors[0]) // 2 if _are_lists(anchors) else 0
        return each * (self.classes + 5)

    def append(self, layer: DraftLayer) -> None:
        self.layers.append(layer)
        if len(self.layers) > self.most_layers:
            self.row.fail(f"the model has more than {thousands(self.most_layers)} layers with its repeats")

    def text_input(self, features: int = _TEXT_FEATURES) -> FeatureMap:
        """The embeddings of the class names, a second input of the model."""
        if self.text is None:
            shape = self.given_text or (self.classes, features)
            self.text = self.prompt = FeatureMap("text", tuple(shape))
        return self.text

    def share(self, x: FeatureMap, owner: str) -> None:
        """Let the last layer, whose output is `x`, use the weights of an earlier one."""
        assert self.layers[-1].name == x.name
        self.layers[-1].shares = owner

    def need_images(self, inputs: Sequence[FeatureMap], start: int = 0) -> None:
        """Refuse a head whose inputs, from that of the row's source `start` on, are not maps with height and width."""
        for source, each in zip(self.row.sources[start : start + len(inputs)], inputs, strict=True):
            if len(each.shape) != 3:
                self.row.fail(f"needs maps, but row {source} gives {show_shape(each.shape)}")

    def need_same_sizes(self, inputs: Sequence[FeatureMap]) -> None:
        """Refuse a row whose inputs differ in height or width."""
        if len({each.shape[1:] for each in inputs}) == 1:
            return
        row = self.row
        rows = [source + row.index if source < 0 else source for source in row.sources]
        shapes = [f"row {number} {show_shape(each.shape)}" for number, each in zip(rows, inputs, strict=True)]
        hint = "rows with one stride can be joined: check from, and the strides and Upsample rows between"
        row.fail(f"joins different heights and widths: {', '.join(shapes)}", hint, row.nodes.items[0].span)

    def source(self, number: int) -> RowOutput:
        """The output of a row, counted back from this one where the number is negative."""
        if number < 0 and self.row.index + number < 0:
            return self.image
        return self.outputs[number]


def _are_lists(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], list)


def draft_of(model: ModelYaml, request: Request) -> Draft:
    """The draft of a file. Raises SpecError: every row with a mistake of its own, or the first that does not fit."""
    network = YoloNetwork(model, request)
    if "nc" in model.values:
        model.integer("nc", 1)
    _note_dialect(model)
    _check(model)
    for row in model.rows:
        network.row = row
        network.outputs.append(_built(network, row))
    last = network.outputs[-1]
    outputs = tuple(each.name for each in (last if isinstance(last, list) else [last]))
    if not network.layers:
        row = model.rows[-1]
        row.fail("the model has no layer")
    head = Location(0, 1)
    inputs = [DraftInput(each.name, each.shape, head) for each in (network.image, network.text) if each is not None]
    return Draft(
        model.source, _format(model, network), CONVENTION, LAYOUT, inputs,
        network.layers, tuple(dict.fromkeys(outputs)),
        name=scaled_name(model, network.scale), doubts=[*model.doubts, *guessed_scale(model, request, network.scale)],
    )  # fmt: skip


def _input_shape(model: ModelYaml, request: Request) -> tuple[int, ...]:
    given = given_shape(request, "input", stated=(None,) * 3)
    if given:
        return tuple(given)
    key = "channels" if "channels" in model.values else "ch"
    return (model.integer(key, 3), _SIZE, _SIZE)


def _format(model: ModelYaml, network: YoloNetwork) -> str:
    if model.rows[0].dialect == YOLOV7:
        return "YOLOv7"
    if not network.is_yolov5:
        return "Ultralytics YOLO"
    return "YOLOv9" if any(row.module in _OF_YOLOV9 for row in model.rows) else "YOLOv5"


def _note_dialect(model: ModelYaml) -> None:
    """Let the rows of a file of the YOLOv7 repository be read with its modules."""
    if "anchors" in model.values and any(
        row.module == "RepConv" or is_only_in(YOLOV7, row.module) for row in model.rows
    ):
        for row in model.rows:
            row.dialect = YOLOV7


# --- checks --------------------------------------------------------------------------------------------------------


def _check(model: ModelYaml) -> None:
    """Every row whose module, `from` or number of arguments is wrong."""
    problems = list(model.problems)
    for row in model.rows:
        try:
            _check_row(row, model.count)
        except SpecError as error:
            problems += error.diagnostics
    if problems:
        raise SpecError(sorted(problems, key=lambda each: each.offset))


def _check_row(row: ModelRow, rows: int) -> None:
    module = _module(row)
    from_span = row.nodes.items[0].span
    for place, source in enumerate(row.sources):
        if source >= row.index or (source < 0 and row.index + source < (-1 if row.index == 0 else 0)):
            _refuse_source(row, source, row.source_span(place), rows)
    if module.takes_list and not row.is_list:
        row.fail("needs a list of rows as from", f"write [{row.sources[0]}]", from_span)
    if row.is_list and not module.takes_list:
        several = "put a Concat before it" if len(row.sources) > 1 else f"write {row.sources[0]}"
        row.fail("takes the output of one row, but from is a list", several, from_span)
    _bound(row, module, 1)


def _refuse_source(row: ModelRow, source: int, span: Span, rows: int) -> None:
    if source >= rows:
        row.fail(f"from {source} does not exist: the file has the rows 0 to {rows - 1}", "-1 is the row before", span)
    if source >= row.index:
        what = "is the row itself" if source == row.index else "comes after it"
        row.fail(f"from {source} {what}", "rows are counted from 0; -1 is the row before", span)
    row.fail(
        f"from {source} counts back beyond the first row",
        f"{plural(row.index, 'row')} before it; -1 is the row before",
        span,
    )


def _module(row: ModelRow) -> YoloModule:
    found = find_module(row.module, row.dialect)
    if found is None:
        near = closest(row.module, module_names())
        hint = f'did you mean "{near}"?' if near else ""
        if near is None or near.lower() != row.module.lower():
            hint += f"{' ' if hint else ''}Modules of your own are not read: export the model to ONNX"
        row.fail(f'"{shortened(row.module)}" is not a module of the library', hint)
    return found


def _bound(row: ModelRow, module: YoloModule, repeats: int) -> RowArguments:
    return bound(row, module.parameters, {"n": repeats} if module.repeats_inside else {})


# --- rows ----------------------------------------------------------------------------------------------------------


def _built(network: YoloNetwork, row: ModelRow) -> RowOutput:
    module = _module(row)
    repeats = network.scale.repeats(row.repeats)
    given = [network.source(each) for each in row.sources]
    arguments = _bound(row, module, repeats if module.repeats_inside else 1)
    if module.is_scaled and arguments.c2 != network.unscaled:
        arguments.c2 = network.scale.channels(arguments.c2)
    parts = ModuleParts(network, (f"{row.module.rpartition('.')[2]}_{row.index}",), (row.module,))
    inputs = given if module.takes_groups else [_single(row, *each) for each in zip(row.sources, given, strict=True)]
    output: RowOutput
    if repeats == 1 or module.repeats_inside or module.takes_list:
        output = module.build(parts, inputs if module.takes_list else inputs[0], arguments)
        return output
    first = before = _single(row, row.sources[0], inputs[0])
    for number in range(repeats):
        if before.channels != first.channels:
            change = f"{first.channels} channels arrive and {before.channels} leave"
            hint = "write a row that changes the channels, and one that repeats the module"
            row.fail(f"is repeated, but {change}; the library gives every repetition the same input", hint)
        before = _single(row, row.index, module.build(parts.inner(str(number), row.module), before, arguments))
    return before


def _single(row: ModelRow, source: int, output: RowOutput) -> FeatureMap:
    """The output of a row that gives one tensor."""
    if isinstance(output, list):
        number = source + row.index if source < 0 else source
        shapes = " and ".join(show_shape(each.shape) for each in output[:4])
        hint = "take one of them with Index, or join them with CBFuse"
        row.fail(f"row {number} gives several tensors ({shapes})", hint, row.nodes.items[0].span)
    return output
