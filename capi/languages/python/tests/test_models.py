# SPDX-License-Identifier: BSL-1.0
"""Fits, models and their files; scores as tables; options as values of Python."""

import copy
import datetime
import gc
import io
import os
import pickle
import stat
import weakref
from decimal import Decimal

import numpy as np
import pytest
from conftest import bits

import emptor


@pytest.fixture(scope="module")
def fitted():
    return emptor.value.bg_nbd.example()


def test_a_fit_is_a_model_with_parameters(fitted):
    assert isinstance(fitted, emptor.Model)
    assert list(fitted.parameters) == ["r", "alpha", "a", "b"]
    assert fitted.parameters["r"] == pytest.approx(0.3337418572)
    assert fitted.options == {"unit": "week"}
    assert fitted.tables.fit["converged"].tolist() == [True]
    assert set(fitted.tables) >= {"parameters", "covariance", "fit"}
    assert fitted.entry == "value.bg_nbd"


def test_a_model_can_be_read(fitted):
    text = repr(fitted)
    assert "value.bg_nbd model (unit week)" in text and "alpha" in text and "14.8" in text
    assert "<table>" in fitted._repr_html_()


def test_files_and_texts_bring_back_the_same_model(fitted, tmp_path, customers):
    path = tmp_path / "shop.emptor"
    fitted.save(path)
    assert path.read_bytes() == fitted.to_bytes()
    again = [emptor.load(path), emptor.load(str(path)), emptor.load(fitted.to_bytes()),
             emptor.from_text(fitted.to_json()), pickle.loads(pickle.dumps(fitted)), copy.copy(fitted), copy.deepcopy(fitted)]
    buffer = io.BytesIO()
    fitted.save(buffer)
    again.append(emptor.load(io.BytesIO(buffer.getvalue())))
    assert buffer.getvalue() == fitted.to_bytes()
    for one in again:
        assert one == fitted and hash(one) == hash(fitted)
        assert bits(one.score(customers)["probability_alive"]) == bits(fitted.score(customers)["probability_alive"])
    assert [one.name for one in tmp_path.iterdir()] == ["shop.emptor"]


def test_a_file_that_cannot_be_written_leaves_the_old_one(fitted, tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError):
        fitted.save(tmp_path / "folder")
    with pytest.raises(OSError):
        fitted.save(tmp_path / "nowhere" / "shop.emptor")
    assert [one.name for one in tmp_path.iterdir()] == ["folder"]


def test_a_model_of_parameters_or_tables(shop, customers):
    numbers = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}
    table = {"parameter": list(numbers), "value": list(numbers.values())}
    for one in (emptor.value.bg_nbd.model(parameters=numbers, unit="week"), emptor.value.bg_nbd.model(table, unit="week")):
        assert one == shop
    assert emptor.value.bg_nbd.model(numbers) != shop
    pandas = pytest.importorskip("pandas")
    assert emptor.value.bg_nbd.model(pandas.DataFrame(table), unit="week") == shop
    covariance = {"parameter": ["r"], "with": ["r"], "covariance": [0.01]}
    with pytest.raises(emptor.Error):
        emptor.value.bg_nbd.model(numbers, covariance=covariance)


def test_outputs_in_the_order_that_is_asked_for(shop, customers):
    scores = shop.score(customers, horizon="39 week", only=["expected_orders", "probability_alive"])
    assert list(scores) == ["expected_orders", "probability_alive"]
    assert list(shop.score(customers, only="probability_alive")) == ["probability_alive"]
    assert scores["expected_orders"][0] == pytest.approx(1.22602817476714)
    assert scores.units["expected_orders"] == "orders"


def test_horizons_of_every_kind(shop, customers):
    def orders(**options):
        return bits(shop.score(customers, **options)["expected_orders"])

    weeks = orders(horizon="39 week")
    pandas = pytest.importorskip("pandas")
    for horizon in (39, 39.0, np.int64(39), Decimal(39), "39", "39 weeks", datetime.timedelta(weeks=39),
                    np.timedelta64(39, "W"), pandas.Timedelta(weeks=39)):
        assert orders(horizon=horizon) == weeks
    end = datetime.date(2024, 1, 1) + datetime.timedelta(weeks=39)
    for as_of in (datetime.date(2024, 1, 1), datetime.datetime(2024, 1, 1), "2024-01-01", np.datetime64("2024-01-01"),
                  pandas.Timestamp("2024-01-01")):
        for horizon in (end, pandas.Timestamp(end), np.datetime64(end), end.isoformat()):
            assert orders(horizon=horizon, as_of=as_of) == weeks
    assert orders(horizon=datetime.timedelta(days=1, hours=12)) == orders(horizon="1.5 day")


def test_lists_are_options():
    items = emptor.credit.ageing.examples[0].tables["items"]
    seen = [emptor.credit.ageing.reduce(items, as_of="2026-03-02", by="due_date", edges=edges)["ageing"]["bucket"].tolist()
            for edges in ("30,60,90", [30, 60, 90], (30.0, 60.0, 90.0), np.array([30, 60, 90]))]
    assert len(seen[0]) and all(one == seen[0] for one in seen)


def test_classes_are_names():
    scores = emptor.decision.value_matrix.example()
    assert scores["class"].tolist() == ["gold", "platinum", "iron", "lead", "platinum"]
    assert scores.column("class").values.dtype == np.int32
    pandas = pytest.importorskip("pandas")
    frame = emptor.decision.value_matrix.example(as_="pandas")
    assert isinstance(frame["class"].dtype, pandas.CategoricalDtype)
    assert frame["class"].tolist() == scores["class"].tolist()


