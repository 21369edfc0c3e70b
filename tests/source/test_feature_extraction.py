"""Outputs of modules inside of a network: extractions of torchvision, hooks, and pyramids of features."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc import SpecError, analyze

HEAD = """import torch
from torch import nn
from torchvision import models
from torchvision.models._utils import IntermediateLayerGetter
from torchvision.models.detection.backbone_utils import resnet_fpn_backbone
from torchvision.models.feature_extraction import create_feature_extractor
from torchvision.ops import Conv2dNormActivation, FeaturePyramidNetwork, MLP
from torchvision.ops.feature_pyramid_network import LastLevelMaxPool


class Net(nn.Module):
    def __init__(self):
        super().__init__()
"""
PYRAMID = """        names = {f"layer{number}": str(number) for number in (1, 2, 3, 4)}
        self.body = create_feature_extractor(models.resnet50(weights="DEFAULT"), return_nodes=names)
        with torch.no_grad():
            found = self.body(torch.randn(2, 3, 224, 224))
        self.fpn = FeaturePyramidNetwork([each.shape[1] for each in found.values()], 256, LastLevelMaxPool())

    def forward(self, x):
        return self.fpn(self.body(x))
"""
SECOND_CALL = """        self.body = create_feature_extractor(models.resnet18(), ["layer2.0.relu_1", "layer3"])

    def forward(self, x):
        y = self.body(x)
        return y["layer2.0.relu_1"], y["layer3"]
"""
GETTER = """        self.body = IntermediateLayerGetter(models.resnet34(), {"layer2": "a", "layer4": "b"})
        self.m = MLP(512, [64, 10], activation_layer=nn.GELU)
        self.c = Conv2dNormActivation(128, 7, 5, stride=2, activation_layer=nn.SiLU)

    def forward(self, x):
        y = self.body(x)
        return self.m(y["b"].mean((2, 3))), self.c(y["a"])
"""
HOOK = """        self.net = models.vgg16()
        self.kept = {}
        self.net.features[9].register_forward_hook(self.keep("third"))
        self.head = nn.Conv2d(128, 5, 1)

    def keep(self, name):
        def hook(module, args, output):
            self.kept[name] = output
        return hook

    def forward(self, x):
        return self.net(x), self.head(self.kept["third"])
"""
REPLACED = """        self.conv = nn.Conv2d(3, 4, 3)
        self.conv.register_forward_hook(lambda module, args, output: output.mean((2, 3)))
        self.conv.register_forward_pre_hook(lambda module, args: (args[0][..., 1:],))
        self.conv.register_forward_hook(lambda module, args, output: 3 / 0).remove()

    def forward(self, x):
        return self.conv(x)
"""
BACKBONE = """        self.body = resnet_fpn_backbone(backbone_name="resnet18", weights=None)

    def forward(self, x):
        return self.body(x)
"""
WORKS = [
    (PYRAMID, 26_852_416, [(256, 16, 16), (256, 8, 8), (256, 4, 4), (256, 2, 2), (256, 1, 1)]),
    (SECOND_CALL, 2_782_784, [(128, 8, 8), (256, 4, 4)]),
    (GETTER, 21_340_568, [(10,), (7, 4, 4)]),
    (HOOK, 138_358_189, [(1000,), (5, 16, 16)]),
    (REPLACED, 112, [(4,)]),
]


def written(folder: Path, text: str) -> str:
    (folder / "net.py").write_text(HEAD + text, encoding="utf-8")
    return f"{folder / 'net.py'}:Net"


@pytest.mark.parametrize(("text", "params", "outputs"), WORKS)
def test_equals_torchvision(text: str, params: int, outputs: list[tuple[int, ...]], tmp_path: Path) -> None:
    """Parameters and shapes that PyTorch 2.13 and torchvision 0.28 give for the program on 3x64x64."""
    report = analyze(written(tmp_path, text), input=[3, 64, 64])
    assert (report.totals.params, [each.shape for each in report.outputs]) == (params, outputs)
    assert report.remarks == ()


def test_a_frozen_pyramid(tmp_path: Path) -> None:
    """The first stages of a backbone are frozen, and its batch norms have no parameters: torchvision 0.28's counts."""
    report = analyze(written(tmp_path, BACKBONE), input=[3, 64, 64])
    assert (report.totals.trainable_params, report.totals.params) == (13_617_152, 13_774_016)
    assert [each.shape[1:] for each in report.outputs] == [(16, 16), (8, 8), (4, 4), (2, 2), (1, 1)]


def test_a_node_that_is_no_module(tmp_path: Path) -> None:
    """The names of operations are those of torch.fx, which are not known here."""
    text = BACKBONE.replace('resnet_fpn_backbone(backbone_name="resnet18", weights=None)', "EXTRACTOR")
    text = text.replace("EXTRACTOR", 'create_feature_extractor(models.mobilenet_v2(), {"flatten": "x"})')
    with pytest.raises(SpecError, match='for the node "flatten", which is not a module'):
        analyze(written(tmp_path, text), input=[3, 64, 64])


def test_a_network_that_is_not_called(tmp_path: Path) -> None:
    """One warning for a whole network or stage, at its construction; ResNet-18 has 11,689,512 parameters."""
    text = "        self.unused = models.resnet18()\n        self.fc = nn.Linear(3, 2)\n\n"
    text += "    def forward(self, x):\n        return self.fc(x.mean((2, 3)))\n"
    (found,) = analyze(written(tmp_path, text), input=[3, 64, 64]).remarks
    message = "unused is made and not called; its 11,689,512 parameters are counted, as PyTorch counts them"
    assert (found.line, found.column, found.message) == (14, 23, message)


def test_second_classifiers_of_a_network_that_is_called(tmp_path: Path) -> None:
    """No warning: its user cannot leave them out."""
    text = "        self.net = models.inception_v3(weights='DEFAULT')\n\n"
    text += "    def forward(self, x):\n        return self.net(x)\n"
    assert analyze(written(tmp_path, text), input=[3, 299, 299]).remarks == ()
