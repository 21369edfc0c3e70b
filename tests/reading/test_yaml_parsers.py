"""The two YAML parsers: which one reads, and when the other does."""

from __future__ import annotations

import pytest
import yaml

from cnncalc.diagnostics import Source
from cnncalc.reading import yaml_parsers
from cnncalc.reading.yaml_reader import read_yaml
from tests.together import for_each


@for_each(
    ("context", "problem", "is_bound"),
    [
        (None, "exceeded maximum nesting depth", True), ("too deep", None, True), ("maximum LEVEL", "", True),
        (None, "recursion", True),
        (None, "did not find expected ',' or ']'", False), (None, None, False),
        ("while parsing a flow node", "nothing", False),
    ],
)  # fmt: skip
def test_a_limit_of_the_parser_itself(context: str | None, problem: str | None, is_bound: bool) -> None:
    assert yaml_parsers.is_own_bound(yaml.MarkedYAMLError(context=context, problem=problem)) is is_bound


def test_the_faster_parser_if_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    for there, loader in ((True, getattr(yaml, "CBaseLoader", None)), (False, yaml_parsers.PurePythonLoader)):
        monkeypatch.setattr(yaml, "__with_libyaml__", there)
        assert yaml_parsers.fast_loader() is loader


@for_each("parser", ["c", "python"])
@for_each(
    ("text", "is_read"),
    [
        ("k" * 1_024 + ": 1", True), ("k" * 1_025 + ": 1", False), ('"a\n b": 1', False),
        ("{a: 1, [b, {c: d}]: 2}", False),
        ("[[a]: 1]", False), ("a: {b: [c, {d: e}]}\nf: 1", True), ("[" * 30 + "a: 1" + "]" * 30, True),
        ("a: b\n? c\n: d", True),
        ("a\nb: 1", False), ("a:\n  b\n  c\nd: 1", True), ("[a\n : 1]", False),
    ],
)  # fmt: skip
def test_keys_end_on_their_line_within_1024_characters(text: str, is_read: bool, parser: str) -> None:
    """YAML 1.2, section 7.4.2: an implicit key is on one line, and at most 1,024 characters long."""
    assert (read_yaml(Source("t", text), parser=parser)[0] is not None) is is_read
