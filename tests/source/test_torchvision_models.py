"""Networks of torchvision inside of a program: its own figures, names and mistakes at the call."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from cnncalc import SpecError, analyze
from cnncalc.importing.python.torch.torchvision_models import networks
from cnncalc.source.values import NativeFunction
from tests.sweeps import sampled

IMPORTS = "import torch\nfrom torch import nn\nfrom torchvision import models\n"
WITH_HEAD = (
    "m = models.resnet18(weights='DEFAULT')\nfor p in m.parameters():\n    p.requires_grad = False\n"
    "m.fc = nn.Linear(m.fc.in_features, 2)\n"
)
MNIST = """from torchvision.models.resnet import BasicBlock, ResNet
from torchvision.ops import SqueezeExcitation
class Net(ResNet):
    def __init__(self):
        super().__init__(BasicBlock, [2, 2, 2, 2], num_classes=10)
        self.conv1 = nn.Conv2d(1, 64, 7, 2, 3, bias=False)
        self.se = SqueezeExcitation(512, 32)
m = Net()
"""
PIECES = """from torchvision.models.densenet import _DenseBlock, _DenseLayer, _Transition
from torchvision.models.googlenet import Inception
from torchvision.models.inception import BasicConv2d, InceptionA, InceptionC
from torchvision.models.mobilenetv2 import InvertedResidual
from torchvision.models.squeezenet import Fire
from torchvision.models.vision_transformer import Encoder, EncoderBlock
from torchvision.ops.misc import ConvNormActivation, SqueezeExcitation
"""
FUNCTIONS = [
    name for name, value in networks().items() if isinstance(value, NativeFunction) and name[-9:] != "get_model"
]
PATHS = sorted(name.removeprefix("torchvision.models.") for name in FUNCTIONS)
NAMES = [path for path in PATHS if path.removeprefix("video.").removeprefix("segmentation.").count(".") == 0]
with (Path(__file__).parent.parent / "data" / "torch_models.csv").open(encoding="utf-8") as stream:
    RECORDED = {row["model"]: row for row in csv.DictReader(stream) if row["library"] == "torchvision"}


def written(folder: Path, text: str) -> str:
    (folder / "net.py").write_text(IMPORTS + text, encoding="utf-8")
    return f"{folder / 'net.py'}:m"


DILATED = {
    "fcn_resnet50": (32_957_013, 26_484_498_432), "fcn_resnet101": (51_949_141, 41_333_383_168),
    "deeplabv3_resnet50": (39_638_869, 31_310_548_992), "deeplabv3_resnet101": (58_630_997, 46_159_433_728),
}  # fmt: skip
"""Parameters and half of the operations that PyTorch's FLOP counter counts at 3x224x224."""
_OF_VARIOUS = ["googlenet", "swin_v2_t", "video.mc3_18"]


@pytest.mark.parametrize(
    "name", sampled([name for name in NAMES if name.rpartition(".")[2] in RECORDED], 24, _OF_VARIOUS)
)
def test_figures_are_torchvisions(name: str, tmp_path: Path) -> None:
    """Parameters and multiply-accumulates that PyTorch's own trace of the network has."""
    recorded = RECORDED[name.rpartition(".")[2]]
    report = analyze(written(tmp_path, f"m = models.{name}()\n"), input=recorded["input"])
    assert [str(report.totals.params), str(report.totals.macs)] == [recorded["params"], recorded["macs"]]
    assert report.remarks == ()


@pytest.mark.parametrize("name", DILATED)
def test_segmentation_on_resnets(name: str, tmp_path: Path) -> None:
    """The last two stages are dilated instead of strided."""
    report = analyze(written(tmp_path, f"m = models.segmentation.{name}(weights_backbone=None)\n"), input=[3, 224, 224])
    assert (report.totals.params, report.totals.macs) == DILATED[name]
    assert report.outputs[0].shape == (21, 224, 224)


def test_every_network_is_checked() -> None:
    """Each name of the package has recorded figures."""
    assert {name.rpartition(".")[2] for name in NAMES} <= RECORDED.keys() | DILATED.keys()


def test_a_new_head_on_frozen_features(tmp_path: Path) -> None:
    """512·2 + 2 numbers are trained; ResNet-18 without its head has 11,689,512 − 513,000."""
    report = analyze(written(tmp_path, WITH_HEAD), input=[3, 224, 224])
    assert (report.totals.params, report.totals.trainable_params) == (11_176_512 + 1_026, 1_026)
    assert report.layer("layer2.0.downsample.0").location.line == 4


