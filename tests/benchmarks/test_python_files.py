"""Python files: reading a model's code, and passing over files without models."""

from __future__ import annotations

import subprocess
import sys
from itertools import cycle, islice
from pathlib import Path

import pytest

from tests.benchmarks.test_speed import process, side_by_side

pytestmark = pytest.mark.benchmark

IMPORTS = "import click, yaml, rich.table, rich.console"
ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests" / "source" / "corpus"
FILES, MODELS = 1_000, 20


@pytest.mark.parametrize(
    ("model", "options"),
    [("resnet.py:resnet50", ("--input", "3x224x224")), ("keras_resnet_functional.py", ())],
)
def test_a_network_in_code(model: str, options: tuple[str, ...]) -> None:
    """The summary of a ResNet from its source takes at most two and a half times the bare imports."""
    arguments = ("-m", "cnncalc", "summary", str(CORPUS / model), *options)
    ours, theirs = side_by_side(process(*arguments), process("-c", IMPORTS))
    print(f"\n{model}: {ours:.3f} s; {IMPORTS}: {theirs:.3f} s; ratio {ours / theirs:.2f}")
    assert ours / theirs <= 2.5


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A thousand files in ten folders: the sources of the package over and over, and twenty with a model."""
    made = tmp_path_factory.mktemp("python")
    sources = [file.read_text(encoding="utf-8") for file in sorted((ROOT / "cnncalc" / "layers").rglob("*.py"))]
    models = [f"# cnncalc: input 3x64x64\n{file.read_text(encoding='utf-8')}" for file in sorted(CORPUS.glob("*.py"))]
    texts = [*islice(cycle(sources), FILES - MODELS), *islice(cycle(models), MODELS)]
    for number, text in enumerate(texts):
        file = made / f"part{number % 10}" / f"module{number}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return made


def test_files_without_models_are_passed_over(folder: Path) -> None:
    """A thousand files, twenty of them with models, take at most fifteen times the bare imports."""

    def lint() -> None:
        done = subprocess.run([sys.executable, "-m", "cnncalc", "lint", str(folder)], capture_output=True, text=True)
        assert f"of {MODELS} files" in done.stdout, done.stderr

    ours, theirs = side_by_side(lint, process("-c", IMPORTS), runs=5)
    print(f"\n{FILES} Python files: {FILES / ours:.0f} files/s; ratio to {IMPORTS}: {ours / theirs:.1f}")
    assert ours / theirs <= 15
