# SPDX-License-Identifier: BSL-1.0
"""Models and stores as bytes of files."""

from __future__ import annotations

import os
import secrets
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
    name = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    mode = path.stat().st_mode & 0o7777 if path.exists() else None
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
