"""Layer types of other packages: found by the entry-point group that CONTRIBUTING.md names."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sweeps import sampled

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def install(folder: Path, code: str) -> Path:
    """A package with the entry point of the guide, as an installer would leave it; the folder for the search path."""
    (folder / "my_package").mkdir(parents=True)
    (folder / "my_package" / "__init__.py").write_text("", encoding="utf-8")
    (folder / "my_package" / "scale_by.py").write_text(code, encoding="utf-8")
    found = re.search(r'entry-points\."(.*)"\]\n(.*)\n', GUIDE)
    assert found
    info = folder / "my_package-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: my-package\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[{found[1]}]\n{found[2].replace(chr(34), '')}\n", encoding="utf-8")
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`cnncalc ARGUMENTS` where the package is installed."""
    code = f"import sys; sys.path.insert(0, {str(folder)!r}); from cnncalc.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, cwd=ROOT
    )


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package with the layer that the guide shows."""
    found = re.search(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    assert found
    return install(tmp_path_factory.mktemp("plugin"), found[1])


@pytest.mark.parametrize(
    ("role", "found"),
    sampled([('role = "activation"', True), ("usable_as_activation = True", True), ('role = "function"', False)], 3),
)
def test_rules_know_the_role_of_a_plugin_s_layer(plugin: Path, tmp_path: Path, role: str, found: bool) -> None:
    """N103 finds two activations in a row, whoever registered them."""
    code = (plugin / "my_package" / "scale_by.py").read_text(encoding="utf-8")
    folder = install(tmp_path, code.replace('    family = "reshaping"\n', f'    family = "reshaping"\n    {role}\n'))
    done = run(folder, "lint", "8x8x3 -> conv 4 3x3 -> scale_by 0.5 -> relu")
    assert ("relu_1: relu follows scale_by with no trainable layer in between" in done.stdout) == found


@pytest.mark.parametrize(
    ("arguments", "shown"),
    sampled(
        [
            (("summary", "8x8x3 -> scale_by 0.5 -> conv 2 3x3"), "scale_by_1"),
            (("summary", "8x8x3 -> Rescaling2 0.5"), 'unknown layer type "Rescaling2"'),
            (("verify", "8x8x3 -> scale_by 0.5"), "agrees: 1 layer"),
            (("layers", "scale_by"), "Scaling: multiplies every element by a fixed number."),
            (("schema",), '"scale_by"'),
            (("summary", "8x8x3 -> scale_bi 0.5"), 'did you mean "scale_by"'),
        ],
        2,
    ),
)
def test_a_plugin_s_layer_is_one_of_ours(plugin: Path, arguments: tuple[str, ...], shown: str) -> None:
    """Specs, the forward pass, the reference, the schema and "did you mean" know it."""
    done = run(plugin, *arguments)
    assert shown in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import missing_module", "No module named 'missing_module'"),
        (
            "from cnncalc.layers.base import Layer\n\n\nclass Mine(Layer):\n    type = 'conv'\n",
            "redefines conv, which already exists",
        ),
    ],
)
def test_a_broken_plugin_is_named(tmp_path: Path, code: str, reason: str) -> None:
    """It ends with a message that names it, and exit code 2; specs that do not need it are not touched by it."""
    folder = install(tmp_path, code)
    done = run(folder, "layers")
    assert done.returncode == 2
    assert "error: the plug-in scale_by (my_package.scale_by)" in done.stderr
    assert reason in done.stderr
    assert run(folder, "summary", "8x8x3 -> conv 2 3x3").returncode == 0
