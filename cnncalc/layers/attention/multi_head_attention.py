from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from types import ModuleType
from typing import Any, ClassVar, NamedTuple

from cnncalc.arithmetic.convention import Shape
from cnncalc.arithmetic.term import exact_div
from cnncalc.diagnostics import Refusal
from cnncalc.kernels.elementwise import sigmoid
from cnncalc.layers import declare, keeping
from cnncalc.layers.attention._heads import projection_outputs
from cnncalc.layers.attention._scores import (
    arrays_in_roles,
    check_lengths,
    check_mask,
    fused_flag,
    masked,
    query_key_value,
    visible,
    weigh,
)
from cnncalc.layers.base import Array, Layer, Sight, Weight, show_shape
from cnncalc.layers.keeping import Keeps, KeptArray
from cnncalc.layers.listed_axes import places


class _Sizes(NamedTuple):
    """Heads of queries and of keys, features, and numbers of positions; `attended` also counts appended keys."""

    heads: int
    shared: int
    key: int
    value: int
    output: int
    queries: int
    keys: int
    attended: int


class MultiHeadAttention(Layer):
    """Multi-head attention: each head compares the queries with the keys and averages the values accordingly.

    Its inputs are query, key and value, in this order under every convention; a single input serves as all three; with
    two, the second is both key and value. A fourth is a mask or a bias, added to the scores: its last axes are queries
    × keys, the heads before them; axes of 1 and missing first axes are broadcast. Features are the last axis in every
    layout. With channels last, all other axes together are the positions, unless `attention_axes` names some; with
    channels first, the axis before the features holds them. Remaining axes are batch axes. Heads that share keys and
    values make it grouped-query attention. A causal mask changes which scores count, not the amount of work. FLOPs: two
    per multiply–accumulate of the projections, the scores and the weighted sum; one per bias added; two per score, for
    its scale and the softmax, and one for a mask; two per element for a gate.
    """

    type = "multi_head_attention"
    aliases = ("MultiheadAttention", "mha", "GroupedQueryAttention", "GroupQueryAttention", "self_attention")
    family = "attention"
    rule = (
        "multi_head_attention: softmax(Q·Kᵀ/√dₖ)·V of the projected queries Q, keys K and values V in each head"
        ", and a projection to the output"
    )
    sources = (
        "Vaswani et al., Attention Is All You Need, arXiv 1706.03762",
        "Ainslie et al., GQA, arXiv 2305.13245",
        "PyTorch, torch.nn.MultiheadAttention",
        "Keras, keras.layers.MultiHeadAttention and GroupQueryAttention",
    )
    examples = (
        "197x768 -> multi_head_attention 12",
        "7x12 -> multi_head_attention(identity | relu) heads=3 key_dim=5",
        "7x12 -> multi_head_attention 4 key_value_heads=2 causal=true",
        "64x49x96 -> multi_head_attention 3 attention_axes=2",
        "x: 49x96, bias: 3x49x49 -> multi_head_attention 3 from=[x, x, x, bias]",
    )
    inputs = (1, 4)
    branching = True
    states: ClassVar[dict[str, str]] = {
        "embed_dim": "features", "query_dim": "features", "kdim": "second features", "vdim": "third features",
    }  # fmt: skip
    without_effect: ClassVar[tuple[str, ...]] = (
        "dropout",
        "attention_dropout",
        "flash_attention",
        "batch_first",
        "need_weights",
    )
    refused: ClassVar[dict[str, str]] = {"attention_axes": "attention over other axes is not supported"}

    heads = declare.count(
        "number of heads", positional=True, symbol="h", aliases=("num_heads", "num_query_heads", "nhead")
    )
    key_dim = declare.count(
        "number of features of each head's queries and keys",
        default=None,
        default_text="the query's / heads",
        symbol="dₖ",
        aliases=("head_dim", "key_size", "size_per_head"),
    )
    value_dim = declare.count(
        "number of features of each head's values",
        default=None,
        default_text="key_dim",
        symbol="dᵥ",
        aliases=("value_size",),
    )
    output = declare.count(
        "number of output features", default=None, default_text="the query's", symbol="o",
        aliases=("output_shape", "output_dim"),
    )  # fmt: skip
    key_value_heads = declare.count(
        "number of heads of keys and values, each shared by several query heads", default=None, default_text="heads",
        symbol="g", aliases=("num_key_value_heads", "kv_heads", "num_kv_heads"),
    )  # fmt: skip
    bias = declare.flag("whether the projections add biases", default=True, aliases=("use_bias",))
    key_value_bias = declare.flag(
        "whether one learned key and value are appended to the input's",
        default=False,
        aliases=("add_bias_kv", "bias_kv"),
    )
    zero_attention = declare.flag(
        "whether one key and value of zeros are appended to the input's", default=False, aliases=("add_zero_attn",)
    )
    gate = declare.flag("whether a sigmoid of the projected query scales the values", default=False,
                        aliases=("use_gate",))  # fmt: skip
    causal = declare.flag(
        "whether a query attends only to keys up to its own position", default=False,
        aliases=("is_causal", "use_causal_mask"),
    )  # fmt: skip
    window = declare.count(
        "attention window: a query attends to keys at a distance below this", default=None, default_text="everything",
        aliases=("sliding_window",),
    )  # fmt: skip
    fused = fused_flag()

    attention_axes = declare.listed_axes(
        "the axes that hold the positions, counted from 1; other axes are batch axes", positional=False, default=None,
        default_text="all but the features; with channels first, the one before them",
    )  # fmt: skip

    def steps_first(self) -> bool:
        return True

    def features_last(self) -> bool:
        return True

    def shape(self, *inputs: Shape) -> Shape:
        self._check_positions(inputs)
        check_lengths(inputs)
        features = inputs[0][-1]
        if self.key_dim is None and features % self.heads:
            raise Refusal(
                f"{int(features)} features of the query cannot be divided among {int(self.heads)} heads",
                hint="give a number of heads that divides the features, or key_dim", field="heads", code="E305",
            )  # fmt: skip
        query, key, value = query_key_value(inputs)
        if self.key_value_heads is not None:
            self._check_sharing(self.key_value_heads, features, value[-1])
        lead, positions = self._parted(query)
        self._check_lead(lead, self._parted(key)[0])
        sizes = self._sizes(inputs)
        check_mask(self, inputs, (*lead, sizes.heads, prod(positions), prod(self._parted(key)[1])))
        return (*query[:-1], features if self.output is None else self.output)

    def _check_positions(self, inputs: tuple[Shape, ...]) -> None:
        """Reject positions without an order where a mask needs one, and positions of different rank."""
        inputs = inputs[:3]
        if any(len(shape) != len(inputs[0]) or len(shape) < 2 for shape in inputs):
            raise Refusal(
                "multi_head_attention needs inputs with equal numbers of axes, positions and features, "
                f"got {' and '.join(map(show_shape, inputs))}",
                hint="reshape to positions × features first",
                code="E303",
            )
        in_a_row = self.causal or self.window is not None or self.key_value_heads is not None
        if in_a_row and len(self._places(inputs[0])) > 1:
            raise Refusal(
                f"a mask or shared heads need a single axis of positions, positions × features, "
                f"got {' and '.join(map(show_shape, inputs))}",
                hint="reshape to positions × features first, or set attention_axes to one axis",
                code="E303",
            )
        if self.key_value_heads is not None and len(inputs[0]) > 2 and self.setting.convention.name == "keras":
            hint = "reshape to positions × features first"
            raise Refusal("Keras's GroupQueryAttention takes sequences, positions × features", hint=hint, code="E303")

    def _places(self, x: Shape) -> tuple[int, ...]:
        """The axes of an input that hold its positions, counted from 0."""
        last = len(x) - 1
        if self.attention_axes is None:
            return (last - 1,) if self.setting.layout == "CHW" else tuple(range(last))
        return tuple(sorted(places(self.attention_axes, last, x, "attention_axes")))

    def _parted(self, x: Shape) -> tuple[Shape, Shape]:
        """The sizes of the batch axes, and of the axes that hold the positions."""
        at = self._places(x)
        lead = tuple(size for place, size in enumerate(x[:-1]) if place not in at)
        return lead, tuple(x[place] for place in at)

    def _check_lead(self, of_queries: Shape, of_keys: Shape) -> None:
        """Reject batch axes of queries and keys that differ: they are not broadcast."""
        if of_queries != of_keys:
            raise Refusal(
                f"queries in {show_shape(of_queries)} batches, but keys in {show_shape(of_keys)}",
                hint="make the axes before the positions equal", code="E308",
            )  # fmt: skip

    def _check_sharing(self, shared: int, of_queries: int, of_values: int) -> None:
        """Reject heads that cannot share keys evenly, and features that Keras's layer does not accept."""
        if self.heads % shared:
            raise Refusal(
                f"{int(self.heads)} heads cannot be divided evenly among {int(shared)} heads of keys and values",
                hint="heads must be a multiple of key_value_heads", field="key_value_heads", code="E305",
            )  # fmt: skip
        if of_values != of_queries and self.setting.convention.name in ("keras", "tensorflow"):
            raise Refusal(
                "Keras's GroupQueryAttention needs values with as many features as the queries, "
                f"got {int(of_values)} and {int(of_queries)}",
                hint="add a dense layer before the values", field="key_value_heads", code="E304",
            )  # fmt: skip

    def _sizes(self, inputs: tuple[Shape, ...]) -> _Sizes:
        query, key, _ = query_key_value(inputs)
        key_dim = exact_div(query[-1], self.heads) if self.key_dim is None else self.key_dim
        keys = prod(key[:-1])
        return _Sizes(
            heads=self.heads,
            shared=self.heads if self.key_value_heads is None else self.key_value_heads,
            key=key_dim,
            value=key_dim if self.value_dim is None else self.value_dim,
            output=query[-1] if self.output is None else self.output,
            queries=prod(query[:-1]),
            keys=keys,
            attended=prod(self._parted(key)[1]) + int(self.key_value_bias) + int(self.zero_attention),
        )

    def weights(self, *shapes: Shape) -> Iterator[Weight]:
        query, key, value = query_key_value(shapes[:-1])
        sizes = self._sizes(shapes[:-1])
        yield from self._projection("query", query, (query[-1],), (sizes.heads, sizes.key))
        yield from self._projection("key", key, (key[-1],), (sizes.shared, sizes.key))
        if self.gate:
            yield from self._projection("gate", query, (query[-1],), (sizes.heads, sizes.value))
        yield from self._projection("value", value, (value[-1],), (sizes.shared, sizes.value))
        yield from self._projection("output", query, (sizes.heads, sizes.value), (sizes.output,))
        if self.key_value_bias:
            yield Weight("extra_key", (sizes.shared, sizes.key))
            yield Weight("extra_value", (sizes.shared, sizes.value))

    def _projection(self, name: str, of: Shape, taken: Shape, given: Shape) -> Iterator[Weight]:
        yield Weight(f"{name}_kernel", (*taken, *given), positions=of[:-1])
        if self.bias:
            yield Weight(f"{name}_bias", given, positions=of[:-1])

    def output_axes(self, weight: Weight) -> tuple[int, ...]:
        return projection_outputs(weight)

    def macs(self, *shapes: Shape) -> int:
        query, key, value = query_key_value(shapes[:-1])
        sizes = self._sizes(shapes[:-1])
        projected = sizes.queries * query[-1] * sizes.heads * sizes.key
        projected += sizes.keys * key[-1] * sizes.shared * sizes.key
        projected += sizes.keys * value[-1] * sizes.shared * sizes.value
        projected += sizes.queries * sizes.heads * sizes.value * sizes.output
        if self.gate:
            projected += sizes.queries * query[-1] * sizes.heads * sizes.value
        scores = sizes.heads * sizes.queries * sizes.attended * sizes.key
        return projected + scores + sizes.heads * sizes.queries * sizes.attended * sizes.value

    def rule_numbers(self, *inputs: Shape) -> dict[str, int]:
        return {"dₖ": self._sizes(inputs).key}

    def elementwise(self, *shapes: Shape) -> int:
        sizes = self._sizes(shapes[:-1])
        work = (3 if len(shapes) == 5 else 2) * sizes.heads * sizes.queries * sizes.attended
        if self.gate:
            work += 2 * sizes.queries * sizes.heads * sizes.value
        if self.bias:
            work += sizes.queries * sizes.heads * sizes.key + sizes.queries * sizes.output
            work += sizes.keys * sizes.shared * sizes.key + sizes.keys * sizes.shared * sizes.value
            if self.gate:
                work += sizes.queries * sizes.heads * sizes.value
        return work

    def kept(self, *shapes: Shape) -> Keeps:
        """The inputs if weights are trained, the projections, the averages; the fused kernel keeps no scores.

        With a mask or a bias, whose gradient that kernel does not give, or without it, all attention weights are kept.
        """
        sizes = self._sizes(shapes[:-1])
        projected = sizes.queries * sizes.heads * sizes.key + sizes.keys * sizes.shared * (sizes.key + sizes.value)
        averages = sizes.queries * sizes.heads * sizes.value
        rows = sizes.queries * sizes.heads
        has_weights = len(shapes) > 4 or not self.fused
        return Keeps((0, 1, 2), needs_training=True, arrays=(
            KeptArray("queries, keys, values", projected),
            KeptArray("attention weights", rows * sizes.attended) if has_weights
            else keeping.statistics(rows, "log-sum-exp")[0],
            KeptArray("averages", 3 * averages if self.gate else averages),
        ))  # fmt: skip

    def windows(self, *inputs: Shape) -> Sight:
        return "whole"

    def forward(self, np: ModuleType, *arrays: Array, **weights: Any) -> Array:
        at = self._places(arrays[0].shape[1:])
        query, key, value = (_in_rows(x, at) for x in arrays_in_roles(arrays))
        queries = _projected(query, "query", weights)
        keys, values = _projected(key, "key", weights), _projected(value, "value", weights)
        positions = keys.shape[1]
        if "extra_key" in weights:
            keys, values = _with(np, keys, weights["extra_key"]), _with(np, values, weights["extra_value"])
        if self.zero_attention:
            keys, values = _with(np, keys, np.zeros_like(keys[0, 0])), _with(np, values, np.zeros_like(values[0, 0]))
        lead = [size for place, size in enumerate(arrays[0].shape[1:-1]) if place not in at]
        mask = self._mask(np, positions, arrays[3] if len(arrays) == 4 else None, (len(arrays[0]), *lead))
        seen = _attended(np, queries, keys, values, mask)
        if self.gate:
            seen = seen * sigmoid(np, _projected(query, "gate", weights))
        kernel = weights["output_kernel"]
        y = seen.reshape(*query.shape[:-1], -1) @ kernel.reshape(-1, kernel.shape[-1])
        y = y + weights["output_bias"] if "output_bias" in weights else y
        return _out_of_rows(np, y, arrays[0].shape, at)

    def _mask(
        self, np: ModuleType, positions: int, added: Array | None, batches: tuple[int, ...]
    ) -> Callable[[Array], Array]:
        """Scale, mask and window applied to scores (batches × heads × queries × keys); appended keys are not masked."""

        def mask(scores: Array) -> Array:
            if added is not None:
                own = scores[..., :positions].reshape(*batches, *scores.shape[1:-1], positions)
                own = masked(own, added).reshape(*scores.shape[:-1], positions)
                scores = np.concatenate([own, scores[..., positions:]], axis=-1)
            return visible(np, scores, positions, causal=self.causal, window=self.window)

        return mask


