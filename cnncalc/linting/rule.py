"""The base class of the rules, and their registry.

A rule is one class in one file, `cnncalc/linting/rules/FAMILY/NAME.py`; the error rules that compute nothing are rows
of `rules/errors/catalogue.py`. Subclassing registers a rule; nothing else lists the rules. Its docstring is its
documentation: the first line states the finding, the rest explains it.
"""

from __future__ import annotations

import importlib
import inspect
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from cnncalc.diagnostics import Span
from cnncalc.layers.base import Role
from cnncalc.linting.finding import Finding, Fix

if TYPE_CHECKING:
    from cnncalc.graph.model import Node
    from cnncalc.linting.linted_spec import LintedSpec
    from cnncalc.linting.network import Network

FAMILIES: Mapping[str, str] = {"E": "errors", "A": "arithmetic", "N": "architecture", "S": "style"}
"""The letter of a code, and the folder of its rules."""

OptionValue = int | float


class Option(NamedTuple):
    """A numeric option of a rule, which a configuration may set."""

    name: str
    default: OptionValue
    help: str
    least: OptionValue = 0
    """The minimum value."""


class Rule:
    """A rule. An instance contains the options that a configuration set for it."""

    code: ClassVar[str] = ""
    name: ClassVar[str] = ""
    """Lower snake case, and the name of the rule's file unless the rule is a row of a catalogue."""
    severity: ClassVar[str] = "warning"
    message: ClassVar[str] = ""
    """The message of a finding, a format string with `{numbers}`."""
    bad: ClassVar[str] = ""
    """A spec (YAML, inline, or a reference) for which only this rule has a finding."""
    good: ClassVar[str] = ""
    """The corrected spec, for which no rule has a finding."""
    reason: ClassVar[str] = ""
    """The reason why it matters."""
    sources: ClassVar[tuple[str, ...]] = ()
    """The sources of the reason: papers, framework pages."""
    default: ClassVar[bool] = True
    """Whether the rule runs unless it is ignored; otherwise it must be selected."""
    fixable: ClassVar[bool] = False
    """Whether its findings may have a fix."""
    always: ClassVar[bool] = False
    """Whether it can be neither ignored nor suppressed, since the rest of the file cannot be checked after it."""
    only_for_specs: ClassVar[bool] = False
    """Whether it concerns the notation of specs, and therefore does not apply to model files of other tools."""
    only_reads_text: ClassVar[bool] = False
    """Whether its findings are the same in all variants of a spec, also in those that cannot be built."""
    needs_whole_model: ClassVar[bool] = False
    """Whether a finding depends on the layers that follow, or on totals, so that a part of a model may mislead it."""
    options: ClassVar[tuple[Option, ...]] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.__dict__.get("code"):
            cls.only_for_specs = cls.only_for_specs or cls.code.startswith("S")
            REGISTRY[cls.code] = cls

    def __init__(self, values: dict[str, OptionValue] | None = None) -> None:
        self._values = {option.name: option.default for option in self.options} | (values or {})

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the code and the options: a worker process finds the class in its own registry."""
        return _registered, (self.code, self._values)

    def option(self, name: str) -> OptionValue:
        """The configured value of an option, or its default."""
        return self._values[name]

    @classmethod
    def title(cls) -> str:
        """The first line of the docstring."""
        return (inspect.getdoc(cls) or "").partition("\n")[0]

    @classmethod
    def explanation(cls) -> str:
        """The docstring after its first line, each paragraph on one line."""
        paragraphs = (inspect.getdoc(cls) or "").split("\n\n")[1:]
        return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)

    def check(self, spec: LintedSpec) -> Iterator[Finding]:
        """The findings in a spec, in any order."""
        raise NotImplementedError(f"{self.code} checks nothing")

    def finding(
        self, span: Span, *, layer: str = "", hint: str = "", fix: Fix | None = None, severity: str = "",
        **numbers: object,
    ) -> Finding:  # fmt: skip
        """A finding with the rule's `message`, formatted with `layer` and `numbers`."""
        message = self.message.format(layer=layer, **numbers)
        return Finding(self.code, self.name, severity or self.severity, message, hint, span, layer, fix)


class NetworkRule(Rule):
    """A rule about the complete network, which is skipped if the network could not be built."""

    about: ClassVar[frozenset[str]] = frozenset()
    """The layer types that `check_layer` examines; empty means all."""
    about_roles: ClassVar[frozenset[Role]] = frozenset()
    """The roles of the layers that it examines instead of types, since layers of plug-ins also declare a role."""

    def check(self, spec: LintedSpec) -> Iterator[Finding]:
        if spec.network is not None:
            yield from self.check_network(spec.network)

    def check_network(self, network: Network) -> Iterator[Finding]:
        """The findings in a network; by default those of each layer."""
        for index, node in self._layers(network):
            yield from self.check_layer(network, index, node)

    def _layers(self, network: Network) -> Iterable[tuple[int, Node]]:
        if self.about_roles:
            return network.layers_with(self.about_roles)
        return network.layers_of(self.about) if self.about else network.layers

    def check_layer(self, network: Network, index: int, node: Node) -> Iterator[Finding]:
        """The findings about one layer, the network's node number `index`."""
        raise NotImplementedError(f"{self.code} checks nothing")


REGISTRY: dict[str, type[Rule]] = {}
"""Every imported rule by its code."""


@cache
def all_rules() -> tuple[type[Rule], ...]:
    """Every rule, sorted by family, in the order of FAMILIES, and by code."""
    root = os.path.join(os.path.dirname(__file__), "rules")
    for family in FAMILIES.values():
        for file in sorted(os.listdir(os.path.join(root, family))):
            if file.endswith(".py") and not file.startswith("_"):
                importlib.import_module(f"{__package__}.rules.{family}.{file[:-3]}")
    letters = list(FAMILIES)
    return tuple(sorted(REGISTRY.values(), key=lambda rule: (letters.index(rule.code[0]), rule.code)))


def _registered(code: str, values: dict[str, OptionValue]) -> Rule:
    all_rules()
    return REGISTRY[code](values)


def find_rule(word: str) -> type[Rule] | None:
    """The rule with this code or name."""
    wanted = word.strip().lower().replace("-", "_")
    return next((rule for rule in all_rules() if wanted in (rule.code.lower(), rule.name)), None)


def known_words() -> list[str]:
    """Every code and name, for "did you mean"."""
    return [word for rule in all_rules() for word in (rule.code, rule.name)]
