"""The inline form gives the nodes that YAML gives, and blames a mistake where it stands."""

from __future__ import annotations

import pytest

from cnncalc.diagnostics import Source
from cnncalc.reading.inline import expand_item, read_inline
from cnncalc.reading.limits import Limits
from cnncalc.reading.nodes import Mapping, Scalar, Sequence, SpecNode
from cnncalc.reading.yaml_reader import read_yaml
from tests.together import for_each


def plain(node: SpecNode | None) -> object:
    if isinstance(node, Mapping):
        return {key: plain(value) for key, (_, value) in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    return node.text


@for_each(
    ("inline", "yaml"),
    [
        ("32x32x3 -> conv 20 8x8 s2 p1 -> relu", "input: 32x32x3\nlayers: [conv 20 8x8 s2 p1, relu]"),
        ("32×32×3 → conv 20 8×8", "input: 32x32x3\nlayers: [conv 20 8x8]"),
        ("[32, 32, 3] -> relu", "input: [32, 32, 3]\nlayers: [relu]"),
        (
            "5x7\nconv 3\n\n# note\n relu # note\n-> dense 11 ->\n\n flatten\n",
            "input: 5x7\nlayers: [conv 3, relu, dense 11, flatten]",
        ),
        ("5x7\r\nconv 3\r\nrelu\r\n", "input: 5x7\nlayers: [conv 3, relu]"),
        ("5x7 -> (a -> b)*3", "input: 5x7\nlayers:\n- {layers: [a, b], repeat: 3}"),
        ("5x7 -> (a -> b) * 3 name=g", "input: 5x7\nlayers:\n- {layers: [a, b], repeat: 3, name: g}"),
        ("5x7 -> (a)*${n + 1} when=${n>2}", 'input: 5x7\nlayers:\n- {layers: [a], repeat: "${n + 1}", when: "${n>2}"}'),
        ("5x7 -> ((a)*2 -> b)*3", "input: 5x7\nlayers:\n- {layers: [{layers: [a], repeat: 2}, b], repeat: 3}"),
        ("5x7 -> add(a -> b | identity)", "input: 5x7\nlayers:\n- add: [[a, b], [identity]]"),
        ("5x7 -> add(a | )", "input: 5x7\nlayers:\n- add: [[a], []]"),
        ("5x7 -> add() from=[a, b]", "input: 5x7\nlayers:\n- {add: [], from: [a, b]}"),
        (
            "5x7 -> concat(a | add(b | c) -> d) axis=1",
            "input: 5x7\nlayers:\n- {concat: [[a], [{add: [[b], [c]]}, d]], axis: 1}",
        ),
        ("5x7 -> concat(\n  a\n  b # x\n | \n c\n)", "input: 5x7\nlayers:\n- concat: [[a, b], [c]]"),
        ("5x7 -> dense ${max(1, 2)} -> b", 'input: 5x7\nlayers: ["dense ${max(1, 2)}", b]'),
        ("5x7 -> a name='x -> (y' k=[1,2]", "input: 5x7\nlayers: [\"a name='x -> (y' k=[1,2]\"]"),
        ("a: 5x7, b: [3, 11] -> c", "input: {a: 5x7, b: [3, 11]}\nlayers: [c]"),
        ("a: 5x7 -> c", "input: {a: 5x7}\nlayers: [c]"),
        ("\ufeff5x7 -> c", "input: 5x7\nlayers: [c]"),
        ("5x7", "input: 5x7\nlayers: []"),
    ],
)
def test_same_as_yaml(inline: str, yaml: str) -> None:
    """Whatever the inline form says, the YAML form says with the same nodes."""
    node, diagnostics = read_inline(Source("i", inline))
    assert diagnostics == []
    assert plain(node) == plain(read_yaml(Source("y", yaml))[0])


@for_each(
    ("text", "line", "column", "part", "hint"),
    [
        ("conv 20 -> relu", 1, 1, "input is missing", "32x32x3"),
        ("", 1, 1, "input is missing", "32x32x3"),
        ("-> relu", 1, 1, "input is missing", "32x32x3"),
        ("5x7 (a)", 1, 5, "found `(` where `->`", "32x32x3"),
        ("5x7 -> ", 1, 8, "ends after an arrow", "remove the arrow"),
        ("5x7 -> a -> -> b", 1, 13, "between two arrows", "remove one"),
        ("5x7 -> a\n->\n-> b", 3, 1, "between two arrows", "remove one"),
        ("5x7 -> (-> a)", 1, 9, "before this arrow", "remove"),
        ("5x7 -> (a", 1, 8, "never closed", "`)`"),
        ("5x7 -> ((a)", 1, 8, "never closed", "`)`"),
        ("5x7 -> add(a -> (b | c)", 1, 20, "is outside a merge", "concat(a -> b | c)"),
        ("5x7 -> a)", 1, 9, "no opening parenthesis", "remove"),
        ("5x7 -> a | b", 1, 10, "is outside a merge", "concat(a -> b | c)"),
        ("5x7 -> (a)*", 1, 11, "`*` must be followed by a number", "*3"),
        ("5x7 -> (a)*two", 1, 11, "`*` must be followed by a number", "*3"),
        ("5x7 -> (a)*-2", 1, 11, "`*` must be followed by a number", "*3"),
        ("5x7 -> (a) b", 1, 12, "`b` follows a closing parenthesis", "`->`"),
        ("5x7 -> (a)(b)", 1, 11, "without an arrow", "`->`"),
        ("5x7 -> ()", 1, 8, "contain no item", "remove"),
        ("5x7 -> add(a -> | b)", 1, 17, "branch ends after an arrow", "remove the arrow"),
        ("5x7 -> add(a | b ->)", 1, 20, "parenthesis closes after an arrow", "remove the arrow"),
        ("5x7 -> conv 20 (3 3)", 1, 16, "follows an item's text", "[3, 3]"),
        ("5x7 -> a 'b", 1, 10, "quote opened here", "close it"),
        ("5x7 -> a ${b", 1, 10, "expression opened here", "close it"),
        ("5x7 -> a [1", 1, 10, "bracket opened here", "close it"),
        ("a: 5x7, 9x9 -> b", 1, 9, "has no name", "name: shape"),
        ("a: 5x7, b: -> c", 1, 9, "has no name or no shape", "name: shape"),
    ],
)
def test_mistake(text: str, line: int, column: int, part: str, hint: str) -> None:
    """A mistake is blamed where it stands, and the hint says what to write."""
    node, diagnostics = read_inline(Source("i", text))
    assert node is None
    assert [(d.code, d.line, d.column) for d in diagnostics] == [("E110", line, column)]
    assert part in diagnostics[0].message
    assert hint in diagnostics[0].hint


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [("5x7 -> (a) x=1 x=2", "E102", 16), ("a: 5, a: 7 -> b", "E102", 7), ("5x7 -> \x1b", "E104", 8)],
)
def test_other_codes(text: str, code: str, column: int) -> None:
    """Duplicate keys and control characters have the same codes as in YAML."""
    _, diagnostics = read_inline(Source("i", text))
    assert [(d.code, d.column) for d in diagnostics] == [(code, column)]


