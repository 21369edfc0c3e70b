"""What torchvision and keras.applications say about whole networks: every parametrised layer, in order of execution.

`python -m tests.oracles.networks NAME ...` builds these networks (all that are on file, without a name) and writes
what it finds into tests/data/networks/NAME.json; tests/zoo/test_layer_by_layer.py holds the bundled specs against it.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

FOLDER = Path(__file__).parent.parent / "data" / "networks"


class Network(NamedTuple):
    """A network as its library builds it; `layers` holds output shape and parameters of each parametrised layer.

    `dilations` are those of the dilated convolutions, in order: shapes and counts do not show them.
    Shapes are without the batch axis, in the library's own layout. A layer that runs several times stands at its first.
    """

    name: str
    source: str
    input: list[int]
    params: int
    trainable: int
    output: list[int]
    layers: list[tuple[list[int], int]]
    dilations: list[int] = []  # noqa: RUF012 - a tuple's default is never changed


# --- torchvision -----------------------------------------------------------------------------------------------------


def torchvision_models() -> Any:
    """torchvision.models; its compiled operators do not load on the CPU build, so that nms gets a stand-in."""
    import torch

    with contextlib.suppress(RuntimeError):  # defined already, by a torchvision whose operators do load
        library = torch.library.Library("torchvision", "DEF")
        for name in ("nms", "qnms"):
            library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        globals()["_library"] = library  # it undefines its operators when it is collected
    import torchvision

    return torchvision.models


def from_torchvision(
    name: str, size: tuple[int, ...] = (3, 224, 224), *, device: str = "cpu", **options: Any
) -> Network:  # fmt: skip
    """A classifier, a segmentation or a video network of torchvision, without its trained weights.

    On the device "meta" there are shapes without numbers.
    """
    import torch

    models = torchvision_models()
    called = name.removesuffix("_noaux").removesuffix("_aux")
    segments = hasattr(models.segmentation, called)
    family = models.segmentation if segments else models.video if hasattr(models.video, called) else models
    builder = getattr(family, called)
    if segments:
        options = {"weights_backbone": None, **options}
    with torch.device(device), regnet_widths_on_the_cpu():
        model = builder(weights=None, **options).train(name.endswith("_aux"))  # in training only, auxiliary heads run
    found, dilated, seen = [], [], set()

    def note(module: Any, given: Any, output: Any) -> None:
        attends = isinstance(module, torch.nn.MultiheadAttention)  # runs its last layer without calling it
        own = sum(parameter.numel() for parameter in module.parameters(recurse=attends))
        if own and id(module) not in seen:
            seen.add(id(module))
            found.append((list((output[0] if attends else output).shape[1:]), own))
            dilated.extend(dilation_of(module))

    def note_tokens(encoder: Any, given: Any) -> None:
        """The class's token and the positions' vectors, which no module of their own adds."""
        shape = list(given[0].shape[1:])
        found.extend([(shape, model.class_token.numel()), (shape, encoder.pos_embedding.numel())])
        seen.update((id(model), id(encoder)))

    for module in model.modules():
        module.register_forward_hook(note)
    if hasattr(model, "class_token"):
        model.encoder.register_forward_pre_hook(note_tokens)
    with torch.no_grad():
        output = model(torch.zeros(2, *size, device=device))
    output = output["out"] if isinstance(output, dict) else output[0] if name.endswith("_aux") else output
    counts = [(parameter.numel(), parameter.requires_grad) for parameter in model.parameters()]
    return Network(
        name, "torchvision", list(size), sum(count for count, _ in counts), sum(count for count, by in counts if by),
        list(output.shape[1:]), found, dilated,
    )  # fmt: skip


@contextlib.contextmanager
def regnet_widths_on_the_cpu() -> Iterator[None]:
    """RegNet computes the widths of its stages as tensors, whose numbers the device "meta" does not hold."""
    from unittest.mock import patch

    import torch
    from torchvision.models.regnet import BlockParams

    original = BlockParams.from_init_params

    def from_init_params(**options: Any) -> Any:
        with torch.device("cpu"):
            return original(**options)

    with patch.object(BlockParams, "from_init_params", from_init_params):
        yield


def dilation_of(module: Any) -> list[int]:
    """The dilation of a dilated convolution, in a list; of anything else none."""
    rates = getattr(module, "dilation", (1,))
    return [rates[0]] if isinstance(rates, tuple) and max(rates) > 1 else []


def from_detection(
    name: str, size: tuple[int, ...], *, fixed: tuple[int, ...] = (), **options: Any
) -> Network:  # fmt: skip
    """A detection network of torchvision as it publishes it, without the trained weights; one that runs on one image.

    Its operators are stand-ins: suppression keeps every box. The output is left open, because it depends on the data.
    `fixed` replaces the height and width that SSD resizes its images to.
    """
    from unittest.mock import patch

    import torch

    models = torchvision_models()
    published = options.pop("published", True)
    with patch("torch.nn.Module.load_state_dict"), patch("torchvision.models._api.WeightsEnum.get_state_dict"):
        builder = getattr(models.detection, name)
        model = builder(weights="DEFAULT" if published else None, weights_backbone=None, **options).eval()
    if fixed:
        model.transform.fixed_size = fixed[::-1]
    found: list[tuple[list[int], int]] = []
    dilated: list[int] = []
    seen = set()

    def note(module: Any, given: Any, output: Any) -> None:
        own = sum(parameter.numel() for parameter in module.parameters(recurse=False))
        if not own or id(module) in seen:
            return
        seen.add(id(module))
        shape = list((output["0"] if isinstance(output, dict) else output).shape[1:])
        place = len(found)
        if isinstance(output, dict):  # SSD's scale belongs to what holds the layers; it stands behind its map's
            place = max(place for place, (size, _) in enumerate(found) if size == shape) + 1
        found.insert(place, (shape, own))
        dilated.extend(dilation_of(module))

    for module in model.modules():
        module.register_forward_hook(note)
    with torch.no_grad(), patch("torchvision.ops.boxes.nms", lambda boxes, scores, most: scores.argsort()):
        model([torch.rand(*size)])
    counts = [(parameter.numel(), parameter.requires_grad) for parameter in model.parameters()]
    total, trained = sum(count for count, _ in counts), sum(count for count, by in counts if by)
    return Network(name, "torchvision", list(size), total, trained, [], found, dilated)


# --- Keras -----------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def calls_noted(note: Callable[[Any, Any], None]) -> Iterator[None]:
    """Tell `note` of every layer that is called, with what came out, in order."""
    from tests.oracles.keras_oracle import keras

    original = keras.layers.Layer.__call__

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        output = original(self, *args, **kwargs)
        note(self, output)
        return output

    keras.layers.Layer.__call__ = call
    try:
        yield
    finally:
        keras.layers.Layer.__call__ = original


def from_keras(name: str, builder: str, size: tuple[int, ...] = (224, 224, 3), **options: Any) -> Network:
    """A network of keras.applications, without its trained weights; `name` is the bundled spec's."""
    from tests.oracles.keras_oracle import keras

    found, seen = [], set()

    def note(layer: Any, output: Any) -> None:
        if layer.weights and id(layer) not in seen and not isinstance(layer, keras.Model):
            seen.add(id(layer))
            found.append((list(output.shape[1:]), layer.count_params()))

    with calls_noted(note):
        model = getattr(keras.applications, builder)(weights=None, input_shape=size, **options)
    trainable = sum(int(weight.value.size) for weight in model.trainable_weights)
    return Network(name, "keras", list(size), model.count_params(), trainable, list(model.output_shape[1:]), found)


