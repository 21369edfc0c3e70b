"""Broken specs: each is told under its code, at its line and column, and none ends in a traceback."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from cnncalc.linting.api import lint
from tests.sweeps import sampled
from tests.together import for_each
from tests.work import lines_run

FOLDER = Path(__file__).with_name("broken")
SIGNS = str.maketrans({"⏎": "\n", "⇥": "\t", "␍": "\r", "␀": "\0", "␛": "\x1b"})
MARK = re.compile("«([^»]*)»")


def table() -> list[tuple[str, str]]:
    """Codes and marked texts of all files in the folder."""
    files = sorted(FOLDER.glob("*.txt"))
    lines = [line for file in files if file.stem != "README" for line in file.read_text(encoding="utf-8").split("\n")]
    return [tuple(line.split(" ", 1)) for line in lines if line and not line.startswith("#")]  # type: ignore[misc]


def unmarked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text, and line and column of each mark in it."""
    text = text.translate(SIGNS)
    starts = [found.start() - 2 * index for index, found in enumerate(MARK.finditer(text))]
    plain = MARK.sub(r"\1", text)
    return plain, [(plain.count("\n", 0, at) + 1, at - plain.rfind("\n", 0, at)) for at in starts]


def told(source: str) -> list[tuple[str, int, int]]:
    """Code, line and column of every error in a text or file."""
    findings = lint(source, select=["E"])
    return sorted((each.code, each.line, each.column) for each in findings if each.severity == "error")


@for_each("row", {row: row for row in table()}, every=3)
def test_a_broken_text(row: tuple[str, str]) -> None:
    codes, marked = row
    text, places = unmarked(marked)
    expected = sorted((code, *place) for code, place in zip(codes.split(","), places, strict=True))
    assert told(text if "->" in text else f"{text}\n") == expected


def test_there_are_three_hundred() -> None:
    assert len(table()) >= 300


SPEC = "input: 8x8x3\nlayers:\n  - «cnov» 4 3x3\n"
DEEP = "[" * 200 + "]" * 200
LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(f'*{before}' for _ in range(9))}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def spelt(text: str, encoding: str, mark: bytes = b"") -> bytes:
    return mark + unmarked(text)[0].encode(encoding)


