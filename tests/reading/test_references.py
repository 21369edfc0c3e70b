"""What a reference denotes, how its bytes become text, and what is said of one that denotes nothing."""

from __future__ import annotations

import io
import os
from pathlib import Path
from types import MappingProxyType

import pytest

from cnncalc.diagnostics import SpecError
from cnncalc.reading.limits import Limits
from cnncalc.reading.load import decoded, file_of, form_of, load_bytes, load_source, model_in_code, read, read_stream
from tests.together import for_each


@for_each(
    ("text", "form"),
    [
        ("-> relu", "inline"), (" → relu", "inline"), ("-1x28x28 -> relu", "inline"), ("-1, 28 → relu", "inline"),
        ("-1 -> relu", "yaml"),
        ("%YAML 1.2", "yaml"), ("5x7 # note", "inline"), ("5x7 # a -> b", "inline"), ("name # a -> b", "yaml"),
        ("5 x 7", "inline"),
        ("[5, 7]\n-> relu", "yaml"), ("[5, 7]-> relu", "inline"), ("\ufeff5x7", "inline"), ("# only a note", "yaml"),
        ("5x7\nlayers: []", "yaml"), ("{5x7 -> relu", "yaml"), ("5x7#", "inline"), ("a->b", "inline"),
    ],
)  # fmt: skip
def test_the_form_of_a_text(text: str, form: str) -> None:
    assert form_of(text) == form


def test_the_file_of_a_reference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path, and a variant or a model after a colon; nothing for other references."""
    monkeypatch.chdir(tmp_path)
    for name in ("net.yaml", "net.py", "book.ipynb"):
        (tmp_path / name).write_text("")
    found = {
        "net.yaml": ("net.yaml", None), "net.yaml:wide": ("net.yaml", "wide"),
        "net.py:Net(a={1: 2})": ("net.py", "Net(a={1: 2})"),
        "book.ipynb:net": ("book.ipynb", "net"), "net.yaml:": None, "no.yaml:wide": None, "no.py:Net": None, "-": None,
        "a -> b": None, "git:HEAD:net.yaml": None, "net.yaml\n": None, "nope": None,
    }  # fmt: skip
    assert {reference: file_of(reference) for reference in found} == found
    assert file_of(tmp_path / "absent") == (str(tmp_path / "absent"), None)
    assert file_of({"input": 5}) is None
    assert (model_in_code("a.py:3"), model_in_code("a.py"), model_in_code("a.py:b.c")) == (None, None, ("a.py", "b.c"))


@for_each(
    ("data", "message", "hint", "place"),
    [
        (b"\xff" + b"a" * 7_998 + b"\0", "this is a binary file, not a spec", "give a text file", (0, 1)),
        (b"\xff" + b"a" * 7_999 + b"\0", "the byte 0xff is not UTF-8", "save the file as UTF-8", (0, 1)),
        ("éa\n".encode() + b"\xe9", "the byte 0xe9 is not UTF-8", "save the file as UTF-8", (3, 4)),
        (b"\xfe\xff\0a", "the text is in UTF-16", "save it as UTF-8", (0, 0)),
        (b"\xff\xfe\0\0", "the text is in UTF-32", "save it as UTF-8", (0, 0)),
    ],
)  # fmt: skip
def test_bytes_of_no_text(data: bytes, message: str, hint: str, place: tuple[int, int]) -> None:
    """A NUL among the first 8,000 bytes makes a file binary; the place counts characters."""
    with pytest.raises(SpecError) as caught:
        decoded("net.yaml", data)
    (found,) = caught.value.diagnostics
    assert found.span is not None
    assert (found.code, found.message, found.hint, found.file) == ("E104", message, hint, "net.yaml")
    assert (found.span.start, found.span.end) == place


def test_bytes_of_a_text() -> None:
    """Without a byte order mark, up to the limit; a larger file is said to have its own size."""
    assert decoded("a", b"\xef\xbb\xbf\xc3\xa9") == "é"
    assert load_bytes("a", b"5x7", Limits(file_bytes=3)).source.text == "5x7"
    for size, shown in ((0, 4), (1_234, 1_234)):
        with pytest.raises(SpecError, match=f"too large: {shown:,} bytes; the limit is 3"):
            load_bytes("a", b"5x77", Limits(file_bytes=3), size)


def test_standard_input() -> None:
    """One byte more than the limit is read; broken characters of a text become their bytes again."""
    assert read_stream(io.BytesIO(b"12345"), 3) == b"123"
    assert read_stream(io.StringIO("é\udcff"), 9) == b"\xc3\xa9\xff"
    assert read("-", stdin=io.BytesIO(b"5 -> a"), limits=Limits(file_bytes=6)).diagnostics == []
    (found,) = read("-", stdin=io.BytesIO(b"5 -> abcdef"), limits=Limits(file_bytes=6)).diagnostics
    assert found.message == "the text is too large: 7 bytes; the limit is 6"

    class Broken(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError(5, "Input/output error")

    (found,) = read("-", stdin=Broken()).diagnostics
    assert (found.message, found.hint) == ("standard input cannot be read: Input/output error", "")


@for_each(
    ("reference", "message", "hint"),
    [
        ("zzzz", '"zzzz": no such file or bundled spec', "`cnncalc zoo` lists the bundled specs"),
        ("resnet5", '"resnet5": no such file or bundled spec', 'did you mean "resnet50"?'),
        ("a/zzzz", '"a/zzzz": no such file', "`cnncalc zoo` lists the bundled specs"),
        ("zzzz.yaml", '"zzzz.yaml": no such file', "`cnncalc zoo` lists the bundled specs"),
        ("inne/net.yaml", '"inne/net.yaml": no such file', "`cnncalc zoo` lists the bundled specs"),
        ("inner/nat.yaml", '"inner/nat.yaml": no such file', 'did you mean "inner/net.yaml"?'),
        ("nut.py:Net(3)", '"nut.py": no such file', 'did you mean "net.py"?'),
        ("32x32x3 => conv 8", '"32x32x3 => conv 8": no such file or bundled spec',
         "the arrow of an inline spec is ->: write 32x32x3 -> …"),
        ("32 x 3", '"32 x 3": no such file or bundled spec', "an inline spec has an arrow: 32x32x3 -> conv 20 8x8"),
        ("5" * 70 + " > relu", f'"{"5" * 70} > relu": no such file or bundled spec',
         f"the arrow of an inline spec is ->: write {'5' * 60} -> …"),
        ("z" * 300, f'"{"z" * 200}": no such file or bundled spec', "`cnncalc zoo` lists the bundled specs"),
        ("z" * 996 + " => y", f'"{"z" * 200}": no such file or bundled spec',
         f"the arrow of an inline spec is ->: write {'z' * 60} -> …"),
        ("z" * 997 + " => y", f'"{"z" * 200}": no such file or bundled spec', "`cnncalc zoo` lists the bundled specs"),
        ("kkkk", '"kkkk": no such file or bundled spec', "`cnncalc zoo` lists the bundled specs"),
        ("qqqq.csv", '"qqqq.csv": no such file', "check the name and the folder"),
        ("qqqq.TSV", '"qqqq.TSV": no such file', "check the name and the folder"),
        ("a/qqqq.txt", '"a/qqqq.txt": no such file', "check the name and the folder"),
    ],
)  # fmt: skip
def test_a_reference_to_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reference: str, message: str, hint: str
) -> None:
    """The name, and the nearest one among the bundled specs, or among the files of its folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "inner").mkdir(exist_ok=True)
    for name in ("net.py", "inner/net.yaml", "kkky"):  # a word without a folder or an ending names no file nearby
        (tmp_path / name).write_text("")
    (found,) = read(reference).diagnostics
    assert (found.code, found.message, found.hint) == ("E106", message, hint)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """A folder, and a name that no file can have."""
    (found,) = read(tmp_path).diagnostics
    assert (found.message, found.hint, found.file) == (
        f'"{tmp_path}" is a folder',
        "give a file inside it",
        str(tmp_path),
    )
    (found,) = read(Path("a\0b")).diagnostics
    assert (found.code, found.message) == ("E106", '"a\0b" cannot be read: embedded null byte')
    assert found.span is not None
    assert (found.span.start, found.span.end) == (0, 0)


