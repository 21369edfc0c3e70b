"""Receptive fields as they were published."""

from __future__ import annotations

import pytest

from cnncalc.analysis.analyze import analyze
from cnncalc.analysis.model_field import receptive_field
from tests.together import for_each


@for_each(
    ("name", "size"),
    [
        # Araujo, Norris & Sim, Computing receptive fields of convolutional neural networks, Distill 2019, the table
        ("alexnet", 195),
        ("vgg16", 212),
        ("keras_resnet50", 483),
        ("keras_resnet101", 1027),
        ("keras_resnet152", 1507),
        ("keras_resnet50_v2", 483),
        ("keras_inception_v3", 1311),
        ("keras_inception_resnet_v2", 3039),
        ("keras_mobilenet", 315),
        # torchvision has the stride on the 3×3, which sees with the step before it
        # by hand: 11 behind the stem, 35 with a step of 4, 91 with 8, 267 with 16, 427 with 32
        ("resnet50", 427),
    ],
)
def test_published_fields(name: str, size: int) -> None:
    assert receptive_field(analyze(name)) == (size, size)


@pytest.mark.parametrize(("name", "size"), [("se_resnet50", 224), ("mobilenet_v3_small", 224)])
def test_excitation_sees_the_whole_input(name: str, size: int) -> None:
    assert receptive_field(analyze(name)) == (size, size)
