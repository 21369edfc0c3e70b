"""The input of a rule: one spec under one of its variants, as far as it could be read, built and analyzed."""

from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.analysis.figures import report_on
from cnncalc.analysis.receptive_field import views
from cnncalc.diagnostics import Diagnostic, Source, Span
from cnncalc.graph.document import Overrides, build
from cnncalc.graph.memo import BuildCache
from cnncalc.graph.model import Claim
from cnncalc.graph.source_items import SourceItems, source_items
from cnncalc.graph.work import LayerCount
from cnncalc.linting.network import Network
from cnncalc.reading.limits import DEFAULT_LIMITS, Limits
from cnncalc.reading.load import Form
from cnncalc.reading.nodes import Mapping, SpecNode


class Budget(NamedTuple):
    """A limit that a configuration sets, or an exact value (`kind`), of the whole model or (`each`) of every layer."""

    figure: str
    value: object
    each: bool
    key: str = ""
    """The metric and its value as written in the configuration."""
    written: str = ""
    kind: str = "budget"


class LintedSpec(NamedTuple):
    """A spec under one variant. `root` and `network` are None after a mistake, which is in `diagnostics`."""

    source: Source
    root: SpecNode | None
    network: Network | None
    diagnostics: list[Diagnostic]
    variant: str | None = None
    budgets: tuple[Budget, ...] = ()
    limits: Limits = DEFAULT_LIMITS
    cache: BuildCache | None = None
    """The memory of the build, which holds the items that it took apart."""

    @property
    def items(self) -> SourceItems:
        """The items of the text, also for a spec that could not be built; empty if the text could not be parsed."""
        root = self.root if isinstance(self.root, Mapping) else Mapping(self.source, 0, 0, {})
        return source_items(root, self.limits, self.cache or BuildCache())

    @property
    def start(self) -> Span:
        """The position of findings about the whole spec: its first key."""
        if isinstance(self.root, Mapping) and self.root.entries:
            return next(iter(self.root.entries.values()))[0].span
        return Span(self.source, 0, 0)

    def configured_claims(self, kind: str) -> Iterator[Claim]:
        """The budgets or the expectations of the configuration, as if the spec had written them."""
        nodes = self.network.nodes if self.network else []
        for budget in self.budgets:
            if budget.kind != kind or (kind == "expect" and self.variant is not None):
                continue  # expectations apply to the spec, not to its variants
            figure, value, said = budget.figure, budget.value, (budget.key, budget.written)
            if not budget.each:
                yield Claim(kind, figure, value, self.start, "the model", 0, len(nodes), True, *said)
                continue
            for index, node in self.network.layers if self.network else ():
                yield Claim(kind, figure, value, node.span, node.name, index, index + 1, False, *said)


def read_root(source: Source, form: Form, limits: Limits) -> tuple[SpecNode | None, list[Diagnostic]]:
    """The located nodes of a text, or None with diagnostics."""
    if form == "inline":
        from cnncalc.reading.inline import read_inline

        return read_inline(source, limits)
    from cnncalc.reading.yaml_reader import read_yaml

    return read_yaml(source, limits)


def variants_of(root: SpecNode | None) -> list[str]:
    """The names under `variants:`, in the order of the text."""
    variants = root.get("variants") if isinstance(root, Mapping) else None
    return list(variants.entries) if isinstance(variants, Mapping) else []


def linted_spec(
    root: SpecNode, overrides: Overrides, budgets: tuple[Budget, ...], cache: BuildCache, built: LayerCount
) -> LintedSpec:
    """Build and analyze a spec under one variant (None: as written). Variants share `cache` and `built`."""
    graph, diagnostics = build(root, overrides, cache, built)
    spec = LintedSpec(root.source, root, None, diagnostics, overrides.variant, budgets, overrides.limits, cache)
    if graph is None:
        return spec
    seen = views(graph)
    report = report_on(graph, dtype=graph.dtype or "float32", seen=seen)
    return spec._replace(network=Network(graph, report, seen), diagnostics=list(report.findings))
