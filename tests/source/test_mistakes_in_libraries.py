"""Mistakes that torchvision and timm find in their own code: at the program's call, with the library's reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cnncalc import SpecError, analyze
from cnncalc.importing.python.torch import torchvision_models
from cnncalc.render.diagnostics import show_all

HEAD = """import timm
import torch
from timm.layers import Attention, AttentionPoolPrr, PatchEmbed
from timm.models.vision_transformer import Block, VisionTransformer
from torch import nn
from torchvision import models
from torchvision.models._utils import IntermediateLayerGetter
from torchvision.models.resnet import BasicBlock

"""
NET = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.part = {call}

    def forward(self, x):
        return self.part(x)


net = Net()
net(torch.zeros(1, 3, 32, 32))
"""
ALONE = """net = {call}
net(torch.zeros(1, 3, 32, 32))
"""
_VIT = "img_size=32, patch_size=4, embed_dim=64, depth=1"
RAISED = {
    "PatchEmbed(32, 4, output_fmt='XYZ')": "AssertionError: 'XYZ' is not a valid Format",
    "PatchEmbed(32, 0)": "ZeroDivisionError: integer division or modulo by zero",
    "Attention(65)": "AssertionError: dim should be divisible by num_heads",
    "Block(64, 5)": "AssertionError: dim should be divisible by num_heads",
    "AttentionPoolPrr(65)": "AssertionError: dim (65) must be divisible by num_heads (8)",
    "AttentionPoolPrr(64, pool_type='max')": "AssertionError: pool_type must be 'token' or 'avg', got 'max'",
    f"VisionTransformer({_VIT}, num_heads=5)": "AssertionError: dim should be divisible by num_heads",
    "VisionTransformer(global_pool='no')":
        "AssertionError: Only avg, avgmax, max, token, map or prr pooling (or none) is supported.",
    "VisionTransformer(class_token=False)": "AssertionError: Token pooling needs the class token.",
    "VisionTransformer(pos_embed='sin')": "AssertionError",
    "VisionTransformer(foo=3)": "TypeError: VisionTransformer.__init__() got an unexpected keyword argument 'foo'",
    "timm.create_model('resnet18', features_only=True, out_indices=(5,))":
        "AssertionError: feature index 5 is out of range (0 to 4)",
    "models.resnet18(replace_stride_with_dilation=[True, True, True])":
        "NotImplementedError: Dilation > 1 not supported in BasicBlock",
    "models.resnet50(replace_stride_with_dilation=[True])":
        "ValueError: replace_stride_with_dilation should be None or a 3-element tuple, got [True]",
    "BasicBlock(3, 3, groups=3)": "ValueError: BasicBlock only supports groups=1 and base_width=64",
    "IntermediateLayerGetter(models.resnet18(), {'layer9': 'out'})":
        "ValueError: return_layers are not present in model",
    "models.maxvit_t(input_size=(100, 100))":
        "ValueError: Input size (25, 25) of block 0 is not divisible by partition size 7",
    "models.SqueezeNet('1_2')": "ValueError: Unsupported SqueezeNet version 1_2: 1_0 or 1_1 expected",
    "models.vit_b_16(image_size=100)": "AssertionError: Input shape indivisible by patch size!",
}  # fmt: skip
"""The reasons of timm 1.0.31 and torchvision 0.29 for calls that they refuse, up to the first sentence."""
IN_FORWARD = {
    "PatchEmbed(64, 4)": "timm: the model raises AssertionError: Input height (32) doesn't match model (64).",
    "PatchEmbed((32, 64), 4)": "timm: the model raises AssertionError: Input width (32) doesn't match model (64).",
    "PatchEmbed(30, 3, strict_img_size=False)":
        "timm: the model raises AssertionError: Input height (32) should be divisible by patch size (3).",
    "PatchEmbed(30, (4, 3), strict_img_size=False)":
        "timm: the model raises AssertionError: Input width (32) should be divisible by patch size (3).",
    "PatchEmbed(32, 4, 4)": "timm: in_channels is 4, but the input is 3x32x32, which has 3 channels",
    "PatchEmbed(32, 4, 3, -64)": "timm: Conv2d: out_channels: got -64, but it must be at least 1",
    "VisionTransformer(64, 4)": "timm: the model raises AssertionError: Input height (32) doesn't match model (64).",
    "models.vit_b_16()":
        "torchvision.models.vision_transformer: the model raises "
        "AssertionError: Wrong image height! Expected 224 but got 32!",
    "models.resnet18(num_classes=-1)":
        "torchvision.models.resnet: Linear: out_features: got -1, but it must be at least 1",
}  # fmt: skip
"""The same for calls that are refused when `forward` runs."""
WIDE = (
    "torchvision.models.vision_transformer: the model raises AssertionError: Wrong image width! Expected 32 but got 48!"
)


