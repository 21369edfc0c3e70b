"""Model files in the form of Ultralytics' YAML, written here so that every module of the library occurs in one.

Their widths and depths are small; the parameters and shapes of each row are recorded from the library.
"""

from __future__ import annotations

from collections.abc import Mapping

DOWN = ("-1, 1, Conv, [64, 3, 2]", "-1, 1, Conv, [128, 3, 2]")
"""Two strides, to a quarter of the input."""


def yolo(backbone: tuple[str, ...], head: tuple[str, ...], **keys: object) -> str:
    """A file of rows without their outer brackets; `keys` come before them."""
    lines = [f"{key}: {value}" for key, value in {"nc": 7, **keys}.items()]
    lines += ["backbone:", *[f"  - [{row}]" for row in backbone]]
    lines += ["head:", *[f"  - [{row}]" for row in head]] if head else ["head: []"]
    return "\n".join(lines) + "\n"


def detector(*rows: str, head: str = "Detect, [nc]", **keys: object) -> str:
    """Rows after two strides, two more strides, and a head on the last three maps."""
    first = len(DOWN) + len(rows)
    more = ("-1, 1, Conv, [96, 3, 2]", "-1, 1, Conv, [160, 3, 2]")
    return yolo((*DOWN, *rows, *more), (f"[{first - 1}, {first}, {first + 1}], 1, {head}",), **keys)


def pyramid(head: str, row: str = "C2f, [128, True]", **keys: object) -> str:
    """A small network with a path up and a path down, as the published ones have them."""
    backbone = (*DOWN, f"-1, 3, {row}", "-1, 1, Conv, [192, 3, 2]", f"-1, 6, {row}", "-1, 1, SPPF, [192, 5]")
    return yolo(
        backbone,
        (
            '-1, 1, nn.Upsample, [None, 2, "nearest"]',
            "[-1, 2], 1, Concat, [1]",
            f"-1, 3, {row}",
            "-1, 1, Conv, [128, 3, 2]",
            "[-1, 5], 1, Concat, [1]",
            f"-1, 3, {row}",
            f"[8, 11], 1, {head}",
        ),
        **keys,
    )


SCALES = "{n: [0.33, 0.25, 1024], l: [1.0, 1.0, 144], x: [1.0, 1.25, 512]}"

