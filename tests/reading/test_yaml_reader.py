"""YAML text to nodes: trees, places, and what is refused; every test runs libyaml's parser and PyYAML's own."""

from __future__ import annotations

import pytest
import yaml

from cnncalc.diagnostics import Source
from cnncalc.reading.limits import Limits
from cnncalc.reading.nodes import Mapping, Scalar, Sequence, SpecNode
from cnncalc.reading.yaml_reader import read_yaml
from tests.sweeps import sampled
from tests.together import for_each

both_parsers = pytest.mark.parametrize("parser", ["c", "python"])


def plain(node: SpecNode | None) -> object:
    """The tree as lists, dicts and texts; a quoted text in angle quotes."""
    if isinstance(node, Mapping):
        return {key: plain(value) for key, (_, value) in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    return node.text if node.plain else f"«{node.text}»"


def written(node: SpecNode | None) -> str:
    """The stretch of the source that a node claims."""
    assert node is not None
    return node.source.text[node.start : node.end]


@both_parsers
@for_each(
    ("text", "tree"),
    [
        ("a: 1\nb: [x, 'y', \"z\"]\n", {"a": "1", "b": ["x", "«y»", "«z»"]}),
        ("- a\n- - b\n  - c\n- {d: e}\n", ["a", ["b", "c"], {"d": "e"}]),
        ("a:\nb: ~\n", {"a": "", "b": "~"}),
        ("a: |\n  x\n  y\nb: >\n  x\n  y\n", {"a": "«x\ny\n»", "b": "«x y\n»"}),
        ("a: &n {k: 1}\nb: *n\n", {"a": {"k": "1"}, "b": {"k": "1"}}),
        ("a: !!str 012\nb: !!int '7'\nc: ! 5\n", {"a": "«012»", "b": "7", "c": "«5»"}),
        ("%YAML 1.2\n---\na: 1\n...\n", {"a": "1"}),
        ("[a: 1, b]\n", [{"a": "1"}, "b"]),
        ("a:\t1\t# note\nb: [1,\t2]\t\n", {"a": "1", "b": ["1", "2"]}),
        ("? a\n: b\n", {"a": "b"}),
        ("conv 20 8x8 s2 # a comment\n", "conv 20 8x8 s2"),
    ],
)
def test_tree(text: str, tree: object, parser: str) -> None:
    """Block and flow forms, quotes, aliases and core tags give the tree that YAML 1.2 describes."""
    node, diagnostics = read_yaml(Source("t", text), parser=parser)
    assert diagnostics == []
    assert plain(node) == tree


@both_parsers
@for_each("prefix", ["", "\ufeff", "# жук 𝔘\r\n", "π: 𝔘𝔘\n"])
@for_each(
    ("text", "path", "stretch"),
    [
        ("a: foo\n", ["a"], "foo"),
        ("a: 'foo'\r\nb: 𝔘 bar\r\n", ["b"], "𝔘 bar"),
        ("a: 'foo'\r\nb: 𝔘 bar\r\n", ["a"], "'foo'"),
        ("a:\n  b: 1\n  c: [1, 2]\n\n\nd: 3\n", ["a"], "b: 1\n  c: [1, 2]"),
        ("a:\n  - x\n  - y   # note\n\nd: 3\n", ["a"], "- x\n  - y"),
        ("a: [1, {b: 2} ]\n", ["a"], "[1, {b: 2} ]"),
        ("a: [b: 2 , c]\n", ["a", 0], "b: 2"),
        ("a: &x [1]\nb: *x\n", ["b"], "*x"),
        ("a: &x [1]\nb: *x\n", ["a"], "[1]"),
        ("a: &x !!str foo\n", ["a"], "foo"),
        ("a: &x\n  b: 1\n", ["a"], "b: 1"),
        ("a: |\n  x\n  y\n\nb: 1\n", ["a"], "|\n  x\n  y"),
        ("a:\nb: 1\n", ["a"], ""),
    ],
)
def test_place(prefix: str, text: str, path: list[str | int], stretch: str, parser: str) -> None:
    """A node claims exactly its own text, whatever stands before it: BOM, CRLF, characters outside the first plane."""
    node, diagnostics = read_yaml(Source("t", prefix + text), parser=parser)
    assert diagnostics == []
    for step in path:
        node = node.get(step) if isinstance(node, Mapping) else node.items[step]  # type: ignore[union-attr,index,arg-type]
    assert written(node) == stretch


@both_parsers
@for_each(
    ("text", "code", "line", "column", "part"),
    [
        ("a: 1\nb: 2\na: 3\n", "E102", 3, 1, "line 1"),
        ("x:\n  - {k: 1,\n     k: 2}\n", "E102", 3, 6, "line 2"),
        ('a: 1\n"a": 2\n', "E102", 2, 1, "line 1"),
        ("a: 1\n---\nb: 2\n", "E107", 2, 1, "second document"),
        ("a: !!python/object:os.system x\n", "E107", 1, 4, "!!python/object:os.system"),
        ("a: !mine [1]\n", "E107", 1, 4, "!mine"),
        ("a: !f!x 1\n", "E107", 1, 4, "tag"),
        ("? [a, b]\n: 1\n", "E107", 1, 3, "found a list where a key"),
        ("a: {{ x }}\n", "E107", 1, 5, "found a mapping where a key"),
        ("b: &b {k: 1}\na:\n  <<: *b\n", "E107", 3, 3, "merge key"),
        ("a: *nope\n", "E101", 1, 4, "no anchor"),
        ("a: &x [1, *x]\n", "E107", 1, 11, "inside the value that it refers to"),
        ("%YAML 3.0\n--- a\n", "E107", 1, 1, "directive `%YAML`"),
        ("# c\n%YAML 1.2\n%TAG ! tag:x\n--- a\n", "E107", 3, 1, "directive `%TAG`"),
        ("%x\n", "E107", 1, 1, "directive `%x`"),
        ("", "E101", 1, 1, "empty"),
        ("# only a comment\n", "E101", 1, 1, "empty"),
        ("---\n", "E101", 1, 1, "empty"),
        ("a: \x01\n", "E104", 1, 4, "U+0001"),
        ("a: 1\nb: \x00\n", "E104", 2, 4, "binary"),
        ("a: x\ufeff\n", "E104", 1, 5, "U+FEFF"),
    ],
)
def test_refused(text: str, code: str, line: int, column: int, part: str, parser: str) -> None:
    """Each thing refused has its code, its place and a message that names it, the same from both parsers."""
    _, diagnostics = read_yaml(Source("t", text), parser=parser)
    assert [(d.code, d.line, d.column) for d in diagnostics] == [(code, line, column)]
    assert part in diagnostics[0].message


@both_parsers
def test_several_mistakes_are_reported_together(parser: str) -> None:
    """Duplicate keys and tags do not end the reading: one run names them all."""
    _, diagnostics = read_yaml(Source("t", "a: 1\na: 2\nb: !x 1\nb: 3\n"), parser=parser)
    assert [(d.code, d.line) for d in diagnostics] == [("E102", 2), ("E107", 3), ("E102", 4)]


@both_parsers
def test_alias_keeps_its_place_and_shares_its_children(parser: str) -> None:
    """An alias is a node of its own on its own line; what is below it is the anchored node's."""
    root, _ = read_yaml(Source("t", "a: &x [1]\nb: *x\n"), parser=parser)
    assert isinstance(root, Mapping)
    anchored, alias = root.get("a"), root.get("b")
    assert isinstance(anchored, Sequence)
    assert isinstance(alias, Sequence)
    assert (anchored.span.line, alias.span.line) == (1, 2)
    assert alias.items[0] is anchored.items[0]


@both_parsers
@for_each(
    ("text", "limits", "option", "figure"),
    [
        ("[[[1]]]", Limits(nesting=2), "--max-nesting", "3"),
        ("a: &x [1, 2]\nb: [*x, *x]\n", Limits(alias_nodes=5), "--max-alias-nodes", "6"),
        ("a: &a [[1]]\nb: [*a]\n", Limits(nesting=3), "--max-nesting", "4"),
        ("a: 12345\n", Limits(file_bytes=5), "--max-file-size", "9"),
    ],
)
def test_limit(text: str, limits: Limits, option: str, figure: str, parser: str) -> None:
    """A limit's error names the figure met and the option that raises it; one step higher, the text is read."""
    node, diagnostics = read_yaml(Source("t", text), limits, parser=parser)
    assert node is None
    assert [d.code for d in diagnostics] == ["E103"]
    assert figure in diagnostics[0].message
    assert option in diagnostics[0].hint
    raised = Limits(*(int(figure) if value < int(figure) else value for value in limits))
    assert read_yaml(Source("t", text), raised, parser=parser)[1] == []


DEEP = 1010
DEEP_TEXTS = {
    "lists": "[" * DEEP + "]" * DEEP,
    "lists on lines of their own": "[\n" * DEEP + "]\n" * DEEP,
    "mappings": "{a: " * DEEP + "}" * DEEP,
    "block lists": "- " * DEEP + "x",
    "block mappings": "".join(" " * level + "a:\n" for level in range(DEEP)),
    "a block of brackets": "- " * (DEEP // 2) + "[" * (DEEP // 2) + "]" * (DEEP // 2),
}


@both_parsers
@pytest.mark.parametrize("text", sampled(DEEP_TEXTS, every=2))
@pytest.mark.parametrize("nesting", sampled([20, DEEP - 1, 999], every=2))
def test_the_limit_answers_before_the_bound_of_a_parser(text: str, nesting: int, parser: str) -> None:
    """libyaml 0.2.6 stops at 1,000 levels and looks ahead; whatever it does, the limit's error is the reader's own."""
    _, diagnostics = read_yaml(Source("t", text), Limits(nesting=nesting), parser=parser)
    assert [d.code for d in diagnostics] == ["E103"]
    assert f"nested too deeply: {nesting + 1:,} levels; the limit is {nesting:,}" in diagnostics[0].message
    assert "--max-nesting" in diagnostics[0].hint


@both_parsers
@pytest.mark.parametrize("text", sampled(DEEP_TEXTS, every=2))
def test_a_raised_limit_is_the_only_one(text: str, parser: str) -> None:
    """With --max-nesting 5000, 1,010 levels are read, whichever parser is at work."""
    node, diagnostics = read_yaml(Source("t", text), Limits(nesting=5000), parser=parser)
    assert diagnostics == []
    levels = 0
    while isinstance(node, Sequence | Mapping):
        inner = node.items if isinstance(node, Sequence) else [value for _, value in node.entries.values()]
        node, levels = inner[0] if inner else None, levels + 1
    assert levels == DEEP


@pytest.mark.parametrize("bound", [1, 3, 50])
@pytest.mark.parametrize(
    "words", ["exceeded maximum nesting depth", "exceeded max depth", "the document is too deeply nested"]
)
def test_any_bound_of_libyaml(bound: int, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A parser that refuses even shallow texts changes nothing: its texts are read by the other parser."""

    class Shallow(yaml.BaseLoader):
        def increase(self) -> None:
            if self.flow_level >= bound:
                raise yaml.scanner.ScannerError("while increasing flow level", None, words, self.get_mark())

        def fetch_flow_collection_start(self, token: object) -> None:
            self.increase()
            super().fetch_flow_collection_start(token)

    monkeypatch.setattr(yaml, "CBaseLoader", Shallow)
    monkeypatch.setattr(yaml, "__with_libyaml__", True)
    text = "[" * 60 + "]" * 60
    root, diagnostics = read_yaml(Source("t", text))
    assert (type(root), diagnostics) == (Sequence, [])
    assert [d.code for d in read_yaml(Source("t", text), Limits(nesting=59))[1]] == ["E103"]
    root, diagnostics = read_yaml(Source("t", "[[[[1]]"))
    assert "never closed" in diagnostics[0].message
