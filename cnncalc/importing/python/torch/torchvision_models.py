"""`torchvision.models`: networks that a program takes ready-made.

The folder `networks` has them as programs in PyTorch's own words, which the interpreter reads like a user's file, so
that modules have torchvision's names. Their positions are the call of the user's program.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from cnncalc.importing.python.ready_made import run_program
from cnncalc.importing.python.tracing import tracing_of
from cnncalc.source.library_file import LibraryFile
from cnncalc.source.values import CallGiven, LaterValue, NativeFunction, PyFunction, PyInstance, Unfollowed

if TYPE_CHECKING:
    from cnncalc.source.interpreter import Interpreter

_RESNET_3D = (
    "BasicBlock", "Bottleneck", "BasicStem", "R2Plus1dStem", "Conv3DSimple", "Conv3DNoTemporal", "Conv2Plus1D",
)  # fmt: skip
_CLASSES: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType({
    "common": {
        "ops": ("SqueezeExcitation", "Permute", "Conv2dNormActivation", "Conv3dNormActivation", "MLP"),
        "ops.misc": (
            "SqueezeExcitation", "Permute", "ConvNormActivation", "Conv2dNormActivation", "Conv3dNormActivation", "MLP",
        ),
        "models.convnext": ("LayerNorm2d",), "models.mobilenetv2": ("Conv2dNormActivation",),
        "models._utils": ("IntermediateLayerGetter",),
    },
    "feature_pyramid": {
        "ops": ("FeaturePyramidNetwork",),
        "ops.feature_pyramid_network": ("FeaturePyramidNetwork", "LastLevelMaxPool", "LastLevelP6P7"),
        "models.detection.backbone_utils": ("resnet_fpn_backbone", "BackboneWithFPN"),
    },
    "resnet": {
        "models": ("ResNet",), "models.resnet": ("ResNet", "BasicBlock", "Bottleneck", "conv3x3", "conv1x1"),
    },
    "vgg": {"models": ("VGG",), "models.vgg": ("VGG", "make_layers", "cfgs")},
    "vision_transformer": {
        "models": ("VisionTransformer",), "models.vision_transformer": ("VisionTransformer", "EncoderBlock", "Encoder"),
    },
    "densenet": {
        "models": ("DenseNet",), "models.densenet": ("DenseNet", "_DenseLayer", "_DenseBlock", "_Transition"),
    },
    "alexnet": {"models": ("AlexNet",), "models.alexnet": ("AlexNet",)},
    "mobilenet": {"models": ("MobileNetV2",), "models.mobilenetv2": ("MobileNetV2", "InvertedResidual")},
    "mnasnet": {"models": ("MNASNet",), "models.mnasnet": ("MNASNet",)},
    "googlenet": {"models": ("GoogLeNet",), "models.googlenet": ("GoogLeNet", "Inception", "BasicConv2d")},
    "inception": {
        "models": ("Inception3",),
        "models.inception": (
            "Inception3", "InceptionA", "InceptionB", "InceptionC", "InceptionD", "InceptionE",
            "BasicConv2d",
        ),
    },
    "squeezenet": {"models": ("SqueezeNet",), "models.squeezenet": ("SqueezeNet", "Fire")},
    "shufflenetv2": {"models": ("ShuffleNetV2",), "models.shufflenetv2": ("ShuffleNetV2", "InvertedResidual")},
    "swin_transformer": {
        "models": ("SwinTransformer",),
        "models.swin_transformer": (
            "SwinTransformer", "SwinTransformerBlock", "SwinTransformerBlockV2", "PatchMerging", "PatchMergingV2",
        ),
    },
    "maxvit": {
        "models": ("MaxVit",), "models.maxvit": ("MaxVit", "MaxVitBlock", "MaxVitLayer", "PartitionAttentionLayer"),
    },
    "segmentation": {
        "models.segmentation": ("DeepLabV3", "FCN", "LRASPP"), "models.segmentation.fcn": ("FCN", "FCNHead"),
        "models.segmentation.deeplabv3": ("DeepLabV3", "DeepLabHead", "ASPP", "ASPPConv", "ASPPPooling"),
        "models.segmentation.lraspp": ("LRASPP", "LRASPPHead"),
    },
    "video": {
        "models.video": ("VideoResNet", "S3D"), "models.video.resnet": ("VideoResNet", *_RESNET_3D),
        "models.video.s3d": ("S3D",),
    },
    "mvit": {"models.video": ("MViT",), "models.video.mvit": ("MViT", "MSBlockConfig", "MultiscaleBlock")},
    "swin3d": {
        "models.video": ("SwinTransformer3d",),
        "models.video.swin_transformer": ("SwinTransformer3d", "PatchEmbed3d", "ShiftedWindowAttention3d"),
    },
})  # fmt: skip
"""The classes and other names that a program may take by themselves: by file and module of torchvision."""
_REGNETS = ("400mf", "800mf", "1_6gf", "3_2gf", "8gf", "16gf", "32gf")
_SWIN_3D = ("swin3d_t", "swin3d_s", "swin3d_b")
_FILES: Mapping[str, str] = MappingProxyType({
    **{f"resnet{depth}": "resnet" for depth in (18, 34, 50, 101, 152)},
    **dict.fromkeys(("resnext50_32x4d", "resnext101_32x8d", "resnext101_64x4d"), "resnet"),
    **dict.fromkeys(("wide_resnet50_2", "wide_resnet101_2"), "resnet"),
    **{f"vgg{depth}{norm}": "vgg" for depth in (11, 13, 16, 19) for norm in ("", "_bn")},
    **{f"densenet{depth}": "densenet" for depth in (121, 161, 169, 201)},
    **{f"efficientnet_{size}": "efficientnet" for size in ("v2_s", "v2_m", "v2_l", *(f"b{each}" for each in range(8)))},
    **{f"convnext_{size}": "convnext" for size in ("tiny", "small", "base", "large")},
    **{f"vit_{size}": "vision_transformer" for size in ("b_16", "b_32", "l_16", "l_32", "h_14")},
    **{f"regnet_x_{size}": "regnet" for size in _REGNETS}, **{f"regnet_y_{size}": "regnet" for size in _REGNETS},
    **{f"shufflenet_v2_x{size}": "shufflenetv2" for size in ("0_5", "1_0", "1_5", "2_0")},
    **{f"mnasnet{size}": "mnasnet" for size in ("0_5", "0_75", "1_0", "1_3")},
    "regnet_y_128gf": "regnet", "alexnet": "alexnet", "mobilenet_v2": "mobilenet", "googlenet": "googlenet",
    "mobilenet_v3_large": "mobilenetv3", "mobilenet_v3_small": "mobilenetv3", "inception_v3": "inception",
    "squeezenet1_0": "squeezenet", "squeezenet1_1": "squeezenet",
    **{f"swin_{size}": "swin_transformer" for size in ("t", "s", "b", "v2_t", "v2_s", "v2_b")},
    **dict.fromkeys(("r3d_18", "mc3_18", "r2plus1d_18", "s3d"), "video"),
    "maxvit_t": "maxvit", "mvit_v1_b": "mvit", "mvit_v2_s": "mvit", **dict.fromkeys(_SWIN_3D, "swin3d"),
    **{f"{head}_resnet{depth}": "segmentation" for head in ("fcn", "deeplabv3") for depth in (50, 101)},
    "deeplabv3_mobilenet_v3_large": "segmentation", "lraspp_mobilenet_v3_large": "segmentation",
})  # fmt: skip
"""The file of each network."""
_BACKBONES: Mapping[str, tuple[str, ...]] = {
    "segmentation": ("resnet", "mobilenetv3"), "swin3d": ("swin_transformer",), "feature_pyramid": ("resnet",),
    "timm": ("resnet", "timm_blocks"),
}  # fmt: skip
"""The files that a file needs, besides the common one."""
_MODULES: Mapping[str, str] = MappingProxyType({
    **dict.fromkeys(("r3d_18", "mc3_18", "r2plus1d_18"), "video.resnet"), "s3d": "video.s3d",
    **dict.fromkeys(("mvit_v1_b", "mvit_v2_s"), "video.mvit"), **dict.fromkeys(_SWIN_3D, "video.swin_transformer"),
    **{f"fcn_resnet{depth}": "segmentation.fcn" for depth in (50, 101)},
    **{f"deeplabv3_{name}": "segmentation.deeplabv3" for name in ("resnet50", "resnet101", "mobilenet_v3_large")},
    "lraspp_mobilenet_v3_large": "segmentation.lraspp", "mobilenet_v2": "mobilenetv2",
})  # fmt: skip
"""The module that defines a network, if it is not named after its file."""
_FOLDERS: Mapping[str, str] = {"video": "video.", "mvit": "video.", "swin3d": "video.", "segmentation": "segmentation."}
"""The module of torchvision.models that has the networks of a file; itself for most."""


def networks() -> dict[str, object]:
    """The networks by their dotted paths."""
    made = {name: _network(name) for name in _FILES}
    return {
        "torchvision.models.get_model": NativeFunction("get_model", _by_name),
        **{
            f"torchvision.{module}.{name}": name_in(file, name)
            for file, modules in _CLASSES.items()
            for module, names in modules.items()
            for name in names
        },
        **{f"torchvision.models.{_FOLDERS.get(_FILES[name], '')}{name}": each for name, each in made.items()},
        **{f"torchvision.models.{_MODULES.get(name, _FILES[name])}.{name}": each for name, each in made.items()},
    }


def _network(name: str) -> NativeFunction:
    return NativeFunction(name, lambda interpreter, given: _made(interpreter, name, given))


def _made(interpreter: Interpreter, name: str, given: CallGiven) -> object:
    return network_of(interpreter, _FILES[name], name, given)


def network_of(interpreter: Interpreter, file: str, name: str, given: CallGiven) -> object:
    """The model of a call, with the weights of its own beginning whatever the program asks for."""
    names = _program(interpreter, file)
    function = names[name]
    assert isinstance(function, PyFunction)
    model = interpreter.call(function, given)
    if isinstance(model, PyInstance):
        model.place = given.place
        tracing_of(interpreter).networks.add(id(model))
    return model


def _by_name(interpreter: Interpreter, given: CallGiven) -> object:
    """`get_model("resnet18", num_classes=10)`."""
    words = dict(given.keywords)
    name = given.values[0] if given.values else words.pop("name", None)
    if isinstance(name, str) and name.lower() in _FILES:
        return _made(interpreter, name.lower(), CallGiven([], words, given.place))
    return Unfollowed(f'get_model("{name}")' if isinstance(name, str) else "get_model(…)", given.place)


def name_in(file: str, name: str) -> LaterValue:
    """A class or other name of a program, which runs when the name is first used."""
    return LaterValue(lambda interpreter: _program(interpreter, file)[name])


def _title(file: str) -> str:
    return file if file == "timm" else f"torchvision.models.{file}"


def _text(file: str) -> str:
    from pathlib import Path  # few programs take a ready-made network

    return (Path(__file__).parent / "networks" / f"{file}.txt").read_text(encoding="utf-8")


def _program(interpreter: Interpreter, file: str) -> Mapping[str, object]:
    """The names of a program, which runs once."""
    tracing, title = tracing_of(interpreter), _title(file)
    if title not in tracing.programs:
        text = "\n".join(_text(each) for each in dict.fromkeys(("common", *_BACKBONES.get(file, ()), file)))
        tracing.programs[title] = run_program(interpreter, title, text, {}, LibraryFile)
    variables = tracing.programs[title].variables
    assert variables is not None
    return variables.names
