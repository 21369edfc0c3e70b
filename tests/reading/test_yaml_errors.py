"""YAML syntax errors: one table of mistakes that people make, the same code, place and words from both parsers."""

from __future__ import annotations

from yaml import MarkedYAMLError

from cnncalc.diagnostics import Source
from cnncalc.reading.yaml_errors import syntax_problem
from cnncalc.reading.yaml_reader import read_yaml
from tests.together import for_each

MISTAKES = [
    # text, line, column, characters, message, hint
    ("layers:\n\t- conv 1\n", 2, 1, 1, "this line is indented with a tab; YAML needs spaces",
     "replace the tab with spaces"),
    ("a:\n  b: 1\n\tc: 2\n", 3, 1, 1, "this line is indented with a tab; YAML needs spaces",
     "replace the tab with spaces"),
    ("a:\n  - x\n \t- y\n", 3, 2, 1, "this line is indented with a tab; YAML needs spaces",
     "replace the tab with spaces"),
    ("layers:\n  - conv:\n      stride:2\n      padding: 1\n", 3, 13, 1,
     "no space after the colon of `stride:`", "write `stride: 2`"),
    ("a: 1\nstride:2\n", 2, 7, 1, "no space after the colon of `stride:`", "write `stride: 2`"),
    ("layers:\n  - conv:\n      filters: 2\n      stride:2\n  - relu\n", 4, 13, 1,
     "no space after the colon of `stride:`", "write `stride: 2`"),
    ("layers:\n  - b\n  -conv\n", 3, 3, 1, "no space after the dash", "write `- ` and then the item"),
    ("a: 1\nb\nc: 2\n", 2, 1, 1, "`b` is not followed by a colon",
     "a line of a mapping is `key: value`; a line of a list begins with `- `"),
    ("input: [32, 32\nlayers:\n  - conv\n", 1, 8, 1, "the `[` opened here is never closed", "add the closing `]`"),
    ("v: {a: 1\nlayers:\n - x\n", 1, 4, 1, "the `{` opened here is never closed", "add the closing `}`"),
    ("v: {a: 1", 1, 4, 1, "the `{` opened here is never closed", "add the closing `}`"),
    ("a: [1, 2}\n", 1, 9, 1, "found `}` where `,` or `]` was expected", "the `[` is in column 4"),
    ("]\n", 1, 1, 1, "`]` has no opening bracket", "remove it"),
    ("a: 'hello\nb: 2\n", 1, 4, 1, "the quote ' opened here is never closed", "add the closing '"),
    ('a: "hello\nb: 2\n', 1, 4, 1, 'the quote " opened here is never closed', 'add the closing "'),
    ('a: "x" y\n', 1, 8, 1, "`y` follows a value that is already complete", "put quotes around the whole"),
    ('"x" y\n', 1, 5, 1, "`y` follows a value that is already complete", "put quotes around the whole"),
    ('a: "\\d"\n', 1, 5, 2, "`\\d` is not a YAML escape", "write \\\\ for a backslash, or use single quotes"),
    ("a: {units: ${classes}}\n", 1, 12, 2, "`${` inside `[ ]` or `{ }` needs quotes around it",
     'write "${classes}", in quotes'),
    ("a: [relu, conv ${w * 2} ${k}x3 s2, 2]\n", 1, 16, 2, "`${` inside `[ ]` or `{ }` needs quotes around it",
     'write "conv ${w * 2} ${k}x3 s2", in quotes'),
    ('a: [conv "${w}" 3]\n', 1, 11, 2, "`${` inside `[ ]` or `{ }` needs quotes around it",
     'write "conv ${w} 3", in quotes'),
    ("a: [${w}, 2]\n", 1, 5, 2, "`${` inside `[ ]` or `{ }` needs quotes around it", 'write "${w}", in quotes'),
    ("name: conv: 3\n", 1, 11, 1, "a second `: ` on one line",
     "put quotes around the text, or the value on separate, indented lines"),
    ("a:\n  b: 1\n   c: 2\n", 3, 5, 1, "unexpected `:`: this line is indented differently from those before it",
     "indent it like the lines of its mapping; a text that contains `: ` needs quotes"),
    ("a:\n    b: 1\n  c: 2\n", 3, 3, 1, "this line's indentation matches none of the lines above it",
     "indent it exactly like the lines that it belongs to"),
    ("layers:\n    - a\n  - b\n", 3, 3, 1, "this line's indentation matches none of the lines above it",
     "indent it exactly like the lines that it belongs to"),
    ("layers:\n  - a\n  b: 1\n", 3, 3, 1, "this line does not continue the list that began on line 2",
     "write `- item`, or indent the line differently"),
    ("a: 1\n- b\n", 2, 1, 1, "this line does not continue the mapping that began on line 1",
     "write `key: value`, or indent the line differently"),
    ("a: @x\n", 1, 4, 1, 'a value cannot begin with "@"', "put quotes around it"),
    ("a: `x`\n", 1, 4, 1, 'a value cannot begin with "`"', "put quotes around it"),
    ("a: *\n", 1, 4, 1, "`*` must be followed by a name", "put quotes around a text that begins with it"),
    ("a: | b\n", 1, 4, 1, "`|` must be followed by a line break",
     "the text of a `|` block begins on the next line; otherwise put quotes around the value"),
    ("a: - b\n", 1, 4, 1, "a list cannot begin here", "put each `- item` on a separate line"),
    ("a: [1, {b: 2},\n", 1, 4, 1, "the `[` opened here is never closed", "add the closing `]`"),
    ("a: [1,,2]\n", 1, 7, 1, "a value is missing before `,`", "write the value, or remove the comma"),
    ("a: !h!x 1\n", 1, 4, 1, "a tag with a handle is not allowed: a spec does not construct objects", "remove it"),
    ("a: [\n", 1, 4, 1, "the `[` opened here is never closed", "add the closing `]`"),
    ("- [1, 2\n- b\n", 1, 3, 1, "the `[` opened here is never closed", "add the closing `]`"),
    ("a: {b: 1]\n", 1, 9, 1, "found `]` where `,` or `}` was expected", "the `{` is in column 4"),
    ("a: [${w}", 1, 5, 2, "`${` inside `[ ]` or `{ }` needs quotes around it", 'write "${w}", in quotes'),
    ("a: [${w\n, 2]\n", 1, 5, 2, "`${` inside `[ ]` or `{ }` needs quotes around it", 'write "${…}", in quotes'),
    ("a: '\n---\nb: 1\n", 1, 4, 1, "the quote ' opened here is never closed", "add the closing '"),
    ('a: "\\xzz"\n', 1, 5, 2, "`\\x` is not a YAML escape", "write \\\\ for a backslash, or use single quotes"),
    ('a: "\\uzz"\n', 1, 5, 2, "`\\u` is not a YAML escape", "write \\\\ for a backslash, or use single quotes"),
    ('a: "b\n---\n"\n', 1, 4, 1, 'the quote " opened here is never closed', 'add the closing "'),
    ("a: 'b\n\n c\n... \n", 1, 4, 1, "the quote ' opened here is never closed", "add the closing '"),
    ("a: ?\n", 1, 4, 1, "unexpected `?`", "put quotes around a text that begins with it"),
    ("a: ? b\n", 1, 4, 1, "unexpected `?`", "put quotes around a text that begins with it"),
    ("a: &\n", 1, 4, 1, "`&` must be followed by a name", "put quotes around a text that begins with it"),
    ("a: & b\n", 1, 4, 1, "`&` must be followed by a name", "put quotes around a text that begins with it"),
    ("*\n", 1, 1, 1, "`*` must be followed by a name", "put quotes around a text that begins with it"),
    ("a: > b\n", 1, 4, 1, "`>` must be followed by a line break",
     "the text of a `>` block begins on the next line; otherwise put quotes around the value"),
    ("a: [1, ,2]\n", 1, 8, 1, "a value is missing before `,`", "write the value, or remove the comma"),
    ("a: [,1]\n", 1, 5, 1, "a value is missing before `,`", "write the value, or remove the comma"),
    ("a: [1,\n", 1, 4, 1, "the `[` opened here is never closed", "add the closing `]`"),
    ("a: {,}\n", 1, 5, 1, "a value is missing before `,`", "write the value, or remove the comma"),
    ("- a\nb\n", 2, 1, 1, "`b` is not followed by a colon",
     "a line of a mapping is `key: value`; a line of a list begins with `- `"),
    ("a: 1\n  b: 2\n", 2, 4, 1, "unexpected `:`: this line is indented differently from those before it",
     "indent it like the lines of its mapping; a text that contains `: ` needs quotes"),
    ("a: b: c\n", 1, 5, 1, "a second `: ` on one line",
     "put quotes around the text, or the value on separate, indented lines"),
    ("a:\n  b: 1\n x: 2\n", 3, 2, 1, "this line's indentation matches none of the lines above it",
     "indent it exactly like the lines that it belongs to"),
    ("a: 1\n}\n", 2, 1, 1, "`}` has no opening bracket", "remove it"),
    ("a: x\n- b\n", 2, 1, 1, "this line does not continue the mapping that began on line 1",
     "write `key: value`, or indent the line differently"),
    ("x\ny: 1\n", 2, 2, 1, "unexpected `:`: this line is indented differently from those before it",
     "indent it like the lines of its mapping; a text that contains `: ` needs quotes"),
    ("- a\n -b: 1\n", 2, 2, 1, "no space after the dash", "write `- ` and then the item"),
    ("-a\n- b: 1\n", 1, 1, 1, "no space after the dash", "write `- ` and then the item"),
    ("a: [1, [2, {b: 3}\n", 1, 8, 1, "the `[` opened here is never closed", "add the closing `]`"),
    ('a: [\'x\', "]", \n', 1, 4, 1, "the `[` opened here is never closed", "add the closing `]`"),
    ("k: v\nfoo bar baz\n", 2, 1, 11, "`foo bar baz` is not followed by a colon",
     "a line of a mapping is `key: value`; a line of a list begins with `- `"),
    ("k: v\n" + "w" * 60 + "\n", 2, 1, 40, f"`{'w' * 40}` is not followed by a colon",
     "a line of a mapping is `key: value`; a line of a list begins with `- `"),
    ("a: 'it''s' x y z\n", 1, 12, 5, "`x y z` follows a value that is already complete", "put quotes around the whole"),
    ("- 1\n- 2\n x: 3\n", 3, 3, 1, "unexpected `:`: this line is indented differently from those before it",
     "indent it like the lines of its mapping; a text that contains `: ` needs quotes"),
    ("a: %x\n", 1, 4, 1, 'a value cannot begin with "%"', "put quotes around it"),
    ("a: 1\n...\nb\n", 3, 1, 1, "`b` follows a value that is already complete", "put quotes around the whole"),
    ("a:1\nb: 2\n", 1, 2, 1, "no space after the colon of `a:`", "write `a: 1`"),
    ("a: [1 2\n", 1, 4, 1, "the `[` opened here is never closed", "add the closing `]`"),
    ('"a": 1\n"b" 2\n', 2, 1, 5, '`"b" 2` is not followed by a colon',
     "a line of a mapping is `key: value`; a line of a list begins with `- `"),
    ("'x':y\nz: 1\n", 1, 4, 2, "`:y` follows a value that is already complete", "put quotes around the whole"),
    ("a: 1\nb: 'x' y\n", 2, 8, 1, "`y` follows a value that is already complete", "put quotes around the whole"),
    ("a: |x\n b\n", 1, 4, 1, "`|` must be followed by a line break",
     "the text of a `|` block begins on the next line; otherwise put quotes around the value"),
    ("a: |\n b\n c\nd\n", 4, 1, 1, "`d` is not followed by a colon",
     "a line of a mapping is `key: value`; a line of a list begins with `- `"),
    ("a: [b: c: d]\n", 1, 9, 1, "found `:` where `,` or `]` was expected", "the `[` is in column 4"),
    ("a: {b c}\nd: [\n", 2, 4, 1, "the `[` opened here is never closed", "add the closing `]`"),
    ("a: ]\n", 1, 4, 1, "`]` follows a value that is already complete", "put quotes around the whole"),
    ("a: }\n", 1, 4, 1, "`}` follows a value that is already complete", "put quotes around the whole"),
    ("a:\n ]\n", 2, 2, 1, "`]` has no opening bracket", "remove it"),
    ("a: [1, [2],\n", 1, 4, 1, "the `[` opened here is never closed", "add the closing `]`"),
    ("a: {b: {c: 1},\n", 1, 4, 1, "the `{` opened here is never closed", "add the closing `}`"),
    ("['x', \"]\", \n", 1, 1, 1, "the `[` opened here is never closed", "add the closing `]`"),
    ("\n\ta: 1\n", 2, 1, 1, "this line is indented with a tab; YAML needs spaces", "replace the tab with spaces"),
    ("a: [${w, 2]\nb: }\n", 1, 5, 2, "`${` inside `[ ]` or `{ }` needs quotes around it", 'write "${…}", in quotes'),
    ("a: 'x' " + "y" * 50 + "\n", 1, 8, 40, f"`{'y' * 40}` follows a value that is already complete",
     "put quotes around the whole"),
    ("stride:2\n\n  x: 1\n", 3, 4, 1, "unexpected `:`: this line is indented differently from those before it",
     "indent it like the lines of its mapping; a text that contains `: ` needs quotes"),
]  # fmt: skip


@for_each("parser", ["c", "python"])
@for_each(("text", "line", "column", "length", "message", "hint"), MISTAKES)
def test_mistake(text: str, line: int, column: int, length: int, message: str, hint: str, parser: str) -> None:
    """The place blamed is where the reader must change something, and the hint says to what."""
    node, (found,) = read_yaml(Source("t", text), parser=parser)
    assert (node, found.code) == (None, "E107" if "tag" in message else "E101")
    assert found.span is not None
    assert (found.line, found.column, found.span.end - found.span.start) == (line, column, length)
    assert (found.message, found.hint) == (message, hint)


def test_a_problem_without_a_place() -> None:
    """The beginning of the text stands in for the place, and the parser's words for ours."""
    found = syntax_problem(Source("t", "a: 1"), MarkedYAMLError(problem="found a bug"))
    assert (found.code, found.message, found.hint, found.line, found.column) == (
        "E101", "invalid YAML: found a bug", "", 1, 1,
    )  # fmt: skip
