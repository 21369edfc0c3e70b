"""The forms that other tools read, held against what those tools publish about them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest

from cnncalc.diagnostics import Source, Span
from cnncalc.linting.finding import Edit, Finding, Fix
from cnncalc.linting.run import Result, run
from cnncalc.render.linting import forms, render

TEXT = "input: 11x11x3\nlayers:\n  - max_pool 2  # cnncalc: ignore[N101] why\n"
HOSTILE = 'a,b:%25 "é" <&> \x07\udcff.yaml'
"""A file's name with what each form must escape, a bell, and a byte that is no UTF-8."""


def hostile() -> Finding:
    source = Source(HOSTILE, "a\nbcd\n")
    fix = Fix("say <it> better", (Edit(3, 4, "x\n"),))
    return Finding(
        "A101", "unseen_border", "error", "50% of line 3\r\nis <gone> & \x00", "do: this, or that", Span(source, 3, 5),
        "conv_1", fix, ("conv_2",), ("large",),
    )  # fmt: skip


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Result:
    """Two warnings in `net.yaml`, of which the second has a fix, an error in a text, and one with odd characters."""
    monkeypatch.chdir(tmp_path)
    Path("net.yaml").write_text(TEXT, encoding="utf-8")
    result = run(["net.yaml", "8x8x3 -> cnov 1"])
    return result._replace(findings=(*result.findings, hostile()))


CLEAN = Result(("net.yaml",), ())


def test_every_form_is_there() -> None:
    """The words after --format, those of the best linters."""
    assert forms() == [
        "text", "checkstyle", "concise", "full", "github", "gitlab", "json", "jsonl", "junit", "sarif",
    ]  # fmt: skip


@pytest.mark.parametrize("form", forms())
def test_every_form_can_be_written_as_utf8(form: str, found: Result) -> None:
    """Whatever a path's bytes are, what a form gives for them can be printed."""
    assert render(form, found).encode("utf-8", "surrogateescape")


# --- lines --------------------------------------------------------------------------------------------------------


def test_jsonl(found: Result) -> None:
    """One finding a line, each as in `--format json`; nothing where there is none."""
    lines = render("jsonl", found).splitlines()
    assert [json.loads(line) for line in lines] == json.loads(render("json", found))["findings"]
    assert render("jsonl", CLEAN) == ""


def test_github(found: Result) -> None:
    """`::COMMAND NAME=VALUE,…::MESSAGE`; in values `%`, line ends, `:` and `,` are escaped, in messages the first two.

    Source: GitHub, Workflow commands for GitHub Actions; actions/toolkit, packages/core/src/command.ts.
    """
    first, _, inline, odd = render("github", found).split("\n")
    assert first == (
        "::warning file=net.yaml,line=3,col=5,endLine=3,endColumn=13,title=cnncalc A101 (unseen_border)::"
        "max_pool_1: the last row and column of the 11x11 input are never used: 11 − 2 = 9 is not divisible by "
        "stride 2%0Ause a height and width of 10 or 12"
    )
    assert inline.startswith("::error file=<inline>,line=1,")
    assert odd.startswith('::error file=a%2Cb%3A%2525 "é" <&> ')
    assert "::50%25 of line 3%0D%0Ais <gone>" in odd
    assert render("github", CLEAN) == ""


def test_github_takes_no_columns_of_several_lines() -> None:
    """GitHub refuses `col` where `line` and `endLine` differ: actions/runner, ActionCommandManager."""
    finding = hostile()._replace(span=Span(Source("net.yaml", "a\nbcd\nef\n"), 0, 7))
    written = render("github", CLEAN._replace(findings=(finding,)))
    assert "line=1,endLine=3,title=" in written
    assert "col" not in written.partition("::50")[0].replace("columns", "")


# --- GitLab -------------------------------------------------------------------------------------------------------


def test_gitlab(found: Result) -> None:
    """Required are description, check_name, fingerprint, severity, location.path and a line.

    Source: GitLab, Code Quality report format; the severities are info, minor, major, critical and blocker.
    """
    issues = json.loads(render("gitlab", found))
    assert [issue["severity"] for issue in issues] == ["minor", "minor", "major", "major"]
    assert [issue["check_name"] for issue in issues] == ["A101", "S001", "E202", "A101"]
    for issue in issues:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert not issue["location"]["path"].startswith(("./", "/"))
        assert issue["location"]["positions"]["begin"]["line"] >= 1
        assert re.fullmatch("[0-9a-f]{64}", issue["fingerprint"])
    assert json.loads(render("gitlab", CLEAN)) == []