KERAS = {
    "keras_resnet50": ("ResNet50", 224), "keras_resnet101": ("ResNet101", 224), "keras_resnet152": ("ResNet152", 224),
    "keras_resnet50_v2": ("ResNet50V2", 224), "keras_resnet101_v2": ("ResNet101V2", 224),
    "keras_resnet152_v2": ("ResNet152V2", 224), "keras_inception_v3": ("InceptionV3", 299),
    "keras_inception_resnet_v2": ("InceptionResNetV2", 299), "keras_xception": ("Xception", 299),
    "keras_mobilenet": ("MobileNet", 224), "keras_mobilenet_v2": ("MobileNetV2", 224),
    "keras_nasnet_mobile": ("NASNetMobile", 224), "keras_nasnet_large": ("NASNetLarge", 331),
    "keras_vgg16": ("VGG16", 224), "keras_vgg19": ("VGG19", 224), "keras_densenet121": ("DenseNet121", 224),
    "keras_efficientnet_b0": ("EfficientNetB0", 224), "keras_efficientnet_b1": ("EfficientNetB1", 240),
    "keras_efficientnet_b2": ("EfficientNetB2", 260), "keras_efficientnet_b3": ("EfficientNetB3", 300),
    "keras_efficientnet_b4": ("EfficientNetB4", 380), "keras_efficientnet_b5": ("EfficientNetB5", 456),
    "keras_efficientnet_b6": ("EfficientNetB6", 528), "keras_efficientnet_b7": ("EfficientNetB7", 600),
    "keras_efficientnet_v2_b0": ("EfficientNetV2B0", 224), "keras_efficientnet_v2_b1": ("EfficientNetV2B1", 240),
    "keras_efficientnet_v2_b2": ("EfficientNetV2B2", 260), "keras_efficientnet_v2_b3": ("EfficientNetV2B3", 300),
    "keras_efficientnet_v2_s": ("EfficientNetV2S", 384), "keras_efficientnet_v2_m": ("EfficientNetV2M", 480),
    "keras_efficientnet_v2_l": ("EfficientNetV2L", 480),
    "keras_mobilenet_v3_large": ("MobileNetV3Large", 224), "keras_mobilenet_v3_small": ("MobileNetV3Small", 224),
    "keras_convnext_tiny": ("ConvNeXtTiny", 224), "keras_convnext_small": ("ConvNeXtSmall", 224),
    "keras_convnext_base": ("ConvNeXtBase", 224), "keras_convnext_large": ("ConvNeXtLarge", 224),
    "keras_convnext_xlarge": ("ConvNeXtXLarge", 224),
    "keras_densenet169": ("DenseNet169", 224), "keras_densenet201": ("DenseNet201", 224),
}  # fmt: skip
"""The builder and the input's size of each Keras network."""

