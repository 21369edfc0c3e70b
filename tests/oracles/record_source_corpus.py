"""Record the figures of the corpus of model code in Python, and the failure of each of its broken variants.

    python -m tests.oracles.record_source_corpus [FRAMEWORK [PART OF A REFERENCE]]

writes tests/data/source_corpus.json.gz, or prints one framework's part. Each framework runs in a process of its own,
because the files for TensorFlow 1 need another TensorFlow than those for Keras; tf.layers needs the package tf_keras.
"""

from __future__ import annotations

import gzip
import importlib
import json
import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

from tests.oracles.source_figures.listing import broken_variants, corpus_models, source_text

FILE = Path(__file__).parent.parent / "data" / "source_corpus.json.gz"
MODULES = {"pytorch": "pytorch", "keras": "keras", "tensorflow": "tensorflow1"}


def measured(framework: str, only: str = "") -> dict[str, Any]:
    """The figures and failures of one framework's models, by reference and by place in the table.

    `only` chooses the models whose references contain it.
    """
    measuring = importlib.import_module(f"tests.oracles.source_figures.{MODULES[framework]}")
    measuring.prepared()
    models = {
        each.reference: each for each in corpus_models() if each.framework == framework and only in each.reference
    }
    figures: dict[str, Any] = {}
    for reference, model in models.items():
        try:
            figures[reference] = measuring.figures(model)
        except Exception:
            print(f"{reference}: {traceback.format_exc()}", file=sys.stderr)
    failures = {}
    for place, broken in enumerate(broken_variants()):
        if broken.model in models:
            text = source_text(models[broken.model].file).replace(broken.old, broken.new)
            failures[str(place)] = measuring.outcome(models[broken.model], text)
    return {"models": figures, "failures": failures}


def elsewhere(framework: str) -> dict[str, Any]:
    """The same in a process of its own."""
    environment = {**os.environ, "KERAS_BACKEND": "jax", "TF_CPP_MIN_LOG_LEVEL": "3"}
    if framework == "tensorflow":
        environment["TF_USE_LEGACY_KERAS"] = "1"
    command = [sys.executable, "-m", "tests.oracles.record_source_corpus", framework]
    ran = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True)
    return dict(json.loads(ran.stdout))


def main(chosen: list[str]) -> None:
    """Measure one framework, printing the result, or all of them, writing the file."""
    if chosen:
        print(json.dumps(measured(*chosen)))
        return
    parts = [elsewhere(framework) for framework in MODULES]
    models = {reference: figures for part in parts for reference, figures in part["models"].items()}
    failures = {place: text for part in parts for place, text in part["failures"].items()}
    lines = [f"{json.dumps(reference)}: {json.dumps(models[reference])}" for reference in sorted(models)]
    broken = [json.dumps(failures[place][:160]) for place in sorted(failures, key=int)]
    text = '{"models": {\n' + ",\n".join(lines) + '\n},\n"failures": [\n' + ",\n".join(broken) + "\n]}\n"
    FILE.write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    main(sys.argv[1:])
