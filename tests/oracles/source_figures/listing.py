"""The models of the corpus, as its list names them, and the broken variants of its files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

CORPUS = Path(__file__).parents[2] / "source" / "corpus"


class Input(NamedTuple):
    """An input of a model: its shape without the batch, and a limit if its elements are whole numbers below it."""

    name: str
    shape: tuple[int, ...]
    below: int | None


class CorpusModel(NamedTuple):
    """A model of the corpus: the reference to it, its file, its expression, and its inputs."""

    reference: str
    file: str
    name: str
    arguments: str
    inputs: tuple[Input, ...]

    @property
    def framework(self) -> str:
        """The framework that runs it, by the name of its file."""
        stem = Path(self.file).name
        if stem.startswith("tf1"):
            return "tensorflow"
        return "keras" if "keras" in stem else "pytorch"


class Broken(NamedTuple):
    """A mistake in a file: the text replaced, its replacement, the line it is found on, and the sizes named there."""

    model: str
    old: str
    new: str
    line: int
    numbers: tuple[int, ...]


def corpus_models() -> tuple[CorpusModel, ...]:
    """Every model of the list."""
    lines = (CORPUS / "models.txt").read_text(encoding="utf-8").splitlines()
    return tuple(_model(line) for line in lines if line and not line.startswith("#"))


def _model(line: str) -> CorpusModel:
    reference, inputs = re.split(r"\s{2,}", line.strip(), maxsplit=1)
    file, expression = reference.split(":", 1)
    name, _, arguments = expression.partition("(")
    return CorpusModel(reference, file, name, arguments.removesuffix(")"), tuple(map(_input, inputs.split())))


def _input(text: str) -> Input:
    name, _, shape = text.rpartition("=")
    sizes, _, below = shape.partition("<")
    return Input(name, tuple(map(int, sizes.split("x"))) if sizes else (), int(below) if below else None)


def source_text(file: str) -> str:
    """The text of a file of the corpus."""
    return (CORPUS / file).read_text(encoding="utf-8")


def broken_variants() -> tuple[Broken, ...]:
    """Every mistake of the table: model | old text | new text | text of the line where it is found | sizes."""
    lines = (CORPUS / "broken.txt").read_text(encoding="utf-8").splitlines()
    return tuple(_broken(line) for line in lines if line and not line.startswith("#"))


def _broken(row: str) -> Broken:
    model, old, new, found, numbers = (part.strip().replace("\\n", "\n") for part in row.split(" | "))
    text = source_text(model.split(":", 1)[0])
    if text.count(old) != 1:
        raise ValueError(f"{model}: {text.count(old)} places hold {old!r}")
    changed = text.replace(old, new)
    if found and changed.count(found) != 1:
        raise ValueError(f"{model}: {changed.count(found)} places hold {found!r}")
    position = changed.index(found) if found else _first_difference(text, changed)
    line = changed.count("\n", 0, position) + 1
    return Broken(model, old, new, line, tuple(map(int, numbers.split())))


def _first_difference(before: str, after: str) -> int:
    return next(place for place, (a, b) in enumerate(zip(before, after, strict=False)) if a != b)
