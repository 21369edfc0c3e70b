"""YAML syntax errors in plain words, the same for libyaml's parser and PyYAML's own.

The messages of the two parsers differ, so they only determine the family of an error; the surrounding text determines
the rest. Each family reports the position that must be changed: an unclosed bracket is reported where it was opened,
not at the end of the file, where a parser notices.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cnncalc.diagnostics import Diagnostic, Source, Span

_TIGHT_COLON = re.compile(r"^[ \t]*(?:- +)*([A-Za-z_]\w*)(:)(?=[^\s:/])", re.MULTILINE)
_TIGHT_DASH = re.compile(r"^[ \t]*(-)(?=[A-Za-z(])", re.MULTILINE)
_INDENT = re.compile(r"^[ ]*\t", re.MULTILINE)
_EXPRESSION = re.compile(r"\$\{[^}\n]*\}")
_LAST_EXPRESSION = re.compile(r"\$\{[^}\n]*\}$")
_WITH_EXPRESSIONS = re.compile(r"(?:\$\{[^{}\n]*\}|[^\[\]{},\n])*")
_LONGEST_VALUE = 100
_CLOSERS: Mapping[str, str] = {"[": "]", "{": "}"}


def syntax_problem(source: Source, error: Any) -> Diagnostic:
    """The E101 (or, for tag handles, E107) diagnostic of a `yaml.MarkedYAMLError`."""
    text = source.text
    index = min(error.problem_mark.index, len(text)) if error.problem_mark else 0
    began = min(error.context_mark.index, len(text)) if error.context_mark else index
    context, problem = error.context or "", error.problem or ""
    if "undefined tag handle" in problem:
        return _at(
            source, began, "a tag with a handle is not allowed: a spec does not construct objects", "remove it", "E107"
        )
    return (
        _tab(source, index)
        or _quote(source, context, problem, began, index)
        or _bracket(source, context, began, index)
        or _line_shape(source, context, problem, began, index)
        or _character(source, context, problem, began, index)
        or _layout(source, context, problem, began, index)
        or _at(source, index, f"invalid YAML: {problem}", "")
    )


def _at(source: Source, start: int, message: str, hint: str, code: str = "E101", length: int = 1) -> Diagnostic:
    return Diagnostic(code, message, Span(source, start, min(start + length, len(source.text))), hint=hint)


def _line_bounds(text: str, index: int) -> tuple[int, int]:
    start = text.rfind("\n", 0, index) + 1
    end = text.find("\n", index)
    return start, len(text) if end < 0 else end


def _tab(source: Source, index: int) -> Diagnostic | None:
    start, end = _line_bounds(source.text, index)
    found = _INDENT.match(source.text, start, end)
    if found is None or index > found.end():
        return None
    return _at(
        source, found.end() - 1, "this line is indented with a tab; YAML needs spaces", "replace the tab with spaces"
    )


def _quote(source: Source, context: str, problem: str, began: int, index: int) -> Diagnostic | None:
    if "quoted scalar" not in context:
        return None
    if "end of stream" in problem or "document " in problem:  # a separator or, in libyaml's words, an indicator
        char = source.text[began : began + 1]
        before = source.text[_line_bounds(source.text, began)[0] : began]
        if found := _LAST_EXPRESSION.search(before):  # its own opening quote is in the middle of a plain text
            return _unquoted_expression(source, began - len(found.group()))
        return _at(source, began, f"the quote {char} opened here is never closed", f"add the closing {char}")
    if "escape" in problem or "hexdecimal" in problem or "hexadecimal" in problem:
        back = source.text.rfind("\\", began, index + 1)
        hint = "write \\\\ for a backslash, or use single quotes"
        return _at(source, back, f"`{source.text[back : back + 2]}` is not a YAML escape", hint, length=2)
    return _at(source, began, "this quoted text is invalid", "check its quotes and escapes")


def _bracket(source: Source, context: str, began: int, index: int) -> Diagnostic | None:
    if "flow sequence" not in context and "flow mapping" not in context:
        return None
    text = source.text
    opener = text[began : began + 1]
    if text[index : index + 1] == "{" and text[index - 1 : index] == "$":
        return _unquoted_expression(source, index - 1)
    closer = _CLOSERS.get(opener, "]")
    if not text[index:].strip() or "\n" in text[began:index]:
        return _at(source, began, f"the `{opener}` opened here is never closed", f"add the closing `{closer}`")
    hint = f"the `{opener}` is in column {source.position(began)[1]}"
    return _at(source, index, f"found `{text[index]}` where `,` or `{closer}` was expected", hint)


def _unquoted_expression(source: Source, start: int) -> Diagnostic:
    hint = f'write "{_with_expression(source.text, start)}", in quotes'
    return _at(source, start, "`${` inside `[ ]` or `{ }` needs quotes around it", hint, length=2)


def _with_expression(text: str, start: int) -> str:
    """The whole text of a value inside `[ ]` or `{ }` that has an expression, without its quotes."""
    line = _line_bounds(text, start)[0]
    begin = max(line, *(text.rfind(mark, line, start) + len(mark) for mark in ("[", "{", ",", ": ")))
    found = _EXPRESSION.match(text, start) and _WITH_EXPRESSIONS.match(text, start)
    whole = (text[begin:start] + found.group()).strip().replace('"', "") if found else ""
    return whole if 0 < len(whole) < _LONGEST_VALUE else "${…}"


def _line_shape(source: Source, context: str, problem: str, began: int, index: int) -> Diagnostic | None:
    """A colon or a dash without its space, and lines that are not `key: value`."""
    is_lost_colon = "find expected ':'" in problem
    if not is_lost_colon and "mapping values are not allowed" not in problem:
        return None
    text = source.text
    start = _line_bounds(text, began)[0]
    previous = _line_bounds(text, max(start - 1, 0))[0]
    for line in (start, previous) if not is_lost_colon else (start,):
        if found := _TIGHT_COLON.match(text, line):
            value = text[found.end() : _line_bounds(text, line)[1]].strip()
            hint = f"write `{found.group(1)}: {value}`"
            return _at(source, found.start(2), f"no space after the colon of `{found.group(1)}:`", hint)
        if found := _TIGHT_DASH.match(text, line):
            return _at(source, found.start(1), "no space after the dash", "write `- ` and then the item")
    if is_lost_colon:
        word = text[began : _line_bounds(text, began)[1]].strip()[:40]
        hint = "a line of a mapping is `key: value`; a line of a list begins with `- `"
        return _at(source, began, f"`{word}` is not followed by a colon", hint, length=len(word))
    if ": " in text[start:index]:
        hint = "put quotes around the text, or the value on separate, indented lines"
        return _at(source, index, "a second `: ` on one line", hint)
    hint = "indent it like the lines of its mapping; a text that contains `: ` needs quotes"
    return _at(source, index, "unexpected `:`: this line is indented differently from those before it", hint)


def _character(source: Source, context: str, problem: str, began: int, index: int) -> Diagnostic | None:
    char = source.text[index : index + 1]
    if "cannot start any token" in problem:
        return _at(source, index, f'a value cannot begin with "{char}"', "put quotes around it")
    if "block scalar" in context:
        indicator = source.text[began : began + 1]
        hint = f"the text of a `{indicator}` block begins on the next line; otherwise put quotes around the value"
        return _at(source, began, f"`{indicator}` must be followed by a line break", hint)
    if "anchor" in context or "alias" in context:
        indicator = source.text[began : began + 1]
        hint = "put quotes around a text that begins with it"
        return _at(source, began, f"`{indicator}` must be followed by a name", hint)
    if "sequence entries" in problem:
        return _at(source, index, "a list cannot begin here", "put each `- item` on a separate line")
    if "mapping keys" in problem:
        return _at(source, index, "unexpected `?`", "put quotes around a text that begins with it")
    if "flow node" in context and not source.text[index:].strip():
        opened = _last_open_bracket(source.text, index)
        return _bracket(source, "flow sequence", opened, index)
    if "flow node" in context:
        return _at(source, index, f"a value is missing before `{char}`", "write the value, or remove the comma")
    return None


def _last_open_bracket(text: str, index: int) -> int:
    """The position of the innermost bracket open at `index`; of the last one if brackets in quotes, which are rare and
    are counted too, close all.
    """
    depth = 0
    for offset in range(index - 1, -1, -1):
        depth += {"]": 1, "}": 1, "[": -1, "{": -1}.get(text[offset], 0)
        if depth < 0:
            return offset
    return max(text.rfind("[", 0, index), text.rfind("{", 0, index))


def _layout(source: Source, context: str, problem: str, began: int, index: int) -> Diagnostic | None:
    """A line whose indentation or kind does not match its block."""
    is_after_all = "document start" in problem  # the document's one value was complete before this
    if "block" not in context and not is_after_all:
        return None
    text = source.text
    start, end = _line_bounds(text, index)
    if text[start:index].strip() or is_after_all:
        rest = text[index:end].strip()[:40]
        return _at(
            source,
            index,
            f"`{rest}` follows a value that is already complete",
            "put quotes around the whole",
            length=len(rest),
        )
    if not text[index:].strip():
        return _at(source, index, "the text is incomplete", "complete the last line")
    line = source.position(began)[0]
    if text[index] in "]}":
        return _at(source, index, f"`{text[index]}` has no opening bracket", "remove it")
    column = source.position(index)[1]
    if column == source.position(began)[1]:
        kind = "mapping" if "mapping" in context else "list"
        want = "`key: value`" if kind == "mapping" else "`- item`"
        return _at(
            source,
            index,
            f"this line does not continue the {kind} that began on line {line}",
            f"write {want}, or indent the line differently",
        )
    hint = "indent it exactly like the lines that it belongs to"
    return _at(source, index, "this line's indentation matches none of the lines above it", hint)
