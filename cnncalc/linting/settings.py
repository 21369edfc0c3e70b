"""The settings of a run: the caller's take precedence over the configuration nearest to each file."""

import os
from typing import NamedTuple

from cnncalc.linting.configuration import Configuration, Configurations, InputShapes, RuleOptions, read_configuration
from cnncalc.linting.finding import Finding
from cnncalc.linting.linted_spec import Budget
from cnncalc.linting.rule import Rule, all_rules
from cnncalc.linting.selection import Selection, fits
from cnncalc.reading.limits import Limits, limits_of

LINT_LIMITS = limits_of("lint")
GivenValues = tuple[tuple[str, object], ...]
"""Names of variables, and their values."""


class Plan(NamedTuple):
    """The rules, budgets and limits for one file."""

    rules: tuple[Rule, ...]
    budgets: tuple[Budget, ...]
    severities: tuple[tuple[str, str], ...]
    limits: Limits
    inputs: InputShapes = ()
    """The input shapes of a model file that leaves them open."""
    variables: GivenValues = ()
    """The values of variables, and of options of model files."""

    def runs(self, code: str) -> bool:
        """Whether the rule with this code runs."""
        return any(rule.code == code for rule in self.rules)

    def graded(self, finding: Finding) -> Finding:
        """A finding with the configured severity of its rule."""
        rule = next(rule for rule in self.rules if rule.code == finding.code)
        words = [(len(word), severity) for word, severity in self.severities if fits(word, type(rule))]
        return finding._replace(severity=max(words)[1]) if words else finding


class Tolerance(NamedTuple):
    """The findings that a run may have without failing; None leaves it to the configuration."""

    severity: str | None = None
    """The minimum severity that counts."""
    max_warnings: int | None = None
    """The number of counted findings, other than errors, that are allowed."""


class Settings:
    """The caller's settings of one run, and the configurations that the run has read.

    `configuration` is one file for all specs, instead of the nearest.
    """

    def __init__(
        self, select: tuple[str, ...] | None = None, extend_select: tuple[str, ...] = (), ignore: tuple[str, ...] = (),
        configuration: str | None = None, limits: Limits = LINT_LIMITS, tolerance: Tolerance = Tolerance(),  # noqa: B008
    ) -> None:  # fmt: skip
        self.select = select
        self.extend_select = extend_select
        self.ignore = ignore
        self.configuration = configuration
        self.limits = limits
        self.tolerance = tolerance
        self.variables: GivenValues = ()
        """The values of `--set`, for every checked spec and model file."""
        self._configurations = Configurations()
        self._rules: dict[tuple[Selection, tuple[str, ...], RuleOptions], tuple[Rule, ...]] = {}
        """The rules by their settings, shared by similar files."""

    def configuration_for(self, folder: str) -> Configuration:
        """The configuration of a folder. Raises SpecError if it is invalid."""
        if self.configuration is not None:
            return read_configuration(self.configuration) or Configuration()
        return self._configurations.nearest(os.path.abspath(folder))

    def plan_for(self, path: str) -> Plan:
        """The plan for a file. Raises SpecError for an invalid configuration."""
        path = os.path.abspath(path)
        found = self.configuration_for(os.path.dirname(path))
        if self.select is None:
            selection = Selection(
                found.select, (*found.extend_select, *self.extend_select), (*found.ignore, *self.ignore)
            )
        else:
            selection = Selection(self.select, self.extend_select, self.ignore)
        key = (selection, found.ignored_in(path), found.options)
        if key not in self._rules:
            self._rules[key] = _rules(*key)
        rules = self._rules[key]
        inputs = found.inputs_for(path)
        return Plan(rules, found.budgets_for(path), found.severities, self.limits, inputs, self.variables)


def _rules(selection: Selection, dropped: tuple[str, ...], options: RuleOptions) -> tuple[Rule, ...]:
    """The rules that run, with their options."""
    given = dict(options)
    return tuple(
        rule(dict(given.get(rule.code, ())))
        for rule in all_rules()
        if selection.takes(rule) and (rule.always or not any(fits(word, rule) for word in dropped))
    )
