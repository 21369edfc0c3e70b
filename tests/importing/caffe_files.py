"""Caffe definitions of published networks, written by these functions from the papers' tables."""

from __future__ import annotations


def layer(name: str, type: str, bottom: str | list[str], body: str = "", top: str | None = None) -> str:
    """One `layer`; its top is its name unless said otherwise."""
    bottoms = " ".join(f'bottom: "{each}"' for each in ([bottom] if isinstance(bottom, str) else bottom))
    return f'layer {{ name: "{name}" type: "{type}" {bottoms} top: "{top or name}" {body} }}\n'


def given(*dims: int) -> str:
    """An input in the form of deploy files."""
    return 'input: "data"\n' + "".join(f"input_dim: {size}\n" for size in (10, *dims))


def conv(name: str, bottom: str, filters: int, kernel: int, more: str = "") -> str:
    """A convolution, and its ReLU in place."""
    body = f"convolution_param {{ num_output: {filters} kernel_size: {kernel} {more} }}"
    return layer(name, "Convolution", bottom, body) + layer(f"relu_{name}", "ReLU", name, top=name)


def pool(name: str, bottom: str, kernel: int, stride: int, more: str = "") -> str:
    """A maximum pool."""
    return layer(
        name, "Pooling", bottom, f"pooling_param {{ pool: MAX kernel_size: {kernel} stride: {stride} {more} }}"
    )


def dense(name: str, bottom: str, units: int) -> str:
    """An inner product."""
    return layer(name, "InnerProduct", bottom, f"inner_product_param {{ num_output: {units} }}")


def alexnet() -> str:
    """AlexNet in its two-group form (Krizhevsky et al., 2012)."""
    parts = [given(3, 227, 227), conv("conv1", "data", 96, 11, "stride: 4"), layer("norm1", "LRN", "conv1")]
    parts += [pool("pool1", "norm1", 3, 2), conv("conv2", "pool1", 256, 5, "pad: 2 group: 2")]
    parts += [layer("norm2", "LRN", "conv2"), pool("pool2", "norm2", 3, 2), conv("conv3", "pool2", 384, 3, "pad: 1")]
    parts += [conv("conv4", "conv3", 384, 3, "pad: 1 group: 2"), conv("conv5", "conv4", 256, 3, "pad: 1 group: 2")]
    parts += [pool("pool5", "conv5", 3, 2), dense("fc6", "pool5", 4096), dense("fc7", "fc6", 4096)]
    parts += [dense("fc8", "fc7", 1000), layer("prob", "Softmax", "fc8")]
    return "".join(parts)


INCEPTION = {
    "3a": (64, 96, 128, 16, 32, 32), "3b": (128, 128, 192, 32, 96, 64), "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64), "4c": (128, 128, 256, 24, 64, 64), "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128), "5a": (256, 160, 320, 32, 128, 128), "5b": (384, 192, 384, 48, 128, 128),
}  # fmt: skip
"""Szegedy et al., Going deeper with convolutions, table 1: #1×1, #3×3 reduce, #3×3, #5×5 reduce, #5×5, pool proj."""


def googlenet() -> str:
    """GoogLeNet without its auxiliary classifiers."""
    parts = [given(3, 224, 224), conv("conv1", "data", 64, 7, "pad: 3 stride: 2"), pool("pool1", "conv1", 3, 2)]
    parts += [
        layer("norm1", "LRN", "pool1"),
        conv("reduce2", "norm1", 64, 1),
        conv("conv2", "reduce2", 192, 3, "pad: 1"),
    ]
    parts += [layer("norm2", "LRN", "conv2"), pool("pool2", "norm2", 3, 2)]
    last = "pool2"
    for name, (one, reduce3, three, reduce5, five, project) in INCEPTION.items():
        parts += [conv(f"{name}_1", last, one, 1), conv(f"{name}_r3", last, reduce3, 1)]
        parts += [conv(f"{name}_3", f"{name}_r3", three, 3, "pad: 1"), conv(f"{name}_r5", last, reduce5, 1)]
        parts += [conv(f"{name}_5", f"{name}_r5", five, 5, "pad: 2"), pool(f"{name}_pool", last, 3, 1, "pad: 1")]
        parts += [conv(f"{name}_proj", f"{name}_pool", project, 1)]
        parts += [layer(name, "Concat", [f"{name}_{part}" for part in ("1", "3", "5", "proj")])]
        last = name
        if name in ("3b", "4e"):
            last = f"{name}_down"
            parts += [pool(last, name, 3, 2)]
    parts += [layer("pool5", "Pooling", last, "pooling_param { pool: AVE kernel_size: 7 stride: 1 }")]
    return "".join([*parts, dense("classifier", "pool5", 1000), layer("prob", "Softmax", "classifier")])
