"""Findings as JUnit's XML: a suite for each file, in which a finding is a test that failed.

What does not count towards the exit code, being below `--severity`, is a test that passed and says so. A file in which
nothing is found is a suite with one test that passed. Source: the schema of Apache Ant's JUnit task, as Jenkins and
GitLab read it.
"""

from __future__ import annotations

from itertools import groupby
from xml.etree.ElementTree import Element

from cnncalc.linting.finding import Finding
from cnncalc.linting.run import Result
from cnncalc.render.linting._paths import relative
from cnncalc.render.linting._xml import document, element


def render(result: Result, *, limit: int | None = None, color: bool = False) -> str:
    found = {file: list(own) for file, own in groupby(result.findings, key=lambda finding: finding.file)}
    suites = [_suite(file, found.get(file, []), result) for file in dict.fromkeys((*result.files, *found))]
    tests = sum(len(suite) for suite in suites)
    failed = sum(int(suite.get("failures", 0)) for suite in suites)
    return document(element("testsuites", suites, name="cnncalc lint", tests=tests, failures=failed, errors=0))


def _suite(file: str, findings: list[Finding], result: Result) -> Element:
    path = relative(file)
    failed = sum(result.counts(finding) for finding in findings)
    cases = [_case(finding, path, fails=result.counts(finding)) for finding in findings] or [
        element("testcase", name="lint", classname=path)
    ]
    return element("testsuite", cases, name=path, tests=len(cases), failures=failed, errors=0, skipped=0)


def _case(finding: Finding, path: str, *, fails: bool) -> Element:
    place = f"{path}:{finding.place}" if finding.place else path
    text = f"{place}: {finding.sentence}\n{finding.hint}" if finding.hint else f"{place}: {finding.sentence}"
    output = element("system-out", text=text)
    if fails:
        output = element("failure", text=text, message=finding.sentence, type_=finding.severity)
    return element("testcase", [output], name=f"{finding.code} {finding.name} ({place})", classname=path)