FILES: Mapping[str, str] = {
    "convolutions": detector(
        "-1, 1, DWConv, [128, 3]",
        "-1, 1, DWConv, [192, 5, 1, 2]",
        "-1, 2, Conv, [192, 1]",
        "-1, 1, Conv, [64, 3, 1, 0, 2, 2]",
        "-1, 1, Conv, [48, [1, 3], 1, [0, 1]]",
        "-1, 1, GhostConv, [64, 3]",
        "-1, 1, GhostConv, [64, 1, 1, 2, False]",
        "-1, 1, Conv2, [64, 64, 3]",
        "-1, 1, RepConv, [64, 64, 3, 1, 1, 1, 1, True, True]",
        "-1, 1, RepVGGDW, [64]",
        "-1, 1, SCDown, [96, 3, 2]",
        "-1, 1, ConvTranspose, [64, 2, 2]",
        "-1, 1, ConvTranspose, [32, 4, 2, 1, False]",
        "-1, 1, DWConvTranspose2d, [64, 4, 2, 1, 0]",
        "-1, 1, nn.ConvTranspose2d, [48, 2, 2, 0]",
    ),
    "focus": yolo(("-1, 1, Focus, [64, 3]", "-1, 1, Conv, [64, 3, 2]"), ("-1, 1, Classify, [nc]",)),
    "residual": detector(
        "-1, 2, Bottleneck, [128]",
        "-1, 1, Bottleneck, [64, False, 2, [3, 1], 1.0]",
        "-1, 2, GhostBottleneck, [64, 3, 1]",
        "-1, 1, GhostBottleneck, [96, 3, 2]",
        "-1, 2, BottleneckCSP, [96]",
        "-1, 1, BottleneckCSP, [64, False, 1, 0.25]",
    ),
    "partial": detector(
        "-1, 3, C1, [64]",
        "-1, 2, C2, [64]",
        "-1, 3, C3, [128]",
        "-1, 1, C3, [64, False, 2, 0.25]",
        "-1, 2, C3x, [64]",
        "-1, 3, C3Ghost, [64]",
        "-1, 3, RepC3, [96]",
        "-1, 2, RepC3, [64, 0.5]",
        "-1, 3, C3TR, [128]",
    ),
    "joined": detector(
        "-1, 3, C2f, [96]",
        "-1, 2, C2f, [64, True, 2, 0.25]",
        "-1, 2, C3k2, [64]",
        "-1, 2, C3k2, [128, True, 0.25]",
        "-1, 2, C3k2, [128, False, 0.5, True]",
        "-1, 2, C2fCIB, [96, True]",
        "-1, 2, C2fCIB, [96, True, True]",
        "-1, 1, C2PSA, [96]",
        "-1, 2, C2PSA, [96, 0.25]",
        "-1, 1, PSA, [96]",
        "-1, 2, C2fPSA, [96]",
    ),
    "area": detector(
        "-1, 2, A2C2f, [64, True, 4]", "-1, 2, A2C2f, [128, False, -1]", "-1, 1, A2C2f, [128, True, 1, True]"
    ),
    "elan": detector(
        "-1, 1, RepNCSPELAN4, [64, 32, 16, 2]",
        "-1, 2, RepNCSPELAN4, [64, 48, 24]",
        "-1, 1, ELAN1, [96, 64, 32]",
        "-1, 1, AConv, [64]",
        "-1, 1, ADown, [96]",
        "-1, 1, SPPELAN, [96, 48]",
    ),
    "pools": detector(
        "-1, 1, SPP, [64, [3, 5]]",
        "-1, 1, SPP, [64]",
        "-1, 1, SPPF, [64, 5]",
        "-1, 1, SPPF, [64, 3, 2]",
        "-1, 1, SPPF, [64, 5, 3, True]",
    ),
    "torch": detector(
        "-1, 1, nn.MaxPool2d, [3, 2, 1]",
        "-1, 1, nn.ZeroPad2d, [[1, 2, 3, 4]]",
        "-1, 1, nn.AvgPool2d, [2, 1]",
        "-1, 1, nn.BatchNorm2d, [1]",
        "-1, 1, nn.Identity, []",
        "-1, 1, nn.SiLU, []",
        "-1, 1, nn.Conv2d, [128, 128, 3, 1, 1]",
        '-1, 1, nn.Upsample, [None, 2, "bilinear"]',
        "-1, 1, nn.Dropout, [0.2]",
        "-1, 1, nn.LeakyReLU, [0.1]",
        "-1, 1, nn.AdaptiveAvgPool2d, [[6, 10]]",
    ),
    "hgnet": yolo(
        (
            "-1, 1, HGStem, [24, 32]",
            "-1, 3, HGBlock, [16, 64, 3]",
            "-1, 1, DWConv, [96, 3, 2, 1, False]",
            "-1, 4, HGBlock, [24, 96, 5, True, False]",
            "-1, 2, HGBlock, [24, 96, 5, True, True]",
        ),
        (
            "-1, 1, Conv, [64, 1, 1, None, 1, 1, False]",
            "-1, 1, AIFI, [128, 4]",
            "-1, 1, Conv, [64, 1]",
            "[1, 4, 7], 1, RTDETRDecoder, [nc, 32, 20, 2, 4, 3, 48]",
        ),
    ),
    "resnet": yolo(
        (
            "-1, 1, ResNetLayer, [3, 16, 1, True, 1]",
            "-1, 1, ResNetLayer, [16, 16, 1, False, 2]",
            "-1, 1, ResNetLayer, [64, 24, 2, False, 2]",
        ),
        ("-1, 1, Classify, [nc]",),
    ),
    "torchvision": yolo(
        ("-1, 1, TorchVision, [512, resnet18, None, True, 2, True]", "0, 1, Index, [128, 6]"),
        ("-1, 1, Classify, [nc]",),
    ),
    "torchvision50": yolo(("-1, 1, TorchVision, [2048, resnet50, None, True, 2]",), ("-1, 1, Classify, [nc]",)),
    "branches": yolo(
        (*DOWN, "-1, 1, Conv, [64, 3, 2]", "1, 1, CBLinear, [[24, 32]]", "2, 1, CBLinear, [[24, 32, 40], 3]"),
        (
            "0, 1, Conv, [24, 3, 2]",
            "[3, 4, -1], 1, CBFuse, [[0, 0]]",
            "2, 1, Conv, [40, 3, 2]",
            "[4, -1], 1, CBFuse, [[2]]",
            "[6, 2, 8], 1, Detect, [nc]",
        ),
    ),
    "version 8": pyramid("Detect, [nc]", scales=SCALES),
    "version 8 ReLU": pyramid("Detect, [nc]", scales=SCALES, activation="nn.LeakyReLU(0.1)"),
    "version 11": pyramid("Detect, [nc]", "C3k2, [128, False, 0.25]", scales=SCALES),
    "version 12": pyramid("Detect, [nc]", "A2C2f, [256, True, 1]"),
    "version 12 scales": detector("-1, 4, A2C2f, [128, True, 4]", scales="{n: [0.5, 0.5, 1024], x: [1.0, 1.0, 512]}"),
    "multiples": pyramid("Detect, [nc]", depth_multiple=0.67, width_multiple=0.5),
    "version 10": pyramid("v10Detect, [nc]", "C2f, [64, True]"),
    "version 26": pyramid("Detect, [nc]", "C3k2, [64, True]", end2end=True, reg_max=1),
    "four channels": pyramid("Detect, [nc]", "C2f, [64]", channels=4),
    "segment": pyramid("Segment, [nc, 8, 64]", "C2f, [64]", scales=SCALES),
    "segment 26": pyramid("Segment26, [nc, 8, 48]", "C3k2, [64]", end2end=True, reg_max=1),
    "pose": pyramid("Pose, [nc, kpt_shape]", "C2f, [64]", kpt_shape="[5, 3]"),
    "pose 26": pyramid("Pose26, [nc, kpt_shape]", "C3k2, [64]", kpt_shape="[5, 2]", end2end=True, reg_max=1),
    "obb": pyramid("OBB, [nc, 1]", "C2f, [64]"),
    "obb 26": pyramid("OBB26, [nc, 1]", "C3k2, [64]", end2end=True, reg_max=1),
    "semantic": pyramid("SemanticSegment, [nc]", "C3k2, [64]"),
    "depth": pyramid("Depth, [64]", "C3k2, [64]"),
    "world": pyramid("WorldDetect, [nc, 512, False]", "C2fAttn, [64, 32, 2]", nc=80),
    "world 2": detector(
        "-1, 2, C2fAttn, [64, 64, 4]",
        "[1, 2], 1, ImagePoolingAttn, [32, 512, 4]",
        "2, 2, C2fAttn, [64, 64, 4]",
        head="WorldDetect, [nc, 512, True]",
        nc=80,
    ),
    "yoloe": detector(head="YOLOEDetect, [nc, 512, True]", nc=80),
    "yoloe 11 segment": detector("-1, 1, C3k2, [64]", head="YOLOESegment, [nc, 8, 32, 512, True]", nc=80),
    "yoloe 26 segment": detector(
        "-1, 1, C3k2, [64]", head="YOLOESegment26, [nc, 8, 32, 512, True]", nc=80, end2end=True, reg_max=1
    ),
}

