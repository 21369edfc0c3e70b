"""`lint` checks every model of a file, each with its own input, and names the model of each finding."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from tests.source.programs import programs

FILES = programs("several.txt")


def findings(folder: Path, title: str) -> list[tuple[str, str, tuple[str, ...], int]]:
    """Severity and code, message, models and line of each finding."""
    path = folder / "nets.py"
    path.write_text(f"import torch\nfrom torch import nn\n{FILES[title]}", encoding="utf-8")
    found = cnncalc.lint(str(path))
    return [(f"{each.severity} {each.code}", each.message, each.variants, each.line) for each in found]


ROWS = [
    ("one of two is wrong", ("error E308", "in_features is 99, but 3x8x8 flattened is 192 (line 20)", ("Second",), 18)),
    ("inputs of their own", ("error E308", "in_features is 8, but the input is 7", ("Second",), 12)),
    ("makers of a class", ("error E308", "in_features is 10, but the input is 12", ("small",), 7)),
    ("a mistake of both", ("error E308", "num_features is 5, but the input is 3x8x8", ("First", "Second"), 16)),
    ("one without an input", ("info E205", "Second: nothing states the shape of x", ("Second",), 10)),
    (
        "one that needs arguments",
        ("info E205", "TypeError: Second.__init__() missing the", ("Second",), 9),
    ),
]


@pytest.mark.parametrize(("title", "finding"), ROWS, ids=[row[0] for row in ROWS])
def test_each_model_is_checked(title: str, finding: tuple[str, str, tuple[str, ...], int], tmp_path: Path) -> None:
    """One finding in each file, with the model that it is about."""
    (found,) = findings(tmp_path, title)
    assert found[0] == finding[0]
    assert found[1].startswith(finding[1])
    assert found[2:] == finding[2:]


KERAS = """import keras
from keras import layers
a = keras.Sequential([keras.Input((9, 7, 3)), layers.Conv2D(5, 2)])
b = keras.Sequential([keras.Input((9, 7, 3)), layers.Conv2D(5, 11)])
c = keras.Sequential()
c.add(layers.Dense(5, unit=3))
x = keras.Input((9, 7, 3))
d = keras.Model(x, layers.Add()([layers.Conv2D(2, 3)(x), layers.Conv2D(2, 2)(x)]))
def build():
    return keras.Sequential([layers.Dense(3)])
e = build()
"""
KERAS_ROWS = [
    ("error E301", "kernel 11 is larger", ("b",), 4), ("error E111", "unexpected keyword argument 'unit'", ("c",), 6),
    ("error E308", "7x5x2 and 8x6x2 differ", ("d",), 8), ("info E205", "nothing states the shape", ("e",), 10),
]  # fmt: skip


def test_each_model_of_keras_is_checked(tmp_path: Path) -> None:
    """Models that are sound, refused by Keras, and without an input, in one file."""
    path = tmp_path / "nets.py"
    path.write_text(KERAS, encoding="utf-8")
    found = cnncalc.lint(str(path))
    assert [(f"{each.severity} {each.code}", each.variants, each.line) for each in found] == [
        (code, models, line) for code, _, models, line in KERAS_ROWS
    ]
    assert all(words in each.message for each, (_, words, _, _) in zip(found, KERAS_ROWS, strict=True))


def test_a_function_that_makes_the_model_is_checked(tmp_path: Path) -> None:
    """A file without a model as a variable has that of its function."""
    path = tmp_path / "nets.py"
    path.write_text(
        KERAS.replace("e = build()", "").split("a = ")[0] + "def f():\n    return keras.Sequential(["
        "keras.Input((7,)), layers.Dense(3), layers.Reshape((2,))])\n",
        encoding="utf-8",
    )
    (found,) = cnncalc.lint(str(path))
    assert (found.code, found.line) == ("E305", 4)
