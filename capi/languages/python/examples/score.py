# SPDX-License-Identifier: BSL-1.0
# The script of the READMEs; it reads an orders.csv in the folder where it runs. [readme]
import emptor
import pandas

orders = pandas.read_csv("orders.csv", dtype={"customer_id": str}, parse_dates=["date"])  # customer_id, date, amount
customers = emptor.value.summary.reduce(orders, columns={"customer": "customer_id"}, default_currency="USD",
                                        until="1997-09-30", unit="week").summary
model = emptor.value.bg_nbd.fit(customers, unit="week")       # model.parameters, model.tables, model.save(path)
scores = model.score(customers, horizon="39 week")            # P(alive) and expected orders, row by row
print(customers[["customer"]].join(scores).nlargest(5, "expected_orders"))
# [readme]
