# SPDX-License-Identifier: BSL-1.0
"""Tables of pyarrow, polars, nanoarrow and DuckDB go in, and what emptor makes of them is read by these again."""

import datetime
import decimal
import unittest

import duckdb
import nanoarrow
import polars
import pyarrow as pa

import emptor_c as c

DAY = datetime.date(2024, 2, 28)
CUSTOMERS = [7, 8, 7, 9, 8, 7]
DATES = [DAY + datetime.timedelta(days=7 * i) for i in range(6)]
AMOUNTS = ["12.50", "3.00", "0.25", "100.00", "7.75", "1.00"]
CHANNELS = ["web", "shop", "web", None, "a channel of more than twelve bytes", "web"]
NAMES = ["customer", "date", "amount", "attributes:channel"]


def orders(**changed):
    """The table of orders, with other types for some of its columns."""
    made = {
        "customer": pa.array([str(one) for one in CUSTOMERS]),
        "date": pa.array(DATES, pa.date32()),
        "amount": pa.array([decimal.Decimal(one) for one in AMOUNTS], pa.decimal128(12, 2)),
        "attributes:channel": pa.array(CHANNELS, pa.string()),
    }
    made.update({name.replace("channel", "attributes:channel"): values for name, values in changed.items()})
    return pa.table(made)


def pushed(source, **given):
    store = c.Store("order_history", **given)
    store.push(c.ImportedRows(source).view)
    return store


def plain_bytes():
    """The same orders as plain columns of C."""
    epoch = datetime.date(1970, 1, 1)
    rows = c.columns(None, NAMES, customer=("int64", CUSTOMERS), date=("date32", [(day - epoch).days for day in DATES]),
                     amount=("float64", [float(one) for one in AMOUNTS]), channel=("text", CHANNELS))
    store = c.Store("order_history")
    store.push(rows)
    return store.saved()


def midday(unit, zone=None):
    return pa.array([datetime.datetime.combine(day, datetime.time(12)) for day in DATES], pa.timestamp(unit, zone))


