"""Which files a run is about."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from cnncalc.linting.discovery import Target, looks_like_spec, targets
from cnncalc.linting.patterns import pattern
from cnncalc.linting.run import run

SPEC = "input: 8x8x3\nlayers: [relu]\n"
Tree = Callable[[dict[str, str]], None]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """Write files, an empty text standing for a spec, into a folder that is the current one."""
    monkeypatch.chdir(tmp_path)

    def write(files: dict[str, str]) -> None:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text or SPEC, encoding="utf-8")

    return write


def found(*paths: str) -> list[str]:
    return [target.path for target in targets(paths)]


def test_folders_are_walked_in_sorted_order(tree: Tree) -> None:
    """YAML files that look like specs, whatever folder, none that is hidden."""
    tree({
        "b.yaml": "", "a.yml": "", "c/d.yaml": "", "c/a.yaml": "", ".hidden/x.yaml": "", ".x.yaml": "", "n.json": "",
        "compose.yaml": "services: {}\n", "text.yaml": "input\n", "ci.yaml": "jobs:\n  layers: 3\n  input: 2\n",
    })  # fmt: skip
    assert found(".") == ["a.yml", "b.yaml", "c/a.yaml", "c/d.yaml"]
    assert found("c") == ["c/a.yaml", "c/d.yaml"]


def test_each_file_counts_once(tree: Tree) -> None:
    """However it is named."""
    tree({"a.yaml": "", "c/d.yaml": ""})
    paths = ("c/d.yaml", ".", "./a.yaml", "c")
    assert found(*paths) == ["c/d.yaml", "a.yaml"]
    assert run(paths).files == ("c/d.yaml", "a.yaml")


def test_what_is_named_is_checked(tree: Tree) -> None:
    """A file whatever it holds, one that is ignored, one that is missing."""
    tree({"a.txt": "x", "b.yaml": "", ".gitignore": "b.yaml\n"})
    assert found("a.txt", "b.yaml", "gone.yaml") == ["a.txt", "b.yaml", "gone.yaml"]


def test_patterns_are_expanded(tree: Tree) -> None:
    """Where the shell does not; one that matches nothing is told as a file that is not there."""
    tree({"a.yaml": "", "n/b.yaml": "", "n/c.yaml": "", "n/m/d.yaml": ""})
    assert found("n/*.yaml") == ["n/b.yaml", "n/c.yaml"]
    assert found("**/*.yaml") == ["a.yaml", "n/b.yaml", "n/c.yaml", "n/m/d.yaml"]
    assert found("x*.yaml") == ["x*.yaml"]


def test_inline_texts_and_bundled_names(tree: Tree) -> None:
    """Where no such file is in the way."""
    tree({})
    assert list(targets(["8x8x3 -> relu"])) == [Target("<inline>", "8x8x3 -> relu")]
    (plain, variant) = targets(["vgg16", "resnet101"])
    assert (os.path.basename(plain.path), plain.variant) == ("vgg16.yaml", None)
    assert (os.path.basename(variant.path), variant.variant) == ("resnet50.yaml", "resnet101")
    tree({"vgg16": SPEC})
    assert found("vgg16") == ["vgg16"]


@pytest.mark.parametrize(
    ("text", "is_spec"),
    [
        (SPEC, True),
        ("{input: 8x8x3, layers: [relu]}", True),
        ('{"input": "8x8x3", "layers": ["relu"]}', True),
        ("convention: keras\nlayers: []\n", True),
        ("input: 3\nbudget: {}\n", True),
        ("layers: [relu]\n", False),
        ("convention: x\nbudget: 3\n", False),
        ("a:\n  input: 3\n  layers: 3\n", False),
        ("", False),
    ],
)
def test_what_looks_like_a_spec(tmp_path: Path, text: str, is_spec: bool) -> None:
    """Two of a spec's own keys at the top, one of them input or layers."""
    file = tmp_path / "x.yaml"
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        file.write_text(text, encoding=encoding)
        assert looks_like_spec(str(file)) is is_spec, encoding


