"""Bounds of files and of layers shown at once, and sizes in notations of code."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cnncalc.diagnostics import Source, Span, SpecError
from cnncalc.reading.characters import unprintable_character
from cnncalc.reading.files import MOST_BYTES, UnusableFileError, open_at_once, read_file
from cnncalc.reading.limits import LONGEST_NAME, MOST_AXES, MOST_ELEMENTS, Limits, limits_of, share_of
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


def test_opening_where_nothing_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows has no named pipes: a file is opened with the given flags alone."""
    (tmp_path / "a").write_bytes(b"1")
    monkeypatch.delattr(os, "O_NONBLOCK")
    monkeypatch.setattr(os, "set_blocking", lambda *_: pytest.fail("there is nothing to set"))
    assert read_file(str(tmp_path / "a")) == b"1"


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


@for_each(
    ("text", "offset", "what"),
    [
        ("a\x07b", 1, "the control character U+0007"), ("é\x7fb", 1, "the control character U+007F"),
        ("a\x85b", -1, ""), ("a\x84b", 1, "the control character U+0084"),
        ("ab\ufeff", 2, "the control character U+FEFF"),
        ("\ufeffab", -1, ""), ("\ufeff\x07", 1, "the control character U+0007"),
        ("\x07ab", 0, "the control character U+0007"),
        ("é\ud800", 1, "a byte that is not UTF-8"), ("é\udfff", 1, "a byte that is not UTF-8"),
        ("é\uffff", 1, "the control character U+FFFF"), ("\x08é", 0, "the control character U+0008"),
        ("ab\0c", 2, "a NUL byte: this is a binary file, not a spec"), ("a\tb\nc\rd é 𝔘", -1, ""),
    ],
)  # fmt: skip
def test_characters_of_no_text(text: str, offset: int, what: str) -> None:
    """The first of them, with its own place; a byte order mark is one only inside of a text."""
    found = unprintable_character(Source("t", text))
    assert (found.message if found else "") == (f"the text contains {what}" if what else "")
    if found and found.span:
        assert (found.span.start, found.span.end) == (offset, offset + 1)


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


def test_the_limits_in_numbers() -> None:
    """As documented: 10 MiB of text, 64 GiB of model, 100,000 layers, 4 items and inputs, 100 characters and 40
    evaluated ones for each, at least 10,000.
    """
    limits = Limits()
    assert (limits.file_bytes, MOST_BYTES, limits.model_bytes) == (10_485_760, 10_485_760, 68_719_476_736)
    assert (limits.layers, limits.nesting, limits.alias_nodes, limits.list_values) == (100_000, 100, 100_000, 100_000)
    assert (limits.turns, limits.connections, limits.name_characters, limits.evaluated) == (
        400_000, 400_000, 10_000_000, 4_000_000,
    )  # fmt: skip
    assert (limits.expression_length, limits.text_length, Limits(expression_length=7).text_length) == (1000, 1000, 7)
    few = Limits(layers=10)
    assert (few.turns, few.connections, few.name_characters, few.evaluated) == (10_000,) * 4
    assert (Limits(layers=2501).turns, Limits(layers=2501).connections) == (10_004, 10_004)
    assert (Limits(layers=101).name_characters, Limits(layers=251).evaluated) == (10_100, 10_040)
    assert MOST_ELEMENTS == 340_282_366_920_938_463_463_374_607_431_768_211_456
    assert (MOST_AXES, LONGEST_NAME, share_of("verify"), share_of("summary")) == (32, 500, 20, 10)
    assert (limits_of("verify").share, limits_of().share, limits_of("verify", few)) == (20, 10, few)


@for_each(
    ("share", "characters", "layers"),
    [
        (1, 0, 100_000),
        (10, 0, 10_000),
        (10, 80_000, 10_000),
        (10, 160_007, 20_000),
        (10, 10_000_000, 100_000),
        (20, 0, 5_000),
    ],
)
def test_a_text_may_have_the_layers_that_it_writes(share: int, characters: int, layers: int) -> None:
    """A tenth or a twentieth of the limit, or one layer for each 8 characters, up to the limit."""
    found = Limits(share=share).expanded(characters)
    assert (found.layers, found.share) == (layers, 1)


@for_each(
    ("name", "message", "field"),
    [
        ("nesting", "lists and mappings are nested too deeply: 1,234 levels; the limit is 100", "nesting"),
        ("turns", "blocks and repeats expand to too many items: 1,234; the limit is 400,000", "layers"),
    ],
)  # fmt: skip
def test_what_a_limit_says(name: str, message: str, field: str) -> None:
    found = Limits().exceeded(name, 1234)
    assert (found.code, found.message, found.hint) == (
        "E103",
        message,
        f"raise it with --max-{field} N, or limits=Limits({field}=N) in Python",
    )