def test_row_statuses_are_names(shop):
    table = {"frequency": [2, -1, np.nan], "recency": [30.43, 1, 1], "age": [38.86, 2, 2]}
    with pytest.warns(emptor.RefusedRowsWarning, match="2 of 3"):
        scores = shop.score(table, row_status=True)
    assert scores["row_status"].tolist() == ["ok", "out_of_domain", "missing"]
    assert np.isnan(scores["probability_alive"]).tolist() == [False, True, True]


def test_slots_take_models():
    spend = emptor.value.gamma_gamma.model({"p": 6.25, "q": 3.74, "v": 15.44})
    orders = emptor.value.pareto_nbd.model({"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669}, unit="week")
    row = {"frequency": [2], "recency": [30.43], "age": [38.86], "monetary_value": [22.35]}
    how = {"discount_rate": 0.1, "horizon": "12 month", "as_of": datetime.date(1997, 9, 30), "margin": 0.3}
    value = emptor.value.lifetime_value.score(row, orders=orders, spend=spend, **how)["lifetime_value"]
    assert value[0] == pytest.approx(13.13627522071763, rel=1e-9)
    # Only one entry can be meant: its table is enough.
    alike = emptor.value.lifetime_value.score(row, orders=orders, spend={"p": 6.25, "q": 3.74, "v": 15.44}, **how)
    assert bits(alike["lifetime_value"]) == bits(value)


def test_a_fit_without_a_maximum_warns_and_says_why():
    rows = {"frequency": [0, 1, 2, 3] * 30, "recency": [0, 5, 10, 20] * 30, "age": [30] * 120}
    with pytest.warns(emptor.ConvergenceWarning, match="r and alpha run to infinity") as seen:
        model = emptor.value.nbd.fit(rows)
    assert seen[0].filename == __file__
    assert model.tables["fit"]["converged"].tolist() == [False]


def test_any_number_of_threads_gives_the_same_bits(shop):
    generator = np.random.default_rng(7)
    n = 20_000
    age = generator.uniform(1, 100, n)
    table = {"frequency": generator.integers(1, 30, n), "recency": age * generator.uniform(0, 1, n), "age": age}
    one = shop.score(table, horizon=39)
    for threads in (0, 2, 5):
        other = shop.score(table, horizon=39, threads=threads)
        for name in one:
            assert bits(other[name]) == bits(one[name])


def test_scores_of_many_threads_of_python(shop, customers):
    from concurrent.futures import ThreadPoolExecutor

    wanted = bits(shop.score(customers, horizon=39)["expected_orders"])
    with ThreadPoolExecutor(8) as pool:
        made = pool.map(lambda _: bits(shop.score(customers, horizon=39)["expected_orders"]), range(200))
    assert all(one == wanted for one in made)


def test_handles_are_freed_with_their_last_user(fitted):
    tables = fitted.tables
    view = tables["parameters"].column("value").values
    handle = tables._tables["parameters"]._held.handle
    alive = weakref.ref(handle)
    wanted = view.tolist()
    del tables, handle
    gc.collect()
    assert alive() is not None  # the view keeps its memory
    assert view.tolist() == wanted
    part = view[1:]
    del view
    assert part.tolist() == wanted[1:] and alive() is not None
    del part
    gc.collect()
    assert alive() is None


def test_tables_can_be_read_pickled_and_turned(fitted):
    tables = fitted.tables
    assert "parameters: 4 rows" in repr(tables)
    assert "alpha" in repr(tables.parameters) and "<td>" in tables._repr_html_()
    again = pickle.loads(pickle.dumps(tables))
    assert again.parameters["value"].tolist() == tables.parameters["value"].tolist()
    assert again.parameters["parameter"].tolist() == ["r", "alpha", "a", "b"]
    pandas = pytest.importorskip("pandas")
    frame = tables.to("pandas").parameters
    assert isinstance(frame, pandas.DataFrame)
    frame.loc[0, "value"] = 1.0  # it belongs to the caller
    assert fitted.parameters["r"] != 1.0
    with pytest.raises(AttributeError, match="parameters"):
        tables.nothing
    assert "parameters" in dir(tables)


def test_entries_are_pickled_by_name():
    assert pickle.loads(pickle.dumps(emptor.value.bg_nbd)) is emptor.value.bg_nbd
    assert "fit" in repr(emptor.value.bg_nbd)


def test_the_fit_of_a_frame_gives_tables_of_its_kind(fitted):
    pandas = pytest.importorskip("pandas")
    rows = pandas.DataFrame(emptor.value.bg_nbd.examples[0].tables["rows"])
    model = emptor.value.bg_nbd.fit(rows, unit="week")
    assert model.to_bytes() == fitted.to_bytes()
    assert isinstance(model.tables.parameters, pandas.DataFrame)


def test_a_file_has_the_rights_of_any_other(fitted, tmp_path, monkeypatch):
    mask = os.umask(0o027)
    try:
        monkeypatch.setattr(os, "umask", None)  # it is of all threads: nobody sets it, not even for a moment
        for path, before, after in ((tmp_path / "new", None, 0o640), (tmp_path / "shared", 0o664, 0o664),
                                    (tmp_path / "secret", 0o600, 0o600)):
            if before is not None:
                path.touch()
                path.chmod(before)
            fitted.save(path)
            assert stat.S_IMODE(path.stat().st_mode) == after
            assert emptor.load(path) == fitted
        with pytest.raises(FileNotFoundError):
            fitted.save(tmp_path / "nowhere" / "at all")
        (tmp_path / "folder").mkdir()
        with pytest.raises(IsADirectoryError):
            fitted.save(tmp_path / "folder")
        assert sorted(one.name for one in tmp_path.iterdir()) == ["folder", "new", "secret", "shared"]  # nothing half
    finally:
        monkeypatch.undo()
        os.umask(mask)
