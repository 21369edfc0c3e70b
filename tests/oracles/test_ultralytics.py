"""Every model file that the installed library ships, at every scale: parameters, shapes and multiply-accumulates."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.importing.yolo_rows import differences
from tests.oracles.ultralytics_oracle import is_installed, library_model, shipped

pytestmark = [pytest.mark.sweep, pytest.mark.skipif(not is_installed(), reason="ultralytics is not installed")]
SIZE = (192, 320)


def models() -> list[tuple[Path, str]]:
    """Each shipped file with each of its scales."""
    files = shipped() if is_installed() else []
    return [
        (file, scale) for file in files for scale in yaml.safe_load(file.read_text("utf-8")).get("scales") or [""]
    ]  # fmt: skip


@pytest.mark.parametrize(("file", "scale"), models(), ids=[f"{file.stem}:{scale}" for file, scale in models()])
def test_shipped_files(file: Path, scale: str) -> None:
    """Each row, all parameters and all multiply-accumulates equal the library's."""
    library = library_model(file.read_text("utf-8"), scale, SIZE)._asdict()
    assert differences(file, scale, library, SIZE) == []
