"""In pre-commit and in GitHub Actions: the files that they read, and what they then run."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.sweeps import sampled

ROOT = Path(__file__).parents[2]
HOOKS: list[dict[str, Any]] = yaml.safe_load(ROOT.joinpath(".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
ACTION = yaml.safe_load(ROOT.joinpath(".github/actions/lint/action.yml").read_text(encoding="utf-8"))

LOST = "input: 11x11x3\nlayers:\n  - max_pool 2\n"
IDLE = "input: 10x10x3\nlayers:\n  - max_pool 2  # cnncalc: ignore[A101] why\n"
FINE = "input: 10x10x3\nlayers:\n  - max_pool 2\n"
COMPOSE = "services:\n  web:\n    image: nginx\n"


def run(folder: Path, *command: str, **environment: str) -> tuple[int, str]:
    import os

    own = {name: value for name, value in os.environ.items() if name != "GITHUB_ACTIONS"}
    own |= {"PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run(command, cwd=folder, env=own, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout + done.stderr


# --- pre-commit ---------------------------------------------------------------------------------------------------


def hook(name: str) -> list[str]:
    """What pre-commit runs before the names of the files: entry and args, the command found beside Python."""
    (found,) = (each for each in HOOKS if each["id"] == name)
    program, *rest = shlex.split(found["entry"]) + found.get("args", [])
    assert program == "cnncalc"
    return [sys.executable, "-m", "cnncalc", *rest]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for name, text in {"lost.yaml": LOST, "idle.yaml": IDLE, "fine.yml": FINE, "compose.yaml": COMPOSE}.items():
        tmp_path.joinpath(name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("found", HOOKS, ids=lambda found: found["id"])
def test_hooks_have_what_pre_commit_needs(found: dict[str, Any]) -> None:
    """Required are id, name, entry and language (pre-commit, Creating new hooks); a Python hook is installed by pip."""
    assert {"id", "name", "entry", "language"} <= set(found)
    assert found["language"] == "python"
    assert found["types"] == (["python"] if found["id"].endswith("code") else ["yaml"])


@pytest.mark.parametrize(
    ("files", "code"),
    sampled(
        [
            (["lost.yaml", "compose.yaml"], 1),
            (["fine.yml", "compose.yaml"], 0),  # a YAML file that is no spec is none of our business
            (["compose.yaml"], 0),
            (["idle.yaml"], 1),
        ],
        4,
    ),
)
def test_the_hook_checks_the_specs_among_the_files(files: list[str], code: int, repository: Path) -> None:
    """pre-commit names every YAML file that changed."""
    returned, output = run(repository, *hook("cnncalc-lint"), *files)
    assert returned == code, output
    assert "compose.yaml" not in output


def test_the_fixing_hook_changes_the_file(repository: Path) -> None:
    """pre-commit fails where a hook changed a file; what remains is clean."""
    returned, output = run(repository, *hook("cnncalc-lint-fix"), "idle.yaml", "compose.yaml")
    assert returned == 0, output
    assert repository.joinpath("idle.yaml").read_text(encoding="utf-8") == FINE
    assert repository.joinpath("compose.yaml").read_text(encoding="utf-8") == COMPOSE


def test_named_files_that_are_excluded_are_passed_over(repository: Path) -> None:
    """As Ruff's --force-exclude: pre-commit knows nothing of the configuration."""
    repository.joinpath("cnncalc.toml").write_text('exclude = ["lost.yaml"]\n', encoding="utf-8")
    assert run(repository, *hook("cnncalc-lint"), "lost.yaml")[0] == 0
    assert run(repository, sys.executable, "-m", "cnncalc", "lint", "lost.yaml")[0] == 1


def test_a_folder_without_specs_is_told_of_on_stderr(tmp_path: Path) -> None:
    """As Ruff does: a wrong path in CI must not look like a clean one. It is no failure."""
    assert run(tmp_path, sys.executable, "-m", "cnncalc", "lint") == (0, "no specs found in .\n")
    (tmp_path / "compose.yaml").write_text(COMPOSE, encoding="utf-8")
    assert run(tmp_path, *hook("cnncalc-lint"), "compose.yaml") == (0, "")


# --- GitHub Actions -----------------------------------------------------------------------------------------------


def test_in_github_actions_findings_are_annotations(repository: Path) -> None:
    """GITHUB_ACTIONS is true in every step there (GitHub, Variables reference); a form that is asked for counts."""
    lint = [sys.executable, "-m", "cnncalc", "lint", "lost.yaml"]
    assert run(repository, *lint, GITHUB_ACTIONS="true")[1].startswith("::warning file=lost.yaml,line=3,col=5,")
    assert run(repository, *lint, "--format", "concise", GITHUB_ACTIONS="true")[1].startswith("lost.yaml:3:5: ")
    assert run(repository, *lint)[1].startswith("lost.yaml\n")


def test_the_action_follows_the_published_schema() -> None:
    """GitHub's action metadata, as the catalogue of schemas has it."""
    from tests.linting.published import check

    check(ACTION, "github-action")
    with pytest.raises(jsonschema.ValidationError):
        check({**ACTION, "runs": {"using": "composite"}}, "github-action")


def test_the_action_is_a_composite_one() -> None:
    """Required are name, description, runs.using and runs.steps, and for each `run` its shell (Metadata syntax)."""
    assert {"name", "description", "runs"} <= set(ACTION) <= {"name", "description", "author", "inputs", "runs"}
    assert ACTION["runs"]["using"] == "composite"
    for step in ACTION["runs"]["steps"]:
        assert ("uses" in step) != ("run" in step)
        assert step.get("shell") == ("bash" if "run" in step else None)
    for each in ACTION["inputs"].values():
        assert set(each) == {"description", "required", "default"}


def test_no_input_of_the_action_is_run_by_the_shell() -> None:
    """Inputs reach the shell as variables (GitHub, Security hardening, script injections)."""
    assert all("${{" not in step.get("run", "") for step in ACTION["runs"]["steps"])


@pytest.mark.parametrize(
    ("inputs", "code", "output"),
    sampled(
        {
            "all": ({}, 1, "::warning file=idle.yaml,line=3,"),
            "two files": ({"paths": "lost.yaml fine.yml", "format": "concise"}, 1, "lost.yaml:3:5: warning[A101]"),
            "options": ({"paths": "l*.yaml", "arguments": "--severity error"}, 0, "::warning file=lost.yaml,line=3,"),
            "no commands": ({"paths": "fine.yml; touch hacked"}, 2, "hacked"),
        },
        3,
    ),
)
def test_the_last_step_of_the_action(
    inputs: dict[str, str], code: int, output: str, repository: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:  # fmt: skip
    """Bash runs it as GitHub does, `bash -eo pipefail`, with the inputs' defaults where none are given."""
    program = tmp_path_factory.mktemp("bin") / "cnncalc"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m cnncalc "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    step = ACTION["runs"]["steps"][-1]
    values = {name: each["default"] for name, each in ACTION["inputs"].items()} | inputs
    given = {name: values[text.removeprefix("${{ inputs.").removesuffix(" }}")] for name, text in step["env"].items()}
    path = f"{program.parent}:/usr/bin:/bin"
    returned, said = run(repository, "bash", "-eo", "pipefail", "-c", step["run"], PATH=path, **given)
    assert (returned, output in said) == (code, True), said
    assert not (repository / "hacked").exists()