YOLOV5 = yolo(
    (
        "-1, 1, Conv, [64, 6, 2, 2]",
        "-1, 1, Conv, [128, 3, 2]",
        "-1, 3, C3, [128]",
        "-1, 1, Conv, [256, 3, 2]",
        "-1, 6, C3, [256]",
        "-1, 1, Conv, [512, 3, 2]",
        "-1, 9, C3, [512]",
        "-1, 1, Conv, [1024, 3, 2]",
        "-1, 3, C3, [1024]",
        "-1, 1, SPPF, [1024, 5]",
    ),
    (
        "-1, 1, Conv, [512, 1, 1]",
        "-1, 1, nn.Upsample, [None, 2, 'nearest']",
        "[-1, 6], 1, Concat, [1]",
        "-1, 3, C3, [512, False]",
        "-1, 1, Conv, [256, 1, 1]",
        "-1, 1, nn.Upsample, [None, 2, 'nearest']",
        "[-1, 4], 1, Concat, [1]",
        "-1, 3, C3, [256, False]",
        "-1, 1, Conv, [256, 3, 2]",
        "[-1, 14], 1, Concat, [1]",
        "-1, 3, C3, [512, False]",
        "-1, 1, Conv, [512, 3, 2]",
        "[-1, 10], 1, Concat, [1]",
        "-1, 3, C3, [1024, False]",
        "[17, 20, 23], 1, Detect, [nc, anchors]",
    ),
    nc=80,
    depth_multiple=0.33,
    width_multiple=0.5,
    anchors="[[10, 13, 16, 30, 33, 23], [30, 61, 62, 45, 59, 119], [116, 90, 156, 198, 373, 326]]",
)
"""The architecture of YOLOv5s, release 6, with anchors as in its own repository."""

YOLOV3 = yolo(
    (
        "-1, 1, Conv, [32, 3, 1]",
        "-1, 1, Conv, [64, 3, 2]",
        "-1, 1, Bottleneck, [64]",
        "-1, 1, Conv, [128, 3, 2]",
        "-1, 2, Bottleneck, [128]",
        "-1, 1, Conv, [256, 3, 2]",
        "-1, 8, Bottleneck, [256]",
        "-1, 1, Conv, [512, 3, 2]",
        "-1, 8, Bottleneck, [512]",
        "-1, 1, Conv, [1024, 3, 2]",
        "-1, 4, Bottleneck, [1024]",
    ),
    (
        "-1, 1, Bottleneck, [1024, False]",
        "-1, 1, Conv, [512, 1, 1]",
        "-1, 1, Conv, [1024, 3, 1]",
        "-1, 1, Conv, [512, 1, 1]",
        "-1, 1, Conv, [1024, 3, 1]",
        "-2, 1, Conv, [256, 1, 1]",
        "-1, 1, nn.Upsample, [None, 2, 'nearest']",
        "[-1, 8], 1, Concat, [1]",
        "-1, 1, Bottleneck, [512, False]",
        "-1, 1, Bottleneck, [512, False]",
        "-1, 1, Conv, [256, 1, 1]",
        "-1, 1, Conv, [512, 3, 1]",
        "-2, 1, Conv, [128, 1, 1]",
        "-1, 1, nn.Upsample, [None, 2, 'nearest']",
        "[-1, 6], 1, Concat, [1]",
        "-1, 1, Bottleneck, [256, False]",
        "-1, 2, Bottleneck, [256, False]",
        "[27, 22, 15], 1, Detect, [nc, anchors]",
    ),
    nc=80,
    anchors=3,
)
"""YOLOv3 in the form of the YOLOv5 repository, with a number of anchors instead of their sizes."""
