"""The corpus of model code: its list, the figures that the frameworks gave, and its broken variants agree."""

from __future__ import annotations

import ast
import gzip
import json
from pathlib import Path

import pytest

from tests.oracles.source_figures.listing import CORPUS, Broken, broken_variants, corpus_models, source_text

FILE = Path(__file__).parents[1] / "data" / "source_corpus.json.gz"
RECORDED = json.loads(gzip.decompress(FILE.read_bytes()))
MODELS = {each.reference: each for each in corpus_models()}
VARIANTS = list(zip(broken_variants(), RECORDED["failures"], strict=True))


def test_every_model_of_the_list_is_recorded() -> None:
    """The list and the record hold the same models, from at least 60 files."""
    assert sorted(MODELS) == sorted(RECORDED["models"])
    assert len({each.file for each in MODELS.values()}) >= 60


def test_every_file_has_a_model_in_the_list() -> None:
    """No file of the corpus is forgotten, apart from the parts of the package."""
    files = {path.name for path in CORPUS.iterdir() if path.suffix in (".py", ".ipynb")}
    assert files == {each.file for each in MODELS.values() if "/" not in each.file}


@pytest.mark.parametrize("framework", ["pytorch", "keras"])
def test_modules_hold_their_parts(framework: str) -> None:
    """A module has at least the parameters of those inside it, and the model at least those of each module."""
    for reference, figures in RECORDED["models"].items():
        if MODELS[reference].framework == framework:
            counts = {name: row[0] for name, row in figures["modules"].items()}
            assert all(count <= figures["params"] for count in counts.values()), reference
            for name, count in counts.items():
                around = name.rpartition(".")[0]
                assert counts.get(around, count) >= count, (reference, name)


@pytest.mark.parametrize(
    ("broken", "failure"), VARIANTS, ids=[f"{place}-{each.model}" for place, (each, _) in enumerate(VARIANTS)]
)
def test_every_variant_fails(broken: Broken, failure: str) -> None:
    """The framework refuses each variant, which is still Python, and the line is one of its file."""
    text = source_text(MODELS[broken.model].file).replace(broken.old, broken.new)
    assert failure.partition(":")[0].endswith(("Error", "Exception"))
    assert broken.line <= text.count("\n")
    if MODELS[broken.model].file.endswith(".py"):
        ast.parse(text)


def test_there_are_variants_of_many_files() -> None:
    """At least 120 mistakes, of at least 50 files and in every framework."""
    assert len(VARIANTS) >= 120
    assert len({MODELS[each.model].file for each, _ in VARIANTS}) >= 50
    assert {MODELS[each.model].framework for each, _ in VARIANTS} == {"pytorch", "keras", "tensorflow"}
