"""The contract of the rules: what every one of them must have, and that its examples do what they say."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

import cnncalc
from cnncalc.linting.api import lint
from cnncalc.linting.discovery import Target
from cnncalc.linting.engine import check
from cnncalc.linting.finding import SEVERITIES
from cnncalc.linting.rule import FAMILIES, REGISTRY, Rule, all_rules, find_rule
from cnncalc.linting.rules.errors.catalogue import RULES as CATALOGUED
from cnncalc.linting.settings import Plan
from cnncalc.reading.limits import DEFAULT_LIMITS
from cnncalc.render.rule_docs import as_markdown
from tests.sweeps import sampled

ROOT = Path(cnncalc.__file__).parent
RULES = all_rules()
rules = pytest.mark.parametrize("rule", RULES, ids=[f"{rule.code}-{rule.name}" for rule in RULES])


def found(rule: type[Rule], example: str) -> set[str]:
    """The codes that the rules find in an example: those that run by default, and the rule itself."""
    return {finding.code for finding in lint(example, extend_select=[rule.code])}


@rules
def test_a_rule_says_all_that_a_reader_needs(rule: type[Rule]) -> None:
    """Code, name, severity, a sentence, an explanation, two examples, a reason with its source."""
    assert re.fullmatch(rf"[{''.join(FAMILIES)}]\d\d\d", rule.code)
    assert re.fullmatch(r"[a-z]+(_[a-z0-9]+)*", rule.name)
    assert rule.severity in SEVERITIES
    assert rule.title().endswith(".")
    assert len(rule.explanation()) > 40
    assert rule.message
    assert rule.reason.endswith((".", "?"))
    assert rule.sources
    assert all(rule.sources)
    assert all(option.help.endswith(".") for option in rule.options)


@rules
def test_a_rule_is_in_the_file_of_its_name(rule: type[Rule]) -> None:
    """A rule has a file of its name in its family's folder; the errors that compute nothing are in the catalogue."""
    folder = FAMILIES[rule.code[0]]
    file = "catalogue" if rule in CATALOGUED else rule.name
    assert rule.__module__ == f"cnncalc.linting.rules.{folder}.{file}"
    assert find_rule(rule.name) is find_rule(rule.code.lower()) is rule


@rules
def test_the_bad_example_has_this_finding_alone(rule: type[Rule]) -> None:
    """It triggers the rule, and no other that runs by default."""
    assert found(rule, rule.bad) == {rule.code}


@rules
def test_the_good_example_has_no_finding(rule: type[Rule]) -> None:
    """It triggers neither the rule nor any that runs by default."""
    assert found(rule, rule.good) == set()


@rules
def test_a_rule_survives_the_way_to_a_worker_process(rule: type[Rule]) -> None:
    """A pickled rule comes back as the same class with the same options."""
    options = {option.name: option.default + 1 for option in rule.options}
    copy = pickle.loads(pickle.dumps(rule(options)))
    assert type(copy) is rule
    assert {name: copy.option(name) for name in options} == options


def test_names_are_unique() -> None:
    """No two rules share a name; codes are unique by their registration in files of different names."""
    assert len({rule.name for rule in RULES}) == len({rule.code for rule in RULES}) == len(RULES)


def test_every_mistake_that_is_reported_has_a_rule() -> None:
    """Each code of a diagnostic that readers, builder, layers and claims can give is in the catalogue, and no other."""
    given = {
        code
        for part in ("reading", "importing", "graph", "layers", "arithmetic", "analysis", "diagnostics.py")
        for path in ([ROOT / part] if part.endswith(".py") else sorted((ROOT / part).rglob("*.py")))
        for code in re.findall(r'"(E\d{3})"', path.read_text(encoding="utf-8"))
    }
    assert given == {rule.code for rule in RULES if rule.code[0] == "E"}


@pytest.mark.parametrize("path", sampled(sorted((ROOT.parent / "specs").glob("*.yaml"))), ids=lambda path: path.stem)
def test_bundled_specs_are_clean(path: Path) -> None:
    """Nothing is found in a bundled spec, of which each is a network that works; what is meant is suppressed."""
    assert [f"{finding.line}: {finding.code} {finding.sentence}" for finding in lint(path)] == []


def test_the_reference_is_up_to_date() -> None:
    """`cnncalc rule --format markdown > docs/rules.md` writes it anew."""
    assert (ROOT.parent / "docs" / "rules.md").read_text(encoding="utf-8") == as_markdown(list(RULES))


def test_the_guide_shows_a_rule_that_works() -> None:
    """The class in CONTRIBUTING.md is a whole rule: it finds its bad example, and not its good one."""
    guide = (ROOT.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    code = re.search(r"^## Add a rule.*?^```python\n(.*?)^```", guide, re.DOTALL | re.MULTILINE)
    assert code
    scope: dict[str, type[Rule]] = {}
    exec(compile(code[1], "CONTRIBUTING.md", "exec"), scope)
    rule = scope["LonelyChannel"]
    try:
        plan = Plan((rule(),), (), (), DEFAULT_LIMITS)
        bad, good = (check(Target("<inline>", text), plan) for text in (rule.bad, rule.good))
    finally:
        del REGISTRY[rule.code]
    assert [finding.message for finding in bad] == ["conv_1: reduces 3 channels to one"]
    assert good == []