def test_fingerprints_stay_when_lines_move_and_differ_for_each_finding(tmp_path: Path) -> None:
    """A comment above changes no fingerprint; of two equal pools each has its own."""
    file = tmp_path / "net.yaml"
    twice = "input: 11x11x3\nlayers: [{max_pool: 2, name: a}, {max_pool: 2, name: b}]\n"

    def prints(text: str) -> list[str]:
        file.write_text(text, encoding="utf-8")
        return [issue["fingerprint"] for issue in json.loads(render("gitlab", run([str(file)])))]

    before, after = prints(twice), prints(f"# a line more\n\n{twice}")
    assert before == after
    assert len(set(before)) == len(before) == 2


# --- XML ----------------------------------------------------------------------------------------------------------


def test_checkstyle(found: Result) -> None:
    """`checkstyle` holds `file`s with a name, and they `error`s with line, column, severity, message and source.

    Source: Checkstyle, XMLLogger; its severities are ignore, info, warning and error.
    """
    root = ElementTree.fromstring(render("checkstyle", found).encode())
    assert (root.tag, set(root.attrib)) == ("checkstyle", {"version"})
    assert [(file.tag, set(file.attrib), len(file)) for file in root] == [
        ("file", {"name"}, 2),
        ("file", {"name"}, 1),
        ("file", {"name"}, 1),
    ]
    errors = root.findall("file/error")
    assert {tuple(error.attrib) for error in errors} == {("line", "column", "severity", "message", "source")}
    assert [error.get("severity") for error in errors] == ["warning", "warning", "error", "error"]
    assert root[2].get("name") == 'a,b:%25 "é" <&> \ufffd\ufffd.yaml'
    assert len(ElementTree.fromstring(render("checkstyle", CLEAN).encode())) == 0


JUNIT = {
    "testsuites": ({"name", "tests", "failures", "errors", "time", "disabled"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "time", "disabled", "skipped", "timestamp", "hostname", "id",
                   "package"}, {"properties", "testcase", "system-out", "system-err"}),
    "testcase": ({"name", "assertions", "time", "classname", "status"}, {"skipped", "error", "failure", "system-out",
                                                                         "system-err"}),
    "failure": ({"type", "message"}, set()),
    "system-out": (set(), set()),
}  # fmt: skip
"""Elements with the attributes and children that they may have. Source: jenkinsci/xunit-plugin, junit-10.xsd."""


def test_junit(found: Result) -> None:
    """A suite for each file, a failed test for each finding; the counts are those of the elements."""
    root = ElementTree.fromstring(render("junit", found).encode())
    for element in root.iter():
        attributes, children = JUNIT[element.tag]
        assert set(element.attrib) <= attributes
        assert {child.tag for child in element} <= children
    assert [(suite.get("name"), suite.get("tests"), suite.get("failures")) for suite in root][:2] == [
        ("net.yaml", "2", "2"),
        ("<inline>", "1", "1"),
    ]
    assert (root.get("tests"), root.get("failures")) == ("4", "4")
    names = [case.get("name") for case in root.iter("testcase")]
    assert len(set(names)) == len(names) == 4


def test_junit_fails_where_the_exit_code_does(found: Result) -> None:
    """Below --severity, the two warnings are tests that passed, and are told in their output."""
    root = ElementTree.fromstring(render("junit", found._replace(severity="error")).encode())
    assert (root.get("tests"), root.get("failures")) == ("4", "2")
    assert [suite.get("failures") for suite in root] == ["0", "1", "1"]
    told = [case.findtext("system-out", "") for case in root[0]]
    assert [text.partition(": ")[0] for text in told] == ["net.yaml:3:5", "net.yaml:3:35"]


def test_junit_of_a_clean_file_is_a_test_that_passed() -> None:
    """A report without any test is an error to Jenkins and GitLab."""
    suites = ElementTree.fromstring(render("junit", CLEAN).encode())
    assert [(case.get("classname"), len(case)) for case in suites.iter("testcase")] == [("net.yaml", 0)]


# --- SARIF --------------------------------------------------------------------------------------------------------