def written(folder: Path, text: str) -> str:
    path = folder / "net.py"
    path.write_text(HEAD + text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("frame", [NET, ALONE])
@pytest.mark.parametrize(("call", "message"), [*RAISED.items(), *IN_FORWARD.items()])
def test_is_at_the_call(call: str, message: str, frame: str, tmp_path: Path) -> None:
    """As a part of the user's model, and as the model itself."""
    text = HEAD + frame.format(call=call)
    with pytest.raises(SpecError) as caught:
        analyze(written(tmp_path, frame.format(call=call)))
    (found,) = caught.value.diagnostics
    assert found.span is not None
    assert (found.message, found.hint, text[found.span.start : found.span.end]) == (message, "", call)


def test_a_wide_image(tmp_path: Path) -> None:
    with pytest.raises(SpecError) as caught:
        analyze(written(tmp_path, ALONE.format(call="models.vit_b_16(image_size=32)")), input=[3, 32, 48])
    assert [(each.line, each.column, each.message) for each in caught.value.diagnostics] == [(10, 7, WIDE)]


def test_two_networks_of_one_file(tmp_path: Path) -> None:
    """A mistake of the first of them is at its own call."""
    text = "net = nn.Sequential(\n    models.resnet18(num_classes=-1),\n    models.resnet34(),\n)\n"
    with pytest.raises(SpecError) as caught:
        analyze(written(tmp_path, text), input=[3, 32, 32])
    assert [each.line for each in caught.value.diagnostics] == [11]


def test_a_class_of_the_program_that_extends_one(tmp_path: Path) -> None:
    """A mistake in an inherited `forward` is at the class."""
    text = "class Net(VisionTransformer):\n    def __init__(self):\n        super().__init__(64, 4, depth=1)\n"
    with pytest.raises(SpecError) as caught:
        analyze(written(tmp_path, text), input=[3, 32, 32])
    assert [(each.line, each.message) for each in caught.value.diagnostics] == [(10, IN_FORWARD["PatchEmbed(64, 4)"])]


def test_every_exception_of_the_programs_is_tried() -> None:
    """The texts of exceptions and assertions, up to the first number or word that the program puts in."""
    programs = Path(torchvision_models.__file__).parent.glob("networks/*.txt")
    text = "\n".join(path.read_text(encoding="utf-8") for path in programs)
    starts = re.findall(r"""(?:raise \w+\(|assert .*?, \(?)\s*f?"([^{"]+)[^"]*"\)?$""", text, re.MULTILINE)
    tried = "\n".join([*RAISED.values(), *IN_FORWARD.values(), WIDE])
    assert [start for start in starts if start not in tried] == []
    assert len(starts) > 15


def test_the_screen_at_80_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, NET.format(call="Attention(65)"))
    with pytest.raises(SpecError) as caught:
        analyze("net.py")
    assert show_all(caught.value.diagnostics) == (
        "net.py:13:21: error[E111]: AssertionError: dim should be divisible by num_heads\n"
        "  13 |         self.part = Attention(65)\n"
        "     |                     ^^^^^^^^^^^^^"
    )
