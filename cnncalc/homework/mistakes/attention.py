"""Mistakes about attention and embeddings."""

from __future__ import annotations

from cnncalc.arithmetic.term import Term
from cnncalc.homework.formulas import LayerFormulas, is_bias
from cnncalc.homework.mistakes.catalogue import COUNTED, COUNTS, WORK, miscalculated, only
from cnncalc.homework.substitution import is_leaf
from cnncalc.layers.base import Weight


def _heads(own: LayerFormulas) -> int:
    return int(getattr(own.inner, "heads", 1) or 1)


def _projections(own: LayerFormulas) -> int:
    """The multiply–accumulates of the projections."""
    return sum(weight.unshared_size for weight in own.learned() if not is_bias(weight))


@miscalculated("output projection forgotten", "3·(n·n + n)", likely=1, about="params", when=only("attention"),
               figures=COUNTS)  # fmt: skip
def output_projection_forgotten(own: LayerFormulas) -> LayerFormulas | None:
    """After the heads are joined, one more matrix maps them to the output."""
    dropped = [weight for weight in own.weights if weight.name.startswith("output")]
    if not dropped:
        return None
    work = sum(weight.unshared_size for weight in dropped if not is_bias(weight))
    left = tuple(weight for weight in own.weights if weight not in dropped)
    return own._replace(weights=left, macs=own.macs - work)


@miscalculated("multiplied by the heads", "h·(4·n·n + 4·n)", likely=1, about="params", when=only("attention"),
               choices=("all", "products"))  # fmt: skip
def heads_multiplied_in(own: LayerFormulas, choice: str) -> LayerFormulas | None:
    """The heads share the features: each of the {heads} heads has n/h of them, so together they are n."""
    if _heads(own) == 1:
        return None
    heads = Term.leaf(_heads(own), "h")
    products = own.macs - _projections(own)
    if choice == "products":
        return own.with_macs(_projections(own) + products * heads)
    weights = tuple(weight._replace(shape=(*weight.shape, heads)) for weight in own.weights)
    at = own.channel()
    sizes = (*own.sizes[:at], own.sizes[at] * heads, *own.sizes[at + 1 :])
    return own._replace(weights=weights, macs=own.macs * heads, sizes=sizes)


@miscalculated("only one head counted", "4·(n·n/h + n/h)", likely=2, about="params", when=only("attention"),
               figures=COUNTED, choices=("every array", "equal arrays"))  # fmt: skip
def one_head(own: LayerFormulas, choice: str) -> LayerFormulas | None:
    """There are {heads} heads, each with its own part of the matrices."""

    def change(weight: Weight) -> Weight:
        return weight._replace(shape=tuple(size for size in weight.shape if not is_leaf(size, "h")))

    if _heads(own) == 1:
        return None
    if choice == "every array":
        return own.with_weights(change)
    first = [change(weight) for weight in own.weights if weight.name.startswith("query")]
    return own.unlike(own._replace(weights=tuple(first * (len(own.weights) // len(first))))) if first else None


@miscalculated("queries, keys and values as one matrix", "2·(n·n + n)", likely=3, about="params",
               when=only("attention"), figures=COUNTED)  # fmt: skip
def one_projection_for_three(own: LayerFormulas) -> LayerFormulas | None:
    """Queries, keys and values each have their own matrix."""
    return own.with_weights(lambda weight: None if weight.name.startswith(("key", "value")) else weight)


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
    return own.with_macs(sum(weight.unshared_size for weight in tables)) if tables else None
