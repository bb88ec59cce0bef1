# SPDX-License-Identifier: BSL-1.0
"""What people read runs: the example on CDNOW and the blocks of Python in the README files."""

import os
import re
import subprocess
import sys

import pytest
from conftest import PACKAGE, ROOT

import emptor


def run(program, folder, **environment):
    return subprocess.run([sys.executable, "-W", "error", *program], cwd=folder, capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(PACKAGE), **environment})


def test_the_example_on_cdnow(data_folder, tmp_path):
    pytest.importorskip("pandas")
    done = run([PACKAGE / "examples" / "cdnow.py", data_folder], tmp_path, EMPTOR_DATA_DIR="")
    assert done.returncode == 0, done.stderr
    assert "value.bg_nbd model (unit week)" in done.stdout
    expected, actual = map(int, re.search(r"(\d+) expected, (\d+) came", done.stdout).groups())
    assert actual == 1882 and abs(expected - actual) < 0.15 * actual, done.stdout
    assert (tmp_path / "orders.emptor").exists()


def test_the_example_on_cdnow_asks_for_its_folder(data_folder, tmp_path):
    pytest.importorskip("pandas")
    done = run([PACKAGE / "examples" / "cdnow.py"], tmp_path, EMPTOR_DATA_DIR="")
    assert done.returncode == 1 and "python cdnow.py FOLDER" in done.stderr and "Traceback" not in done.stderr
    program = (PACKAGE / "examples" / "cdnow.py").read_text().partition("# %% [markdown]\n# ## A store")[0]
    done = run(["-c", program + "\nassert len(orders) > 6000\n"], tmp_path, EMPTOR_DATA_DIR=str(data_folder))
    assert done.returncode == 0, done.stderr


def orders_file(folder):
    """Orders of many customers, as the script expects them."""
    shop = emptor.value.bg_nbd.model({"r": 0.8, "alpha": 4.4, "a": 0.8, "b": 2.4}, unit="week")
    spend = emptor.value.gamma_gamma.model({"p": 6.25, "q": 3.74, "v": 15.44})
    made = emptor.value.simulate.reduce(orders=shop, spend=spend, customers=400, age=39, entry_period=12, until="1997-09-30",
                                        clock="day", as_="pandas").orders
    made[["customer", "date", "amount"]].rename(columns={"customer": "customer_id"}).to_csv(folder / "orders.csv", index=False)


@pytest.mark.parametrize("path", [PACKAGE / "README.md", ROOT / "README.md"], ids=["package", "project"])
def test_the_script_of_a_readme_runs(path, tmp_path):
    pytest.importorskip("pandas")
    block, = re.findall(r"```python\n(.*?)```", path.read_text(), re.DOTALL)
    assert block in (PACKAGE / "examples" / "score.py").read_text()
    orders_file(tmp_path)
    done = run(["-c", block + "\nassert len(scores) == 400\n"], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "probability_alive" in done.stdout


def test_the_readme_names_what_there_is():
    text = (PACKAGE / "README.md").read_text()
    for name in re.findall(r"`emptor\.(\w+)", text):
        assert hasattr(emptor, name) or name == "_stubs", name
