"""Modules that compare the image with embeddings of words: YOLO-World (arXiv 2401.17270), YOLOE (arXiv 2503.07465).

The embeddings are the model's second input, `text`, classes × features.
"""

from __future__ import annotations

from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import module
from cnncalc.importing.ultralytics.modules.bottlenecks import residual
from cnncalc.importing.ultralytics.modules.detect import DetectHead, HeadTowers, detections
from cnncalc.importing.ultralytics.modules.masks import prototypes, refined_prototypes
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts, conv_params, dense_params

_PATCH_SIDE = 3


@module("C2fAttn", declaration="c2 n ec=128 heads=1 gc=512 shortcut=False g=1 e=0.5")
def c2f_attention(parts: ModuleParts, x: FeatureMap, a: RowArguments) -> FeatureMap:
    """A C2f with one more part, in which the words decide how much each position counts."""
    hidden = int(a.c2 * a.e)
    heads = _heads(parts, a.heads)
    parts.need(hidden % heads == 0, f"{hidden} hidden channels cannot be divided among {heads} heads")
    text = parts.network.prompt or parts.network.text_input(a.gc)
    grown = parts.halves(parts.conv("cv1", x, 2 * hidden))
    for number in range(a.n):
        at = parts.inner(f"m.{number}", "Bottleneck")
        grown.append(residual(at, grown[-1], hidden, a.shortcut, g=a.g, e=1.0))
    grown.append(_weighed_by_text(parts.inner("attn", "MaxSigmoidAttnBlock"), grown[-1], text, heads))
    return parts.conv("cv2", parts.concat(grown), a.c2)


