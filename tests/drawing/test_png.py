"""PNG files: size and colours of the image where resvg is installed, and the message where it is not."""

from __future__ import annotations

import struct
import sys
import zlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

import cnncalc
from cnncalc.cli._group import group
from cnncalc.diagnostics import Refusal
from cnncalc.drawing.forms import png
from cnncalc.drawing.picture import Label, Picture

PICTURE = Picture(50.0, 20.0, (Label(4.0, 14.0, "⌊7/2⌋", 12.0),), "a")


def image(content: bytes) -> tuple[int, int, bytes]:
    """The width and height of a PNG, and its decompressed rows: https://www.w3.org/TR/png-3/."""
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    data, place = b"", 8
    while place < len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        if content[place + 4 : place + 8] == b"IDAT":
            data += content[place + 8 : place + 8 + length]
        place += length + 12
    return width, height, zlib.decompress(data)


def test_an_image_has_two_pixels_to_a_unit_on_white() -> None:
    """Text is drawn: without it, every row would be white. A row begins with the byte of its filter."""
    pytest.importorskip("resvg_py", reason='the extra "png" is not installed')
    width, height, rows = image(png.render(PICTURE))
    assert (width, height) == (100, 40)
    assert rows[1:5] == b"\xff\xff\xff\xff"
    _, _, blank = image(png.render(Picture(50.0, 20.0, (), "a")))
    assert rows != blank


def test_a_large_image_has_one_pixel_to_a_unit() -> None:
    """4,000 × 4,000 × 4 pixels are more than the limit."""
    pytest.importorskip("resvg_py", reason='the extra "png" is not installed')
    assert image(png.render(Picture(4000.0, 4000.0, (), "a")))[:2] == (4000, 4000)


def test_the_command_and_python_write_the_same_image(tmp_path: Path) -> None:
    """The ending decides the form."""
    pytest.importorskip("resvg_py", reason='the extra "png" is not installed')
    done = CliRunner().invoke(group, ["draw", "lenet5", "-o", str(tmp_path / "a.png")], catch_exceptions=False)
    assert (done.exit_code, done.stdout) == (0, "")
    cnncalc.draw("lenet5").save(tmp_path / "b.PNG")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.PNG").read_bytes() == cnncalc.draw("lenet5").png


def test_a_picture_of_too_many_pixels_is_refused() -> None:
    """Before memory is taken for it."""
    with pytest.raises(Refusal, match="the drawing of 10000x6000 pixels is too large for PNG"):
        png.render(Picture(10_000.0, 6_000.0, (), "a"))


@pytest.mark.parametrize(
    ("library", "message"),
    [
        (None, 'PNG needs resvg-py: pip install "cnncalc[png]", or use svg'),
        (SimpleNamespace(svg_to_bytes=lambda svg_string: b""), "PNG needs a font, and this system has none"),
    ],
)
def test_what_is_missing_is_named(library: Any, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 2, and no file; ValueError in Python. Without fonts, the library draws every text as nothing."""
    monkeypatch.setitem(sys.modules, "resvg_py", library)
    done = CliRunner().invoke(group, ["draw", "lenet5", "-o", str(tmp_path / "a.png")], catch_exceptions=False)
    assert (done.exit_code, list(tmp_path.iterdir())) == (2, [])
    assert message in done.stderr
    with pytest.raises(ValueError, match=message.split(":")[0]):
        cnncalc.draw("lenet5").save(tmp_path / "a.png")


def test_a_png_needs_a_file() -> None:
    """Standard output is for texts."""
    done = CliRunner().invoke(group, ["draw", "lenet5", "--format", "png"])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "a PNG is not a text: give -o PATH" in done.stderr
