"""Discovery of the specs to check: files, folders, patterns, bundled names, inline texts, standard input.

A named file is always checked. In a folder, `.yaml` and `.yml` files that look like specs are checked: their top-level
keys include `layers` or `input`, and at least one more key of a spec. Model files of other tools with one of the usual
extensions are checked, too, and Python files that state the input of their model in a comment. Files excluded by
`.gitignore` or the configuration are skipped, as are hidden folders.
"""

import os
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cnncalc.importing.document import HEAD
from cnncalc.linting.globbing import matches, parts_of
from cnncalc.linting.patterns import Pattern, folders_above, last_word, read_gitignore
from cnncalc.reading.bundled import meant_bundled
from cnncalc.reading.files import open_at_once
from cnncalc.reading.load import file_of

SUFFIXES = (".yaml", ".yml")
SOURCE = ".py"
_INPUT_COMMENT = b"# cnncalc: input "
"""The comment that lets a search of folders find a Python file."""

_MARKS = rb"\xef\xbb\xbf|\xff\xfe|\xfe\xff"
_KEYS = re.compile(
    rb"(?:^|\A(?:" + _MARKS + rb")|[{,]\s*)"
    rb"""["']?(input|layers|blocks|convention|layout|variants|expect|budget)["']?[ \t]*:""",
    re.MULTILINE,
)
_LOOKED_AT = 1 << 20
"""The number of bytes of a file that are examined to decide whether it is a spec."""
_GLOB = re.compile(r"[*?\[]")


class Target(NamedTuple):
    """A spec to check: a file, or `text` with a name (as raw bytes).

    `variant`, if set, is the only variant to check.
    """

    path: str
    text: str | bytes | None = None
    variant: str | None = None


def targets(
    paths: Iterable[str], excluded: Iterable[Pattern] = (), *, only_specs: bool = False, stdin: Target | None = None
) -> Iterator[Target]:  # fmt: skip
    """The specs of the paths, each once, with folders sorted; `-` is `stdin`, if given.

    With `only_specs`, a named file must look like a spec, like files found in folders.
    """
    seen = set()
    excluded = tuple(excluded)
    for path in paths:
        for target in [stdin] if path == "-" and stdin else _targets_of(path, excluded):
            if only_specs and target.text is None and not _would_be_found(target.path, excluded):
                continue
            key = (os.path.realpath(target.path), target.text, target.variant)
            if key not in seen:
                seen.add(key)
                yield target


def _targets_of(path: str, excluded: tuple[Pattern, ...]) -> Iterator[Target]:
    if "->" in path or "→" in path or "\n" in path:
        yield Target("<inline>", path)
    elif os.path.isdir(path):
        yield from _in_folder(path, excluded)
    elif not os.path.lexists(path) and _GLOB.search(path):
        yield from _globbed(path, excluded)
    elif bundled := meant_bundled(path):
        yield Target(os.path.relpath(bundled[0]), variant=bundled[1])
    elif (file := file_of(path)) and file.variant:
        yield Target(file.path, variant=file.variant)
    else:
        yield Target(path)


def _in_folder(path: str, excluded: tuple[Pattern, ...]) -> Iterator[Target]:
    """The specs in a folder, or the bundled spec with its name if it contains none."""
    found = list(specs_below(path, excluded))
    if not found and (bundled := meant_bundled(path)):
        yield Target(os.path.relpath(bundled[0]), variant=bundled[1])
    yield from map(Target, found)


def _globbed(path: str, excluded: tuple[Pattern, ...]) -> Iterator[Target]:
    """The files and folders that match a pattern; the pattern itself if there are none, to be reported."""
    found = sorted(_matching(path))
    for each in found:
        if os.path.isdir(each) and "**" not in path:
            yield from map(Target, specs_below(each, excluded))
        elif os.path.isfile(each) and (_may_be_checked(each) or not path.endswith("*")):
            yield Target(each)
    if not found:
        yield Target(path)


def _matching(path: str) -> Iterator[str]:
    """The paths that match a pattern. `**` does not follow links to folders, which may be cyclic."""
    if "**" not in path:
        from glob import iglob  # most paths have no pattern

        yield from iglob(path)
        return
    before = _GLOB.split(path, maxsplit=1)[0]
    start = before[: before.rfind("/") + 1]
    parts = parts_of("/" + path[len(start) :])
    for folder, folders, files in os.walk(start or "."):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in (*folders, *files):
            found = os.path.join(folder, name) if start else os.path.relpath(os.path.join(folder, name))
            if not name.startswith(".") and matches(parts, found.removeprefix(start).replace(os.sep, "/")):
                yield found


def specs_below(folder: str, excluded: tuple[Pattern, ...] = ()) -> Iterator[str]:
    """The specs in a folder and its subfolders, sorted."""
    yield from filter(looks_like_spec, candidates_below(folder, excluded))


def candidates_below(folder: str, excluded: tuple[Pattern, ...] = ()) -> Iterator[str]:
    """The files in a folder and its subfolders that may be specs according to their names, sorted."""
    yield from _walk(folder, (*_from_above(os.path.abspath(folder)), *excluded))


def _walk(folder: str, patterns: tuple[Pattern, ...]) -> Iterator[str]:
    patterns = (*patterns, *read_gitignore(os.path.abspath(folder)))
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        yield folder  # reading it reports the error
        return
    for entry in entries:
        path = entry.path.removeprefix("./")
        is_folder = entry.is_dir(follow_symlinks=False)
        if not is_folder and (not _may_be_checked(entry.name) or _is_no_file(path)):
            continue
        if entry.name.startswith(".") or last_word(patterns, os.path.abspath(path), is_folder=is_folder):
            continue
        if is_folder:
            yield from _walk(path, patterns)
        else:
            yield path


def _may_be_checked(name: str) -> bool:
    """Whether a file may be a spec or a model file, according to its name."""
    if name.endswith((*SUFFIXES, SOURCE)):
        return True
    from cnncalc.importing.formats import endings  # specs do not need the readers of models, which take a while

    return name.lower().endswith(endings())


def _would_be_found(path: str, excluded: tuple[Pattern, ...]) -> bool:
    """Whether a search of the enclosing folders would find a file."""
    whole = os.path.abspath(path)
    if last_word(excluded, whole, is_folder=False):
        return False
    around = folders_above(os.path.dirname(whole))
    return not any(last_word(excluded, folder, is_folder=True) for folder in around) and looks_like_spec(path)


def _is_no_file(path: str) -> bool:
    """Whether a path is a pipe, a socket or a device, which could block."""
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


def _from_above(folder: str) -> Iterator[Pattern]:
    """The patterns of the `.gitignore` files above a folder, outermost first, up to the root of its repository."""
    above = []
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return
        folder = parent
        above.append(folder)
    for each in reversed(above):
        yield from read_gitignore(each)


def looks_like_spec(path: str) -> bool:
    """Whether a file has the top-level keys of a spec, or is a model file; unreadable files count, to be reported."""
    try:
        with open(path, "rb", opener=open_at_once) as file:
            data = file.read(_LOOKED_AT if path.endswith(SUFFIXES) else HEAD)
    except OSError:
        return not path.endswith(SOURCE)
    if path.endswith(SOURCE) and _INPUT_COMMENT not in data:
        return False
    if path.endswith(SUFFIXES):
        keys = set(_KEYS.findall(data.replace(b"\0", b"")))  # UTF-16 text is found, and reported
        if len(keys) > 1 and keys & {b"input", b"layers"}:
            return True
    from cnncalc.importing.formats import format_of

    return format_of(data[:HEAD], path) is not None
