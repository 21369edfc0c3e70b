"""Each refusal of a YAML text: the code that is marked, the message and the hint; and what aliases count."""

from __future__ import annotations

from typing import Literal

import pytest
import yaml

from cnncalc.diagnostics import Source
from cnncalc.reading.limits import Limits
from cnncalc.reading.nodes import Mapping, Scalar
from cnncalc.reading.yaml_reader import read_yaml
from tests.together import for_each

BRACES = 'a key is a word; put quotes around text that has braces or brackets, such as "${width}"'
BLOCKS = "repeat the fields, or write a block with parameters under `blocks:`"


@for_each("parser", ["c", "python"])
@for_each(
    ("text", "marked", "message", "hint"),
    [
        ("a: 1\n\nb: 2\na: 3\n", "a", 'duplicate key "a"; the other one is on line 1', "keep one of them"),
        ("a: !!python/name:os.x y\n", "!!python/name:os.x",
         "the tag `!!python/name:os.x` is not allowed: a spec cannot construct objects", "remove the tag"),
        ("a: !" + "m" * 50 + " x\n", "!" + "m" * 50,
         f"the tag `!{'m' * 39}` is not allowed: a spec cannot construct objects", "remove the tag"),
        ("a: !t [1]\n", "!t", "the tag `!t` is not allowed: a spec cannot construct objects", "remove the tag"),
        ("a: &x !t {b: 1}\n", "!t", "the tag `!t` is not allowed: a spec cannot construct objects", "remove the tag"),
        ("? [a, b]\n: 1\n", "[", "found a list where a key was expected", BRACES),
        ("? {a: b}\n: 1\n", "{", "found a mapping where a key was expected", BRACES),
        ("b: &b {k: 1}\na:\n  <<: *b\n", "<<", "the merge key `<<` is not supported: YAML 1.2 has none", BLOCKS),
        ("a: *nope\n", "*nope", "the alias `*nope` has no anchor", "an alias needs `&nope` before it"),
        ("x: &width 1\na: *widht\n", "*widht", "the alias `*widht` has no anchor", 'did you mean "width"?'),
        ("a: &x [1, *x]\n", "*x", "the alias `*x` is inside the value that it refers to", ""),
        ("a: 1\n---\nb: 2\n", "---", "a second document begins here: a file contains one model",
         "remove the `---`, or put the second model in a separate file"),
        ("%FOO 1\n---\na: 1\n", "%FOO", "the directive `%FOO` is not allowed", "a spec needs no `%` line"),
        ("%" + "y" * 60 + "\n", "%" + "y" * 60, f"the directive `%{'y' * 39}` is not allowed",
         "a spec needs no `%` line"),
        ("# nothing\n", "", "the spec is empty", "a spec needs at least `input:` and `layers:`"),
        ("~\n", None, "", ""), ("''\n", None, "", ""), ("'<<': 1\n", None, "", ""), ("a: !!int 3\n", None, "", ""),
        ("a: !!str 3\n", None, "", ""), ("a: !!map {}\n", None, "", ""), ("a: ! b\n", None, "", ""),
        ("%YAML 1.2\n---\na: 1\n", None, "", ""), ("%YAML 1.1 # old\n---\na: 1\n", None, "", ""),
        ("\n  # x\n%YAML\t1.2\n---\na: 1\n", None, "", ""),
        ("a\u200bb: 1\n", "a\u200bb", 'the key "a\\u200bb" contains the invisible character U+200B',
         "remove it: names must be printable"),
        ("a: \x07\n", "\x07", "the text contains the control character U+0007",
         "remove it; a spec is plain UTF-8 text"),
        ("a: \udc80\n", "\udc80", "the text contains a byte that is not UTF-8",
         "remove it; a spec is plain UTF-8 text"),
        ("a: \x00\n", "\x00", "the text contains a NUL byte: this is a binary file, not a spec", ""),
    ],
)  # fmt: skip
def test_what_is_refused(
    text: str, marked: str | None, message: str, hint: str, parser: Literal["c", "python"]
) -> None:
    """None for a text that is read."""
    _, diagnostics = read_yaml(Source("t", text), parser=parser)
    found = [(text[one.span.start : one.span.end], one.message, one.hint) for one in diagnostics if one.span]
    assert found == ([] if marked is None else [(marked, message, hint)])


@for_each("parser", ["c", "python"])
@for_each(
    ("text", "levels", "nodes"),
    [
        ("a: &a 1\nb: [*a, *a]\n", 2, 2), ("a: &a [[1]]\nb: [*a]\n", 4, 3),
        # `b` has four nodes, and three levels with those of `a`; `c` is in the mapping.
        ("a: &a [[1]]\nb: &b [*a]\nc: *b\n", 4, 7),
        # A mapping counts itself, its keys and its values.
        ("a: &a {k: [1, 2]}\nb: [*a]\n", 4, 5),
        ("a: &a [1]\nb: {k: *a, l: 3}\nc: &c [*a, [[2]]]\nd: *c\n", 4, 10),
        ("a: &a [[[1]], 2]\nb: &b [3, *a, 4]\nc: *b\n", 5, 13),
    ],
)  # fmt: skip
def test_what_aliases_count(text: str, levels: int, nodes: int, parser: Literal["c", "python"]) -> None:
    """The levels of the deepest value, and the nodes of all aliases, by hand: one less is refused."""
    fits = Limits(nesting=levels, alias_nodes=nodes)
    assert read_yaml(Source("t", text), fits, parser=parser)[1] == []
    for limits in (fits._replace(nesting=levels - 1), fits._replace(alias_nodes=nodes - 1)):
        assert [one.code for one in read_yaml(Source("t", text), limits, parser=parser)[1]] == ["E103"]


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a", True), ("'a'", False), ('"a"', False), ("!!str a", False), ("!!int 3", True), ("!!float '3'", True),
        ("! a", False), ("|\n a", False), (">\n a", False), ("&x a", True), ("&x 'a'", False),
    ],
)  # fmt: skip
def test_what_is_plain(text: str, plain: bool) -> None:
    """Quoted text and text with the tag of text are not plain; the tags of numbers make even quoted text plain."""
    root, diagnostics = read_yaml(Source("t", text))
    assert diagnostics == []
    assert isinstance(root, Scalar)
    assert root.plain is plain


def test_the_parser_that_a_caller_names_reads_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a name, it is libyaml's, if that is installed; its values keep their tabs."""

    class Counted(yaml.BaseLoader):
        made = 0

        def __init__(self, stream: str) -> None:
            Counted.made += 1
            super().__init__(stream)

    monkeypatch.setattr(yaml, "CBaseLoader", Counted)
    monkeypatch.setattr(yaml, "__with_libyaml__", True)
    source = Source("t", "a: 'b\tc'\n")
    assert [read_yaml(source, parser="python")[1], Counted.made] == [[], 0]
    assert [read_yaml(source, parser="c")[1], Counted.made] == [[], 1]
    root, _ = read_yaml(source)
    assert Counted.made == 2
    assert isinstance(root, Mapping)
    value = root.get("a")
    assert isinstance(value, Scalar)
    assert value.text == "b\tc"