def test_a_frozen_array_is_a_parameter(tmp_path: Path) -> None:
    """3·8·3·3 + 8 numbers are trained, and 8 are a parameter that is not, and no buffer."""
    text = "import torch\nfrom torch import nn\n\n\nclass Net(nn.Module):\n    def __init__(self):\n"
    text += "        super().__init__()\n        self.conv = nn.Conv2d(3, 8, 3)\n"
    text += "        self.pos = nn.Parameter(torch.zeros(8, 1, 1), requires_grad=False)\n\n"
    text += "    def forward(self, x):\n        return self.conv(x) + self.pos\n"
    path = tmp_path / "net.py"
    path.write_text(text)
    totals = analyze(path, input=[3, 9, 7]).totals
    assert (totals.trainable_params, totals.non_trainable_params, totals.buffers) == (224, 8, 0)


@pytest.mark.parametrize(
    ("text", "trained"),
    [
        ("m.requires_grad_(False)", 0),
        ("m[0].requires_grad_(False)", 15),
        ("for p in m[1].parameters():\n    p.requires_grad_(False)", 224),
        ("m.requires_grad_(False)\nm[1].requires_grad_()", 15),
    ],
)
def test_parts_are_frozen(text: str, trained: int, tmp_path: Path) -> None:
    """3·3·3·8 + 8 and 3·5 numbers."""
    written_text = f"m = nn.Sequential(nn.Conv2d(3, 8, 3), nn.Linear(3, 5, bias=False))\n{text}\n"
    totals = analyze(written(tmp_path, written_text), input=[3, 7, 5]).totals
    assert (totals.params, totals.trainable_params) == (239, trained)


@pytest.mark.parametrize(
    ("text", "shape", "output"),
    [
        ("m = nn.Sequential(*list(models.resnet50().children())[:-2])", [3, 64, 96], (2048, 2, 3)),
        ("m = models.vgg16_bn(pretrained=True).features", [3, 64, 96], (512, 2, 3)),
        ("m = models.vgg11()\nm.classifier[6] = nn.Linear(4096, 7)", [3, 64, 64], (7,)),
        ("m = models.densenet121(num_classes=5)", [3, 64, 64], (5,)),
        ("m = models.mobilenet_v3_small(weights='DEFAULT').features", [3, 64, 96], (576, 2, 3)),
        (
            "m = models.efficientnet_b0()\nm.classifier[1] = nn.Linear(m.classifier[1].in_features, 9)",
            [3, 32, 32],
            (9,),
        ),
        ("m = models.vit_b_32(image_size=64, num_classes=3)", [3, 64, 64], (3,)),
        ("m = models.VGG(models.vgg.make_layers(models.vgg.cfgs['A'], True), num_classes=4)", [3, 64, 64], (4,)),
        ("m = models.VGG(models.vgg11().features[:3], 4).features", [3, 64, 96], (64, 32, 48)),
        ("m = models.VisionTransformer(32, 8, 2, 4, 64, 128, num_classes=6)", [3, 32, 32], (6,)),
        ("m = models.DenseNet(12, (2, 2), 16, num_classes=8)", [3, 64, 64], (8,)),
        ("m = models.video.r3d_18(num_classes=3)", [3, 8, 64, 64], (3,)),
        ("m = models.swin_t(num_classes=5)", [3, 64, 64], (5,)),
        ("m = models.get_model('resnet18', num_classes=6)", [3, 64, 64], (6,)),
        ("m = models.MobileNetV2(7, 0.5, [[1, 16, 1, 1], [6, 24, 2, 2]], round_nearest=4)", [3, 64, 64], (7,)),
        ("m = models.ShuffleNetV2([1, 2, 1], [24, 48, 96, 192, 256], num_classes=3)", [3, 64, 64], (3,)),
        ("m = models.SqueezeNet(version='1_1', num_classes=4)", [3, 64, 64], (4,)),
    ],
)
def test_parts_of_networks(text: str, shape: list[int], output: tuple[int, ...], tmp_path: Path) -> None:
    """The networks whose output has positions divide height and width by 32, and the three layers of a VGG by 2."""
    assert analyze(written(tmp_path, text), input=shape).outputs[0].shape == output


