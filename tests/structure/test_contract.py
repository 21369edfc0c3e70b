"""What every layer type must hold, whoever added it."""

from __future__ import annotations

import importlib
import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from cnncalc.analysis.analyze import analyze, load
from cnncalc.analysis.compare import compare
from cnncalc.analysis.explain import explain_graph
from cnncalc.arithmetic.convention import CONVENTIONS
from cnncalc.diagnostics import SpecError
from cnncalc.forward.verify import verify_graph
from cnncalc.layers.base import Layer
from cnncalc.layers.registry import load_all
from cnncalc.layers.spelling import normal
from tests.together import for_each, tables

TYPES = load_all()
TESTS = Path(__file__).parents[1]
each_type = for_each("kind", TYPES)


@each_type
def test_it_is_documented(kind: type[Layer]) -> None:
    """A title, a rule, sources, a family that is its folder, and help for every field."""
    assert len((kind.__doc__ or "").splitlines()[0]) > 10
    assert kind.title().endswith(".")
    assert kind.rule
    assert all(kind.sources)
    assert kind.sources
    module = inspect.getmodule(kind)
    assert module is not None
    assert module.__name__.endswith(f".{kind.family}.{kind.type}")
    for field in kind.fields.values():
        assert len(field.help) > 5, field.name


@each_type
def test_its_examples_run(kind: type[Layer]) -> None:
    """At least one inline spec that uses the type and works as it stands."""
    assert kind.examples
    for example in kind.examples:
        used = [layer for node in load(example).nodes for layer in (node.layer, node.activation) if layer]
        assert kind in map(type, used)


@each_type
def test_it_declares_what_backward_needs(kind: type[Layer]) -> None:
    """`keeps` or `kept`, in the type or its family; the kept arrays of its examples have a name and a size."""
    assert any(
        {"keeps", "kept"} & set(vars(base)) for base in kind.__mro__ if issubclass(base, Layer) and base is not Layer
    )
    for example in kind.examples:
        graph = load(example)
        for node in graph.nodes:
            if isinstance(node.layer, kind):
                keeps = node.layer.kept(*graph.inputs_of(node), node.shape)
                assert all(array.name and array.elements >= 0 for array in keeps.arrays)


@each_type
def test_every_rule_compares_it(kind: type[Layer]) -> None:
    """`compare` gives an output or a refusal for each of its examples under every framework's rules."""
    for example in kind.examples:
        rulings = [ruling for found in compare(example).values() for ruling in found]
        assert all((ruling.output_shape is None) == bool(ruling.refusal) for ruling in rulings)
        assert rulings[0].output_shape is not None


@pytest.mark.parametrize("conventions", [("formula",), pytest.param(CONVENTIONS, marks=pytest.mark.sweep)], ids=len)
@each_type
def test_the_forward_pass_agrees(kind: type[Layer], conventions: tuple[str, ...]) -> None:
    """It has a forward pass of its own, whose shapes and weights are the report's, under every convention."""
    assert kind.forward is not Layer.forward
    agreed = 0
    for example in kind.examples if len(conventions) > 1 else kind.examples[:1]:
        for convention in conventions:
            try:
                graph = load(example, convention=convention, layout="HWC")
            except SpecError:
                continue
            assert verify_graph(graph).problems == []
            agreed += 1
    assert agreed


@for_each("kind", TYPES, every=3)
def test_its_formulas_give_its_numbers(kind: type[Layer], evaluate: Callable[..., Fraction]) -> None:
    """The explanation runs the same rules on traced numbers: every step printed gives the report's figure."""
    for example in kind.examples:
        report = analyze(example)
        for layer, explanation in zip(report.layers, explain_graph(load(example)), strict=True):
            assert explanation.output == layer.output_shape
            figures = [(explanation.params, layer.trainable_params), (explanation.macs, layer.macs)]
            for derivation, figure in [*figures, (explanation.flops, layer.flops)]:
                steps = derivation.text.steps if derivation else ("0",)
                assert {evaluate(step) for step in steps} == {figure}


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z_0-9]+", text))


def rows(function: Callable[..., object]) -> Iterator[str]:
    """The rows that a test is run on, as text; one empty row for a test without a table."""
    marks = getattr(function, "pytestmark", [])
    declared = [mark.args[1] for mark in marks if mark.name == "parametrize"]
    return (repr(row) for row in product(*declared, *tables(function)))


@cache
def cases() -> Counter[str]:
    """How many rows of the tables in tests/layers/ speak of each type, in the row or in the test that runs it."""
    found: Counter[str] = Counter()
    for file in sorted((TESTS / "layers").glob("test_*.py")):
        module = importlib.import_module(f"tests.layers.{file.stem}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("test_"):
                body = inspect.getsource(function).split(f"def {name}(")[1]
                for row in rows(function):
                    found.update((words(row) | words(body)) & set(TYPES))
    return found


@each_type
def test_it_has_a_table_of_cases(kind: type[Layer]) -> None:
    """The tables in tests/layers/ hold at least three cases of it."""
    assert cases()[kind.type] >= 3


def test_no_two_types_share_a_name() -> None:
    """A spelling means one type."""
    spellings = [name for kind in TYPES.values() for name in set(map(normal, (kind.type, *kind.aliases)))]
    assert [name for name, count in Counter(spellings).items() if count > 1] == []


@each_type
def test_a_name_with_a_number_of_axes_is_not_an_alias_of_another_type(kind: type[Layer]) -> None:
    """`Conv2d` means `conv` without a look at all aliases."""
    stems = [found[1] for alias in kind.aliases if (found := re.fullmatch(r"(.+)[123]d", normal(alias)))]
    others = {normal(other.type) for other in TYPES.values() if other.spatial_suffix and other is not kind}
    assert others.isdisjoint(stems)


@each_type
def test_field_spellings_are_unambiguous(kind: type[Layer]) -> None:
    """Within a type, a spelling means one field."""
    spellings = [name for field in kind.fields.values() for name in set(map(normal, (field.name, *field.aliases)))]
    assert [name for name, count in Counter(spellings).items() if count > 1] == []