def exactly(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """The schema of an object with these properties and no others."""
    return {
        "type": "object",
        "properties": {**required, **(optional or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def each(items: dict[str, Any], **limits: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **limits}


STRING = {"type": "string"}
LINE = {"type": "integer", "minimum": 1}
MESSAGE = exactly({"text": STRING}, {"markdown": STRING})
LEVEL = {"enum": ["none", "note", "warning", "error"]}
ARTIFACT = exactly({"uri": {"type": "string", "pattern": r"^[A-Za-z0-9:/%._~()!*'+,;=@$-]+$"}}, {"uriBaseId": STRING})
REGION = exactly({"startLine": LINE, "startColumn": LINE, "endLine": LINE, "endColumn": LINE})
LOCATION = exactly(
    {"physicalLocation": exactly({"artifactLocation": ARTIFACT, "region": REGION})},
    {"logicalLocations": each(exactly({"name": STRING}, {"kind": STRING}), uniqueItems=True)},
)
REPLACEMENT = exactly({"deletedRegion": REGION}, {"insertedContent": exactly({"text": STRING})})
CHANGE = exactly({"artifactLocation": ARTIFACT, "replacements": each(REPLACEMENT, minItems=1)})
FIX = exactly({"artifactChanges": each(CHANGE, minItems=1)}, {"description": MESSAGE})
RULE = exactly(
    {"id": STRING},
    {
        "name": STRING,
        "shortDescription": MESSAGE,
        "fullDescription": MESSAGE,
        "help": MESSAGE,
        "defaultConfiguration": exactly({}, {"level": LEVEL}),
        "properties": {"type": "object"},
    },
)
RESULT = exactly(
    {"message": MESSAGE},
    {
        "ruleId": STRING,
        "ruleIndex": {"type": "integer", "minimum": -1},
        "level": LEVEL,
        "locations": each(LOCATION),
        "partialFingerprints": {"type": "object", "additionalProperties": STRING},
        "fixes": each(FIX, uniqueItems=True),
    },
)
DRIVER = exactly({"name": STRING}, {"version": STRING, "rules": each(RULE, uniqueItems=True)})
RUN = exactly(
    {"tool": exactly({"driver": DRIVER})},
    {
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "invocations": each(exactly({"executionSuccessful": {"type": "boolean"}})),
        "results": each(RESULT),
    },
)
SARIF = exactly({"version": {"enum": ["2.1.0"]}, "runs": each(RUN)}, {"$schema": STRING})
"""The parts of SARIF 2.1.0 that are used here, with what the standard requires of them (sections 3.13 to 3.57)."""


@pytest.mark.parametrize("result", ["found", "clean"])
def test_sarif(result: str, found: Result) -> None:
    """The document has the properties that the standard gives its objects, and all that it requires."""
    jsonschema.validate(json.loads(render("sarif", found if result == "found" else CLEAN)), SARIF)


@pytest.mark.parametrize("result", ["found", "clean"])
def test_sarif_follows_the_published_schema(result: str, found: Result) -> None:
    """OASIS's schema of SARIF 2.1.0; unlike the one above it lets a document have more than it names."""
    from tests.linting.published import check

    document = json.loads(render("sarif", found if result == "found" else CLEAN))
    check(document, "sarif-2.1.0")
    document["runs"][0]["results"].append({"level": "warning"})
    with pytest.raises(jsonschema.ValidationError, match="'message' is a required property"):
        check(document, "sarif-2.1.0")


def test_sarif_results(found: Result) -> None:
    """Each result points at its rule; places are those of the text, columns counted from 1, ends exclusive (3.30)."""
    (run_,) = json.loads(render("sarif", found))["runs"]
    rules = run_["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["A101", "E202", "S001"]
    assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in run_["results"])
    assert [each["level"] for each in run_["results"]] == ["warning", "warning", "error", "error"]
    place = run_["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "net.yaml", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 13}  # `max_pool`
    odd = run_["results"][3]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert odd == "a%2Cb%3A%2525%20%22%C3%A9%22%20%3C%26%3E%20%07%FF.yaml"


def test_sarif_fix(found: Result) -> None:
    """The comment goes, with the two blanks before it: columns 15 to 43, the end of line 3."""
    (run_,) = json.loads(render("sarif", found))["runs"]
    ((change,),) = (fix["artifactChanges"] for fix in run_["results"][1]["fixes"])
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 3, "startColumn": 15, "endLine": 3, "endColumn": 44},
            "insertedContent": {"text": ""},
        }
    ]


def test_a_file_outside_of_the_folder_has_its_whole_uri(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 8089: an absolute path is a file URI."""
    (tmp_path / "inner").mkdir()
    (tmp_path / "net.yaml").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path / "inner")
    (run_,) = json.loads(render("sarif", run([str(tmp_path / "net.yaml")])))["runs"]
    artifact = run_["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": (tmp_path / "net.yaml").as_uri()}


NOTEBOOK = {"cells": [{"cell_type": "markdown", "source": "A net"}, {"cell_type": "code", "source": [
    "import keras\n", "x = keras.Input((4, 4, 1))\n", "m = keras.Model(x, keras.layers.Conv2D(2, 5)(x))",
]}]}  # fmt: skip


def test_a_finding_in_a_notebook_has_its_cell(tmp_path: Path) -> None:
    """JSON gives the cell and the line in it; SARIF and GitHub give no region, but say the place."""
    path = tmp_path / "net.ipynb"
    path.write_text(json.dumps(NOTEBOOK))
    result = run([str(path)])
    finding = json.loads(render("json", result))["findings"][0]
    assert (finding["cell"], finding["line"], finding["column"]) == (2, 3, 43)
    sarif = json.loads(render("sarif", result))["runs"][0]["results"][0]
    assert sarif["message"]["text"].startswith("cell 2:3:43: Conv2D: kernel 5")
    assert "region" not in sarif["locations"][0]["physicalLocation"]
    assert "line=" not in render("github", result)
