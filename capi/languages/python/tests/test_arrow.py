# SPDX-License-Identifier: BSL-1.0
"""Arrow in and out: pyarrow, polars and whatever else speaks the C data interface."""

import datetime
import gc
import inspect
import os
import subprocess
import sys
from decimal import Decimal

import numpy as np
import pytest
from conftest import PACKAGE, bits

import emptor
from emptor import _frames, _run

pyarrow = pytest.importorskip("pyarrow")

ROWS = {"frequency": [2, 0, 26, 1], "recency": [30.43, 0.0, 30.86, 5.0], "age": [38.86, 38.86, 31.0, 6.5]}


@pytest.fixture
def wanted(shop):
    return bits(shop.score(ROWS, horizon=39)["expected_orders"])


class Stream:
    """Something that only streams."""

    def __init__(self, table):
        self._table = table

    def __arrow_c_stream__(self, requested_schema=None):
        return self._table.__arrow_c_stream__(requested_schema)


class Array:
    """Something that is one array."""

    def __init__(self, batch):
        self._batch = batch

    def __arrow_c_array__(self, requested_schema=None):
        return self._batch.__arrow_c_array__(requested_schema)


def test_every_form_of_pyarrow_scores_the_same(shop, wanted):
    table = pyarrow.table(ROWS)
    chunked = pyarrow.concat_tables([table.slice(0, 1), table.slice(1, 0), table.slice(1)])
    forms = [table, chunked, table.to_batches()[0], table.to_reader(), chunked.to_reader(), Stream(table), Stream(chunked),
             Array(table.to_batches()[0]), pyarrow.table({"no": [1, 2, 3, 4], **ROWS}),
             pyarrow.table({**ROWS, "frequency": pyarrow.array(ROWS["frequency"], pyarrow.uint16())}),
             pyarrow.table({**ROWS, "age": pyarrow.array(map(Decimal, map(str, ROWS["age"])), pyarrow.decimal128(9, 2))})]
    for form in forms:
        scores = shop.score(form, horizon=39)
        assert isinstance(scores, pyarrow.Table)
        assert bits(scores["expected_orders"].to_numpy()) == wanted
    assert shop.score(table.slice(2), horizon=39)["expected_orders"].to_numpy().view(np.int64).tolist() == wanted[2:]
    with_columns = {**ROWS, "age": pyarrow.chunked_array([ROWS["age"][:3], ROWS["age"][3:]]),
                    "recency": pyarrow.array(ROWS["recency"])}
    assert bits(shop.score(with_columns, horizon=39)["expected_orders"]) == wanted


def test_a_reader_is_read_once(shop):
    reader = pyarrow.table(ROWS).to_reader()
    shop.score(reader)
    scores = shop.score(reader)
    assert scores.num_rows == 0


def test_columns_by_other_names(shop, wanted):
    table = pyarrow.table({"x": ROWS["frequency"], "t_x": ROWS["recency"], "T": ROWS["age"]})
    names = {"frequency": "x", "recency": "t_x", "age": "T"}
    assert bits(shop.score(table, horizon=39, columns=names)["expected_orders"].to_numpy()) == wanted
    with pytest.raises(emptor.SchemaError, match="age"):
        shop.score(table, columns={"frequency": "x", "recency": "t_x"})


def test_kinds_out(shop, wanted):
    table = pyarrow.table(ROWS)
    assert bits(shop.score(table, horizon=39, as_="numpy")["expected_orders"]) == wanted
    assert isinstance(shop.score(Stream(table), as_="numpy"), emptor.Table)
    scores = shop.score(ROWS, horizon=39, as_="pyarrow", only="expected_orders")
    assert scores.column_names == ["expected_orders"]
    assert bits(scores["expected_orders"].to_numpy()) == wanted


