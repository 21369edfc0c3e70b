"""Networks of `keras.applications` in source: Keras's figures, layers by name, and what is trained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cnncalc import SpecError, analyze

START = "import keras\nfrom keras import layers\nfrom keras.applications import *\n"


def read(folder: Path, text: str, model: str = "m", **options: Any) -> dict[str, Any]:
    """The report of a model in a program."""
    path = folder / "net.py"
    path.write_text(START + text, encoding="utf-8")
    return analyze(f"{path}:{model}", **options).to_dict()


WHOLE = [
    ("VGG16()", 138_357_544, 138_357_544),
    ("ResNet50(weights=None, classes=7)", 23_602_055, 23_548_935),
    ("MobileNetV2(weights=None, alpha=0.35, input_shape=(96, 96, 3), classes=7)", 419_175, 405_095),
    ("MobileNetV3Small(weights=None, input_shape=(224, 224, 3))", 2_554_968, 2_542_856),
    ("EfficientNetV2B0(weights=None)", 7_200_312, 7_139_704),
    ("ConvNeXtTiny(weights=None)", 28_589_128, 28_589_128),
    pytest.param("InceptionResNetV2(weights=None)", 55_873_736, 55_813_192, marks=pytest.mark.sweep),
    pytest.param("NASNetMobile(weights=None)", 5_326_716, 5_289_978, marks=pytest.mark.sweep),
]  # fmt: skip


@pytest.mark.parametrize(("call", "params", "trainable"), WHOLE)
def test_whole_networks(call: str, params: int, trainable: int, tmp_path: Path) -> None:
    """Parameters as Keras counts them."""
    totals = read(tmp_path, f"m = {call}\n")["totals"]
    assert (totals["params"], totals["trainable_params"]) == (params, trainable)


TRANSFER = """base = VGG16(include_top=False, input_shape=(150, 150, 3))
base.trainable = False
m = keras.Sequential([base, layers.Flatten(), layers.Dense(2)])
"""


def test_a_frozen_base(tmp_path: Path) -> None:
    """VGG-16 without its top halves 150 five times, rounding down: 4; only the new layer is trained."""
    report = read(tmp_path, TRANSFER)
    dense = 4 * 4 * 512 * 2 + 2
    assert report["totals"]["trainable_params"] == dense
    assert report["totals"]["params"] == 14_714_688 + dense


def test_some_layers_of_a_base_are_trained(tmp_path: Path) -> None:
    """The last four layers of VGG-16 are three convolutions of 512 to 512 channels and a pool."""
    text = TRANSFER + "for layer in base.layers[-4:]:\n    layer.trainable = True\n"
    assert read(tmp_path, text)["totals"]["trainable_params"] == 3 * (3 * 3 * 512 + 1) * 512 + 4 * 4 * 512 * 2 + 2


def test_a_layer_by_its_name(tmp_path: Path) -> None:
    """`get_layer` finds the layers of a network by Keras's names."""
    text = TRANSFER + "f = keras.Model(base.input, base.get_layer('block3_pool').output)\n"
    assert read(tmp_path, text, "f")["outputs"][0]["shape"] == [150 // 8, 150 // 8, 256]


MISTAKES = [
    ("m = VGG16(include_top=False, input_shape=(28, 28, 1))\n", "VGG16: weights='imagenet' needs 3 channels, not 1"),
    ("m = VGG16(False, None, input_shape=(28, 28, 3))\n", "VGG16: the input must be at least 32x32, not 28x28"),
    ("m = ResNet50(classes=10)\n", "ResNet50: weights='imagenet' with include_top=True needs classes=1000, not 10"),
    ("m = VGG16(input_shape=(32, 32, 3))\n",
     "VGG16: weights='imagenet' with include_top=True needs input_shape=(224, 224, 3), not (32, 32, 3)"),
    ("m = VGG16(False, None, input_shape=(32, 3))\n", "VGG16: input_shape has 3 sizes, not 2: (32, 3)"),
    ("m = MobileNetV3Large(classes=7)\n",
     "MobileNetV3Large: weights='imagenet' with include_top=True needs classes=1000, not 7"),
    ("m = MobileNetV3Small(alpha=0.5)\n", "MobileNetV3Small: there are no weights for alpha=0.5"),
    ("m = MobileNetV3Small((31, 64, 3), weights=None)\n",
     "MobileNetV3Small: the input must be at least 32x32, not 31x64"),
    ("m = ResNet50(include_top=False)\n", "nothing states the shape of the input"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), MISTAKES, ids=[row[1][:40] for row in MISTAKES])
def test_what_keras_refuses(text: str, words: str, tmp_path: Path) -> None:
    """The limits that Keras checks are errors at the call, alone and as a layer of another model."""
    with pytest.raises(SpecError) as caught:
        read(tmp_path, text)
    found = caught.value.diagnostics[0]
    is_refused = not words.startswith("nothing")
    assert (found.message, found.line, found.column) == (words, *((4, 5) if is_refused else (1, 1)))
    if not is_refused:
        return
    with pytest.raises(SpecError) as caught:
        read(tmp_path, f"m = keras.Sequential([\n    {text[4:].rstrip()},\n    layers.Dense(5),\n])\n")
    assert {(each.message, each.line, each.column) for each in caught.value.diagnostics} == {(words, 5, 5)}
