"""Reading an entry of the zip archive that a model file is: its kind is checked before a byte is unpacked."""

from __future__ import annotations

import zipfile
import zlib

from cnncalc.importing.formats import Request, fail

DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError)
"""The errors of an archive that is damaged, or of a later version of the format."""
_UNREADABLE = 0x61
"""The flags of an entry that is encrypted (1 and 0x40) or holds changes to another file (0x20)."""


def read_entry(request: Request, archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """At most so many bytes of an entry. Raises SpecError (E111) for a kind that is not read, and those of DAMAGED."""
    entry = archive.getinfo(name)
    if entry.flag_bits & _UNREADABLE:
        fail(request.path, f"{name} in the archive is encrypted", "save the model without a password")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        fail(request.path, f"{name} in the archive is packed by a method that is not read", "save the model again")
    with archive.open(entry) as file:
        return file.read(most)