def _heads(parts: ModuleParts, heads: int) -> int:
    """The number of heads at the file's width."""
    scale = parts.network.scale
    return heads if heads <= 1 else int(max(round(min(heads, scale.most_channels // 2 // 32) * scale.width), 1))


def _weighed_by_text(parts: ModuleParts, x: FeatureMap, text: FeatureMap, heads: int) -> FeatureMap:
    """A convolution, each head times the sigmoid of the best match of a position with a word."""
    c, height, width = x.shape
    words, features = text.shape[0], c // heads
    guide = parts.layer("gl", "dense", [text], units=c)
    guide = parts.reshape("guide", guide, words, heads, features)
    embed = parts.reshape("embed", x, heads, features, height * width)
    match = parts.layer("match", "einsum", [embed, guide], equation="bhcp,bthc->bhpt")
    best = parts.layer("best", "reduce_max", [match], axis=3, keep=False)
    best = parts.layer("scaled", "power", [best], scale=features**-0.5)
    best = parts.add(best, parts.weights("bias", heads, 1), "biased")
    gate = parts.reshape("gate", parts.layer("sigmoid", "sigmoid", [best]), heads, 1, height, width)
    y = parts.reshape("heads", parts.conv("proj_conv", x, c, 3, act=False), heads, features, height, width)
    return parts.reshape("joined", parts.layer("gated", "multiply", [y, gate]), c, height, width)


@module("ImagePoolingAttn", declaration="ec=256 ct=512 heads=8 k=3 learned=False", takes_list=True)
def image_pooling(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> FeatureMap:
    """The words attend to patches of the image; later rows take the words that come out."""
    text = parts.network.prompt or parts.network.text_input(a.ct)
    patches = []
    for number, x in enumerate(inputs):
        y = parts.bare_conv(f"projections.{number}", x, a.ec)
        y = parts.layer(f"im_pools.{number}", "adaptive_max_pool", [y], size=a.k)
        patches.append(parts.reshape(f"patches.{number}", y, a.ec, a.k * a.k))
    rows = parts.permute("patch_rows", parts.concat(patches, axis=2) if len(patches) > 1 else patches[0], 2, 1)
    query, key, value = (
        _heads_of(parts.inner(name), each, a.ec, a.heads)
        for name, each in (("query", text), ("key", rows), ("value", rows))
    )
    y = parts.layer("attention", "attention", [query, key, value], score="scaled_dot")
    y = parts.reshape("joined", parts.permute("rows", y, 2, 1, 3), text.shape[0], a.ec)
    y = parts.layer("proj", "dense", [y], units=a.ct)
    if a.learned:
        y = parts.layer("scaled", "multiply", [y, parts.weights("scale", 1, 1)])
    parts.network.prompt = parts.add(y, text)
    return inputs[0]


def _heads_of(parts: ModuleParts, x: FeatureMap, features: int, heads: int) -> FeatureMap:
    y = parts.layer("1", "dense", [parts.layer("0", "layer_norm", [x])], units=features)
    return parts.permute("heads", parts.reshape("split", y, x.shape[0], heads, features // heads), 2, 1, 3)


def _contrast(parts: ModuleParts, x: FeatureMap, text: FeatureMap, *, normalized: bool) -> FeatureMap:
    """The scores of the words at each position, with a learned scale and bias."""
    x = parts.layer("norm", "batch_norm", [x]) if normalized else parts.layer("unit", "unit_norm", [x], axis=1)
    words = parts.layer("unit_words", "unit_norm", [text], axis=2)
    scores = parts.layer("match", "matmul", [words, parts.reshape("flat", x, x.channels, -1)])
    scale = parts.layer("scale", "exponential", [parts.weights("logit_scale", 1, 1)])
    scores = parts.layer("scaled", "multiply", [scores, scale])
    return parts.add(scores, parts.weights("bias", 1, 1), "biased")


@module("WorldDetect", declaration="nc embed=512 with_bn=False", takes_list=True)
def world(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    text = parts.network.text_input(a.embed)
    head = DetectHead(parts, inputs, a.nc)
    head.end_to_end = False

    def classes(head: DetectHead, towers: HeadTowers) -> list[FeatureMap]:
        maps = [towers.plain("cv3", at, x, head.class_width, a.embed) for at, x in enumerate(inputs)]
        return [
            _contrast(parts.inner(f"cv4.{at}", "ContrastiveHead"), x, text, normalized=bool(a.with_bn))
            for at, x in enumerate(maps)
        ]

    return head.finished(detections(head, {}, classes))


@module("YOLOEDetect", declaration="nc embed=512 with_bn=True", takes_list=True)
def prompted_detect(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    head = _prompted_head(parts, inputs, a)
    return head.finished(_prompted(parts, head, a, {}))


@module("YOLOESegment", declaration="nc nm=32 npr=256 embed=512 with_bn=True", takes_list=True)
def prompted_segment(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    head = _prompted_head(parts, inputs, a)
    outputs = head.finished(_prompted(parts, head, a, {"cv5": a.nm}))
    width = parts.network.scale.channels(a.npr)
    return [outputs[0], prototypes(parts.inner("proto", "Proto"), inputs[0], width, a.nm), *outputs[1:]]


@module("YOLOESegment26", declaration="nc nm=32 npr=256 embed=512 with_bn=True", takes_list=True)
def prompted_segment_26(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    head = _prompted_head(parts, inputs, a)
    outputs = head.finished(_prompted(parts, head, a, {"cv5": a.nm}))
    masks = refined_prototypes(parts.inner("proto", "Proto26"), inputs, a, parts.network.scale.channels(a.npr))
    return [outputs[0], masks, *outputs[1:]]


def _prompted_head(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> DetectHead:
    """The head, and the parameters with which prompts of words or of boxes become embeddings before it."""
    head = DetectHead(parts, inputs, a.nc)
    parts.need(bool(a.with_bn), "needs with_bn=True")
    parts.need(head.class_width <= a.embed, f"needs at least {head.class_width} features of embeddings, got {a.embed}")
    parts.training_only("reprta", dense_params(a.embed, 4 * a.embed) + dense_params(2 * a.embed, a.embed))
    parts.training_only("savpe", _visual_prompt([each.channels for each in inputs], head.class_width, a.embed))
    return head


def _visual_prompt(widths: list[int], c3: int, embed: int) -> int:
    """The parameters of the encoder of visual prompts."""
    towers = sum(conv_params(c, c3, 3) + conv_params(c3, c3, 3) + conv_params(c, c3) for c in widths)
    mask = 16
    last = dense_params(3 * c3, embed) + dense_params(3 * c3 * 9, mask) + dense_params(9, mask)
    return towers + last + conv_params(2 * mask, mask, 3) + dense_params(mask * 9, mask)


def _prompted(parts: ModuleParts, head: DetectHead, a: RowArguments, extras: dict[str, int]) -> list[FeatureMap]:
    text = parts.network.text_input(a.embed)

    def classes(head: DetectHead, towers: HeadTowers) -> list[FeatureMap]:
        maps = [towers.class_map(at, head.class_width, a.embed) for at in range(len(head.inputs))]
        return [
            _contrast(parts.inner(f"{towers.prefix}cv4.{at}", "BNContrastiveHead"), x, text, normalized=True)
            for at, x in enumerate(maps)
        ]

    return detections(head, extras, classes)