class RowsComeIn(unittest.TestCase):
    def assertSame(self, source):
        self.assertEqual(pushed(source).saved(), plain_bytes())

    def test_ids_of_every_type(self):
        as_text = pa.array([str(one) for one in CUSTOMERS])
        for kind in (pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()):
            with self.subTest(kind):
                self.assertSame(orders(customer=pa.array(CUSTOMERS, kind)))
        for kind in (pa.string(), pa.large_string(), pa.string_view()):
            with self.subTest(kind):
                self.assertSame(orders(customer=as_text.cast(kind)))
        for index in (pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()):
            for kind in (pa.string(), pa.large_string()):
                with self.subTest(index=index, kind=kind):
                    self.assertSame(orders(customer=as_text.cast(pa.dictionary(index, kind))))

    def test_dates_of_every_type(self):
        self.assertSame(orders(date=pa.array(DATES, pa.date64())))
        for unit in ("s", "ms", "us", "ns"):
            for zone in (None, "UTC", "Europe/Berlin"):
                with self.subTest(unit=unit, zone=zone):
                    self.assertSame(orders(date=midday(unit, zone)))

    def test_a_timestamp_with_a_zone_counts_from_utc(self):
        late = datetime.datetime(2024, 2, 28, 23, tzinfo=datetime.timezone.utc)
        late = pa.array([late], pa.timestamp("us", "Asia/Shanghai"))
        table = pa.table({"customer": ["7"], "date": late, "amount": [1.0]})
        for zone, day in (("+00:00", datetime.date(2024, 2, 28)), ("+08:00", datetime.date(2024, 2, 29))):
            expected = pa.table({"customer": ["7"], "date": pa.array([day], pa.date32()), "amount": [1.0]})
            self.assertEqual(pushed(table, zone_offset=zone).saved(), pushed(expected, zone_offset=zone).saved())

    def test_amounts_of_every_type(self):
        exact = [decimal.Decimal(one) for one in AMOUNTS]
        kinds = [pa.decimal32(9, 2), pa.decimal64(18, 4), pa.decimal128(38, 2), pa.decimal128(20, 9)]
        for kind in kinds:
            with self.subTest(kind):
                self.assertSame(orders(amount=pa.array(exact, kind)))
        for kind in (pa.float16(), pa.float32(), pa.float64()):
            with self.subTest(kind):
                self.assertSame(orders(amount=pa.array([float(one) for one in AMOUNTS], pa.float64()).cast(kind)))

    def test_texts_of_every_type(self):
        channels = pa.array(CHANNELS)
        for kind in (pa.large_string(), pa.string_view(), pa.dictionary(pa.int8(), pa.string())):
            with self.subTest(kind):
                self.assertSame(orders(channel=channels.cast(kind)))

    def test_extension_types_are_their_storage(self):
        storage = pa.array([str(one) for one in CUSTOMERS])
        number = pa.opaque(pa.string(), "number", "shop")
        self.assertSame(orders(customer=pa.ExtensionArray.from_storage(number, storage)))

    def test_chunks_and_slices(self):
        table = orders(customer=pa.array([str(one) for one in CUSTOMERS]).dictionary_encode())
        padded = pa.concat_tables([table, table, table])
        for size in range(1, 7):
            chunks = pa.Table.from_batches(table.to_batches(max_chunksize=size))
            with self.subTest(size):
                self.assertSame(chunks)
                self.assertSame(pa.table(padded.combine_chunks()).slice(6, 6))
                self.assertSame(padded.slice(6, 6))

    def test_chunks_with_dictionaries_of_their_own(self):
        pieces = []
        for first in range(0, 6, 2):
            piece = orders().slice(first, 2)
            pieces.append(piece.set_column(0, "customer", piece["customer"].combine_chunks().dictionary_encode()))
        table = pa.concat_tables(pieces)
        self.assertEqual(table["customer"].num_chunks, 3)
        self.assertSame(table)

    def test_a_null_column_and_null_rows(self):
        self.assertEqual(pushed(orders(channel=pa.nulls(6))).saved(),
                         pushed(orders(channel=pa.array([None] * 6, pa.string()))).saved())

    def test_polars(self):
        frame = polars.from_arrow(orders())
        self.assertSame(frame)
        self.assertSame(frame.with_columns(polars.col("customer").cast(polars.Categorical)))
        self.assertSame(polars.concat([frame[:2], frame[2:]], rechunk=False))

    def test_nanoarrow(self):
        self.assertSame(nanoarrow.ArrayStream(orders()))

    def test_duckdb(self):
        table = orders()  # found by its name
        self.assertSame(duckdb.sql("select * from \"table\""))

    def test_common_types_are_not_copied(self):
        table = orders().combine_chunks()
        held = c.ImportedRows(table)
        view = held.view
        for i, name in enumerate(("customer", "date", "amount", "attributes:channel")):
            chunk = table[name].chunk(0)
            self.assertEqual(view.names[i].decode(), name)
            self.assertEqual(view.columns[i].data, chunk.buffers()[-1].address, name)
            if chunk.null_count:
                self.assertEqual(view.columns[i].validity, chunk.buffers()[0].address, name)
        frame = polars.DataFrame({"value": [1.0, 2.0, 3.0]})
        rows = c.ImportedRows(frame)
        self.assertEqual(rows.view.columns[0].data, frame["value"].to_arrow().buffers()[1].address)

    def test_a_batch_is_borrowed_and_sliced(self):
        batch = orders().to_batches()[0]
        held = c.ImportedBatch(batch.slice(2, 3), {"a": "amount"})
        self.assertEqual(held.view.row_count, 3)
        self.assertEqual(held.view.columns[0].data, batch["amount"].buffers()[1].address + 2 * 16)

    def test_memory_is_given_back(self):
        before = pa.total_allocated_bytes()
        for size in (6, 2):
            pushed(pa.Table.from_batches(orders().to_batches(max_chunksize=size)))
            c.ImportedBatch(orders().to_batches()[0])
        self.assertEqual(pa.total_allocated_bytes(), before)

    def test_what_is_no_column(self):
        for kind, values in ((pa.list_(pa.int8()), [[1]] * 6), (pa.struct([("a", pa.int8())]), [{"a": 1}] * 6),
                             (pa.binary(), [b""] * 6), (pa.decimal256(50, 2), [1] * 6), (pa.duration("s"), [1] * 6),
                             (pa.time32("s"), [1] * 6), (pa.list_view(pa.int8()), [[1]] * 6)):
            with self.subTest(kind), self.assertRaises(c.Refused) as refused:
                c.ImportedRows(orders(amount=pa.array(values, kind)))
            self.assertEqual((refused.exception.status, refused.exception.column), (5, 2))
            self.assertIn("amount is ", str(refused.exception))
        encoded = pa.RunEndEncodedArray.from_arrays(pa.array([6], pa.int32()), pa.array([1.0]))
        with self.assertRaisesRegex(c.Refused, "amount is run-end encoded"):
            c.ImportedRows(orders(amount=encoded))

    def test_a_stream_that_fails_says_why(self):
        def batches():
            yield orders().to_batches()[0]
            raise ValueError("the database went away")

        with self.assertRaisesRegex(c.Refused, "get_next of the stream failed .*the database went away"):
            c.ImportedRows(pa.RecordBatchReader.from_batches(orders().schema, batches()))