_INCEPTION = """nn.Sequential(
    InceptionA(in_channels=3, pool_features=8), InceptionC(in_channels=232, channels_7x7=16),
    BasicConv2d(in_channels=768, out_channels=6, kernel_size=3),
    Inception(in_channels=6, ch1x1=4, ch3x3red=5, ch3x3=6, ch5x5red=7, ch5x5=8, pool_proj=9),
)"""
_VARIOUS = """nn.Sequential(
    _DenseLayer(num_input_features=3, growth_rate=5, bn_size=2, drop_rate=0.0),
    _Transition(num_input_features=5, num_output_features=7),
    _DenseBlock(2, 7, bn_size=2, growth_rate=3, drop_rate=0.1),
    InvertedResidual(inp=13, oup=10, stride=2, expand_ratio=3),
    Fire(inplanes=10, squeeze_planes=4, expand1x1_planes=6, expand3x3_planes=5),
    SqueezeExcitation(input_channels=11, squeeze_channels=3, scale_activation=nn.Hardsigmoid),
    ConvNormActivation(11, 4, (3, 5), norm_layer=None, dilation=2),
)"""
_ENCODERS = """nn.Sequential(
    nn.Conv2d(3, 24, 16, 16), nn.Flatten(2), nn.Linear(196, 24),
    EncoderBlock(num_heads=3, hidden_dim=24, mlp_dim=48, dropout=0.1, attention_dropout=0.0),
    Encoder(
        seq_length=24, num_layers=2, num_heads=2, hidden_dim=24, mlp_dim=30, dropout=0.0, attention_dropout=0.0
    ),
)"""
_BLOCKS = [
    (_INCEPTION, 407_374, (27, 222, 222)),
    (_VARIOUS, 3_462, (4, 56, 56)),
    (_ENCODERS, 36_660, (24, 24)),
]


@pytest.mark.parametrize(("text", "params", "output"), _BLOCKS)
def test_blocks_by_the_names_of_their_arguments(
    text: str, params: int, output: tuple[int, ...], tmp_path: Path
) -> None:  # fmt: skip
    """Parameters and output of torchvision 0.28 on 3x224x224."""
    report = analyze(written(tmp_path, f"{PIECES}m = {text}\n"), input=[3, 224, 224])
    assert (report.totals.params, report.outputs[0].shape) == (params, output)


def test_a_new_head_for_segmentation(tmp_path: Path) -> None:
    """DeepLabHead(2048, 3) has 3·256 + 3 instead of 21·256 + 21 numbers in its last layer; weights add the second head:
    3·3·1024·256 + 2·256 + 21·256 + 21.
    """
    text = (
        "from torchvision.models.segmentation.deeplabv3 import DeepLabHead\n"
        "m = models.segmentation.deeplabv3_resnet50(weights='DEFAULT')\nm.classifier = DeepLabHead(2048, 3)\n"
    )
    report = analyze(written(tmp_path, text), input=[3, 64, 64])
    assert report.totals.params == DILATED["deeplabv3_resnet50"][0] - 18 * 257 + 2_365_205
    assert [each.shape for each in report.outputs] == [(3, 64, 64), (21, 64, 64)]


def test_weights_come_without_second_classifiers(tmp_path: Path) -> None:
    """torchvision drops both auxiliary classifiers of a GoogLeNet with weights: 6,624,904 parameters of its table."""
    text = "m = models.googlenet(weights=models.GoogLeNet_Weights.DEFAULT)"
    assert analyze(written(tmp_path, text), input=[3, 64, 64]).totals.params == 6_624_904


def test_classes_of_blocks(tmp_path: Path) -> None:
    """A descendant of ResNet for gray images, and a layer of torchvision.ops that is not called; numbers of both."""
    report = analyze(written(tmp_path, MNIST), input=[1, 28, 28])
    assert (report.totals.params, report.totals.macs) == (11_208_682, 33_010_944)
    assert [(each.line, each.message.partition(" ")[0]) for each in report.remarks] == [(10, "se.fc1"), (10, "se.fc2")]
    with pytest.raises(SpecError, match=r"net\.py:9:32: error\[E308\]: in_channels is 1"):
        analyze(written(tmp_path, MNIST), input=[2, 28, 28])


def test_strides_become_dilations(tmp_path: Path) -> None:
    """torchvision's counter on 3x64x64: the last two stages keep their size."""
    text = "m = models.resnet50(replace_stride_with_dilation=[False, True, True])"
    report = analyze(written(tmp_path, text), input=[3, 64, 64])
    assert (report.totals.params, report.totals.macs) == (25_557_032, 1_559_379_968)


def test_a_mistake_inside_is_at_the_call(tmp_path: Path) -> None:
    """A gray image: the hint to change the network is left out."""
    with pytest.raises(SpecError) as caught:
        analyze(written(tmp_path, WITH_HEAD), input=[1, 224, 224])
    (found,) = caught.value.diagnostics
    message = "torchvision.models.resnet: in_channels is 3, but the input is 1x224x224, which has 1 channel"
    assert (found.line, found.column, found.message, found.hint) == (4, 5, message, "")
