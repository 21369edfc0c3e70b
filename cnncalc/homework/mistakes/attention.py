"""Mistakes about attention and embeddings."""

from __future__ import annotations

from cnncalc.arithmetic.term import Term
from cnncalc.homework.formulas import LayerFormulas, is_bias
from cnncalc.homework.mistakes._tree import input_channels
from cnncalc.homework.mistakes.catalogue import COUNTED, COUNTS, WORK, miscalculated, only
from cnncalc.homework.substitution import is_leaf, product_of
from cnncalc.layers.base import Weight


def _heads(own: LayerFormulas) -> int:
    return int(getattr(own.inner, "heads", 1) or 1)


def _is_output(weight: Weight) -> bool:
    return weight.name.startswith("output") or "attention_output" in weight.name


def _projections(own: LayerFormulas) -> int:
    """The multiply–accumulates of the projections."""
    return sum(weight.unshared_size for weight in own.learned() if not is_bias(weight))


@miscalculated("output projection forgotten", "3·(n·n + n)", likely=1, about="params", when=only("attention"),
               figures=COUNTS)  # fmt: skip
def output_projection_forgotten(own: LayerFormulas) -> LayerFormulas | None:
    """After the heads are joined, one more matrix maps them to the output."""
    dropped = [weight for weight in own.weights if _is_output(weight)]
    if not dropped:
        return None
    work = sum(weight.unshared_size for weight in dropped if not is_bias(weight))
    left = tuple(weight for weight in own.weights if weight not in dropped)
    return own._replace(weights=left, macs=own.macs - work)


@miscalculated("multiplied by the heads", "h·(4·n·n + 4·n)", likely=1, about="params", when=only("attention"),
               choices=("all", "products", "queries, keys and values"))  # fmt: skip
def heads_multiplied_in(own: LayerFormulas, choice: str) -> LayerFormulas | None:
    """The heads share the features: each of the {heads} heads has n/h of them, so together they are n."""
    if _heads(own) == 1:
        return None
    heads = Term.leaf(_heads(own), "h")
    products = own.macs - _projections(own)
    if choice == "products":
        return own.with_macs(_projections(own) + products * heads)
    if choice != "all":
        return own.with_weights(
            lambda weight: weight if _is_output(weight) else weight._replace(shape=(*weight.shape, heads))
        )
    weights = tuple(weight._replace(shape=(*weight.shape, heads)) for weight in own.weights)
    return own._replace(weights=weights, macs=own.macs * heads, sizes=(*own.sizes[:-1], own.sizes[-1] * heads))


@miscalculated("only one head counted", "4·(n·n/h + n/h)", likely=2, about="params", when=only("attention"),
               figures=COUNTED, choices=("every array", "equal arrays", "queries, keys and values"))  # fmt: skip
def one_head(own: LayerFormulas, choice: str) -> LayerFormulas | None:
    """There are {heads} heads, each with its own part of the matrices."""

    def change(weight: Weight) -> Weight:
        return weight._replace(shape=tuple(size for size in weight.shape if not is_leaf(size, "h")))

    if _heads(own) == 1:
        return None
    if choice == "every array":
        return own.with_weights(change)
    if choice == "queries, keys and values":
        return own.with_weights(lambda weight: weight if _is_output(weight) else change(weight))
    first = [change(weight) for weight in own.weights if weight.name.startswith("query")]
    return own.unlike(own._replace(weights=tuple(first * (len(own.weights) // len(first))))) if first else None


@miscalculated("queries, keys and values as one matrix", "2·(n·n + n)", likely=3, about="params",
               when=only("multi_head_attention"), figures=COUNTED, choices=("with the output", "alone"))  # fmt: skip
def one_projection_for_three(own: LayerFormulas, choice: str) -> LayerFormulas | None:
    """Queries, keys and values each have their own matrix."""
    kept = ("query",) if choice == "alone" else ("query", "output")
    return own.with_weights(lambda weight: weight if weight.name.startswith(kept) else None)


@miscalculated("products of the attention forgotten", "T·4·n·n", likely=1, about="macs", when=only("attention"),
               figures=WORK)  # fmt: skip
def attention_products_forgotten(own: LayerFormulas) -> LayerFormulas | None:
    """Besides the projections, queries are multiplied by keys, and the scores by the values: 2·T·T·n."""
    return own.with_macs(_projections(own)) if int(own.macs) else None


@miscalculated("only the products of the attention", "2·T·T·n", likely=2, about="macs", when=only("attention"),
               figures=WORK)  # fmt: skip
def attention_projections_forgotten(own: LayerFormulas) -> LayerFormulas | None:
    """The projections of queries, keys, values and the output are multiplications, too."""
    return own.with_macs(own.macs - _projections(own)) if int(own.macs) else None


@miscalculated("the products of the attention counted once", "T·4·n·n + T·T·n", likely=3, about="macs",
               when=only("attention"), figures=WORK)  # fmt: skip
def one_attention_product(own: LayerFormulas) -> LayerFormulas | None:
    """There are two products: of the queries with the keys, and of the scores with the values."""
    products = own.macs - _projections(own)
    return own.with_macs(_projections(own) + products // 2) if int(own.macs) else None


@miscalculated("a lookup counted as a product", "T·V·d", likely=1, about="macs", when=only("embedding"), figures=WORK)
def lookup_as_product(own: LayerFormulas) -> LayerFormulas | None:
    """An embedding copies a row of its table for each word, and multiplies nothing."""
    tables = [weight for weight in own.learned() if any(is_leaf(size, "V") for size in weight.shape)]
    return own.with_macs(sum(weight.unshared_size for weight in tables))


@miscalculated("the size of one head for the output", "output = T×n/h", likely=3, about="output",
               when=only("multi_head_attention"))  # fmt: skip
def one_head_for_output(own: LayerFormulas) -> LayerFormulas | None:
    """The outputs of the {heads} heads are joined and projected: together they have all features."""
    return own.with_channels(own.sizes[own.channel()] // _heads(own))


@miscalculated("the scores for the output", "output = T×T", likely=3, about="output",
               when=only("multi_head_attention", "attention"))  # fmt: skip
def scores_for_output(own: LayerFormulas) -> LayerFormulas | None:
    """The T×T scores weigh the values; the output has the values' features again."""
    return own.with_channels(own.given[0][0]) if len(own.given[0]) == 2 else None


@miscalculated("one word for the whole sequence", "output = d", likely=3, about="output", when=only("embedding"))
def one_word_embedded(own: LayerFormulas) -> LayerFormulas | None:
    """Every word of the sequence gets its own vector."""
    return own.with_shape(own.sizes[-1:]) if own.inner.type == "embedding" else None


@miscalculated("an embedding flattened", "output = T·d", likely=3, about="output", when=only("embedding"))
def embedding_flattened(own: LayerFormulas) -> LayerFormulas | None:
    """The vectors of the words stay apart, one for each step."""
    return own.with_shape((product_of(own.sizes),)) if own.inner.type == "embedding" else None


@miscalculated("the width taken for a ratio", "s = C/s", likely=2, about="params", when=only("squeeze_excite"),
               figures=COUNTED)  # fmt: skip
def squeeze_as_ratio(own: LayerFormulas) -> LayerFormulas | None:
    """Here, the number is the width between the two dense layers, not the ratio that divides the channels."""
    width, channels = getattr(own.inner, "squeeze", None), input_channels(own)
    return own.with_fields(squeeze=channels // width) if width and channels % width == 0 else None