TORCHVISION_SIZES = {
    "inception_v3": 299, "inception_v3_aux": 299, "efficientnet_b1": 240, "efficientnet_b2": 288,
    "efficientnet_b3": 300, "efficientnet_b4": 380, "efficientnet_b5": 456, "efficientnet_b6": 528,
    "efficientnet_b7": 600, "efficientnet_v2_s": 384, "efficientnet_v2_m": 480, "efficientnet_v2_l": 480,
    "fcn_resnet50": 520, "fcn_resnet101": 520, "deeplabv3_resnet50": 520, "deeplabv3_resnet101": 520,
    "lraspp_mobilenet_v3_large": 520, "deeplabv3_mobilenet_v3_large": 520,
    "fcn_resnet50_noaux": 520, "deeplabv3_resnet50_noaux": 520,
}  # fmt: skip
"""The inputs that torchvision publishes its figures for, where they are not 224."""

TORCHVISION_OPTIONS: dict[str, dict[str, Any]] = {
    "googlenet": {"aux_logits": False, "init_weights": False},
    "googlenet_aux": {"aux_logits": True, "init_weights": False},
    "inception_v3": {"aux_logits": False, "init_weights": False},
    "inception_v3_aux": {"aux_logits": True, "init_weights": False},
    "fcn_resnet50": {"aux_loss": True}, "fcn_resnet101": {"aux_loss": True},
    "deeplabv3_resnet50": {"aux_loss": True}, "deeplabv3_resnet101": {"aux_loss": True},
    "deeplabv3_mobilenet_v3_large": {"aux_loss": True},
}  # fmt: skip

VIDEO = {"r3d_18", "mc3_18", "r2plus1d_18"}
"""Networks of 16 frames of 112×112."""


DETECTION: dict[str, tuple[int, dict[str, Any]]] = {
    "ssd300_vgg16": (300, {"published": False}),  # nothing frozen, and no batch norm
    "retinanet_resnet50_fpn": (800, {}),
    "fasterrcnn_resnet50_fpn": (800, {"rpn_post_nms_top_n_test": 8}),
    "maskrcnn_resnet50_fpn": (800, {"rpn_post_nms_top_n_test": 8}),
    "fasterrcnn_mobilenet_v3_large_fpn": (800, {"rpn_score_thresh": 0.0, "rpn_post_nms_top_n_test": 8}),
    "fasterrcnn_mobilenet_v3_large_320_fpn": (320, {"rpn_score_thresh": 0.0, "rpn_post_nms_top_n_test": 8}),
    "ssdlite320_mobilenet_v3_large": (320, {}),
    "fcos_resnet50_fpn": (800, {}),
    "keypointrcnn_resnet50_fpn": (800, {"rpn_post_nms_top_n_test": 8}),
    "fasterrcnn_resnet50_fpn_v2": (800, {"rpn_post_nms_top_n_test": 8}),
    "maskrcnn_resnet50_fpn_v2": (800, {"rpn_post_nms_top_n_test": 8}),
    "retinanet_resnet50_fpn_v2": (800, {}),
}  # fmt: skip
"""The side and the options of each detection network; what the regions go through does not depend on their number."""


def found(name: str) -> Network:
    """The network of a bundled spec's name, as its library builds it."""
    if name.startswith("keras_"):
        builder, size = KERAS[name]
        return from_keras(name, builder, (size, size, 3))
    if name in DETECTION:
        side, detection_options = DETECTION[name]
        return from_detection(name, (3, side, side), **detection_options)
    size = TORCHVISION_SIZES.get(name, 224)
    shape = (3, 16, 112, 112) if name in VIDEO else (3, 16, 224, 224) if name == "s3d" else (3, size, size)
    return from_torchvision(name, shape, **TORCHVISION_OPTIONS.get(name, {}))


# --- on file ---------------------------------------------------------------------------------------------------------


def recorded() -> dict[str, Network]:
    """The networks on file, by name."""
    return {path.stem: read(path) for path in sorted(FOLDER.glob("*.json"))}


def read(path: Path) -> Network:
    entry = json.loads(path.read_text(encoding="utf-8"))
    layers = [(list(map(int, size.split("x"))), params) for size, params in map(str.split, entry["layers"])]
    return Network(**{**entry, "layers": [(shape, int(params)) for shape, params in layers]})


def write(network: Network) -> None:
    """One network: its facts, and its layers as `64x112x112 9408`, one a line."""
    layers = ["x".join(map(str, shape)) + f" {params}" for shape, params in network.layers]
    text = json.dumps({**network._asdict(), "layers": layers}, indent=0)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{network.name}.json").write_text(text + "\n", encoding="utf-8")


def main() -> None:
    for name in sys.argv[1:] or list(recorded()):
        network = found(name)
        write(network)
        print(f"{name}: {network.params:,} parameters, {len(network.layers)} layers")


if __name__ == "__main__":
    main()
