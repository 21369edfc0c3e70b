"""Calls as written in code: what is one, its arguments as nodes, and where each begins and ends."""

from __future__ import annotations

from typing import Literal

from cnncalc.diagnostics import Source
from cnncalc.reading.calls import code_end, is_call, read_call, without_target
from cnncalc.reading.nodes import BareName, Mapping, Scalar, Sequence, SpecNode
from cnncalc.reading.yaml_reader import read_yaml
from tests.together import for_each


def shown(node: SpecNode) -> str:
    """A node as text: quotes for quoted text, `?` after a bare name, and what the source has there if it differs."""
    written = node.source.text[node.start : node.end]
    if isinstance(node, Sequence):
        return f"{written[0]}{', '.join(map(shown, node.items))}{written[-1]}"
    if isinstance(node, Mapping):
        return "{" + ", ".join(f"{shown(key)}: {shown(value)}" for key, value in node.entries.values()) + "}"
    assert isinstance(node, Scalar)
    text = node.text if node.plain else f"'{node.text}'"
    return text + ("?" if isinstance(node, BareName) else "") + ("" if written == text else f" at {written}")


def item(text: str) -> Scalar:
    """An item's text in a list of YAML: it begins at offset 2, and something follows it."""
    return Scalar(Source("net.yaml", f"- {text}\n- relu"), 2, 2 + len(text), text)


@for_each(
    ("text", "name", "arguments", "rest"),
    [
        ("nn.ReLU()", "nn.ReLU", "", ""),
        ("Conv2d(3, 64, 7)", "Conv2d", "3; 64; 7", ""),
        ("Conv2d( 3 ,64,\tk = 7 , )", "Conv2d", "3; 64; k=7", ""),
        ("f(a=b==c)", "f", "a=b==c", ""), ("f(a==b)", "f", "a==b", ""),
        ("f(units)", "f", "units?", ""), ("f(nn.ReLU)", "f", "nn.ReLU?", ""),
        ("f(None, True, k=False)", "f", "null at None; true at True; k=false at False", ""),
        ("f(1_000)", "f", "1000 at 1_000", ""), ("f(-3, +.5, 1.e-3, 2.)", "f", "-3; +.5; 1.e-3; 2.", ""),
        ("f('same', \"a,b\")", "f", "'same'; 'a,b' at \"a,b\"", ""),
        ("f(3x3, 3×4, -1x5)", "f", "3x3; 3x4 at 3×4; -1x5", ""),
        ("f((3, 4))", "f", "(3, 4)", ""), ("f((3))", "f", "3", ""), ("f((3,))", "f", "(3)", ""),
        ("f(())", "f", "()", ""),
        ("f([3])", "f", "[3]", ""), ("f([3, (4, x)], 5)", "f", "[3, (4, x?)]; 5", ""),
        ("f([ 3 , 4 ])", "f", "[3, 4]", ""),
        ("f(({a}, 2))", "f", "({a}, 2)", ""), ("f({1, 2}, 3)", "f", "{1, 2}; 3", ""),
        ("f({1, 2)", "f", "{1, 2", ""), ("f({1,}, 3)", "f", "{1,}; 3", ""), ("f([1, , 2])", "f", "[1, 2]", ""),
        ("f([1,,2])", "f", "[1, 2]", ""),
        ("f(nn.ReLU(True), 3)", "f", "nn.ReLU(True); 3", ""),
        ("f(int(n / 2))", "f", "${int(n / 2)} at int(n / 2)", ""),
        ("f(n * 2)", "f", "${n * 2} at n * 2", ""), ("f(g(1) + 2)", "f", "${g(1) + 2} at g(1) + 2", ""),
        ("f(g(1)[0])", "f", "${g(1)[0]} at g(1)[0]", ""),
        ("f(${n})", "f", "${n}", ""), ("f(${n} * 2)", "f", "${(n) * 2} at ${n} * 2", ""),
        ("f(${max(a, b)}, 1)", "f", "${max(a, b)}; 1", ""),
        ("f(a b)", "f", "a b", ""), ("f(a[0])", "f", "a[0]", ""),
        ("f((1)(2))", "f", "(1)(2)", ""),
        # Applied, as in Keras: to one tensor, or to several, which are its inputs.
        ("Flatten()(x)", "Flatten", "", ""), ("Attention(2)( x , x )", "Attention", "2", ""),
        ("Add()([a, b.c])", "Add", "from at ([a, b.c])=(a, b.c)", ""),
        ("Add(1)(a, b)", "Add", "1; from at (a, b)=(a, b)", ""), ("Add()(1)", "Add", "", "(1)"),
        ("f(3) name=stem", "f", "3", " name=stem"),
    ],
)  # fmt: skip
def test_the_arguments_of_a_call(text: str, name: str, arguments: str, rest: str) -> None:
    call, mistakes = read_call(item(text))
    assert (mistakes, call is not None) == ([], True)
    assert call is not None
    found = [f"{shown(one.key)}={shown(one.value)}" if one.key else shown(one.value) for one in call.arguments]
    assert (shown(call.name), "; ".join(found), shown(call.rest)) == (name, arguments, rest)


