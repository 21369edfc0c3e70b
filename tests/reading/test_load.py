"""References: paths, standard input, inline texts, bundled names, Python mappings."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cnncalc.analysis.analyze import load
from cnncalc.diagnostics import SpecError
from cnncalc.reading import bundled
from cnncalc.reading.limits import Limits
from cnncalc.reading.load import form_of, load_source, read
from cnncalc.reading.nodes import Mapping, Scalar, Sequence, SpecNode
from tests.together import for_each

YAML = "input: 5x7\nlayers: [relu]\n"


def plain(node: SpecNode | None) -> object:
    if isinstance(node, Mapping):
        return {key: plain(value) for key, (_, value) in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    assert isinstance(node, Scalar)
    return node.text


@pytest.fixture
def specs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands in for the bundled specs."""
    (tmp_path / "quiz.yaml").write_text(YAML)
    family = "# c\nvariants:\n  net18: {d: [2]}\n  # note\n  net34:\n    d: [3]\n\n  net50 : {d: [5]}\nlayers: []\n"
    (tmp_path / "net18.yaml").write_text(family)
    (tmp_path / "notes.txt").write_text("no spec")
    monkeypatch.setattr(bundled, "_FOLDERS", (str(tmp_path / "absent"), str(tmp_path)))
    return tmp_path


def test_bundled_names(specs: Path) -> None:
    """Every file and every variant has a name; nothing else in the folder or below a variant has."""
    assert bundled.bundled_names() == ["net18", "net34", "net50", "quiz"]


@pytest.mark.parametrize(
    ("name", "file", "variant"),
    [("quiz", "quiz.yaml", None), ("net18", "net18.yaml", "net18"), ("net34", "net18.yaml", "net34")],
)
def test_bundled_reference(specs: Path, name: str, file: str, variant: str | None) -> None:
    """A bundled name resolves to its file, and to the variant if it is one."""
    loaded = load_source(name)
    assert (loaded.source.name, loaded.form, loaded.variant) == (str(specs / file), "yaml", variant)
    assert bundled.bundled_path(name) == str(specs / file)
    assert read(name).variant == variant


def test_absent_bundled_specs(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown name has no file and no text; without a folder of specs there are no names."""
    assert (bundled.bundled_path("net19"), bundled.bundled_text("net19")) == (None, None)
    assert bundled.bundled_text("quiz") == YAML
    monkeypatch.setattr(bundled, "_FOLDERS", (str(specs / "absent"),))
    assert bundled.bundled_names() == []


def test_the_file_that_begins_as_its_variant_does_is_read_first(specs: Path) -> None:
    """Where two files have a variant, the one that has its first four letters, not the first of the alphabet."""
    for name in ("alexnet", "resnet"):
        (specs / f"{name}.yaml").write_text("variants:\n  resnext: {d: [2]}\nlayers: []\n")
    assert bundled.find_bundled("resnext") == (str(specs / "resnet.yaml"), "resnext")


def test_ordinary_paths_are_not_looked_up_among_the_bundled(specs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a path nor a name with the ending of a spec makes the folder be listed."""
    monkeypatch.setattr(bundled, "_stems", lambda: pytest.fail("the folder was listed"))
    assert [bundled.find_bundled(name) for name in ("net.yaml", "net.yml", "a/net", "")] == [None] * 4


def test_a_variant_stands_behind_the_path(tmp_path: Path) -> None:
    """`net.yaml:wide` is the variant of one's own file; a file whose name has the colon goes first."""
    text = "input: 7\nvariables: {width: 5}\nvariants: {wide: {width: 11}}\nlayers:\n  - dense ${width}\n"
    path = tmp_path / "net.yaml"
    path.write_text(text)
    assert load_source(f"{path}:wide").variant == "wide"
    assert [load(str(path) + name).nodes[-1].shape for name in ("", ":wide")] == [(5,), (11,)]
    (tmp_path / "net.yaml:wide").write_text(text)
    assert load_source(f"{path}:wide").variant is None


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            "input: 7\nvariants: {wide: {}, deep: {}}\nlayers: [relu]\n",
            'the spec has no variant "x"',
            "it has wide, deep",
        ),
        ("input: 7\nlayers: [relu]\n", 'the spec has no variant "x"', "it has none"),
        ("7 -> relu\n", '"x": an inline text has no variants', "give only the file"),
    ],
)
def test_variants_that_there_are_not(tmp_path: Path, text: str, message: str, hint: str) -> None:
    """What there is instead is said."""
    path = tmp_path / "net.yaml"
    path.write_text(text)
    with pytest.raises(SpecError) as caught:
        load(f"{path}:x")
    (found,) = caught.value.diagnostics
    assert (found.message, found.hint) == (message, hint)


