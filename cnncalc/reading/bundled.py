"""The bundled specs by name: one per file, and one per variant of a family's file."""

from __future__ import annotations

import os
import re

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# Inside an installed package; next to it in a checkout.
_FOLDERS = (os.path.join(_PACKAGE, "specs"), os.path.join(os.path.dirname(_PACKAGE), "specs"))
_VARIANTS = r"(?m)^variants:[^\n]*\n((?:[ \t#][^\n]*\n|\s*\n)*)"
_WORD = re.compile(r"[A-Za-z_][\w.-]*")
_NAME = r"(?m)^( +)([A-Za-z_][\w.-]*) *:"


def bundled_names() -> list[str]:
    """The names of all bundled specs, including variants, sorted."""
    names = {name for stem in _stems() for name in (stem, *_variants(stem))}
    return sorted(names)


def bundled_families() -> list[tuple[str, str]]:
    """Pairs of a file's name and a spec name in it: the file's own name and those of its variants."""
    return [(stem, name) for stem in _stems() for name in dict.fromkeys((stem, *_variants(stem)))]


def bundled_path(name: str) -> str | None:
    """The file of the bundled spec or variant called `name`, or None."""
    found = find_bundled(name)
    return found[0] if found else None


def find_bundled(name: str) -> tuple[str, str | None] | None:
    """The file of a bundled name and, if the name is one of the file's variants, that variant."""
    if not _WORD.fullmatch(name) or name.endswith((".yaml", ".yml")):  # avoids searching all files for ordinary paths
        return None
    stems = _stems()
    if name in stems:
        return _path(name), name if name in _variants(name) else None
    for stem in sorted(stems, key=lambda stem: stem[:4] != name[:4]):  # a variant mostly begins as its file does
        if name in _variants(stem):
            return _path(stem), name
    return None


def meant_bundled(reference: str) -> tuple[str, str | None] | None:
    """The file and variant of the bundled spec that a reference (`NAME` or `NAME:VARIANT`) denotes, or None.

    A file with that name in the current folder takes precedence; a folder, pipe, socket or device does not.
    """
    if os.path.isfile(reference):
        return None
    if found := find_bundled(reference):
        return found
    name, _, variant = reference.rpartition(":")
    found = find_bundled(name) if name and variant and not os.path.isfile(name) else None
    return (found[0], variant) if found else None


def hidden_bundled(reference: str) -> str | None:
    """The name of the bundled spec that a reference would denote if there were no file with that name."""
    for name in (reference, reference.rpartition(":")[0]):
        if name and os.path.isfile(name):
            return name if find_bundled(name) else None
    return None


def bundled_folder() -> str:
    """The folder of the bundled specs; empty if there is none."""
    return next((folder for folder in _FOLDERS if os.path.isdir(folder)), "")


def _stems() -> list[str]:
    folder = bundled_folder()
    names = sorted(os.listdir(folder)) if folder else []
    return [name.removesuffix(".yaml") for name in names if name.endswith(".yaml")]


def _path(stem: str) -> str:
    return os.path.join(bundled_folder(), stem + ".yaml")


def _variants(stem: str) -> list[str]:
    """The names under `variants:`, found by their indentation, since parsing every file would slow down each start.

    Bundled files write `variants:` as a block, one name per line.
    """
    with open(_path(stem), encoding="utf-8") as file:
        section = re.search(_VARIANTS, file.read() + "\n")
    names = re.findall(_NAME, section.group(1)) if section else []
    return [name for indent, name in names if indent == names[0][0]]


def bundled_text(name: str) -> str | None:
    """The text of a bundled spec, or None if there is none with that name."""
    path = bundled_path(name)
    if path is None:
        return None
    with open(path, encoding="utf-8") as file:
        return file.read()