def _in_rows(x: Array, at: tuple[int, ...]) -> Array:
    """A batch with the axes `at` of each sample merged into one axis of positions, the others into the batch."""
    rank = x.ndim - 2
    others = [place for place in range(rank) if place not in at]
    order = (0, *[place + 1 for place in others], *[place + 1 for place in at], rank + 1)
    moved = x.transpose(order)
    batches = 1
    for size in moved.shape[: 1 + len(others)]:
        batches *= size
    return moved.reshape(batches, -1, x.shape[-1])


def _out_of_rows(np: ModuleType, y: Array, shape: tuple[int, ...], at: tuple[int, ...]) -> Array:
    """The inverse of `_in_rows`, for outputs at the positions of an array of `shape`."""
    rank = len(shape) - 2
    others = [place for place in range(rank) if place not in at]
    order = (0, *[place + 1 for place in others], *[place + 1 for place in at], rank + 1)
    moved = y.reshape(*[shape[place] for place in order[:-1]], y.shape[-1])
    return moved.transpose(np.argsort(order))


def _projected(x: Array, name: str, weights: dict[str, Array]) -> Array:
    """The features of every head: batch × positions × heads × features."""
    kernel, bias = weights[f"{name}_kernel"], weights.get(f"{name}_bias")
    y = x.reshape(len(x), -1, x.shape[-1]) @ kernel.reshape(x.shape[-1], -1)
    y = y.reshape(*y.shape[:2], *kernel.shape[1:])
    return y if bias is None else y + bias


def _with(np: ModuleType, sequence: Array, extra: Array) -> Array:
    """A sequence with one more position, equal in the whole batch."""
    return np.concatenate([sequence, np.broadcast_to(extra, (len(sequence), 1, *extra.shape))], axis=1)


def _attended(np: ModuleType, queries: Array, keys: Array, values: Array, mask: Callable[[Array], Array]) -> Array:
    """The output of every head at every query: batch × positions × heads × features."""
    sharing = queries.shape[2] // keys.shape[2]
    keys, values = np.repeat(keys, sharing, axis=2), np.repeat(values, sharing, axis=2)
    queries = queries * queries.dtype.type(queries.shape[-1] ** -0.5)
    scores = mask(queries.transpose(0, 2, 1, 3) @ keys.transpose(0, 2, 3, 1))
    return weigh(np, scores, values.transpose(0, 2, 1, 3)).transpose(0, 2, 1, 3)
