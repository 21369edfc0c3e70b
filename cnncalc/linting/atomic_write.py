"""Writing files atomically."""

from __future__ import annotations

import errno
import os
import stat
import tempfile
from contextlib import suppress
from io import RawIOBase


def write(path: str, data: bytes, *, expected: bytes | None = None) -> None:
    """Replace the contents of a file, or create it. Concurrent readers see the old or the new contents, never a part.

    Symbolic and hard links are preserved: a file with several names is written in place, since a new file would
    separate one name from the others; if that fails, the old contents are restored. Permissions are preserved. With
    `expected`, a file whose contents differ by now is not changed. Raises OSError: no permission, not a regular file,
    changed meanwhile, disk full.
    """
    path = os.path.realpath(path)
    before = os.stat(path) if os.path.lexists(path) else None
    if before is not None:
        _refuse_unwritable(path, before)
    try:
        descriptor, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".cnncalc-")
    except OSError as error:  # report the folder: the name of the temporary file is meaningless
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
        raise OSError(errno.EINVAL, "it is not a regular file", path)
    if not os.access(path, os.W_OK):  # otherwise a writable folder would allow replacing it
        raise PermissionError(13, "Permission denied", path)


def _write_in_place(path: str, data: bytes, old: bytes) -> None:
    """Overwrite a file under all its names, and restore the old contents if the disk is full."""
    with open(path, "r+b", buffering=0) as file:
        try:
            _overwrite(file, data)
        except OSError:
            _overwrite(file, old)
            raise


def _overwrite(file: RawIOBase, data: bytes) -> None:
    """Write all of `data` before truncating, so that a full disk is detected while the old end still exists."""
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
    """Copy permissions and owner from the replaced file; a new file gets the defaults."""
    if before is None:
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(temporary, 0o666 & ~mask)
        return
    made = os.stat(temporary)
    if hasattr(os, "chown") and (made.st_uid, made.st_gid) != (before.st_uid, before.st_gid):
        with suppress(OSError):  # only allowed for the superuser
            os.chown(temporary, before.st_uid, before.st_gid)
    os.chmod(temporary, stat.S_IMODE(before.st_mode))