class ScoresGoOut(unittest.TestCase):
    def setUp(self):
        self.customers = pa.table({
            "age": pa.array([38.86, 20.0, None, 30.0, 25.0] * 100),
            "frequency": pa.array([2.0, 0.0, 1.0, -1.0, 3.0] * 100),
            "recency": pa.array([30.43, 0.0, 5.0, 2.0, 12.0] * 100),
            "name": pa.array(["nobody asks"] * 500),
        })
        self.names = {name: name for name in ("frequency", "recency", "age")}
        self.rows = c.ImportedRows(self.customers, self.names)
        self.plan = c.Plan(c.bg_nbd(), self.rows.view, horizon="39")
        self.scores = pa.record_batch(self.plan.score(self.rows.view, c.ROW_STATUS))
        self.scores.validate(full=True)

    def test_scores_statuses_and_units(self):
        alive = self.scores["probability_alive"]
        self.assertEqual(alive.type, pa.float64())
        self.assertEqual(alive.null_count, 200)
        self.assertEqual([alive[i].is_valid for i in range(5)], [True, True, False, False, True])
        self.assertEqual(self.scores["row_status"].to_pylist()[:5], ["ok", "ok", "missing", "out_of_domain", "ok"])
        self.assertEqual(self.scores.schema.field("probability_alive").metadata, {b"emptor.unit": b"probability"})

    def test_streams_of_every_peer_give_the_same(self):
        chunks = pa.Table.from_batches(self.customers.to_batches(max_chunksize=64))
        table = self.customers  # DuckDB finds it by its name
        expected = pa.Table.from_batches([self.scores])
        for name, source in (("pyarrow", chunks), ("polars", polars.from_arrow(chunks, rechunk=False)),
                             ("nanoarrow", nanoarrow.ArrayStream(chunks)),
                             ("duckdb", duckdb.sql("select * from \"table\""))):
            with self.subTest(name):
                read = pa.RecordBatchReader.from_stream(self.plan.stream(source, flags=c.ROW_STATUS)).read_all()
                read.validate(full=True)
                self.assertTrue(read.combine_chunks().equals(expected, check_metadata=True))

    def test_every_peer_reads_the_stream(self):
        expected = self.scores.to_pylist()

        class Scores:  # DuckDB asks once for the schema and once for the rows
            def __arrow_c_stream__(_, requested_schema=None):
                return self.plan.stream(self.customers, flags=c.ROW_STATUS).__arrow_c_stream__()

        scores = Scores()  # DuckDB finds it by its name
        columns = "probability_alive, expected_orders, row_status"
        self.assertEqual(duckdb.sql(f"select {columns} from scores").fetchall(),
                         [tuple(row.values()) for row in expected])
        frame = polars.DataFrame(self.plan.stream(self.customers, flags=c.ROW_STATUS))
        self.assertEqual(frame.to_dicts(), expected)
        array = nanoarrow.ArrayStream(self.plan.stream(self.customers)).read_all()
        self.assertEqual(array.to_pylist(), [dict(list(row.items())[:2]) for row in expected])

    def test_a_stream_is_read_batch_by_batch_and_without_its_plan(self):
        read = []

        def batches():
            for batch in self.customers.to_batches(max_chunksize=100):
                read.append(len(batch))
                yield batch

        source = pa.RecordBatchReader.from_batches(self.customers.schema, batches())
        out = c.Plan(c.bg_nbd(), self.rows.view, horizon="39").stream(source)
        reader = pa.RecordBatchReader.from_stream(out)
        self.assertEqual(read, [])
        self.assertEqual(len(reader.read_next_batch()), 100)
        self.assertEqual(read, [100])
        reader.close()

    def test_errors_of_a_stream_reach_its_reader(self):
        good, bad = self.customers.slice(0, 2), self.customers.slice(3, 1)
        for row, tables in ((0, [bad]), (6, [good, good, good, bad])):
            reader = pa.RecordBatchReader.from_stream(self.plan.stream(pa.concat_tables(tables), flags=c.STRICT))
            with self.assertRaisesRegex(pa.ArrowInvalid, rf"bg_nbd: frequency\[{row}\] is -1, but must be >= 0"):
                reader.read_all()