def test_independent_mistakes_are_reported_together() -> None:
    """One run names every misplaced arrow."""
    _, diagnostics = read_inline(Source("i", "5x7 -> -> a -> (b) c -> ->"))
    assert [d.column for d in diagnostics] == [8, 20, 25, 27]


def test_nesting_limit() -> None:
    """Parentheses are nested up to the limit, and no deeper."""
    limits = Limits(nesting=3)
    assert read_inline(Source("i", "5x7 -> (((a)))"), limits)[1] == []
    _, diagnostics = read_inline(Source("i", "5x7 -> ((((a))))"), limits)
    assert [(d.code, d.column) for d in diagnostics] == [("E103", 11)]
    assert "--max-nesting" in diagnostics[0].hint


@for_each(
    ("yaml", "tree", "stretches"),
    [
        ("- conv 20 8x8\n", ["conv 20 8x8"], ["conv 20 8x8"]),
        ("- dense ${max(1, 2)}\n", ["dense ${max(1, 2)}"], ["dense ${max(1, 2)}"]),
        ("- (a -> relu)*2\n", [{"layers": ["a", "relu"], "repeat": "2"}], ["(a -> relu)*2"]),
        (
            "- 'add(a 3 | identity) name=x'\n",
            [{"add": [["a 3"], ["identity"]], "name": "x"}],
            ["add(a 3 | identity) name=x"],
        ),
        ("- a 3 -> b 5\n", ["a 3", "b 5"], ["a 3", "b 5"]),
        ("- |\n  a\n  b # note\n", ["a", "b"], ["|\n  a\n  b # note"] * 2),
    ],
)
def test_expand_item(yaml: str, tree: object, stretches: list[str]) -> None:
    """An item of a YAML list may hold a chain, a group or a merge; each part stands at its own place."""
    root, _ = read_yaml(Source("y", yaml))
    assert isinstance(root, Sequence)
    assert isinstance(root.items[0], Scalar)
    nodes, diagnostics = expand_item(root.items[0])
    assert diagnostics == []
    assert [plain(node) for node in nodes] == tree
    assert [yaml[node.start : node.end] for node in nodes] == stretches


def test_expand_item_blames_the_place_in_the_file() -> None:
    """A mistake in an item's text has its line and column in the YAML file."""
    root, _ = read_yaml(Source("y", "layers:\n  - relu\n  - (a -> -> b)\n"))
    assert isinstance(root, Mapping)
    layers = root.get("layers")
    assert isinstance(layers, Sequence)
    assert isinstance(layers.items[1], Scalar)
    nodes, diagnostics = expand_item(layers.items[1])
    assert nodes == []
    assert [(d.code, d.line, d.column) for d in diagnostics] == [("E110", 3, 11)]


