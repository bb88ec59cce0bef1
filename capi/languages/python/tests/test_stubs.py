# SPDX-License-Identifier: BSL-1.0
"""The type stubs: made of the catalogue, fresh, and understood by a type checker."""

import shutil
import subprocess
import sys

import pytest
from conftest import PACKAGE

import emptor
from emptor import _stubs

RIGHT = '''
import datetime
import emptor
from emptor.value import bg_nbd

model = bg_nbd.fit({"frequency": [1], "recency": [1.0], "age": [2.0]}, unit="week", max_iterations=10)
scores = model.score({"frequency": [1]}, horizon="39 week", only=["expected_orders"], as_="pandas")
model.score({}, horizon=datetime.timedelta(weeks=3), quantile=0.5)
table = emptor.credit.ageing.reduce(items={}, settlements={}, as_of=datetime.date(2026, 3, 31), by="due_date").ageing
store = emptor.stores.order_history(default_currency="EUR")
report: emptor.PushReport = store.push({}, columns={"customer": "customer_id"})
parameters: dict[str, float] = model.parameters
made: emptor.Model = emptor.value.bg_nbd.model({"r": 0.2}, unit="week")
value = emptor.value.lifetime_value.score({}, orders=model, spend=made, horizon="1 year", discount_rate=0.1)
emptor.load("shop.emptor").score({})
emptor.decision.alert.customer_churn.score({}, false_alarm_rate=0.01)
emptor.entry("decision.alert.customer_churn").score({}, hysteresis=3)
names: list[str] = emptor.entries
emptor.entry("value.bg_nbd").fit({}, unit="week").score({}, horizon=3)
emptor.entry(names[0]).example()
emptor.value.bg_nbd.example("score", as_="pandas")
store.merge(store).erase(["Ann"])
store.finish("value.summary", until="2024-01-01")
first = store.table(emptor.value.summary, "summary")
store.save("orders.emptor")
emptor.from_text(model.to_json()).export("json")
speed: str = emptor.isa_name()
try:
    model.save("x")
except emptor.DataError as error:
    row = error.row
'''

WRONG = {
    'emptor.value.bg_nbd.fit({}, unti="week")': "call-arg",
    'emptor.value.bg_nbd.fit({}, unit="fortnight")': "arg-type",
    "emptor.value.bg_nbd.reduce({})": "attr-defined",
    "emptor.value.bg_nbdd": "attr-defined",
    'emptor.credit.ageing.reduce({}, by="due_date")': "call-arg",
    'emptor.entry("value.bg_nbd").fit({}, unti="week")': "call-arg",
    "emptor.decision.alert.customer_churn.score({}, false_alarm=0.01)": "call-arg",
    "emptor.stores.ledger(default_currency=3)": "arg-type",
    'emptor.value.bg_nbd.fit({}).score({}, as_="excel")': "arg-type",
}


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What mypy says of both programs."""
    pytest.importorskip("mypy")
    folder = tmp_path_factory.mktemp("stubs")
    shutil.copytree(PACKAGE / "emptor", folder / "emptor", ignore=shutil.ignore_patterns("*.pyi", "*.so", "__pycache__"))
    _stubs.write(folder / "emptor")
    (folder / "right.py").write_text(RIGHT)
    (folder / "wrong.py").write_text("\n".join(["import emptor", *WRONG, ""]))
    (folder / "mypy.ini").write_text("[mypy]\nstrict = true\nfollow_imports = silent\n[mypy-numpy.*,pandas.*,pyarrow.*,"
                                     "polars.*,tqdm.*]\nfollow_imports = skip\n")
    done = subprocess.run([sys.executable, "-m", "mypy", "--cache-dir", str(folder / "cache"), "right.py", "wrong.py"],
                          cwd=folder, capture_output=True, text=True)
    return (done.stdout + done.stderr).splitlines()


def test_a_program_of_a_user_is_right(said):
    assert [one for one in said if not one.startswith("wrong.py")] == [said[-1]]
    assert said[-1].startswith(f"Found {len(WRONG)} errors in 1 file")


@pytest.mark.parametrize("line,code", list(enumerate(WRONG, 2)))
def test_mistakes_are_found(said, line, code):
    assert [one for one in said if one.startswith(f"wrong.py:{line}: error") and f"[{WRONG[code]}]" in one], said


def test_every_entry_and_store_is_in_them():
    made = _stubs.made()
    for name in emptor.entries:
        module, _, own = name.rpartition(".")
        file = _stubs._file_of(module) + ".pyi"
        assert f"\n{own}: _{own}\n" in made[file]
        compile(made[file], file, "exec")
    for kind in dir(emptor.stores):
        assert kind.startswith("_") or f"class {kind}(Store)" in made["stores.pyi"]
    names = {one.rpartition(" as ")[2] for one in made["__init__.pyi"].splitlines() if " as " in one}
    assert set(emptor.__all__) - names <= {"entries", "entry", "isa_name", "load"}


def test_those_that_stand_beside_the_package_are_fresh():
    """An editable install writes them there."""
    for path in (PACKAGE / "emptor").glob("*.pyi"):
        assert path.read_text() == _stubs.made()[path.name], "python -m emptor._stubs writes them anew"
