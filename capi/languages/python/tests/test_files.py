# SPDX-License-Identifier: BSL-1.0
"""Where models and stores are saved to."""

import io
import os
import threading

import pytest

import emptor


def test_a_link_stays_one_and_its_file_is_replaced(shop, tmp_path):
    target, link, later = tmp_path / "folder" / "model", tmp_path / "link", tmp_path / "later"
    target.parent.mkdir()
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    later.symlink_to("folder/new")
    for one in (link, later):
        shop.save(one)
        assert one.is_symlink() and emptor.load(one) == shop
    assert target.stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir(target.parent)) == ["model", "new"]
    link.unlink()
    link.symlink_to(link)
    with pytest.raises(OSError):
        shop.save(link)
    assert link.is_symlink()


def test_a_pipe_is_written_to(shop, tmp_path):
    pipe, got = tmp_path / "pipe", []
    os.mkfifo(pipe)
    thread = threading.Thread(target=lambda: got.append(pipe.read_bytes()), daemon=True)
    thread.start()
    shop.save(pipe)
    thread.join(60)
    assert got == [shop.to_bytes()] and pipe.is_fifo()
    with pytest.raises(IsADirectoryError):
        shop.save(tmp_path)


class Raw(io.RawIOBase):
    def __init__(self, most):
        self.most, self.content = most, b""

    def writable(self):
        return True

    def write(self, content):
        if self.most is None:
            return None
        self.content += bytes(content[:self.most])
        return min(self.most, len(content))


def test_a_raw_file_that_takes_little_at_a_time(shop):
    raw = Raw(7)
    shop.save(raw)
    assert raw.content == shop.to_bytes()
    for most in (0, None):
        with pytest.raises(OSError, match="after 0 of"):
            shop.save(Raw(most))
