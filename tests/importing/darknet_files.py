"""Darknet configurations of published networks, written by these functions from the papers' tables."""

from __future__ import annotations


def section(kind: str, **options: object) -> str:
    """One section; an option `from_` is written `from`."""
    lines = [f"{key.rstrip('_')}={value}" for key, value in options.items()]
    return "\n".join([f"[{kind}]", *lines, ""])


def conv(filters: int, size: int, stride: int = 1, *, bare: bool = False) -> str:
    """A convolution as YOLO has them: batch normalization and leaky ReLU, or a bias and nothing (`bare`)."""
    more = {"activation": "linear"} if bare else {"batch_normalize": 1, "activation": "leaky"}
    return section("convolutional", filters=filters, size=size, stride=stride, pad=1, **more)


def darknet53(size: int = 256) -> str:
    """The backbone of YOLOv3: 52 convolutions, 23 shortcuts."""
    parts = [section("net", width=size, height=size, channels=3), conv(32, 3)]
    for width, blocks in ((64, 1), (128, 2), (256, 8), (512, 8), (1024, 4)):
        parts.append(conv(width, 3, 2))
        for _ in range(blocks):
            parts += [conv(width // 2, 1), conv(width, 3), section("shortcut", from_=-3, activation="linear")]
    return "\n".join(parts)


def darknet53_classifier() -> str:
    """Darknet-53 with its head for ImageNet."""
    head = [section("avgpool"), conv(1000, 1, bare=True), section("softmax", groups=1)]
    return "\n".join([darknet53(), *head])


def yolov3(classes: int = 80, size: int = 416) -> str:
    """YOLOv3 with its three heads."""
    parts = [darknet53(size)]
    for width, route, mask in ((512, None, "6,7,8"), (256, 61, "3,4,5"), (128, 36, "0,1,2")):
        if route is not None:
            parts += [section("route", layers=-4), conv(width, 1), section("upsample", stride=2)]
            parts.append(section("route", layers=f"-1, {route}"))
        for _ in range(3):
            parts += [conv(width, 1), conv(2 * width, 3)]
        parts += [conv(3 * (classes + 5), 1, bare=True), section("yolo", mask=mask, classes=classes, num=9)]
    return "\n".join(parts)


def yolov2_tiny_voc() -> str:
    """Tiny YOLOv2 for Pascal VOC: pools of size 2, the last with stride 1."""
    parts = [section("net", width=416, height=416, channels=3)]
    for width in (16, 32, 64, 128, 256, 512):
        parts += [conv(width, 3), section("maxpool", size=2, stride=2 if width < 512 else 1)]
    parts += [conv(1024, 3), conv(1024, 3), conv(125, 1, bare=True), section("region", classes=20, coords=4, num=5)]
    return "\n".join(parts)
