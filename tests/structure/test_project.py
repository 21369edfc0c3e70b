"""The project's own automation says the same as pyproject.toml and .ci/run."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOW: dict[str, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
JOBS = WORKFLOW["jobs"]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TEMPLATES = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))


def commands(job: str) -> list[str]:
    """The shell commands of a job."""
    return [step["run"] for step in JOBS[job]["steps"] if "run" in step]


def test_one_job_runs_what_must_hold_before_a_change_lands() -> None:
    assert commands("everything") == ["bash .ci/run"]
    assert (ROOT / ".ci" / "run").exists()


def test_the_matrix_has_every_system_and_every_declared_python() -> None:
    """Linux, macOS and Windows; the versions of the classifiers, the lowest of which is `requires-python`."""
    matrix = JOBS["tests"]["strategy"]["matrix"]
    declared = [line.rpartition(" ")[2] for line in PROJECT["classifiers"] if re.search(r":: 3\.\d+$", line)]
    assert matrix["os"] == ["ubuntu-latest", "macos-latest", "windows-latest"]
    assert matrix["python"] == declared
    assert PROJECT["requires-python"] == f">={declared[0]}"


def test_the_lowest_versions_are_those_of_the_project() -> None:
    """Every runtime dependency is pinned to the lowest version that is allowed, under the lowest Python."""
    (install,) = [command for command in commands("lowest") if "pip install" in command]
    pinned = dict(re.findall(r'"(\w+)==([\d.]+?)(?:\.\*)?"', install))
    lowest = dict(line.split(">=") for line in PROJECT["dependencies"])
    assert pinned == lowest
    setup = next(step for step in JOBS["lowest"]["steps"] if "setup-python" in step.get("uses", ""))
    assert PROJECT["requires-python"] == f">={setup['with']['python-version']}"


@pytest.mark.parametrize("job", ["tests", "lowest"])
def test_every_job_runs_the_readme_s_tests(job: str) -> None:
    """The README's test command ends in the same run of pytest."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "python -m pytest -q\n" in readme
    assert commands(job)[-1] == "python -m pytest -q"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_issue_templates_ask_for_the_command_and_the_version(path: Path) -> None:
    """A form has what GitHub needs (name, description, body), and asks what a maintainer asks first."""
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= set(form)
    required = {field["id"] for field in form["body"] if field.get("validations", {}).get("required")}
    assert {"command", "version"} <= required


def test_a_wrong_number_comes_with_the_framework_s_own() -> None:
    form = yaml.safe_load((ROOT / ".github" / "ISSUE_TEMPLATE" / "wrong_number.yml").read_text(encoding="utf-8"))
    assert [field["id"] for field in form["body"]] == ["spec", "command", "printed", "expected", "version"]
