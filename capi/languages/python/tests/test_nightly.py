# SPDX-License-Identifier: BSL-1.0
"""The Python of the page on a store kept up to date every night: it ends in the file that the shell's tool ends in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1]
SHELL = PACKAGE.parents[2] / "tests" / "examples" / "nightly.sh"


def test_the_nights_end_in_the_file_of_the_tool(tmp_path):
    done = subprocess.run([sys.executable, PACKAGE / "examples" / "nightly.py", "python.emptor"], cwd=tmp_path, text=True,
                          capture_output=True, env={**os.environ, "PYTHONPATH": str(PACKAGE)})
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["2 added, 1 replaced, 1 repeated", "customer Ann Bob", "frequency 1 1",
                                        "total_amount 195.00 95.00"]
    tool = os.environ.get("EMPTOR_TOOL")
    if not tool:
        pytest.skip("EMPTOR_TOOL does not name the tool of the build tree")
    path = os.pathsep.join([str(Path(tool).parent), os.environ["PATH"]])
    subprocess.run(["sh", SHELL], cwd=tmp_path, check=True, env={**os.environ, "PATH": path})
    assert (tmp_path / "shop.emptor").read_bytes() == (tmp_path / "python.emptor").read_bytes()
