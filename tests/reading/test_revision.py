"""Files at a revision of git, in a repository of two commits."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from cnncalc.diagnostics import SpecError
from cnncalc.reading.load import load_source
from cnncalc.reading.revision import _message_and_hint, read_revision
from tests.together import for_each

FORM = (
    "write git:REVISION:PATH, such as git:HEAD~1:specs/net.yaml; a path that begins with ./ is relative to this folder"
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`net.yaml` with 5, then with 7; `inner/deep.yaml`; the index has 9, and a submodule."""
    root = tmp_path_factory.mktemp("repository")
    names = {f"GIT_{who}_{what}": "a@b.c" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}

    def git(*arguments: str) -> None:
        environment = {**os.environ, **names, "GIT_CONFIG_GLOBAL": os.devnull}
        subprocess.run(["git", *arguments], cwd=root, env=environment, check=True, capture_output=True)

    git("init", "-q")
    (root / "inner").mkdir()
    (root / "inner" / "deep.yaml").write_bytes(b"deep")
    for text in (b"5 -> relu", b"7 -> relu", b"9 -> relu"):
        (root / "net.yaml").write_bytes(text)
        git("add", "-A")
        if text[:1] != b"9":
            git("commit", "-q", "-m", "one")
    git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module")
    return root


@for_each(
    ("reference", "most", "data"),
    [
        ("git:HEAD:net.yaml", 100, b"7 -> relu"), ("git:HEAD~1:net.yaml", 100, b"5 -> relu"),
        ("git::net.yaml", 100, b"9 -> relu"),
        ("git:HEAD:inner/deep.yaml", 100, b"deep"), ("git:HEAD:./deep.yaml", 100, b"deep"),
        ("git:HEAD:inner/deep.yaml", 4, b"deep"), ("git:HEAD:inner/deep.yaml", 3, b"deep"),
        ("git:HEAD:inner/deep.yaml", 2, b"dee"),
    ],
)  # fmt: skip
def test_a_file_of_a_revision(
    repository: Path, monkeypatch: pytest.MonkeyPatch, reference: str, most: int, data: bytes
) -> None:
    """The index has no revision; `./` begins in the current folder; one byte more than the limit is read."""
    monkeypatch.chdir(repository / "inner")
    assert read_revision(reference, most) == data


@for_each(
    ("reference", "message", "hint"),
    [
        *((f"git:{rest}", f'"git:{rest}" is not a file of a revision', FORM)
          for rest in ("HEAD", "HEAD:", ":", ":/one", "-x:net.yaml", "HEAD:a\0b", "")),
        ("git:HEAD:inner", '"inner" is a folder', "name a file inside it"),
        ("git:HEAD:/net.yaml", "git: path '/net.yaml' does not exist in 'HEAD'", ""),
        ("git:HEAD:deep.yaml", "git: path 'inner/deep.yaml' exists, but not 'deep.yaml'",
         "Did you mean 'HEAD:inner/deep.yaml' aka 'HEAD:./deep.yaml'?"),
    ],
)  # fmt: skip
def test_no_file_of_a_revision(
    repository: Path, monkeypatch: pytest.MonkeyPatch, reference: str, message: str, hint: str
) -> None:
    """Git's own words, and its own hint."""
    monkeypatch.chdir(repository / "inner")
    with pytest.raises(SpecError) as caught:
        load_source(reference)
    (found,) = caught.value.diagnostics
    assert (found.code, found.message, found.hint, found.file) == ("E106", message, hint, reference)


def test_a_submodule_is_no_file(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git resolves its name, so that only the command that reads a file says something."""
    monkeypatch.chdir(repository)
    with pytest.raises(SpecError) as caught:
        read_revision("git::module", 9)
    (found,) = caught.value.diagnostics
    assert found.message.startswith("git: git cat-file")


@for_each(
    ("path", "message", "hint"),
    [("", "git cannot be run: No such file or directory", "install git, or give a file"),
     ("bin", "git cannot be run: Permission denied", "")],
)  # fmt: skip
def test_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, message: str, hint: str) -> None:
    """Where it is missing, installing it helps."""
    (tmp_path / "bin").mkdir(exist_ok=True)
    (tmp_path / "bin" / "git").write_text("")
    monkeypatch.setenv("PATH", str(tmp_path / path))
    with pytest.raises(SpecError) as caught:
        read_revision("git:HEAD:net.yaml", 9)
    (found,) = caught.value.diagnostics
    assert (found.message, found.hint) == (message, hint)
    assert found.span is not None
    assert (found.span.start, found.span.end) == (0, 0)


@for_each(
    ("words", "message", "hint"),
    [
        ("fatal: a\nhint: b\n\n hint: c\nwarning: d\n", "git: a warning: d", "b c"), ("", "git: no reason given", ""),
        ("hint: b", "git: no reason given", "b"),
    ],
)  # fmt: skip
def test_the_words_of_git(words: str, message: str, hint: str) -> None:
    assert _message_and_hint(words) == (message, hint)
