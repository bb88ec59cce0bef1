# SPDX-License-Identifier: BSL-1.0
import datetime
import decimal
import pathlib
import sys

import emptor


def lines(*of):
    """The columns of an export; a data frame of pandas or polars does as well."""
    names = ["customer", "document", "cancels", "date", "revision", "amount"]
    columns = dict(zip(names, map(list, zip(*of))))
    columns["date"] = [datetime.date.fromisoformat(day) for day in columns["date"]]
    columns["amount"] = [decimal.Decimal(amount) for amount in columns["amount"]]
    return columns


monday = lines(("Ann", "D1", None, "2026-03-02", 0, "120.00"),
               ("Bob", "D2", None, "2026-03-02", 0, "80.00"),
               ("Ann", "D3", None, "2026-03-09", 0, "60.00"))
tuesday = lines(("Ann", "D1", None, "2026-03-02", 0, "120.00"),  # repeated: changes nothing
                ("Ann", "D3", None, "2026-03-09", 1, "75.00"),   # changed: revision 1 replaces 0
                ("Bob", "C1", "D2", "2026-03-05", 0, "-30.00"),  # late: a credit note of the 5th
                ("Bob", "D4", None, "2026-03-10", 0, "45.00"))   # new
# What the ERP has of all this on Tuesday night, in whatever order.
everything = lines(("Bob", "D4", None, "2026-03-10", 0, "45.00"),
                   ("Bob", "C1", "D2", "2026-03-05", 0, "-30.00"),
                   ("Ann", "D3", None, "2026-03-09", 1, "75.00"),
                   ("Bob", "D2", None, "2026-03-02", 0, "80.00"),
                   ("Ann", "D1", None, "2026-03-02", 0, "120.00"))

path = pathlib.Path(sys.argv[1])
store = emptor.stores.order_history(default_currency="EUR")
store.push(monday, strict=True)
store.save(path)

store = emptor.load(path)  # the next night
report = store.push(tuesday, strict=True)
print(report.added, "added,", report.replaced, "replaced,", report.repeated, "repeated")
store.save(path)

rebuilt = emptor.stores.order_history(default_currency="EUR")
rebuilt.push(everything, strict=True)
rebuilt.save(path.with_suffix(".rebuilt"))
assert path.read_bytes() == path.with_suffix(".rebuilt").read_bytes()

summary = emptor.value.summary.reduce(store, until="2026-03-10", as_="numpy").summary
again = emptor.value.summary.reduce(rebuilt, until="2026-03-10", as_="numpy").summary
for name in ("customer", "frequency", "total_amount"):
    assert list(summary[name]) == list(again[name])
    print(name, *summary[name])