def test_a_file_goes_before_a_bundled_name(specs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in the current folder that has a bundled spec's name is the one meant."""
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "quiz").write_text("5x7 -> relu\n")
    monkeypatch.chdir(tmp_path / "here")
    assert load_source("quiz").form == "inline"


@pytest.mark.parametrize(
    ("reference", "hint"),
    [
        ("quizz", "quiz"),
        ("nett50", "net50"),
        ("zzz", "cnncalc zoo"),
        ("32x32x3", "->"),
        ("a/b.yaml", "cnncalc zoo"),
        ("a\0b", "zoo"),
    ],
)
def test_unknown_reference(specs: Path, reference: str, hint: str) -> None:
    """A reference that is nothing says so, with the nearest name or what to do."""
    root, diagnostics, _, _ = read(reference)
    assert root is None
    assert [d.code for d in diagnostics] == ["E106"]
    assert "no such file" in diagnostics[0].message
    assert hint in diagnostics[0].hint


def test_misspelt_path_names_the_file_nearby(tmp_path: Path) -> None:
    """A path with a typing mistake gets the nearest file of the folder as hint."""
    (tmp_path / "model.yaml").write_text(YAML)
    assert "model.yaml" in read(str(tmp_path / "modle.yaml")).diagnostics[0].hint


def test_misspelt_model_file_names_the_file_nearby(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with an ending is that of a file, also without a folder before it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"")
    (found,) = read("model.onx").diagnostics
    assert (found.message, found.hint) == ('"model.onx": no such file', 'did you mean "model.onnx"?')


@pytest.mark.parametrize(
    ("data", "code", "line", "column", "part"),
    [
        (b"\xff\xfea\x00", "E104", 1, 1, "UTF-16"),
        (b"\x00\x00\xfe\xff", "E104", 1, 1, "UTF-32"),
        ("a: 1\nbé: ".encode() + b"\xe9\n", "E104", 2, 5, "0xe9 is not UTF-8"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "E104", 1, 1, "binary"),
        (b"a: 1\n\x00", "E104", 2, 1, "binary"),
        (b"", "E101", 1, 1, "empty"),
        (b"a: " + b"x" * 100, "E103", 1, 1, "103 bytes"),
    ],
)
def test_bad_file(tmp_path: Path, data: bytes, code: str, line: int, column: int, part: str) -> None:
    """A file that is no text of a sensible size has a diagnostic, with the place where there is one."""
    (tmp_path / "f").write_bytes(data)
    root, diagnostics, _, _ = read(tmp_path / "f", limits=Limits(file_bytes=64))
    assert root is None
    assert [(d.code, d.line, d.column) for d in diagnostics] == [(code, line, column)]
    assert part in diagnostics[0].message