def test_a_folder_is_searched_for_a_thousand_names(monkeypatch: pytest.MonkeyPatch) -> None:
    names, real = [f"a{number}" for number in range(1000)], os.listdir
    for place, hint in ((999, 'did you mean "b/model.yaml"?'), (1000, "`cnncalc zoo` lists the bundled specs")):
        listed = [*names[:place], "model.yaml"]
        monkeypatch.setattr(os, "listdir", lambda folder, listed=listed: listed if folder == "b" else real(folder))
        (found,) = read("b/modle.yaml").diagnostics
        assert found.hint == hint


def test_texts_that_are_too_large_have_no_place() -> None:
    """A byte more than the limit is read, to count it; a mapping is nested too deeply for JSON."""
    with pytest.raises(SpecError) as caught:
        load_bytes("net.yaml", b"123456", Limits(file_bytes=5))
    nested: list[object] = []
    for _ in range(20_000):
        nested = [nested]
    found = [*caught.value.diagnostics, *read({"layers": nested}).diagnostics]
    assert [(one.code, one.span and (one.span.start, one.span.end)) for one in found] == [("E103", (0, 0))] * 2


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a device without an end")
def test_a_device_is_read_to_one_byte_more_than_the_limit() -> None:
    (found,) = read(Path("/dev/zero"), limits=Limits(file_bytes=5)).diagnostics
    assert found.message == "the text is too large: 6 bytes; the limit is 5"


def test_a_mapping_as_text() -> None:
    """JSON with an indent of 1 and its own letters; whole numbers and mappings of other types too."""

    class Whole:
        def __index__(self) -> int:
            return 7

    given = {"é": MappingProxyType({"a": Whole()}), "b": (1, None)}
    assert load_source(given).source.text == '{\n "é": {\n  "a": 7\n },\n "b": [\n  1,\n  null\n ]\n}'
    (found,) = read({"a": {1}}).diagnostics
    assert found.message == "the mapping cannot be written as YAML: set is not a valid type in a spec"
    assert found.hint == "a spec contains mappings, lists, texts, numbers, bools and None"