def test_nulls_and_row_statuses(shop):
    table = pyarrow.table({**ROWS, "frequency": pyarrow.array([2, None, -1, 1])})
    with pytest.warns(emptor.RefusedRowsWarning, match=r"2 of 4 rows.*missing 1.*frequency\[1\]") as seen:
        scores = shop.score(table, row_status=True)
    assert scores["row_status"].to_pylist() == ["ok", "missing", "out_of_domain", "ok"]
    assert scores["probability_alive"].null_count == 2
    assert seen[0].message.reasons == {"missing": (1, 1), "out_of_domain": (1, 2)}
    with pytest.raises(emptor.DataError) as error:
        shop.score(table, strict=True)
    assert (error.value.row, error.value.column) == (1, "frequency")


def test_a_column_of_nulls_is_missing(shop):
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    nulls = {**ROWS, "frequency": [None] * 4}
    for table in (pyarrow.table({**ROWS, "frequency": pyarrow.nulls(4)}), polars.DataFrame(nulls),
                  pandas.DataFrame(nulls), nulls):
        with pytest.warns(emptor.RefusedRowsWarning, match=r"4 of 4 rows.*frequency\[0\] is missing"):
            scores = shop.score(table, row_status=True, as_="numpy")
        assert scores["row_status"].tolist() == ["missing"] * 4


def test_a_bit_of_a_boolean_is_found_for_the_message(shop):
    table = pyarrow.table({**ROWS, "frequency": [True, False, None, True]}).slice(1)
    with pytest.warns(emptor.RefusedRowsWarning, match=r"missing 1.*frequency\[1\] is missing"):
        scores = shop.score(table.to_batches()[0], row_status=True)
    assert scores["row_status"].to_pylist() == ["ok", "missing", "ok"]


def test_memory_of_arrow_is_read_where_it_lies():
    described = emptor.value.bg_nbd.description["score"]["inputs"]
    table = pyarrow.table({**ROWS, "frequency": pyarrow.array(ROWS["frequency"], pyarrow.int64())})
    rows = _frames.bound(table, described, None, "here")
    for i, name in enumerate(("frequency", "recency", "age")):
        assert rows.struct.columns[i].data == table[name].chunk(0).buffers()[1].address
    part = _frames.bound(table.to_batches()[0].slice(1), described, None, "here")
    assert part.struct.columns[1].data == table["recency"].chunk(0).buffers()[1].address + 8


def test_memory_of_texts_is_read_where_it_lies(orders):
    described = emptor.stores.order_history(default_currency="EUR")._described(None)["columns"]
    table = pyarrow.table(orders)
    rows = _frames.bound(table, described, None, "here")
    assert rows.struct.columns[0].data == table["customer"].chunk(0).buffers()[2].address


def test_numbers_of_a_result_are_lent():
    model = emptor.value.bg_nbd.example()
    table = model.tables["parameters"]
    lent = pyarrow.record_batch(table)
    assert lent["value"].buffers()[1].address == table.column("value").values.__array_interface__["data"][0]
    del model, table
    gc.collect()
    assert lent["value"].to_pylist()[0] == pytest.approx(0.3337418572)


def test_nothing_of_arrow_stays_behind(shop):
    table = pyarrow.table(ROWS)
    batch = table.to_batches()[0]
    shop.score(table, horizon=39)
    before = pyarrow.total_allocated_bytes()
    for _ in range(50):
        shop.score(Stream(pyarrow.table(ROWS)), horizon=39)
        shop.score(Array(batch), horizon=39)
        with pytest.raises(emptor.UnknownNameError):
            shop.score(table, only="nothing")
        with pytest.raises(emptor.SchemaError):
            shop.score(pyarrow.table({**ROWS, "age": [[1]] * 4}))
        emptor.value.bg_nbd.example(as_="pyarrow").tables.parameters.to_pylist()
    gc.collect()
    assert pyarrow.total_allocated_bytes() == before
    from emptor import _arrow

    assert len(_arrow._owned) < 3