FILES = [
    ("BOM", spelt(SPEC, "utf-8", b"\xef\xbb\xbf"), ("E202", 3, 5)),
    ("CRLF", spelt(SPEC.replace("\n", "\r\n"), "utf-8"), ("E202", 3, 5)),
    ("CR alone", spelt(SPEC.replace("\n", "\r"), "utf-8"), ("E202", 1, 26)),
    ("UTF-16, little", spelt(SPEC, "utf-16-le", b"\xff\xfe"), ("E104", 1, 1)),
    ("UTF-16, big", spelt(SPEC, "utf-16-be", b"\xfe\xff"), ("E104", 1, 1)),
    ("UTF-16 without a mark", spelt(SPEC, "utf-16-le"), ("E104", 1, 2)),
    ("Latin-1", b"input: 8x8x3\nname: caf\xe9\nlayers: [relu]\n", ("E104", 2, 10)),
    ("half a letter", b"input: 8x8x3\nlayers: [relu]\nname: caf\xc3", ("E104", 3, 10)),
    ("overlong", b"input: 8x8x3\nname: \xc0\xaf\n", ("E104", 2, 7)),
    ("surrogate", b"input: 8x8x3\nname: \xed\xa0\x80\n", ("E104", 2, 7)),
    ("NUL", b"input: 8x8x3\nlayers: [relu]\0\n", ("E104", 2, 15)),
    ("escape", b"input: 8x8x3\nlayers: [relu]\x1b\n", ("E104", 2, 15)),
    ("DEL", b"input: 8x8x3\nlayers: [relu]\x7f\n", ("E104", 2, 15)),
    ("C1", "input: 8x8x3\nlayers: [relu]\x81\n".encode(), ("E104", 2, 15)),
    ("PNG", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", ("E104", 1, 1)),
    ("zip", b"PK\x03\x04\x14\0\0\0", ("E104", 1, 3)),
    ("pickle", b"\x80\x04\x95\x10\0\0", ("E111", 0, 0)),
    ("all zeros", b"\0" * 1000, ("E104", 1, 1)),
    ("empty", b"", ("E101", 1, 1)),
    ("blank", b"   \n\n", ("E101", 1, 1)),
    ("comments alone", b"# nothing\n# here\n", ("E101", 1, 1)),
    ("null", b"~\n", ("E209", 1, 1)),
    ("HTML", b"<html><body>404</body></html>\n", ("E209", 1, 1)),
    ("JSON", b'{"input": "8x8x3", "layers": ["relu"], "a": 1}', ("E201", 1, 40)),
    ("deep lists", f"input: 8x8x3\nlayers: {DEEP}\n".encode(), ("E103", 2, 108)),
    ("deep mappings", ("input: 8x8x3\nlayers: " + "{a: " * 200 + "}" * 200).encode(), ("E103", 2, 405)),
    ("deep expression", f"input: 8x8x3\nlayers: ['conv ${{{'(' * 300}1{')' * 300}}} 3']\n".encode(), ("E208", 2, 68)),
    ("long expression", f"input: 8x8x3\nlayers: ['conv ${{{'1+' * 600}1}} 3']\n".encode(), ("E208", 2, 18)),
    ("deep parentheses", f"8x8x3 -> {'(' * 300}relu{')' * 300}".encode(), ("E103", 1, 110)),
    ("deep branches", f"8x8x3 -> {'add(' * 300}relu{' | relu)' * 300}".encode(), ("E103", 1, 413)),
    ("aliases of aliases", f"{LAUGHS}input: 8x8x3\nlayers: *i\n".encode(), ("E103", 6, 8)),
    ("an alias of itself", b"input: 8x8x3\nlayers: &a\n  - add: *a\n", ("E107", 3, 10)),
    ("many digits", f"input: 8x8x3\nlayers: [conv {'9' * 5000} 3x3]\n".encode(), ("E204", 2, 15)),
    ("many digits in the input", f"input: {'9' * 5000}\nlayers: [relu]\n".encode(), ("E204", 1, 8)),
    ("a power tower", b"input: 8x8x3\nlayers: ['conv ${9**9**9} 3x3']\n", ("E208", 2, 19)),
    ("a long text times a number", b"8x8x3 -> conv ${'ab' * 999999999} 3x3", ("E208", 1, 22)),
    ("a million turns of nothing", b"input: 8x8x3\nlayers: [{layers: [], repeat: 999999999}]\n", ("E103", 2, 31)),
    ("blocks that double", b"input: 8x8x3\nblocks: {a: [b, b], b: [c, c], c: [a, a]}\nlayers: [a]\n", ("E103", 2, 25)),
    ("a line of a million signs", b"input: 8x8x3\nlayers: [" + b"conv" * 250_000 + b"]\n", ("E202", 2, 10)),
    ("a tab behind a dash", b"input: 8x8x3\nlayers:\n  -\tcnov 4\n", ("E101", 3, 4)),
    ("a mark in the middle", "input: 8x8x3\nlayers: [relu\ufeff]\n".encode(), ("E104", 2, 14)),
]  # fmt: skip


@pytest.mark.parametrize(("data", "expected"), [case[1:] for case in FILES], ids=[case[0] for case in FILES])
def test_a_broken_file(data: bytes, expected: tuple[str, int, int], tmp_path: Path) -> None:
    file = tmp_path / "net.yaml"
    file.write_bytes(data)
    assert told(str(file)) == [expected]


def test_what_is_no_file(tmp_path: Path) -> None:
    """A folder of specs is searched; what is not there, or leads nowhere, is told without a place to point at."""
    (tmp_path / "dangling.yaml").symlink_to(tmp_path / "nothing")
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    (tmp_path / "folder.yaml").mkdir()
    for name in ("missing.yaml", "dangling.yaml", "loop.yaml"):
        assert told(str(tmp_path / name)) == [("E106", 1, 1)]
    assert told(str(tmp_path / "folder.yaml")) == []


def test_a_pipe_in_a_folder_is_passed_over(tmp_path: Path) -> None:
    """Whoever names a pipe wants what comes out of it; in a folder nobody waits for it."""
    os.mkfifo(tmp_path / "net.yaml")
    assert told(str(tmp_path)) == []


DOUBLING = ", ".join(f"{one}: [{other}, {other}]" for one, other in zip("abcdefghij", "bcdefghijz", strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "8x8x3 -> (cnov)*999999",
        "8x8x3 -> (conv)*999999",
        "8x8x3 -> (conv 4 ${x} -> relu)*999999",
        f"input: 8x8x3\nblocks: {{{DOUBLING}, z: [q, q, q, q]}}\nlayers: [a, a, a, a, a, a, a, a]\n",
    ],
)
def test_a_mistake_made_a_million_times_is_told_once_and_soon(text: str) -> None:
    """Neither what is told nor the work depends on the number of times."""
    findings: list[tuple[str, int, int]] = []
    assert lines_run(lambda: findings.extend(told(text))) < 610_000
    assert len(findings) == (4 if "blocks" in text else 1)


SPECS = sorted(Path(__file__).parents[2].joinpath("specs").glob("*.yaml"))


@pytest.mark.parametrize("spec", sampled(SPECS[::7], 7), ids=lambda path: path.stem)
def test_a_spec_cut_anywhere(spec: Path, tmp_path: Path) -> None:
    """Every 40th beginning of a bundled spec is a spec or is told about; none raises."""
    data, file = spec.read_bytes(), tmp_path / "net.yaml"
    for end in range(0, len(data), 40):
        file.write_bytes(data[:end])
        assert all(code.startswith("E") and line > 0 and column > 0 for code, line, column in told(str(file)))
