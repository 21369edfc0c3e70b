"""Commands on code that cannot be followed to its end: the known layers, the error, and exit code 1."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.source.programs import programs

Run = Callable[..., Result]

NETS = programs("unfollowed.txt")
HEAD = "import mylib\nimport torch\nfrom torch import nn\nimport torch.nn.functional as F\n# cnncalc: input 3x32x32\n"
ERROR = "cannot follow mylib.deform"


@pytest.fixture
def net(tmp_path: Path) -> str:
    """A network whose 4,640 parameters of `conv2` are known, and whose call in line 27 cannot be followed."""
    path = tmp_path / "net.py"
    text = NETS["an unknown function on one of two paths"].replace("nn.Conv2d(3, 16, 3)", "nn.Conv2d(3, 16, 3, 2)")
    path.write_text(HEAD + text, encoding="utf-8")
    return f"{path}:Net"


ANSWERS: list[tuple[list[str], list[str]]] = [
    (["explain", "NET", "conv2"], ["conv2: conv, 16×15×15 → 32×13×13", "(3·3·16 + 1)·32 = 145·32 = 4,640"]),
    (["explain", "NET", "head"], ["head.norm: batch_norm, 128 parameters, of unknown shapes", "head.fc: dense, 650"]),
    (["explain", "NET", "--brief"], ["conv1: conv", "deform: opaque of unknown shapes and parameters"]),
    (["draw", "NET"], ["3 layers from 3×32×32, up to line 27", ">conv2</"]),
    (["import", "NET", "--flat"], ["# Only the layers before line 27: cannot follow mylib.deform(…).", "name=conv2"]),
    (["check", "NET", "--answer", "conv2.params=4640"], ["✓ conv2.params = 4640"]),
    (["lint", "FILE"], ["A101", "32 − 3 = 29 is not divisible by stride 2", "E111"]),
    (["diff", "NET", "NET"], ["no differences in the layers that can be followed", "? not compared: deform, head."]),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "parts"), ANSWERS, ids=[" ".join(arguments) for arguments, _ in ANSWERS])
def test_the_known_layers_and_the_error(arguments: list[str], parts: list[str], net: str, run: Run) -> None:
    """Every command shows what the layers before the unknown call have, then the error."""
    names = {"NET": net, "FILE": net.removesuffix(":Net")}
    found = run(*[names.get(each, each) for each in arguments])
    assert found.exit_code == (2 if arguments[0] == "lint" else 1)
    assert all(part in found.stdout for part in parts), found.stdout
    assert ERROR in found.output


def test_unknown_metrics_are_not_judged(net: str, run: Run) -> None:
    """Answers about the whole model, and about layers after the place, are errors with its reason."""
    found = run("check", net, "--answer", "params=1", "--answer", "head.fc.params=650")
    assert found.exit_code == 2
    assert found.stderr.count(f"is unknown: {ERROR}(…) (line 27)") == 2


def test_lint_judges_no_layer_by_what_follows_it(net: str, run: Run) -> None:
    """A batch norm after conv2 would make its bias useless; the layer is also an input of the unknown call."""
    path = Path(net.removesuffix(":Net"))
    text = path.read_text(encoding="utf-8").replace("self.conv2(x), k=3", "self.conv2(x), self.bn(self.conv2(x))")
    path.write_text(text.replace("self.spare = ", "self.bn = nn.BatchNorm2d(32)\n        self.spare = "), "utf-8")
    found = run("lint", str(path), "--format", "json")
    assert {each["code"] for each in json.loads(found.stdout)["findings"]} == {"A101", "E111"}


def test_a_difference_names_no_layer_that_may_exist(net: str, run: Run) -> None:
    """Layers after the place are not removed; unknown totals are null, and no limit on them is exceeded."""
    path = Path(net.removesuffix(":Net"))
    whole = path.with_name("whole.py")
    text = path.read_text(encoding="utf-8").replace("mylib.deform(self.conv2(x), k=3)", "F.pad(self.conv2(x), [1] * 4)")
    whole.write_text(text.replace("16, 32, 1)", "16, 32, 1, bias=False)"), encoding="utf-8")
    found = run("diff", f"{whole}:Net", net, "--format", "json", "--fail-on", "macs", "--fail-on", "params=+1%")
    data = json.loads(found.stdout)
    assert [(each["status"], each["old"]) for each in data["layers"]] == [("changed", "side")]
    assert {"deform", "head.fc", "cat", "pad"} <= set(data["not_compared"])
    assert data["totals"]["macs"]["new"] is None
    assert data["totals"]["params"]["change"] == 32
    assert data["exceeded"] == []
    assert run("diff", f"{whole}:Net", net).stdout.count("?") == 6
