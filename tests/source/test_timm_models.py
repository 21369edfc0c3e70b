"""Networks and layers of timm inside of a program."""

from __future__ import annotations

from pathlib import Path

import pytest

from cnncalc import SpecError, analyze

HEAD = """import timm
from functools import partial
from torch import nn
from timm.layers import AttentionPoolLatent, Mlp, PatchEmbed
from timm.models._efficientnet_blocks import SqueezeExcite
from timm.models.vision_transformer import Attention, Block, VisionTransformer


"""
PYRAMID = """class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = timm.create_model("resnet34", features_only=True, out_indices=(1, 2, 4))
        self.heads = nn.ModuleList(nn.Conv2d(width, 5, 1) for width in self.body.feature_info.channels())

    def forward(self, x):
        return [head(each) for head, each in zip(self.heads, self.body(x))]


m = Net()
"""
OWN = """class Net(VisionTransformer):
    def __init__(self):
        super().__init__(
            patch_size=32, embed_dim=48, depth=2, num_heads=3, qkv_bias=True,
            norm_layer=partial(nn.LayerNorm, eps=1e-6), init_values=1e-4, global_pool="avg", num_classes=5,
        )


m = Net()
"""
LAYERS = """m = nn.Sequential(
    PatchEmbed(224, 16, 3, 48), Block(48, 4, 2.0, qkv_bias=True), Attention(48, 6), Mlp(48, 96, 24)
)
"""
SQUEEZED = "m = nn.Sequential(PatchEmbed(224, 32, 3, 20, flatten=False), SqueezeExcite(20))"
SMALL = "embed_dim=64, depth=1, num_heads=4, mlp_ratio=2, num_classes=7"
RESIZED = f"{SMALL}, img_size=112, dynamic_img_size=True"
POOL = (
    "AttentionPoolLatent(64, latent_len=3, pool_type='avg', q_proj=False, qk_norm=True, feat_size=49, pos_embed='abs')"
)
ROWS = [
    ('m = timm.create_model("resnet50", pretrained=True, num_classes=7)', 23_522_375, [(7,)]),
    ('m = timm.create_model("resnet18", num_classes=0)', 11_176_512, [(512,)]),
    ('m = timm.create_model("resnet50", num_classes=0, global_pool="")', 23_508_032, [(2048, 7, 7)]),
    ('m = timm.create_model("vit_small_patch16_224", num_classes=0)', 21_665_664, [(384,)]),
    ('m = timm.create_model("deit_tiny_patch16_224.fb_in1k", num_classes=4)', 5_525_188, [(4,)]),
    (PYRAMID, 21_288_207, [(5, 56, 56), (5, 28, 28), (5, 7, 7)]),
    (OWN, 207_029, [(5,)]),
    (LAYERS, 72_168, [(196, 24)]),
    (SQUEEZED, 61_685, [(20, 7, 7)]),
    ('m = PatchEmbed(224, 16, 3, 48, output_fmt="NLC")', 36_912, [(196, 48)]),
    ('m = PatchEmbed(224, 16, 3, 48, output_fmt="NCL")', 36_912, [(48, 196)]),
    ('m = PatchEmbed(224, 15, 3, 48, output_fmt="NHWC", dynamic_img_pad=True)', 32_448, [(15, 15, 48)]),
    ("m = PatchEmbed(210, 15, 3, 48, strict_img_size=False, dynamic_img_pad=True)", 32_448, [(225, 48)]),
    ('m = timm.create_model("vit_tiny_patch16_224", global_pool="map")', 6_162_088, [(1000,)]),
    (f'm = VisionTransformer({SMALL}, global_pool="map")', 129_351, [(7,)]),
    (f'm = VisionTransformer({SMALL}, global_pool="prr")', 95_943, [(7,)]),
    (f'm = VisionTransformer({SMALL}, global_pool="avgmax")', 95_943, [(7,)]),
    (f'm = VisionTransformer({SMALL}, global_pool="max", pool_include_prefix=True)', 95_943, [(7,)]),
    (f'm = VisionTransformer({SMALL}, global_pool="", pos_embed="none")', 83_335, [(197, 7)]),
    (f"m = VisionTransformer({RESIZED}, reg_tokens=3)", 86_919, [(7,)]),
    (f"m = VisionTransformer({RESIZED}, no_embed_class=True)", 86_471, [(7,)]),
    (f"m = nn.Sequential(PatchEmbed(224, 32, 3, 64), {POOL})", 245_600, [(64,)]),
]


def written(folder: Path, text: str) -> str:
    (folder / "net.py").write_text(HEAD + text, encoding="utf-8")
    return f"{folder / 'net.py'}:m"


@pytest.mark.parametrize(("text", "params", "outputs"), ROWS)
def test_equals_timm(text: str, params: int, outputs: list[tuple[int, ...]], tmp_path: Path) -> None:
    """Parameters and shapes of timm 1.0.31 on 3x224x224."""
    report = analyze(written(tmp_path, text), input=[3, 224, 224])
    assert (report.totals.params, [each.shape for each in report.outputs]) == (params, outputs)
    assert report.remarks == ()


def test_a_network_that_is_unknown(tmp_path: Path) -> None:
    """Its name is in the message."""
    with pytest.raises(SpecError, match=r'net\.py:9:5: error\[E111\]: cannot follow timm\.create_model\("dpn68"\)'):
        analyze(written(tmp_path, 'm = timm.create_model("dpn68")'), input=[3, 224, 224])