def test_lists_are_read_to_a_depth_of_20() -> None:
    """In 20 lists the number is the innermost; the 21st list stays text."""
    for depth, innermost in ((20, "1"), (21, "[ 1]")):  # a list is shown without the blank
        call, _ = read_call(item("f(" + "[ " * depth + "1" + "]" * depth + ")"))
        assert call is not None
        assert shown(call.arguments[0].value) == "[" * 20 + innermost + "]" * 20


def test_an_argument_has_its_place() -> None:
    """The name, the keyword and the value, by their offsets; a list from its bracket to the other."""
    call, _ = read_call(item("f( key = [1, 2] )(a, b) rest"))
    assert call is not None
    (first, inputs) = call.arguments
    places = [(node.start, node.end) for node in (call.name, first.key, first.value, inputs.key, inputs.value) if node]
    assert places == [(2, 3), (5, 8), (11, 17), (19, 25), (19, 25)]
    assert (call.rest.start, call.rest.end, call.rest.text) == (25, 30, " rest")


@for_each(
    ("text", "columns", "message", "hint"),
    [
        ("f(3", (4, 5), "the parenthesis opened here is never closed", "add `)`"),
        ("f('a)", (4, 5), "the parenthesis opened here is never closed", "add `)`"),
        ("f(, 3)", (5, 5), "an argument is missing here", "remove the comma, or write a value"),
        ("f(3, , 4)", (8, 8), "an argument is missing here", "remove the comma, or write a value"),
        ("f(k= , 4)", (8, 8), "an argument is missing here", "remove the comma, or write a value"),
        ("f(*xs)", (5, 8), "`*xs`: unpacking is not supported", "write the values themselves"),
        ("f( *" + "x" * 50 + ")", (6, 57), f"`*{'x' * 39}`: unpacking is not supported", "write the values themselves"),
        ("f(3) * 4", (7, 11), "a call is not repeated by `*`", "write repeat=4"),
    ],
)  # fmt: skip
def test_mistakes_in_a_call(text: str, columns: tuple[int, int], message: str, hint: str) -> None:
    """The columns from 1, in a line that begins with `- `."""
    call, (mistake,) = read_call(item(text))
    assert call is None
    assert mistake.span is not None
    assert (mistake.message, mistake.hint) == (message, hint)
    assert (mistake.column, mistake.span.end + 1) == columns
    assert mistake.code == ("E209" if "repeated" in message else "E110")


@for_each(
    ("text", "end"),
    [
        # A name and arguments; a name and items of the spec are none.
        ("f(3)", 4), ("f(3, a)", 7), ("f(a, b)", 7), ("f(a,)", 5), ("f(a)", 0), ("nn.f(a)", 7), ("f(a.b)", 6),
        ("f(None)", 7),
        ("f()", 3), ("nn.Add()", 8), ("add()", 0), ("conv()", 6), ("f(a -> b)", 0), ("f(a → b)", 0), ("f(a | b, c)", 0),
        ("f('a | b', c)", 13), ("f('->')", 7), ("f('→')", 6), ("f(conv 8, b)", 0), ("f(b, conv 8)", 0),
        ("f(b, conv [8])", 0),
        ("add(conv(3))", 0), ("f(conv(3))", 10), ("bidirectional(lstm(3))", 0), ("bidirectional(lstm(3), 2)", 25),
        ("bidirectional()", 15), ("f({1, 2)", 8),
        ("f(3", 0), ("f(3) x", 4), ("f(3)(x)", 7), ("f(3)(a, b)", 10), ("f(3)(4)", 4), ("f(g(1) + 2)", 11),
        ("f('a')", 6),
        # A tuple: alone, or after a separator.
        ("(3, 3)", 6), ("(3)", 0), ("(a, b)", 0), ("x (3, 3)", 8), ("x=(3, 3)", 8), ("x,(3, 3)", 8), ("x[(3, 3)", 8),
        ("x\t(3, 3)", 8), ("x\n(3, 3)", 8), ("x((3, 3)", 8), ("3(3, 3)", 0),
        # A long one is an item.
        ("f(" + "1" * 9_998 + ")", 10_001), ("f(" + "1" * 9_999 + ")", 0),
        ("(1," + " " * 196 + ")", 200), ("(1," + " " * 197 + ")", 0),
    ],
)  # fmt: skip
def test_the_end_of_code_in_an_item(text: str, end: int) -> None:
    """Of the parenthesis that opens first (the second of two in a row); 0 if it belongs to the spec."""
    opened = text.index("(")
    opened += text.startswith("((", opened)
    before = "relu -> "
    assert code_end(text, 0, opened) == end
    assert code_end(before + text, len(before), len(before) + opened) == (len(before) + end if end else 0)


