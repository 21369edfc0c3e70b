"""YAML syntax errors: one table of mistakes that people make, the same code, place and words from both parsers."""

from __future__ import annotations

from cnncalc.diagnostics import Source
from cnncalc.reading.yaml_reader import read_yaml
from tests.together import for_each

MISTAKES = [
    # text, line, column, part of the message, part of the hint
    ("layers:\n\t- conv 1\n", 2, 1, "tab", "spaces"),
    ("a:\n  b: 1\n\tc: 2\n", 3, 1, "tab", "spaces"),
    ("a:\n  - x\n \t- y\n", 3, 2, "tab", "spaces"),
    (
        "layers:\n  - conv:\n      stride:2\n      padding: 1\n",
        3,
        13,
        "no space after the colon of `stride:`",
        "stride: 2",
    ),
    ("a: 1\nstride:2\n", 2, 7, "no space after the colon", "stride: 2"),
    (
        "layers:\n  - conv:\n      filters: 2\n      stride:2\n  - relu\n",
        4,
        13,
        "no space after the colon",
        "stride: 2",
    ),
    ("layers:\n  - b\n  -conv\n", 3, 3, "no space after the dash", "- "),
    ("a: 1\nb\nc: 2\n", 2, 1, "`b` is not followed by a colon", "key: value"),
    ("input: [32, 32\nlayers:\n  - conv\n", 1, 8, "`[` opened here is never closed", "]"),
    ("v: {a: 1\nlayers:\n - x\n", 1, 4, "`{` opened here is never closed", "}"),
    ("v: {a: 1", 1, 4, "`{` opened here is never closed", "}"),
    ("a: [1, 2}\n", 1, 9, "found `}` where `,` or `]`", "column 4"),
    ("]\n", 1, 1, "no opening bracket", "remove"),
    ("a: 'hello\nb: 2\n", 1, 4, "quote ' opened here", "'"),
    ('a: "hello\nb: 2\n', 1, 4, 'quote " opened here', '"'),
    ('a: "x" y\n', 1, 8, "`y` follows a value", "quotes"),
    ('"x" y\n', 1, 5, "`y` follows a value", "quotes"),
    ('a: "\\d"\n', 1, 5, "`\\d` is not a YAML escape", "single quotes"),
    ("a: {units: ${classes}}\n", 1, 12, "needs quotes", '"${classes}"'),
    ("a: [${w}, 2]\n", 1, 5, "needs quotes", '"${w}"'),
    ("name: conv: 3\n", 1, 11, "second `: `", "quotes"),
    ("a:\n  b: 1\n   c: 2\n", 3, 5, "indented differently", "indent"),
    ("a:\n    b: 1\n  c: 2\n", 3, 3, "indentation matches none", "indent"),
    ("layers:\n    - a\n  - b\n", 3, 3, "indentation matches none", "indent"),
    ("layers:\n  - a\n  b: 1\n", 3, 3, "the list that began on line 2", "- item"),
    ("a: 1\n- b\n", 2, 1, "the mapping that began on line 1", "key: value"),
    ("a: @x\n", 1, 4, 'begin with "@"', "quotes"),
    ("a: `x`\n", 1, 4, 'begin with "`"', "quotes"),
    ("a: *\n", 1, 4, "`*` must be followed by a name", "quotes"),
    ("a: | b\n", 1, 4, "`|` must be followed by a line break", "next line"),
    ("a: - b\n", 1, 4, "list cannot begin here", "separate line"),
    ("a: [1, {b: 2},\n", 1, 4, "`[` opened here is never closed", "]"),
    ("a: [1,,2]\n", 1, 7, "missing before `,`", "comma"),
]


@for_each("parser", ["c", "python"])
@for_each(("text", "line", "column", "message", "hint"), MISTAKES)
def test_mistake(text: str, line: int, column: int, message: str, hint: str, parser: str) -> None:
    """The place blamed is where the reader must change something, and the hint says to what."""
    node, diagnostics = read_yaml(Source("t", text), parser=parser)
    assert node is None
    assert [(d.code, d.line, d.column) for d in diagnostics] == [("E101", line, column)]
    assert message in diagnostics[0].message
    assert hint in diagnostics[0].hint