def test_a_table_of_every_content(orders):
    table = pyarrow.table({**orders, "amount": [Decimal("10.00"), Decimal("20.50"), Decimal("30.25"), Decimal(7), Decimal(12)],
                           "customer": pyarrow.array(orders["customer"]).dictionary_encode()})
    made = emptor.value.summary.reduce(table, default_currency="EUR", unit="week")
    summary, totals = made.summary, made.totals
    assert isinstance(summary, pyarrow.Table)
    assert pyarrow.types.is_decimal(summary.schema.field("total_amount").type)
    assert summary["total_amount"].to_pylist() == [Decimal("52.25"), Decimal("20.50"), Decimal("7.00")]
    assert summary["first_order"].to_pylist()[0] == datetime.date(2024, 1, 1)
    assert summary["customer"].to_pylist() == ["Ann", "Bob", "Cai"]
    assert pyarrow.types.is_dictionary(totals.schema.field("total").type)
    assert summary["monetary_value"].null_count == 2
    plain = emptor.value.summary.reduce(table, default_currency="EUR", money="float").summary
    assert plain["total_amount"].to_pylist() == [52.25, 20.5, 7.0]
    minor = emptor.value.summary.reduce(table, default_currency="EUR", money="minor").summary
    assert minor["total_amount"].to_pylist() == [5225, 2050, 700]


def test_polars(shop, wanted, orders):
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(ROWS)
    for form in (frame, frame.lazy(), polars.concat([frame[:1], frame[1:]], rechunk=False), {**ROWS, "age": frame["age"]}):
        scores = shop.score(form, horizon=39)
        values = scores["expected_orders"]
        assert bits(values.to_numpy() if isinstance(scores, polars.DataFrame) else values) == wanted
    assert isinstance(shop.score(frame), polars.DataFrame)
    with pytest.warns(emptor.RefusedRowsWarning, match="missing 1"):
        scores = shop.score(frame.with_columns(age=polars.Series([None, 38.86, 31.0, 6.5])), row_status=True)
    assert scores["row_status"].to_list() == ["missing", "ok", "ok", "ok"]
    table = polars.DataFrame(orders).with_columns(polars.col("customer").cast(polars.Categorical))
    summary = emptor.value.summary.reduce(table, default_currency="EUR", unit="week").summary
    assert isinstance(summary, polars.DataFrame)
    assert summary["total_amount"].to_list() == [Decimal("52.25"), Decimal("20.50"), Decimal("7.00")]
    assert summary["first_order"].dtype == polars.Date
    model = emptor.value.nbd.model({"r": 0.4, "alpha": 12.0}, unit="week")
    assert len(model.score(summary, horizon="4 week")) == 3
    plain = emptor.value.summary.reduce(table, default_currency="EUR", money="float").summary
    assert plain["total_amount"].to_list() == [52.25, 20.5, 7.0]


def test_a_reader_scores_batch_by_batch(shop, wanted):
    read = []

    def batches():
        for i in range(4):
            read.append(i)
            yield pyarrow.record_batch({name: values[i:i + 1] for name, values in ROWS.items()})

    stream = pyarrow.RecordBatchReader.from_batches(pyarrow.table(ROWS).schema, batches())
    reader = shop.score(stream, horizon=39, as_="reader", row_status=True)
    assert read == []
    first = reader.read_next_batch()
    assert read == [0] and first.num_rows == 1
    scores = pyarrow.Table.from_batches([first, *reader])
    assert bits(scores["expected_orders"].to_numpy()) == wanted
    assert scores["row_status"].to_pylist() == ["ok"] * 4
    bad = pyarrow.table({**ROWS, "frequency": [2, 0, -1, 1]})
    with pytest.raises(Exception, match=r"frequency\[2\] is -1"):
        shop.score(bad.to_reader(max_chunksize=1), as_="reader", strict=True).read_all()
    with pytest.raises(TypeError, match="stream"):
        shop.score(ROWS, as_="reader")
    with pytest.raises(emptor.SchemaError, match="age"):
        shop.score(bad.drop_columns(["age"]), as_="reader")
    with pytest.raises(emptor.SchemaError, match="age"):
        shop.score(pyarrow.table({**ROWS, "age": ["a"] * 4}), as_="reader")
    shop.score(bad, as_="reader")  # never read