@for_each(
    ("text", "is_one"),
    [("f(", True), ("nn.Conv2d(3)", True), ("_f(", True), ("f (", False), ("3f(", False), ("", False), ("(3)", False)],
)
def test_a_call_begins_with_a_name_and_a_parenthesis(text: str, is_one: bool) -> None:
    assert is_call(text) is is_one


@for_each(
    ("text", "call"),
    [("x = nn.ReLU()(x)", "nn.ReLU()(x)"), ("self.a=f(1)", "f(1)"), ("x = 3", "x = 3"), ("x == f(1)", "x == f(1)")],
)
def test_the_target_of_an_assignment_is_left_out(text: str, call: str) -> None:
    """The rest has its own place."""
    found = without_target(item(text))
    assert (found.text, found.start, found.end) == (call, 2 + len(text) - len(call), 2 + len(text))


@for_each("parser", ["c", "python"])
@for_each(
    ("text", "parts"),
    [
        ("[nn.Conv2d(3, 8, 3), nn.ReLU()]", ["nn.Conv2d(3, 8, 3)", "nn.ReLU()"]), ("[a, b]", ["a", "b"]),
        ("[f(g(1, 2), 3), h]", ["f(g(1, 2), 3)", "h"]), ("[f(1, 2), 3, 4]", ["f(1, 2)", "3", "4"]),
        # Quoted texts and lists are no pieces, and open nothing.
        ("['f(', 3]", ["'f('", "3"]), ("[f(3, 'x', 4)]", ["f(3", "'x'", "4)"]),
        ("[f(1, [2], 3)]", ["f(1", "[2]", "3)"]),
        ("[f(1, [2, 3], g(4, 5)]", ["f(1", "[2, 3]", "g(4, 5)"]), ("[{a: f(1}, 2, 3]", ["{a: f(1}", "2", "3"]),
        ("{k: (3, 3), b: 1}", ["k: (3, 3)", "b: 1"]), ("{k: ((1, 2), (3, 4)), b: 1}", ["k: ((1, 2), (3, 4))", "b: 1"]),
        ("{k: f(1, 2, 3), b: 1}", ["k: f(1, 2, 3)", "b: 1"]), ("{a: 1, b, c: 2}", ["a: 1", "b: ", "c: 2"]),
        ("{k: (1, 2), b, c: 3}", ["k: (1, 2)", "b: ", "c: 3"]), ("{k: 'a(', b, c: 1}", ["k: 'a('", "b: ", "c: 1"]),
        ("{k: f(1, b: 2, c, d: 3}", ["k: f(1", "b: 2", "c: ", "d: 3"]),
        ("{k: f(1, b: '', c)}", ["k: f(1", "b: ''", "c): "]),
        ("{k: [f(1], b, c: 2}", ["k: [f(1]", "b: ", "c: 2"]),
    ],
)  # fmt: skip
def test_code_in_brackets_of_yaml(text: str, parts: list[str], parser: Literal["c", "python"]) -> None:
    """The pieces between commas belong together while a parenthesis is open, and span all of the text."""
    node, mistakes = read_yaml(Source("net.yaml", text), parser=parser)
    assert mistakes == []
    if isinstance(node, Mapping):
        assert [f"{shown(key)}: {shown(value)}" for key, value in node.entries.values()] == parts
    else:
        assert isinstance(node, Sequence)
        assert [shown(item) for item in node.items] == parts