IGNORED = [
    ("a.yaml", "a.yaml", True),
    ("a.yaml", "n/a.yaml", True),
    ("/a.yaml", "n/a.yaml", False),
    ("n/a.yaml", "n/a.yaml", True),
    ("n/a.yaml", "m/n/a.yaml", False),
    ("*.yaml", "n/a.yaml", True),
    ("n/*.yaml", "n/m/a.yaml", False),
    ("n/**/a.yaml", "n/a.yaml", True),
    ("n/**/a.yaml", "n/m/o/a.yaml", True),
    ("**/n/a.yaml", "m/n/a.yaml", True),
    ("n/**", "n/m/a.yaml", True),
    ("n/", "n/a.yaml", True),
    ("n/", "m/n/a.yaml", True),
    ("a.yaml/", "a.yaml", False),
    ("?.yaml", "a.yaml", True),
    ("[ab].yaml", "b.yaml", True),
    ("[!ab].yaml", "b.yaml", False),
    ("[a-c].yaml", "b.yaml", True),
    ("\\#a.yaml", "#a.yaml", True),
    ("#a.yaml", "#a.yaml", False),
    ("*.yaml\n!a.yaml", "a.yaml", False),
    ("!a.yaml\n*.yaml", "a.yaml", True),
    ("n\n!n/a.yaml", "n/a.yaml", True),
    ("n/*\n!n/a.yaml", "n/a.yaml", False),
    ("a+b.yaml", "a+b.yaml", True),
    ("aab.yaml", "a+b.yaml", False),
]


@pytest.mark.parametrize(("patterns", "path", "ignored"), IGNORED)
def test_gitignore(tree: Tree, patterns: str, path: str, ignored: bool) -> None:
    """As gitignore(5) says, without git."""
    tree({".gitignore": patterns + "\n", path: ""})
    assert (path not in found(".")) is ignored


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not there to be asked")
@pytest.mark.parametrize(("patterns", "path", "ignored"), IGNORED)
def test_gitignore_is_read_as_git_reads_it(tree: Tree, patterns: str, path: str, ignored: bool) -> None:
    """The same table, asked of git."""
    tree({".gitignore": patterns + "\n", path: ""})
    subprocess.run(["git", "init", "--quiet"], check=True)
    asked = subprocess.run(["git", "check-ignore", "--quiet", path], check=False)
    assert (asked.returncode == 0) is ignored


def test_gitignore_files_add_up(tree: Tree) -> None:
    """One in a folder is relative to it and has the last word; those above count up to the repository's root."""
    tree({
        "r/.git/HEAD": "x", "r/.gitignore": "old\n*_draft.yaml\n", "r/n/.gitignore": "!b_draft.yaml\n/c.yaml\n",
        "r/n/a.yaml": "", "r/n/b_draft.yaml": "", "r/n/c.yaml": "", "r/n/m/c.yaml": "", "r/old/x.yaml": "",
        "r/n/a_draft.yaml": "",
        ".gitignore": "a.yaml\n",
    })  # fmt: skip
    assert found("r") == ["r/n/a.yaml", "r/n/b_draft.yaml", "r/n/m/c.yaml"]
    assert found("r/n") == found("r")


def test_links_to_folders_are_not_followed(tree: Tree) -> None:
    """A link that leads back would never end."""
    tree({"n/a.yaml": ""})
    os.symlink(os.path.abspath("."), "n/loop")
    assert found(".") == ["n/a.yaml"]


def test_patterns_of_a_configuration_are_relative_to_it(tmp_path: Path) -> None:
    """What lies outside its folder is not matched."""
    each = pattern("*.yaml", str(tmp_path / "n"))
    assert each.matches(str(tmp_path / "n" / "m" / "a.yaml"))
    assert not each.matches(str(tmp_path / "a.yaml"))


NET = "from torch import nn\nclass Net(nn.Linear):\n    def __init__(self):\n        super().__init__(7, 5)\n"
NAMED = [
    ("net.py:Nett", "E111", 'no "Nett" in net.py', 'did you mean "Net"?'),
    ("net.py:Net", "E205", "Net: nothing states the shape of", "# cnncalc: input 3x32x32"),
    ("v.yaml:b", "E206", 'the spec has no variant "b"', "it has a"),
    ("v.yaml:a", "E301", "", ""),
    ("gone.py:Net", "E106", '"gone.py": no such file', 'did you mean "net.py"?'),
]


@pytest.mark.parametrize(("path", "code", "message", "hint"), NAMED, ids=[row[0] for row in NAMED])
def test_a_name_after_the_path_chooses(path: str, code: str, message: str, hint: str, tree: Tree) -> None:
    """The model of a program, or the variant of a spec: a 3x3 window does not fit into 2x9."""
    tree({
        "net.py": NET,
        "v.yaml": "input: ${size}x9x1\nvariables: {size: 9}\nvariants:\n  a: {size: 2}\nlayers: [conv 8 3x3]\n",
    })  # fmt: skip
    errors = [finding for finding in run([path]).findings if finding.severity == "error"]
    assert [finding.code for finding in errors] == [code]
    assert message in errors[0].message
    assert hint in errors[0].hint