def test_folder_and_unreadable_file(tmp_path: Path) -> None:
    """A folder is named as one; a dangling link has no file behind it."""
    assert "is a folder" in read(tmp_path).diagnostics[0].message
    (tmp_path / "link").symlink_to(tmp_path / "absent")
    assert [d.code for d in read(str(tmp_path / "link")).diagnostics] == ["E106"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_file_without_permission(tmp_path: Path) -> None:
    """The operating system's reason is passed on."""
    (tmp_path / "f").write_text(YAML)
    (tmp_path / "f").chmod(0)
    assert "Permission denied" in read(tmp_path / "f").diagnostics[0].message


@pytest.mark.parametrize("text", [YAML, "5x7 -> relu", "\ufeff" + YAML, "# note\n5x7\nrelu\n"])
def test_files_and_standard_input(tmp_path: Path, text: str) -> None:
    """A file's content decides its form, and standard input is read as a file is, as text or as bytes."""
    (tmp_path / "f").write_text(text, encoding="utf-8")
    tree = {"input": "5x7", "layers": ["relu"]}
    streams = (None, io.StringIO(text), io.BytesIO(text.encode()), io.TextIOWrapper(io.BytesIO(text.encode())))
    for stream in streams:
        document = read("-" if stream else tmp_path / "f", stdin=stream)
        assert document.diagnostics == []
        assert plain(document.root) == tree
        assert document.source is not None
        assert document.source.name == ("<stdin>" if stream else str(tmp_path / "f"))


@for_each(
    ("text", "form"),
    [
        ("5x7 -> relu", "inline"),
        ("# c\n\n5x7 → relu", "inline"),
        ("5x7\nrelu", "inline"),
        ("[5, 7] -> relu", "inline"),
        ("a: 5x7, b: 3x11 -> relu", "inline"),
        ("name: q # 5x7 -> x\nlayers: []", "yaml"),
        ("name: 5x7 -> relu\nlayers: []", "yaml"),
        ('name: 5x7 -> relu\n"layers" : []', "yaml"),
        ("{input: 5x7, layers: [a -> b]}", "yaml"),
        ("- a -> b", "yaml"),
        ("[a -> b]", "yaml"),
        ("input: 5x7", "yaml"),
        ("", "yaml"),
    ],
)
def test_form(text: str, form: str) -> None:
    """A text is inline if it begins with an input and an arrow or a line break, and has no `layers:` key."""
    assert form_of(text) == form


def test_inline_reference() -> None:
    """A reference with an arrow is the spec itself; one with line breaks too, in either form."""
    assert plain(read("5x7 -> relu").root) == {"input": "5x7", "layers": ["relu"]}
    assert plain(read("5x7\nrelu").root) == {"input": "5x7", "layers": ["relu"]}
    assert plain(read(YAML).root) == {"input": "5x7", "layers": ["relu"]}
    assert [(d.file, d.code) for d in read("5x7 -> ->").diagnostics] == [("<inline>", "E110")] * 2


def test_mapping() -> None:
    """A Python mapping is read exactly: texts stay texts, tuples are lists, keys may be numbers."""
    root, diagnostics, source, _ = read(
        {"input": (5, 7), "name": "012", "layers": [{"conv": {"bias": True, 3: None}}, "rélu"], "f": 0.5}
    )
    assert diagnostics == []
    assert source is not None
    assert source.name == "<mapping>"
    conv = {"conv": {"bias": "true", "3": "null"}}
    assert plain(root) == {"input": ["5", "7"], "name": "012", "layers": [conv, "rélu"], "f": "0.5"}
    assert isinstance(root, Mapping)
    name = root.get("name")
    assert isinstance(name, Scalar)
    assert not name.plain


def test_mapping_that_cannot_be_read() -> None:
    """What no spec can hold is refused with its kind; a mapping inside itself and a deep one too."""
    assert "set" in read({"a": {1}}).diagnostics[0].message
    loop: dict[str, object] = {}
    loop["a"] = loop
    assert [d.code for d in read(loop).diagnostics] == ["E106"]
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert [d.code for d in read(deep).diagnostics] == ["E103"]


def test_load_source_raises_spec_error() -> None:
    """The one function that cannot return diagnostics raises them."""
    with pytest.raises(SpecError) as caught:
        load_source("no/such/file.yaml")
    assert caught.value.diagnostics[0].code == "E106"


def test_import_is_light() -> None:
    """Importing the reader loads no YAML, no command line, no numbers: a bare start stays fast."""
    code = "import sys, cnncalc.reading.load; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"yaml", "click", "rich", "numpy", "ast", "json", "dataclasses", "pathlib", "inspect"} & set(loaded)


# --- names that a folder or a file bears, too ------------------------------------------------------------------------


def occupy(path: Path, kind: str) -> None:
    """Put something that is not a file where a bundled spec's name leads."""
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "link to nowhere":
        path.symlink_to(path.with_name("absent"))
    else:
        path.symlink_to("/dev/zero")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes and links")
@pytest.mark.parametrize("kind", ["folder", "pipe", "link to nowhere", "device"])
@pytest.mark.parametrize("name", ["unet", "unet_padded", "resnet50", "unet:unet_padded"])
def test_a_bundled_name_beats_what_is_no_file(
    name: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The spec is the bundled one, as in an empty folder, and nothing waits for a pipe."""
    monkeypatch.chdir(tmp_path)
    expected = load_source(name)
    occupy(tmp_path / name.partition(":")[0], kind)
    found = load_source(name)
    assert (found.source.name, found.source.text) == (expected.source.name, expected.source.text)
    assert (found.form, found.variant) == (expected.form, expected.variant)
    assert bundled.hidden_bundled(name) is None


def test_a_file_beats_the_bundled_spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of a bundled name is what the name means, its variants too; a path never means a bundled spec."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "unet").write_text(YAML)
    (tmp_path / "mine").symlink_to("unet")
    for reference in ("unet", "unet:wide", "./unet"):
        assert load_source(reference).source.text == YAML
    assert [bundled.hidden_bundled(name) for name in ("unet", "unet:wide", "./unet", "mine", "resnet50")] == [
        "unet", "unet", None, None, None,
    ]  # fmt: skip
    (tmp_path / "resnet50").mkdir()
    assert "is a folder" in read("./resnet50").diagnostics[0].message
