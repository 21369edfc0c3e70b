"""Bounds of files and of layers shown at once, and sizes in notations of code."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cnncalc.diagnostics import Source, Span, SpecError
from cnncalc.reading.files import UnusableFileError, open_at_once, read_file
from cnncalc.reading.limits import Limits
from cnncalc.reading.nodes import Mapping, Scalar, Sequence, scalars
from cnncalc.reading.sizes import has_unsized, meant_axes, sizes_in, without_batch
from tests.together import for_each


@pytest.mark.parametrize(("most", "fits"), [(5, True), (6, True), (4, False)])
def test_a_file_may_have_the_limit(most: int, fits: bool, tmp_path: Path) -> None:
    path = tmp_path / "five"
    path.write_bytes(b"12345")
    if fits:
        assert read_file(str(path), most) == b"12345"
    else:
        with pytest.raises(UnusableFileError) as caught:
            read_file(str(path), most)
        assert (caught.value.errno, caught.value.strerror) == (27, "it is larger than 4 bytes")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    """Without a writer, opening a pipe would wait; once it is open, reading waits for an existing writer."""
    pipe = str(tmp_path / "pipe")
    os.mkfifo(pipe)
    with pytest.raises(UnusableFileError) as caught:
        read_file(pipe)
    assert (caught.value.errno, caught.value.strerror) == (22, "it is a pipe or a device, not a file")
    descriptor = open_at_once(pipe, os.O_RDONLY)
    assert os.get_blocking(descriptor)
    os.close(descriptor)


@for_each(
    ("text", "sizes"),
    [
        ("keras.Input(shape=(28, 28, 1))", "28x28x1"), ("x = Input((8, 4))", "8x4"),
        ("torch.randn(1, 3, 32, 32)", "3x32x32"),  # the batch is left out
        ("torch.zeros(16, 5)", "5"), ("np.ones((2, 7, 9))", "7x9"), ("torch.rand(5)", "5"),  # one size is no batch
        ("input_shape = (4, 6)", "4x6"), ("shape=(4, 0)", ""), ("Dense(5)", ""), ("Input(shape)", ""), ("28x28", ""),
    ],
)  # fmt: skip
def test_sizes_in_code(text: str, sizes: str) -> None:
    assert sizes_in(text) == sizes


@for_each(
    ("text", "axes", "after_batch", "unsized"),
    [
        ("8*8*3", "8x8x3", "", False), ("8 x 8 x 3", "8x8x3", "", False), ("3X3", "3x3", "", False),
        ("8,8,3;", "8x8x3", "", False), ("08x8", "", "", False), ("8x8x0", "", "", False),
        ("Nonex28x28x1", "", "28x28x1", True), ("(None, 28, 28, 1)", "", "28x28x1", True),
        ("-1,28,28", "", "28x28", True), ("28x?x3", "", "", True), ("NonexNonex3", "", "", True),
        ("None", "", "", False),
    ],
)  # fmt: skip
def test_other_notations_of_sizes(text: str, axes: str, after_batch: str, unsized: bool) -> None:
    assert (meant_axes(text), without_batch(text), has_unsized(text)) == (axes, after_batch, unsized)


@pytest.mark.parametrize(
    ("command", "most", "hint"),
    [
        ("explain", 500, "name a layer or a block, or give --max-layers N"),
        ("compare", 1_000, "name a layer or a block, or give --max-layers N"),
        ("report", 3_000, "give --max-layers N"),
    ],
)
def test_layers_shown_at_once(command: str, most: int, hint: str) -> None:
    """The limit itself is allowed, and any number if --max-layers is given."""
    span = Span(Source("net.yaml", "layers: []"), 0, 6)
    Limits().check_at_once(command, most, span)
    Limits(layers=10**6).check_at_once(command, most + 1, span)
    with pytest.raises(SpecError) as caught:
        Limits().check_at_once(command, most + 1, span)
    assert caught.value.diagnostics[0].hint == hint


def test_scalars_with_and_without_keys() -> None:
    """In the order of the text: a, 1, b, 2, 3."""
    source = Source("x", "a: 1\nb: [2, 3]\n")
    one, two, three = Scalar(source, 3, 4, "1"), Scalar(source, 9, 10, "2"), Scalar(source, 12, 13, "3")
    listed = Sequence(source, 8, 14, [two, three])
    top = Mapping(source, 0, 14, {"a": (Scalar(source, 0, 1, "a"), one), "b": (Scalar(source, 5, 6, "b"), listed)})
    assert [each.text for each in scalars(top, keys=True)] == ["a", "1", "b", "2", "3"]
    assert [each.text for each in scalars(top, keys=False)] == ["1", "2", "3"]
