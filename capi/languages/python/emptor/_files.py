# SPDX-License-Identifier: BSL-1.0
"""Models and stores as bytes of files."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def read(source) -> bytes:
    """Of a path, of a file that is open for bytes, or the bytes themselves."""
    if isinstance(source, (bytes, bytearray, memoryview)):
        return bytes(source)
    if hasattr(source, "read"):
        return bytes(source.read())
    return Path(source).read_bytes()


def write(target, content) -> None:
    """Into a file that is open for bytes, or under a path: there the old file stays until the new one is whole."""
    if hasattr(target, "write"):
        target.write(content)
        return
    path = Path(target)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(name, path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~mask)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