def test_a_reader_does_nothing_silently(shop, wanted, monkeypatch):
    table = pyarrow.table(ROWS)
    for how, word in (({"progress": True}, "progress=True"), ({"progress": print}, "progress="),
                      ({"money": "float"}, "money='float'")):
        with pytest.raises(TypeError, match=f"a reader does not take {word}"):
            shop.score(table, as_="reader", **how)
    for threads in (True, 1.5, None):
        with pytest.raises(TypeError, match="threads is"):
            shop.score(table, as_="reader", threads=threads)
    with pytest.raises(ValueError, match="threads is -1"):
        shop.score(table, as_="reader", threads=-1)
    seen = []
    real = _run.library.emptor_plan_score_arrow_stream

    def spy(*arguments):
        seen.append(arguments[5]._obj.threads)
        return real(*arguments)

    monkeypatch.setattr(_run.library, "emptor_plan_score_arrow_stream", spy)
    for how in ({}, {"threads": 2}, {"threads": 0, "progress": False}):
        assert bits(shop.score(table, horizon=39, as_="reader", **how).read_all()["expected_orders"].to_numpy()) == wanted
    assert seen == [1, 2, 0]
    bad = pyarrow.table({**ROWS, "frequency": [2, 0, -1, 1]})  # no warning: it is not known before it is read
    assert shop.score(bad, as_="reader", row_status=True).read_all()["row_status"].to_pylist() == [
        "ok", "ok", "out_of_domain", "ok"]
    assert "row_status" in inspect.getdoc(shop.score) and "only row_status tells" in " ".join(shop.score.__doc__.split())


def test_types_that_are_none_of_a_column(shop):
    for bad in ([["a"]] * 4, [{"a": 1}] * 4, ["a", "b", "c", "d"], [datetime.date(2024, 1, 1)] * 4):
        with pytest.raises(emptor.SchemaError) as error:
            shop.score(pyarrow.table({**ROWS, "age": bad}))
        assert error.value.column == "age"
    with pytest.raises(TypeError):
        shop.score(pyarrow.array([1, 2, 3]))


def test_a_stream_that_fails(shop):
    def batches():
        yield pyarrow.record_batch(ROWS)
        raise OSError("the network is gone")

    reader = pyarrow.RecordBatchReader.from_batches(pyarrow.table(ROWS).schema, batches())
    with pytest.raises(emptor.Error, match="the network is gone"):
        shop.score(reader)


class Once:
    """Gives the same capsules to whoever asks, as who keeps them does."""

    def __init__(self, kept, of_stream=False):
        setattr(self, "__arrow_c_stream__" if of_stream else "__arrow_c_array__", lambda requested_schema=None: kept)


def test_what_was_taken_cannot_be_taken_again(shop, wanted):
    batch = pyarrow.record_batch(ROWS)
    once = Once(pyarrow.table(ROWS).__arrow_c_stream__(), True)
    assert bits(shop.score(once, horizon=39)["expected_orders"].to_numpy()) == wanted
    for as_ in (None, "reader"):
        with pytest.raises(emptor.ArgumentError, match="used already"):
            shop.score(once, horizon=39, as_=as_)
    taken = batch.__arrow_c_array__()
    pyarrow.RecordBatch._import_from_c_capsule(*taken)
    with pytest.raises(emptor.ArgumentError, match="used already"):
        shop.score(Once(taken))


def test_what_was_given_away_is_not_read_again():
    held = emptor.value.bg_nbd.example(as_="numpy").tables["parameters"]._held
    exported = held.exported()
    pyarrow.record_batch(exported)
    for read in (exported.decimals, exported.codes):
        with pytest.raises(emptor.ArgumentError, match="used already"):
            read(0)


def test_capsules_may_outlive_the_interpreter():
    program = """
import sys, emptor
table = emptor.value.bg_nbd.example().tables["parameters"]
kept = [table.__arrow_c_array__()]
kept.append(kept)
"""
    for program in (program, program + "sys.kept = kept"):
        done = subprocess.run([sys.executable, "-c", program], env={**os.environ, "PYTHONPATH": str(PACKAGE)},
                              capture_output=True, text=True, timeout=120)
        assert (done.returncode, done.stderr) == (0, "")
