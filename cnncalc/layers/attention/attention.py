from __future__ import annotations

from collections.abc import Iterator
from math import prod
from types import ModuleType
from typing import Any, ClassVar

from cnncalc.arithmetic.convention import Shape
from cnncalc.diagnostics import Refusal
from cnncalc.layers import declare, keeping
from cnncalc.layers.attention._heads import as_features, as_heads, broadcast, repeated, shared, split_features
from cnncalc.layers.attention._pairwise import PairwiseAttention, sums
from cnncalc.layers.attention._scores import (
    arrays_in_roles,
    check_mask,
    fused_flag,
    masked,
    query_key_value,
    visible,
    weigh,
)
from cnncalc.layers.base import Array, Weight, show_shape
from cnncalc.layers.declare import Field
from cnncalc.layers.keeping import Keeps, KeptArray

_SCALED = ("pytorch", "onnx")
_ONE_HEAD = ("keras", "tensorflow")


def _scale() -> Any:
    learned: Any = declare.flag("", default=False)
    fixed: Any = declare.number("")

    def parse(value: Any) -> bool | float:
        is_flag = isinstance(value, bool) or (isinstance(value, str) and value.lower() in ("true", "false"))
        return learned.parse(value) if is_flag else fixed.parse(value)  # type: ignore[no-any-return]

    return Field(
        "whether the score has a learned scale; or a number, which replaces 1/√d", parse,
        {"anyOf": [learned.schema, fixed.schema]}, default=False, aliases=("use_scale",),
    )  # fmt: skip


