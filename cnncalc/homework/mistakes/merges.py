"""Mistakes where branches meet."""

from __future__ import annotations

from collections.abc import Iterable

from cnncalc.arithmetic.convention import Shape
from cnncalc.graph.model import Graph, Node
from cnncalc.homework.figure_paths import Asked, AskedModel, FigureValue, axis_names
from cnncalc.homework.formulas import LayerFormulas
from cnncalc.homework.mistakes.catalogue import miscalculated, misread, only
from cnncalc.homework.rework import rework
from cnncalc.homework.substitution import addends, product_of
from cnncalc.homework.wrong_values import MOST_SEARCHED, WrongValues

_SUMS = ("add", "subtract", "multiply", "average", "maximum", "minimum")


@miscalculated("a concatenation taken for a sum", "C = C₁ = C₂", likely=2, about="output", when=only("concat"))
def concat_taken_for_sum(own: LayerFormulas) -> LayerFormulas | None:
    """A concatenation puts the channels of its inputs side by side: they add up to {channels}."""
    return own.with_channels(max(addends(own.sizes[own.channel()]), key=int))


@miscalculated("a sum taken for a concatenation", "C = C₁ + C₂", likely=2, about="output", when=only(*_SUMS))
def sum_taken_for_concat(own: LayerFormulas) -> LayerFormulas | None:
    """The inputs are combined number by number, so the channels stay {channels}."""
    return own.with_channels(sum(own.layer.channels(shape) for shape in own.given))


@misread("the input counted into a concatenation", "C = Cᵢ + C₁ + C₂", likely=1)
def input_counted_into_concat(about: AskedModel, asked: Asked) -> Iterable[tuple[FigureValue, str]]:
    """Only the outputs of the branches are concatenated, not the input that they share."""
    values, nodes = WrongValues(about, asked), about.graph.nodes
    if asked.over is not None or len(nodes) > MOST_SEARCHED:
        return
    for place, node in enumerate(nodes if asked.place is None else nodes[: asked.place + 1]):
        wrong = _with_shared_input(about, node)
        if wrong is not None:
            found = rework(about.graph, given={place: wrong}, last=asked.place, workings=about.workings)
            value = values.value(found)
            if value is not None:
                yield value, f"the result with the input of the branches in {node.name}"


def _with_shared_input(about: AskedModel, node: Node) -> Shape | None:
    """The output of a concatenation with the channels of the input that its branches share."""
    if node.layer is None or node.layer.type != "concat" or not node.shape:
        return None
    shared = _shared(about.graph, node)
    if shared is None or shared.shape is None:
        return None
    more = node.layer.channels(shared.shape)
    names = axis_names(about, len(node.shape))
    return tuple(size + more if name == "channels" else size for name, size in zip(names, node.shape, strict=True))


def _shared(graph: Graph, node: Node) -> Node | None:
    """The last node that all branches of a merge come from."""
    common: set[int] | None = None
    for start in node.inputs:
        seen, stack = set(), [start]
        while stack:
            place = stack.pop()
            if place not in seen:
                seen.add(place)
                stack.extend(graph.nodes[place].inputs)
        common = seen if common is None else common & seen
    return graph.nodes[max(common)] if common else None


def _inputs(own: LayerFormulas) -> tuple[str, ...]:
    return tuple(str(number) for number in range(1, len(own.given) + 1)) if len(own.given) > 2 else ()


@miscalculated("input {} left out of the concatenation", "C = the other inputs", likely=2, about="output",
               when=only("concat"), choices=_inputs)  # fmt: skip
def input_left_out_of_concat(own: LayerFormulas, number: str) -> LayerFormulas | None:
    """Every input of a concatenation keeps its channels: they add up to {channels}."""
    if int(number) > len(own.given):
        return None
    return own.with_channels(own.sizes[own.channel()] - own.layer.channels(own.given[int(number) - 1]))


@miscalculated("sizes added where branches meet", "O = O₁ + O₂", likely=4, about="output", when=only("merge"),
               choices=("all axes", "first axis", "second axis"))  # fmt: skip
def sizes_added(own: LayerFormulas, choice: str) -> LayerFormulas | None:
    """Height and width of the inputs are equal, and stay as they are."""
    places = own.spatial()
    chosen = places if choice == "all axes" else places[int(choice == "second axis") :][:1]
    if {len(shape) for shape in own.given} != {len(own.sizes)}:
        return None
    total = {place: sum(shape[place] for shape in own.given) for place in chosen}
    return own.with_shape(tuple(total.get(place, size) for place, size in enumerate(own.sizes)))


@miscalculated("channels multiplied by a concatenation", "C = C₁·C₂", likely=5, about="output", when=only("concat"))
def concat_multiplies(own: LayerFormulas) -> LayerFormulas | None:
    """A concatenation puts the channels of its inputs side by side: they add up to {channels}."""
    return own.with_channels(product_of([own.layer.channels(shape) for shape in own.given]))
