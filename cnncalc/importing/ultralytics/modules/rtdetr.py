"""The decoder of RT-DETR (Zhao et al., arXiv 2304.08069), with deformable attention (Zhu et al., arXiv 2010.04159).

The choice of the best positions, and the values that deformable attention samples, depend on the data: they are layers
of their own with the shape of the result, whose multiply-accumulates are not counted.
"""

from __future__ import annotations

from math import prod

from cnncalc.importing.ultralytics.arguments import RowArguments
from cnncalc.importing.ultralytics.modules import module
from cnncalc.importing.ultralytics.modules.transformer import attend
from cnncalc.importing.ultralytics.parts import FeatureMap, ModuleParts, dense_params


@module(
    "RTDETRDecoder",
    declaration="nc hd=256 nq=300 points=4 heads=8 layers=6 d_ffn=1024 dropout:real=0.0 act:any=None eval_idx=-1 "
    "nd=100 label_noise:real=0.5 box_noise:real=1.0 learnt=False",
    takes_list=True,
)
def decoder(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> list[FeatureMap]:
    parts.network.need_images(inputs)
    parts.need(1 <= a.layers <= 1000, f"needs from 1 to 1000 decoder layers, got {a.layers}")
    parts.training_only("denoising_class_embed", a.nc * a.hd)
    features = _encoded(parts, inputs, a)
    inner = parts.inner("enc_output")
    scored = inner.layer("1", "layer_norm", [inner.layer("0", "dense", [features], units=a.hd)])
    scores = parts.layer("enc_score_head", "dense", [scored], units=a.nc)
    count = min(a.nq, features.shape[0])
    best = parts.layer("topk", "custom", [scored, scores], output=[count, a.hd])
    boxes = parts.layer("refer_bbox", "sigmoid", [_mlp(parts, "enc_bbox_head", best, (a.hd, a.hd, 4))])
    y = _learnt(parts, a, count) if a.learnt else best
    last = a.eval_idx if a.eval_idx >= 0 else a.layers + a.eval_idx
    for number in range(a.layers):
        y, boxes = _decoder_layer(parts, number, (y, boxes, features), a, len(inputs))
    classes = parts.layer(f"dec_score_head.{last}", "dense", [y], units=a.nc)
    parts.training_only("dec_score_head.others", (a.layers - 1) * dense_params(a.hd, a.nc))
    rows = parts.concat([boxes, parts.layer("sigmoid", "sigmoid", [classes])], "predictions", axis=2)
    return [parts.layer("best", "custom", [rows], output=[min(a.nq, count * a.nc), 6])]


def _learnt(parts: ModuleParts, a: RowArguments, count: int) -> FeatureMap:
    """Learned queries; a small image uses the first of them."""
    table = parts.weights("tgt_embed", a.nq, a.hd)
    return table if count == a.nq else parts.layer("tgt", "slice", [table], stop=count, axis=1)


def _encoded(parts: ModuleParts, inputs: list[FeatureMap], a: RowArguments) -> FeatureMap:
    """The positions of all maps, with as many features each."""
    rows = []
    for number, x in enumerate(inputs):
        at = parts.inner(f"input_proj.{number}")
        y = at.layer("1", "batch_norm", [at.bare_conv("0", x, a.hd, bias=False)])
        rows.append(at.permute("positions", at.reshape("flat", y, a.hd, prod(x.shape[1:])), 2, 1))
    return parts.concat(rows, axis=1) if len(rows) > 1 else rows[0]


def _mlp(parts: ModuleParts, name: str, x: FeatureMap, units: tuple[int, ...], shares: str = "") -> FeatureMap:
    """Dense layers with ReLU between them; `shares` names earlier ones whose weights they have."""
    for number, count in enumerate(units):
        at = parts.inner(f"{name}.layers", "ModuleList")
        x = at.layer(str(number), "dense", [x], units=count)
        if shares:
            parts.network.share(x, f"{shares}.layers.{number}")
        if number < len(units) - 1:
            x = at.layer(f"relu_{number}", "relu", [x])
    return x


def _decoder_layer(
    parts: ModuleParts, number: int, state: tuple[FeatureMap, FeatureMap, FeatureMap], a: RowArguments, levels: int
) -> tuple[FeatureMap, FeatureMap]:
    """Self-attention, deformable attention and two dense layers; then the boxes are corrected."""
    y, boxes, features = state
    at = parts.inner(f"decoder.layers.{number}", "DeformableTransformerDecoderLayer")
    shares = "" if number == 0 else ".".join((*parts.path, "decoder.layers.0.query_pos_head"))
    position = _mlp(at, "query_pos_head", boxes, (2 * a.hd, a.hd), shares)
    seen = attend(at, at.add(y, position, "with_position"), y, a.heads, "self_attn")
    y = at.layer("norm1", "layer_norm", [at.add(y, seen, "add_1")])
    inner = at.inner("cross_attn", "MSDeformAttn")
    seen = _deformable(inner, at.add(y, position, "with_position_2"), boxes, features, (a.heads, levels * a.points))
    y = at.layer("norm2", "layer_norm", [at.add(y, seen, "add_2")])
    z = at.layer("act", "relu", [at.layer("linear1", "dense", [y], units=a.d_ffn)])
    y = at.layer("norm3", "layer_norm", [at.add(y, at.layer("linear2", "dense", [z], units=a.hd), "add_3")])
    change = _mlp(at, "bbox_head", y, (a.hd, a.hd, 4))
    moved = at.add(change, at.layer("logit", "logit", [boxes]), "moved")
    return y, at.layer("boxes", "sigmoid", [moved])


def _deformable(
    parts: ModuleParts, query: FeatureMap, boxes: FeatureMap, features: FeatureMap, counts: tuple[int, int]
) -> FeatureMap:
    """A weighted sum of values at points around each box; the query gives the points and the weights."""
    heads, points = counts
    queries, width = query.shape
    values = parts.layer("value_proj", "dense", [features], units=width)
    offsets = parts.layer("sampling_offsets", "dense", [query], units=heads * points * 2)
    weights = parts.layer("attention_weights", "dense", [query], units=heads * points)
    weights = parts.layer("softmax", "softmax", [parts.reshape("points", weights, queries, heads, points)], axis=3)
    sampled = parts.layer("sampled", "custom", [values, offsets, weights, boxes], output=[queries, width])
    return parts.layer("output_proj", "dense", [sampled], units=width)