class TablesGoOut(unittest.TestCase):
    def setUp(self):
        self.table = pushed(orders()).table("value.summary", "summary", unit="week")

    def test_every_peer_reads_the_same(self):
        batch = pa.record_batch(self.table.export())
        batch.validate(full=True)
        rows = batch.to_pylist()
        self.assertEqual([row["customer"] for row in rows], ["7", "8", "9"])
        self.assertEqual([row["frequency"] for row in rows], [2, 1, 0])
        self.assertEqual(nanoarrow.Array(self.table.export()).to_pylist(), rows)
        self.assertEqual(polars.DataFrame(self.table.export()).to_dicts(), rows)

    def test_a_table_goes_without_its_handle(self):
        batch = pa.record_batch(self.table.export())
        expected = batch.to_pylist()
        columns = [batch.column(i) for i in range(batch.num_columns)]
        del self.table, batch
        read = zip(*[one.to_pylist() for one in columns])
        self.assertEqual([dict(zip(expected[0], cells)) for cells in read], expected)

    def test_amounts_are_decimals_and_come_back(self):
        store = c.Store("ledger")
        store.push(c.ImportedRows(pa.table({
            "document": ["a", "b", "c"], "customer": pa.array(["x"] * 3).dictionary_encode(), "kind": ["invoice"] * 3,
            "amount": pa.array([decimal.Decimal("1234"), decimal.Decimal("0.125"), decimal.Decimal("12.34")]),
            "currency": ["JPY", "KWD", "EUR"], "document_date": [DAY] * 3})).view)
        table = store.table("credit.ageing", "balances", as_of="2024-12-31", by="document_date")
        batch = pa.record_batch(table.export())
        batch.validate(full=True)
        self.assertEqual(batch.schema.field("balance").type, pa.decimal128(38, 3))
        balances = dict(zip(batch["currency"].to_pylist(), map(str, batch["balance"].to_pylist())))
        self.assertEqual(balances, {"JPY": "1234.000", "KWD": "0.125", "EUR": "12.340"})

    def test_what_goes_out_comes_in(self):
        batch = pa.record_batch(self.table.export())
        names = {name: name for name in ("frequency", "recency", "age")}
        rows = c.ImportedBatch(batch, names)
        scores = pa.record_batch(c.Plan(c.bg_nbd(), rows.view, horizon="4").score(rows.view))
        self.assertEqual(len(scores), 3)
        self.assertEqual(scores["probability_alive"].null_count, 0)


if __name__ == "__main__":
    unittest.main()