def stretches(node: SpecNode) -> list[str]:
    """What the source has where a node and all within it claim to be, the keys too, from the outermost."""
    inner: list[SpecNode] = []
    if isinstance(node, Sequence):
        inner = node.items
    elif isinstance(node, Mapping):
        inner = [part for pair in node.entries.values() for part in pair]
    return [node.source.text[node.start : node.end], *(part for one in inner for part in stretches(one))]


@for_each(
    ("text", "places"),
    [
        ("\n 5x7 -> a -> b 3\n", "5x7 -> a -> b 3\n; ; 5x7; ; a -> b 3; a; b 3"),
        ("5x7", "5x7; ; 5x7; ; 5x7"),
        ("[5, 7] -> a", "[5, 7] -> a; ; [5, 7]; 5; 7; ; a; a"),
        ("x: 5 , y:7-> a", "x: 5 , y:7-> a; ; x: 5 , y:7; x; 5; y; 7; ; a; a"),
        ("5 -> (a -> b)*3", "5 -> (a -> b)*3; ; 5; ; (a -> b)*3; (a -> b)*3; (; (a -> b); a; b; *; 3"),
        ("5 -> (a)*3 k='v w'", "5 -> (a)*3 k='v w'; ; 5; ; (a)*3 k='v w'; (a)*3 k='v w'; (; (a); a; *; 3; k; 'v w'"),
        ("5 -> add( a | b )", "5 -> add( a | b ); ; 5; ; add( a | b ); add( a | b ); add; ( a | b );  a ; a;  b ; b"),
        ("5 -> a# b", "5 -> a# b; ; 5; ; a# b; a# b"),  # a comment begins after a blank
        ("5 -> a #b", "5 -> a #b; ; 5; ; a; a"),
        ("5 # n\n#m\na", "5 # n\n#m\na; ; 5; ; a; a"),
        ("5 -> f(3, (4)) -> (1, 2)", "5 -> f(3, (4)) -> (1, 2); ; 5; ; f(3, (4)) -> (1, 2); f(3, (4)); (1, 2)"),
        ("\ufeff5 -> a", "5 -> a; ; 5; ; a; a"),
        ("5->''x->b", "5->''x->b; ; 5; ; ''x->b; ''x; b"),
    ],
)  # fmt: skip
def test_places(text: str, places: str) -> None:
    """The mapping, the input and the layers, each with its key, which has no extent."""
    node, diagnostics = read_inline(Source("i", text))
    assert diagnostics == []
    assert node is not None
    assert "; ".join(stretches(node)) == places


@for_each(
    ("text", "stretch", "hint"),
    [
        ("5x7 -> (a", "(", "add the closing `)`"), ("5 -> a ${b", "$", "close it, or put quotes around the text"),
        ("5 -> a -> -> b", "->", "remove one of the arrows"), ("5 -> a)", ")", "remove it"),
        ("5 -> (a)*two", "*two", "write *3 for three times"),
        ("5 -> ()", "()", "remove them"),
        ("Input((28, 28, 1)) -> a", "Input((28, 28, 1))", "write 28x28x1, the shape without the batch"),
        ("conv 3 -> a", "conv 3", "begin with the input's shape, as in 32x32x3 -> conv 20 8x8"),
        ("5 -> (a) b", "b", "only *N and key=value may follow; put `->` before the next item"),
        ("5 -> (a) k=1 k=2", "k", "keep one of them"), ("5 -> (a) (b)", "(", "put `->` before this one"),
        ("5 -> (a) -> (b) c=1 d", "d", "only *N and key=value may follow; put `->` before the next item"),
    ],
)  # fmt: skip
def test_the_extent_of_a_mistake(text: str, stretch: str, hint: str) -> None:
    """What is underlined, and what to do."""
    _, (found,) = read_inline(Source("i", text))
    assert found.span is not None
    assert (text[found.span.start : found.span.end], found.hint) == (stretch, hint)


@pytest.mark.parametrize(("most", "fits"), [(6, True), (5, False)])
def test_a_text_may_have_the_limit(most: int, fits: bool) -> None:
    _, diagnostics = read_inline(Source("i", "5 -> a"), Limits(file_bytes=most))
    assert [found.message for found in diagnostics] == (
        [] if fits else ["the text is too large: 6 bytes; the limit is 5"]
    )


def test_levels_too_many_are_counted() -> None:
    """The message has the level that is one too deep."""
    _, (found,) = read_inline(Source("i", "5 -> ((((a))))"), Limits(nesting=3))
    assert found.message == "lists and mappings are nested too deeply: 4 levels; the limit is 3"


@for_each(
    ("text", "is_itself"),
    [
        ("a 3", True),
        ("a 'b", True),
        ("nn.ReLU()", True),
        ("a -> b", False),
        ("(a)", False),
        ("a\n", False),
        ("add(a | b)", False),
    ],
)
def test_an_item_without_structure_is_itself(text: str, is_itself: bool) -> None:
    """The very node is handed back, with the place that it has."""
    node = Scalar(Source("i", text), 0, len(text), text)
    nodes, _ = expand_item(node)
    assert any(found is node for found in nodes) is is_itself
