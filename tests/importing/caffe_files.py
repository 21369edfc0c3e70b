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


VGG16 = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))
"""Simonyan and Zisserman, table 1, column D: filters and convolutions of each stage."""


def vgg16() -> str:
    """VGG-16 (Simonyan and Zisserman, 2014)."""
    parts, last = [given(3, 224, 224)], "data"
    for stage, (filters, count) in enumerate(VGG16, 1):
        for number in range(1, count + 1):
            name = f"conv{stage}_{number}"
            parts.append(conv(name, last, filters, 3, "pad: 1"))
            last = name
        parts.append(pool(f"pool{stage}", last, 2, 2))
        last = f"pool{stage}"
    parts += [dense("fc6", last, 4096), dense("fc7", "fc6", 4096), dense("fc8", "fc7", 1000)]
    return "".join([*parts, layer("prob", "Softmax", "fc8")])


def squeezenet() -> str:
    """SqueezeNet 1.1: fire modules of 16, 32, 48 and 64 squeezed channels, two of each, after pools of stride 2."""
    parts = [given(3, 227, 227), conv("conv1", "data", 64, 3, "stride: 2")]
    last = "conv1"
    for number, squeezed in enumerate((16, 16, 32, 32, 48, 48, 64, 64), 2):
        if number in (2, 4, 6):
            parts.append(pool(f"pool{number}", last, 3, 2))
            last = f"pool{number}"
        fire = f"fire{number}"
        parts += [conv(f"{fire}_s", last, squeezed, 1), conv(f"{fire}_1", f"{fire}_s", 4 * squeezed, 1)]
        parts += [conv(f"{fire}_3", f"{fire}_s", 4 * squeezed, 3, "pad: 1")]
        parts.append(layer(fire, "Concat", [f"{fire}_1", f"{fire}_3"]))
        last = fire
    parts += [conv("conv10", last, 1000, 1)]
    return "".join([*parts, layer("pool10", "Pooling", "conv10", "pooling_param { pool: AVE global_pooling: true }")])


def normalized(name: str, bottom: str, filters: int, kernel: int, more: str = "") -> str:
    """A convolution without biases, its statistics and its scale in place."""
    body = f"convolution_param {{ num_output: {filters} kernel_size: {kernel} bias_term: false {more} }}"
    return (
        layer(name, "Convolution", bottom, body)
        + layer(f"bn_{name}", "BatchNorm", name, "batch_norm_param { use_global_stats: true }", top=name)
        + layer(f"scale_{name}", "Scale", name, "scale_param { bias_term: true }", top=name)
    )


def resnet50() -> str:
    """ResNet-50 (He et al., 2015, table 1), whose strides are in the first 1x1 convolutions."""
    parts = [given(3, 224, 224), normalized("conv1", "data", 64, 7, "pad: 3 stride: 2"), pool("pool1", "conv1", 3, 2)]
    last = "pool1"
    for stage, count in enumerate((3, 4, 6, 3)):
        width = 64 << stage
        for number in range(count):
            name = f"res{stage + 2}_{number}"
            stride = "stride: 2" if stage and not number else ""
            parts += [
                normalized(f"{name}_a", last, width, 1, stride),
                normalized(f"{name}_b", f"{name}_a", width, 3, "pad: 1"),
            ]
            parts += [normalized(f"{name}_c", f"{name}_b", 4 * width, 1)]
            if not number:
                parts.append(normalized(f"{name}_s", last, 4 * width, 1, stride))
                last = f"{name}_s"
            parts.append(layer(name, "Eltwise", [last, f"{name}_c"]))
            last = name
    parts.append(layer("pool5", "Pooling", last, "pooling_param { pool: AVE kernel_size: 7 stride: 1 }"))
    return "".join([*parts, dense("fc1000", "pool5", 1000), layer("prob", "Softmax", "fc1000")])


MOBILENET = ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1))
"""Howard et al., MobileNets, table 1: filters and stride of each depthwise separable convolution."""


def mobilenet() -> str:
    """MobileNet with depthwise convolutions as groups."""
    parts = [given(3, 224, 224), normalized("conv1", "data", 32, 3, "pad: 1 stride: 2")]
    last, channels = "conv1", 32
    for number, (filters, stride) in enumerate(MOBILENET, 2):
        parts += [normalized(f"conv{number}_dw", last, channels, 3, f"pad: 1 stride: {stride} group: {channels}")]
        parts += [normalized(f"conv{number}", f"conv{number}_dw", filters, 1)]
        last, channels = f"conv{number}", filters
    parts.append(layer("pool6", "Pooling", last, "pooling_param { pool: AVE global_pooling: true }"))
    return "".join([*parts, conv("fc7", "pool6", 1000, 1)])
