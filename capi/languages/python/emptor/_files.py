# SPDX-License-Identifier: BSL-1.0
"""Models and stores as bytes of files."""

from __future__ import annotations

import io
import os
import secrets
import stat
from pathlib import Path


def read(source) -> bytes:
    """Of a path, of a file that is open for bytes, or the bytes themselves."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return bytes(source)
    if hasattr(source, "read"):
        return bytes(source.read())
    return Path(source).read_bytes()


def _all_into(file, content) -> None:
    """A raw file may take less than it is given."""
    rest = content
    while len(rest):
        count = file.write(rest)
        if count is None and not isinstance(file, io.RawIOBase):
            return  # a file that does not count
        if not count:
            raise OSError(f"the file took no more after {len(content) - len(rest)} of {len(content)} bytes")
        rest = rest[count:]


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def write(target, content) -> None:
    """Into a file that is open for bytes, or under a path: there the old file stays until the new one is whole. Links stay
    links, and what is no regular file (a device, a pipe) is written to."""
    if hasattr(target, "write"):
        _all_into(target, content)
        return
    path = Path(target)
    mode = _mode(path)
    if mode is not None and not stat.S_ISREG(mode):
        with open(path, "wb", buffering=0) as file:
            _all_into(file, content)
        return
    path = Path(os.path.realpath(path))
    mode = None if mode is None else stat.S_IMODE(mode)
    name = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666 if mode is None else mode & 0o700)
    try:
        with os.fdopen(handle, "wb") as file:
            if mode is not None:
                os.chmod(name, mode)
            file.write(content)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
