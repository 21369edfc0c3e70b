"""Writing a file whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from io import RawIOBase


def write(path: str, data: bytes, *, expected: bytes | None = None) -> None:
    """Replace the contents of a file, or make a new one. Who reads it meanwhile sees the old or the new, never a part.

    A symbolic link stays one, and so does a hard link: a file of several names is written in place, since a new file
    would take one name away from the others; its old contents come back if that fails. Permissions stay. With
    `expected`, a file that holds anything else by now is left alone. Raises OSError: no permission, no regular file,
    changed meanwhile, no room.
    """
    path = os.path.realpath(path)
    before = os.stat(path) if os.path.lexists(path) else None
    if before is not None:
        _refuse_unwritable(path, before)
    try:
        descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".cnncalc-")
    except OSError as error:  # of the folder: the name of our own file says nothing to anyone
        raise OSError(error.errno, error.strerror, os.path.dirname(path)) from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _take_over(temporary, before)
        old = _contents(path) if before is not None else b""
        if expected is not None and old != expected:
            raise OSError("it was changed meanwhile")
        if before is not None and before.st_nlink > 1:
            _write_in_place(path, data, old)
            os.unlink(temporary)
        else:
            os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def _refuse_unwritable(path: str, found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise OSError("it is no regular file")
    if not os.access(path, os.W_OK):  # a folder that may be written would let us replace it all the same
        raise PermissionError(13, "Permission denied", path)


def _write_in_place(path: str, data: bytes, old: bytes) -> None:
    """Overwrite a file under all of its names, and restore its old contents if there is no room for the new ones."""
    with open(path, "r+b", buffering=0) as file:
        try:
            _overwrite(file, data)
        except OSError:
            _overwrite(file, old)
            raise


def _overwrite(file: RawIOBase, data: bytes) -> None:
    """Write all of `data` before anything is cut off, so that a full disk shows while the old end is still there."""
    file.seek(0)
    left = memoryview(data)
    while left:
        left = left[file.write(left) or 0 :]
    file.truncate(len(data))
    os.fsync(file.fileno())


def _contents(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _take_over(temporary: str, before: os.stat_result | None) -> None:
    """Permissions and owner of the file that is replaced; those of any new file where there was none."""
    if before is None:
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        return
    made = os.stat(temporary)
    if hasattr(os, "chown") and (made.st_uid, made.st_gid) != (before.st_uid, before.st_gid):
        with suppress(OSError):  # only the superuser may
            os.chown(temporary, before.st_uid, before.st_gid)
    os.chmod(temporary, stat.S_IMODE(before.st_mode))
