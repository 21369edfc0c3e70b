"""Record the parameters and shapes of each row of the files in tests/importing/yolo_files.py, from the library.

    python -m tests.oracles.record_yolo

writes tests/data/yolo_rows.json.gz, where `ultralytics` is installed.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import yaml

from tests.importing.yolo_files import FILES
from tests.oracles.ultralytics_oracle import library_model

FILE = Path(__file__).parent.parent / "data" / "yolo_rows.json.gz"


def main() -> None:
    found = {
        f"{name}:{scale}": library_model(text, scale)._asdict()
        for name, text in FILES.items()
        for scale in yaml.safe_load(text).get("scales") or [""]
    }
    FILE.write_bytes(gzip.compress(json.dumps(found, separators=(",", ":")).encode(), mtime=0))


if __name__ == "__main__":
    main()
