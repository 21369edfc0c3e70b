"""A whole spec to a layer graph: its top-level keys, then its layers."""

import sys
from collections.abc import Mapping as AnyMapping
from typing import NamedTuple

from cnncalc.arithmetic.convention import CONVENTIONS, LAYOUTS, Setting, Shape
from cnncalc.arithmetic.convention import setting as make_setting
from cnncalc.diagnostics import Diagnostic, Reporter, closest, did_you_mean
from cnncalc.graph.blocks import Block, read_blocks
from cnncalc.graph.builder import Builder
from cnncalc.graph.building import Building, Definitions
from cnncalc.graph.doubts import Nodes, Reading, doubts_of, explained
from cnncalc.graph.inputs import read_inputs
from cnncalc.graph.items import not_a_list
from cnncalc.graph.memo import BuildCache
from cnncalc.graph.model import Flow, Graph
from cnncalc.graph.names import no_incoming
from cnncalc.graph.read_claims import ClaimSubject, read_claims
from cnncalc.graph.scope import Scope
from cnncalc.graph.values import Unknowable, Values, WrongValue
from cnncalc.graph.variables import read_variables
from cnncalc.graph.work import LayerCount, LimitReached, Work
from cnncalc.hidden_characters import hidden, visible
from cnncalc.number_text import thousands
from cnncalc.reading.limits import Limits
from cnncalc.reading.nodes import Mapping, Scalar, Sequence, SpecNode
from cnncalc.reading.scalars import as_value

KEYS = (
    "name", "description", "year", "source", "convention", "layout", "dtype", "input", "variables", "variants",
    "blocks", "layers", "outputs", "expect", "budget", "lint",
)  # fmt: skip
"""The keys of a spec."""

DTYPES: AnyMapping[str, int] = {
    "float64": 8, "float32": 4, "float16": 2, "bfloat16": 2, "int8": 1, "uint8": 1, "int16": 2, "int32": 4,
    "int64": 8,
}  # fmt: skip
"""Bytes per number."""

LAYERS_OF_A_VARIANT = 10
"""The number of layers that each variant counts as, besides its own: reading its variables takes about as long."""


class Overrides(NamedTuple):
    """The caller's values, which replace those of the spec."""

    input: object = None
    """A shape (`"224x224x3"` or a list), or a mapping of input names to shapes."""
    variables: AnyMapping[str, object] | None = None
    convention: str | None = None
    layout: str | None = None
    variant: str | None = None
    limits: Limits = Limits()


def build(
    root: SpecNode, overrides: Overrides = Overrides(), cache: BuildCache | None = None,  # noqa: B008
    built: LayerCount | None = None, *, doubts: bool = True,
) -> tuple[Graph | None, list[Diagnostic]]:  # fmt: skip
    """The layer graph of a spec, or None with every independent mistake found in it.

    Callers that build several variants should pass the same `cache`. The layers in `built` count against the limit of
    layers, and those of this build are added to them. Without `doubts`, no other reading of the input is considered.
    """
    try:
        document = _Document(root, overrides, cache or BuildCache(), built or LayerCount())
        return document.considered() if doubts else document.build()
    except RecursionError:  # a level of nesting takes about six calls; the default limit fits into Python's own
        return None, [_too_deep_for_python(root)]


def _too_deep_for_python(root: SpecNode) -> Diagnostic:
    frames = sys.getrecursionlimit()
    message = f"blocks and branches are nested too deeply for Python's recursion limit of {thousands(frames)} calls"
    return Diagnostic(
        "E103", message, root.span, hint="nest fewer, or raise sys.setrecursionlimit in the calling program"
    )