class Attention(PairwiseAttention):
    """Dot-product attention without projections: an average of the values, weighted by how well keys match the query.

    Its inputs are query, key and value; a single input serves as all three; with two, the second is both key and value.
    The score is q·k (`dot`), q·k/√d (`scaled_dot`), or w·Σ tanh(q + k) (`concat`), with an optional learned scale.
    Heads are an axis before the positions, or, with `heads`, parts of the features; if keys have fewer heads, several
    query heads share one. Other axes before the positions are batch axes. A fourth input is a mask or a bias, added to
    the scores: its last axes are queries × keys; axes of 1 and missing first axes are broadcast.

    FLOPs: two per multiply–accumulate of the scores and of the weighted sum; for `concat` three per feature of each
    score and one for w; per score one for a scale, one for a mask, three for a soft cap, and one for the softmax.
    """

    type = "attention"
    refused: ClassVar[dict[str, str]] = {
        "left_window_size": "attention windows are not supported",
        "right_window_size": "attention windows are not supported",
    }
    aliases = ("dot_product_attention", "scaled_dot_product_attention", "LuongAttention", "sdpa")
    rule = "attention: softmax(score(Q, K))·V, with the positions of the query and the features of the value"
    sources = (
        "Luong et al., Effective Approaches to Attention-based Neural Machine Translation, arXiv 1508.04025",
        "Keras, keras.layers.Attention",
        "PyTorch, torch.nn.functional.scaled_dot_product_attention",
        "ONNX operators, Attention",
    )
    examples = (
        "7x12 -> attention",
        "7x12 -> attention(identity | relu) score=concat scale=true",
        "q: 4x5x8, k: 2x7x8, v: 2x7x6 -> attention from=[q, k, v] score=scaled_dot grouped=true",
        "q: 5x32, k: 7x16 -> attention from=[q, k] score=scaled_dot heads=4 key_value_heads=2",
        "x: 64x49x96, bias: 3x49x49 -> attention from=[x, x, x, bias] score=scaled_dot heads=3",
    )
    inputs: ClassVar[tuple[int, int | None]] = (1, 4)

    score = declare.choice(
        "how the score of a query and a key is computed", ("dot", "scaled_dot", "concat"), default=None,
        default_text="scaled_dot under pytorch and onnx, else dot", aliases=("score_mode",),
    )  # fmt: skip
    scale: bool | float = _scale()
    heads = declare.count(
        "number of heads into which the features of queries are split", default=None, default_text="none", symbol="h",
        aliases=("num_heads", "q_num_heads"),
    )  # fmt: skip
    key_value_heads = declare.count(
        "number of heads into which the features of keys and values are split",
        default=None,
        default_text="heads",
        symbol="g",
        aliases=("kv_num_heads", "num_key_value_heads", "kv_heads"),
    )
    grouped = declare.flag(
        "whether several query heads share one key head", default=None, aliases=("enable_gqa",),
        default_text="true under onnx and with heads, else false",
    )  # fmt: skip
    fused = fused_flag()
    softcap = declare.number("scores are limited smoothly to ± this value; 0 for no limit", default=0.0, minimum=0.0)

    def shape(self, *inputs: Shape) -> Shape:
        self._check_convention(inputs)
        roles = self._roles(inputs)
        if not self._has_heads(roles):
            shape = super().shape(*roles)
            check_mask(self, inputs, (roles[0][0], roles[1][0]))
            return shape
        query, key, value = roles
        lead = self._lead(roles)
        positions, features = super().shape(query[-2:], key[-2:], value[-2:])
        check_mask(self, inputs, (*lead, positions, key[-2]))
        return (*lead[:-1], positions, lead[-1] * features) if self.heads else (*lead, positions, features)

    def _check_convention(self, inputs: tuple[Shape, ...]) -> None:
        """Reject options that the framework's attention does not have."""
        name, title = self.setting.convention.name, self.setting.convention.title
        fixed = self.scale is not True and self.scale is not False
        if name in _ONE_HEAD and (self.heads or self.grouped or self.softcap or fixed):
            raise Refusal(
                f"{title}'s attention without projections has no heads, no fixed scale and no soft cap",
                hint="remove them, or use multi_head_attention", code="E304",
            )  # fmt: skip
        if name in _SCALED and (self.scale is True or self._score() == "concat"):
            raise Refusal(f"{title}'s attention has no parameters", hint="remove score and scale", code="E304")
        if name == "pytorch" and (self.heads or self.softcap):
            raise Refusal(
                f"PyTorch's scaled_dot_product_attention takes "
                f"{'heads as an axis before the positions' if self.heads else 'no soft cap'}",
                hint="reshape to heads × positions × features first" if self.heads else "remove softcap",
                field="heads" if self.heads else "softcap", code="E304",
            )  # fmt: skip
        if name == "pytorch" and self.causal and len(inputs) == 4:
            raise Refusal(
                "PyTorch's scaled_dot_product_attention does not accept a mask together with is_causal",
                hint="combine both in one mask, or remove causal", field="causal", code="E304",
            )  # fmt: skip
        if name == "onnx" and len(inputs[0]) > 2 and self.heads:
            raise Refusal(
                f"ONNX's Attention takes the heads from an axis of {show_shape(inputs[0])}", hint="remove heads",
                field="heads", code="E304",
            )  # fmt: skip
        if name == "onnx" and len(inputs[0]) == 2 and not self.heads:
            raise Refusal(
                "ONNX's Attention splits the features of sequences into heads, but heads is not given",
                hint="write heads=1 for a single head", code="E304",
            )  # fmt: skip

    def _roles(self, inputs: tuple[Shape, ...]) -> tuple[Shape, Shape, Shape]:
        """Query, key and value, each with its heads as an axis if it has any."""
        query, key, value = query_key_value(inputs)
        if not self.heads or any(len(shape) < 2 for shape in (query, key, value)):
            return query, key, value
        fewer = self.key_value_heads or self.heads
        return (
            split_features(query, self.heads, "heads"),
            split_features(key, fewer, "key_value_heads" if self.key_value_heads else "heads"),
            split_features(value, fewer, "key_value_heads" if self.key_value_heads else "heads"),
        )

    def _has_heads(self, roles: tuple[Shape, ...]) -> bool:
        """The axes before the positions of each input. Raises Refusal for more than the framework allows."""
        most = {"keras": 2, "tensorflow": 2, "onnx": 3}.get(self.setting.convention.name, 9)
        return all(3 <= len(role) <= most for role in roles)

    def _is_grouped(self) -> bool:
        if self.grouped is None:
            return self.setting.convention.name == "onnx" or self.heads is not None
        return self.grouped

    def _lead(self, roles: tuple[Shape, ...]) -> Shape:
        """The axes of the scores before the positions."""
        query, key, value = (role[:-2] for role in roles)
        if self._is_grouped():
            key, value = shared(query, key, "keys"), shared(query, value, "values")
        return broadcast(broadcast(query, key), value)

    def weights(self, *shapes: Shape) -> Iterator[Weight]:
        if self.scale is True:
            yield Weight("scale", (1,))
        if self._score() == "concat":
            yield Weight("score_weight", (1,))

    def _score(self) -> str:
        return self.score or ("scaled_dot" if self.setting.convention.name in _SCALED else "dot")

    def pairs(self, inputs: tuple[Shape, ...]) -> int:
        roles = self._roles(inputs)
        lead = self._lead(roles) if self._has_heads(roles) else ()
        return prod(lead) * roles[0][-2] * roles[1][-2]

    def macs(self, *shapes: Shape) -> int:
        query, _, value = self._roles(shapes[:-1])
        products = 0 if self._score() == "concat" else query[-1]
        return self.pairs(shapes[:-1]) * (products + value[-1])

    def elementwise(self, *shapes: Shape) -> int:
        pairs = self.pairs(shapes[:-1])
        query, *_ = self._roles(shapes[:-1])
        capped, added = 3 if self.softcap else 0, 1 if len(shapes) == 5 else 0
        if self._score() == "concat":
            per_feature = 3 if self.scale is False else 4
            return pairs * (per_feature * query[-1] + 2 + capped + added)
        scales = int(self.scale is not False) + int(self._score() == "scaled_dot" and self.scale in (True, False))
        return pairs * (1 + scales + capped + added)

    def kept(self, *shapes: Shape) -> Keeps:
        """With heads PyTorch's kernel is fused: the inputs, the output, and one number per query and head.

        Separate products keep the scaled queries, the keys, the attention weights and the values. They also compute
        attention without heads, or with more axes before the positions.
        """
        if not self.fused:
            roles = (0,) if len(shapes) == 2 else (1,) if len(shapes) == 3 else (1, 2)
            weights = KeptArray("attention weights", self.pairs(shapes[:-1]))
            return Keeps(roles, arrays=(KeptArray("scaled queries", prod(shapes[0])), weights))
        if self.heads or len(shapes[0]) != 3 or len(shapes) > 4 or self.score not in (None, "scaled_dot"):
            return super().kept(*shapes)
        heads, positions, _ = shapes[0]
        sums = keeping.statistics(heads * positions, "log-sum-exp")
        return Keeps("all", output=True, arrays=sums, order=(1, 0, 2))

    def forward(self, np: ModuleType, *arrays: Array, **weights: Array) -> Array:
        query, key, value = arrays_in_roles(arrays)
        if self.heads:
            fewer = self.key_value_heads or self.heads
            query, key, value = as_heads(query, self.heads), as_heads(key, fewer), as_heads(value, fewer)
        if self._is_grouped() and query.ndim > 3:
            heads = query.shape[-3]
            key, value = repeated(np, key, heads), repeated(np, value, heads)
        scores = self.scores(np, query, key, **weights)
        if self.softcap:
            scores = self.softcap * np.tanh(scores / self.softcap)
        scores = masked(scores, arrays[3] if len(arrays) == 4 else None)
        y = weigh(np, visible(np, scores, key.shape[-2], causal=self.causal), value)
        return as_features(y) if self.heads else y

    def scores(
        self, np: ModuleType, query: Array, key: Array, *, scale: Array | None = None,
        score_weight: Array | None = None,
    ) -> Array:  # fmt: skip
        factor = 1 if scale is None else scale[0]
        if score_weight is not None:
            return score_weight[0] * np.tanh(factor * sums(query, key)).sum(axis=-1)
        if self.scale is not True and self.scale is not False:
            return query @ key.swapaxes(-1, -2) * query.dtype.type(self.scale)
        root = query.shape[-1] ** -0.5 if self._score() == "scaled_dot" else 1
        return factor * root * (query @ key.swapaxes(-1, -2))
