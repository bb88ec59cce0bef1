# SPDX-License-Identifier: BSL-1.0
"""The files of tests/golden, which C++, C and the tool read too: the same bytes, figures and bits of scores."""

import datetime
import csv
import os
import subprocess
import warnings

import numpy as np
import pytest
from conftest import PACKAGE, ROOT, bits

import emptor
from emptor._entries import _typed

GOLDEN = ROOT / "tests" / "golden" / "0.1"
SCORES = sorted(path.name[: -len(".scores.csv")] for path in (GOLDEN / "scores").glob("*.scores.csv"))
KINDS = ["numpy", "pandas", "polars", "pyarrow"]


def read(path):
    with path.open(newline="", encoding="utf-8") as file:
        names, *lines = csv.reader(file)
    return names, lines


def in_kind(table, kind):
    """The rows as that kind of table; what is missing stays so."""
    if kind == "numpy":
        return table
    package = pytest.importorskip(kind)
    return package.table(table) if kind == "pyarrow" else package.DataFrame(table)


def field(value):
    """A value with all its bits, as the golden file has it."""
    if value is None or type(value).__name__ in ("NAType", "NaTType") or value != value:
        return ""
    if isinstance(value, (bool, np.bool_)):
        return str(value).lower()
    if isinstance(value, (float, np.floating)):
        return float(value)
    if isinstance(value, datetime.date):  # of pandas with a time of the day
        return value.isoformat()[:10]
    return str(value)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", SCORES)
def test_scores_have_the_same_bits(name, kind):
    folder, entry = GOLDEN / "scores", emptor.entry(name)
    options = dict(read(folder / f"{name}.options.csv")[1])
    slots = {path.name[len(name) + 1:-len(".emptor")]: emptor.load(path) for path in folder.glob(f"{name}.*.emptor")}
    model = folder / f"{name}.emptor"
    text = (folder / f"{name}.rows.csv").read_text()
    rows = in_kind(_typed(text, entry.description["score"]["inputs"]), kind)
    names, lines = read(folder / f"{name}.scores.csv")
    verb = emptor.load(model).score if model.exists() else entry.score
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", emptor.RefusedRowsWarning)
        scores = verb(rows, **options, **slots, only=names[:-1], row_status=True)
    columns = [[field(value) for value in (scores[one].to_list() if kind == "polars" else scores[one].to_pylist()
                                           if kind == "pyarrow" else scores[one].tolist())] for one in names]
    for row, line in enumerate(lines):
        for i, wanted in enumerate(line):
            seen = columns[i][row]
            if "0x" in wanted:
                assert bits([seen]) == bits([float.fromhex(wanted)]), (names[i], row, float.hex(seen), wanted)
            else:
                assert seen == wanted, (names[i], row)


def test_every_entry_that_scores_is_among_them():
    assert set(SCORES) == {one for one in emptor.entries if emptor.entry(one).description["score"]["outputs"]}


@pytest.mark.parametrize("path", sorted(GOLDEN.rglob("*.emptor")), ids=lambda path: path.stem)
def test_files_load_and_are_saved_to_the_same_bytes(path):
    held = emptor.load(path)
    content = path.read_bytes()
    if emptor.__version__.encode() in content[:200] or isinstance(held, emptor.Store):
        assert held.to_bytes() == content


@pytest.mark.parametrize("store,entry,options", [
    ("order_history", "value.summary", {"until": "2024-02-05", "unit": "week"}),
    ("ledger", "credit.ageing", {"as_of": "2026-03-02", "by": "due_date", "edges": "30,60,90"}),
    ("outcomes", "credit.adverse_impact", {"group": "age", "score": "score", "cut": 600, "orientation": "higher_is_better"}),
    ("rating_history", "credit.investigation", {"as_of": "2026-03-02"}),
    ("survey", "satisfaction.recommendation", {"item": "recommend", "by": "group_and_period"})])
def test_stores_finish_to_the_same_figures(store, entry, options):
    slots = emptor.entry(entry).examples[0]._slot_models()
    made = emptor.load(GOLDEN / f"{store}.emptor").finish(entry, **slots, **options)
    compared = 0
    for path in GOLDEN.glob(f"{entry}.*.csv"):
        names, lines = read(path)
        table = made[path.name.split(".")[2]]
        for i, name in enumerate(names):
            assert [field(value) for value in table[name].tolist()] == [line[i] for line in lines], (path.name, name)
        compared += 1
    assert compared >= 2


def test_a_model_fitted_here_scores_the_same_bits_in_the_tool_and_in_c(tmp_path):
    tool = os.environ.get("EMPTOR_TOOL")
    if not tool:
        pytest.skip("EMPTOR_TOOL does not name the tool of the build tree")
    model = emptor.value.pareto_nbd.example()
    model.save(tmp_path / "m.emptor")
    generator = np.random.default_rng(11)
    age = generator.uniform(1, 60, 200).round(3)
    rows = {"frequency": generator.integers(1, 20, 200), "recency": (age * generator.uniform(0, 1, 200)).round(3), "age": age}
    with (tmp_path / "rows.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(rows)
        writer.writerows(zip(*(values.tolist() for values in rows.values())))
    scores = model.score(rows, horizon="39 week", discount_rate=0.1)
    subprocess.run([tool, "score", "m.emptor", "--in", "rows.csv", "--set", "horizon=39 week", "--set", "discount_rate=0.1",
                    "--out", "scores.csv"], cwd=tmp_path, check=True)
    names, lines = read(tmp_path / "scores.csv")
    assert names == list(scores)
    for i, name in enumerate(names):
        assert bits([float(line[i]) for line in lines]) == bits(scores[name])
    _scores_of_c(tmp_path, model.to_bytes(), rows, scores)


def _scores_of_c(folder, model, rows, scores):
    """A program of C loads the same file and scores the same rows."""
    compiler = os.environ.get("EMPTOR_C_COMPILER")
    if not compiler:
        pytest.skip("EMPTOR_C_COMPILER does not name the compiler of the build tree")
    library = os.environ["EMPTOR_LIBRARY"]
    (folder / "rows.bin").write_bytes(b"".join(np.asarray(rows[name], np.float64).tobytes() for name in rows))
    subprocess.run([compiler, str(PACKAGE / "tests" / "score.c"), "-I", str(ROOT / "capi/include"), "-o", "score", library,
                    f"-Wl,-rpath,{os.path.dirname(library)}"], cwd=folder, check=True)
    made = subprocess.run(["./score", "m.emptor", "rows.bin"], cwd=folder, check=True, capture_output=True).stdout
    assert made == scores["expected_orders"].tobytes()