class _Document:
    """The top level of a spec as it is read."""

    def __init__(self, root: SpecNode, overrides: Overrides, cache: BuildCache, built: LayerCount) -> None:
        self.root = root
        self.overrides = overrides
        self.cache = cache
        self.built = built
        self.diagnostics: list[Diagnostic] = []
        self.report: Reporter = self.diagnostics.append
        self.reading: Reading | None = None
        """The build, once the inputs are known."""

    def considered(self) -> tuple[Graph | None, list[Diagnostic]]:
        """The graph with its doubts, or the mistakes, of which one about sizes names a doubt as its cause."""
        graph, mistakes = self.build()
        self.built.layers += len(self.reading.nodes) + LAYERS_OF_A_VARIANT if self.reading else 0
        if self.reading is None:
            return graph, mistakes
        if graph is None:
            return None, explained(self.reading, mistakes, self.attempt)
        return graph._replace(doubts=tuple(doubts_of(self.reading, self.attempt))), []

    def attempt(self, layout: str | None, shapes: dict[str, Shape]) -> tuple[Nodes, list[Diagnostic]]:
        """The nodes and the mistakes that another layout, or other input shapes, would give."""
        given = self.overrides
        changed = given._replace(layout=layout) if layout else given._replace(input=shapes)
        other = _Document(self.root, changed, self.cache, self.built)
        _, mistakes = other.build()
        return other.reading.nodes if other.reading else [], mistakes

    def build(self) -> tuple[Graph | None, list[Diagnostic]]:
        if not isinstance(self.root, Mapping):
            hint = "write `input:` and `layers:`"
            message = f"a spec is a mapping with an input and layers, got {_kind_of(self.root)}"
            return None, [Diagnostic("E209", message, self.root.span, hint=hint)]
        self.check_keys(self.root)
        self.check_name(self.root.get("name"))
        setting = self.setting(self.root)
        self.word(self.root, "dtype", DTYPES)
        blocks = read_blocks(self.root.get("blocks"), self.report)
        limits = self.overrides.limits.expanded(self.root.source.extent)
        work = Work(limits, self.report, self.built.layers)
        try:
            graph = self.within(work, self.root, setting, blocks)
        except LimitReached:
            return None, _in_order(self.diagnostics)
        if self.diagnostics:
            return None, _in_order(self.diagnostics)
        return graph, []

    def within(self, work: Work, root: Mapping, setting: Setting, blocks: dict[str, Block]) -> Graph:
        """Build everything, as far as mistakes allow. Raises LimitReached."""
        given = self.overrides.variables or {}
        variables = read_variables(root, given, self.overrides.variant, work, self.report)
        memo = self.cache.spec(root, self.overrides.limits)
        definitions = Definitions(blocks, variables, isinstance(root.get("blocks"), Mapping | None))
        building = Building(setting, definitions, self.cache, memo, work, self.diagnostics)
        scope = Scope(variables)
        values = Values(scope, no_incoming, work)
        inputs = read_inputs(root, values, self.overrides.input, self.report)
        building.begin(inputs)
        written = root.get("input")
        unnamed = isinstance(written, Sequence) or (isinstance(written, Mapping) and not written.entries)
        if unnamed and inputs[0].shape is None:
            building.names.lost.lose_all(0)  # no name of an input could be read
        is_own = "layout" in root.entries and self.overrides.input is None  # who gives a shape may not know the layout
        stated = self.overrides.layout is not None or is_own
        self.reading = Reading(setting, stated, building.nodes)
        last = self.walk(root, building, scope)
        if not self.diagnostics:
            self.check_layers(root, building)
        outputs = self.outputs(root, building, values, last)
        self.claims(root, building, values)
        return self.graph(root, building, outputs)

    def check_keys(self, root: Mapping) -> None:
        for key, _ in root.entries.values():
            if key.text not in KEYS:
                hint = did_you_mean(key.text, KEYS) or f"known: {', '.join(KEYS)}"
                self.report(Diagnostic("E201", f'unknown key "{key.text}"', key.span, hint=hint))
        meant = {closest(key, KEYS) for key in root.entries if key not in KEYS}
        hints = {"input": "add for example `input: 224x224x3`", "layers": "add `layers:` and a list"}
        if self.overrides.input is not None:
            del hints["input"]
        missing = [key for key in hints if key not in root.entries and key not in meant]
        if missing:
            message = f"the spec has no {' and no '.join(f'`{key}`' for key in missing)}"
            self.report(Diagnostic("E205", message, root.span, hint="; ".join(hints[key] for key in missing)))

    def check_name(self, node: SpecNode | None) -> None:
        """The model's name is printed everywhere: it holds nothing that a reader cannot see."""
        if isinstance(node, Scalar) and hidden(node.text):
            message = f'name: "{visible(node.text)}" has invisible characters'
            self.report(Diagnostic("E204", message, node.span, hint="use printable characters"))

    # --- setting ---------------------------------------------------------------------------------------------------

    def setting(self, root: Mapping) -> Setting:
        """The convention and layout: a spec that names either keeps its own layout under another convention."""
        own = self.word(root, "convention", CONVENTIONS)
        layout = self.overrides.layout or self.word(root, "layout", LAYOUTS)
        if layout is None and own is not None:
            layout = CONVENTIONS[own].layout
        return make_setting(self.overrides.convention or own or "formula", layout)

    def word(self, root: Mapping, key: str, allowed: AnyMapping[str, object]) -> str | None:
        node = root.get(key)
        if node is None:
            return None
        if isinstance(node, Scalar) and node.text in allowed:
            return node.text
        given = f'"{node.text}"' if isinstance(node, Scalar) else f"a {node.kind}"
        hint = did_you_mean(node.text, allowed) if isinstance(node, Scalar) else ""
        message = f"{key}: unknown word {given}. Allowed: {', '.join(allowed)}"
        self.report(Diagnostic("E204", message, node.span, hint=hint))
        return None

    # --- layers and outputs --------------------------------------------------------------------------------------

    def walk(self, root: Mapping, building: Building, scope: Scope) -> Flow:
        layers = root.get("layers")
        if isinstance(layers, Scalar) and layers.text:
            return Builder(building).walk([layers], scope, (0,))
        if isinstance(layers, Sequence):
            return Builder(building).walk(layers.items, scope, (0,))
        if isinstance(layers, Scalar):
            self.report(_no_layers(layers, "`layers` is empty"))
        elif layers is not None:
            self.report(not_a_list(layers))
        building.names.lost.lose_all(0)
        return (0,)

    def check_layers(self, root: Mapping, building: Building) -> None:
        """Report a spec of which no layer is left."""
        if any(node.layer is not None for node in building.nodes):
            return
        layers = root.get("layers")
        if isinstance(layers, Sequence) and layers.items:
            message = "the spec has no layers: `when`, `repeat` or empty groups leave out every item"
        else:
            message = "the spec has no layers"
        self.report(_no_layers(layers or root, message))

    def outputs(self, root: Mapping, building: Building, values: Values, last: Flow) -> tuple[tuple[str, int], ...]:
        """The named outputs; by default the last layer."""
        node = root.get("outputs")
        if node is None:
            return tuple((building.nodes[index].name, index) for index in last)
        labelled = isinstance(node, Mapping)
        written: list[tuple[str, SpecNode]] = (
            [(label, value) for label, (_, value) in node.entries.items()]
            if isinstance(node, Mapping)
            else [("", item) for item in (node.items if isinstance(node, Sequence) else [node])]
        )
        found = []
        for label, value in written:
            try:
                if isinstance(value, Scalar) and "$" in value.text and values.read(value) == "":
                    continue  # this variant has no such output
                index = building.names.find(value, values.scope)
            except WrongValue as mistake:
                self.report(mistake.diagnostic)
            except Unknowable:
                continue
            else:
                found.append((label if labelled else building.nodes[index].name, index))
        return tuple(found)

    def claims(self, root: Mapping, building: Building, values: Values) -> None:
        """The model's own claims. What it expects holds for the spec as written, not under the caller's changes."""
        subject = ClaimSubject("the model", 0, len(building.nodes), whole=True)
        for kind in ("expect", "budget"):
            node = root.get(kind)
            if node is not None:
                building.claims.extend(read_claims(kind, node, subject, values, self.report))
        given = self.overrides
        if given.input is not None or given.variables or given.convention or given.layout:
            building.claims = [claim for claim in building.claims if claim.kind == "budget"]

    def graph(self, root: Mapping, building: Building, outputs: tuple[tuple[str, int], ...]) -> Graph:
        name = self.overrides.variant or self.text(root, "name")
        return Graph(
            name, building.setting, building.nodes, outputs, building.claims, self.cache,
            self.text(root, "description"), self.text(root, "source"), self.text(root, "dtype") or None,
            self.text(root, "year"),
        )  # fmt: skip

    def text(self, root: Mapping, key: str) -> str:
        node = root.get(key)
        return node.text if isinstance(node, Scalar) else ""


def _kind_of(root: SpecNode) -> str:
    """The caller's values that replace those of the spec, in words."""
    value = as_value(root) if isinstance(root, Scalar) else root
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "a number" if isinstance(value, int | float) else f"a {root.kind}"


def _no_layers(node: SpecNode, message: str) -> Diagnostic:
    hint = "write a layer, such as `32x32x3 -> conv 20 8x8` or `layers: [relu]`; `identity` gives the input as it is"
    return Diagnostic("E205", message, node.span, hint=hint)


def _in_order(diagnostics: list[Diagnostic]) -> list[Diagnostic]:
    """In the text's order, each mistake once: a block's is met again at every use."""
    once = {(each.code, each.offset): each for each in reversed(diagnostics)}
    return [once[key] for key in sorted(once, key=lambda key: key[1])]
