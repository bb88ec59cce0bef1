# SPDX-License-Identifier: BSL-1.0
# %% [markdown]
# # What the customers of a music shop are worth
# The orders of CDNOW, a log of 2,357 customers who first ordered in early 1997. The command line (`python cdnow.py FOLDER`)
# or, in a notebook, EMPTOR_DATA_DIR names the folder of `cdnow_sample.csv` (customer_id, date, quantity, amount).

# %%
import os
import sys
from pathlib import Path

import pandas

import emptor

folder = sys.argv[1] if len(sys.argv) == 2 else os.environ.get("EMPTOR_DATA_DIR")
if not folder:
    sys.exit("where is cdnow_sample.csv? python cdnow.py FOLDER, or EMPTOR_DATA_DIR=FOLDER, says it")
orders = pandas.read_csv(Path(folder) / "cdnow_sample.csv", parse_dates=["date"], dtype={"customer_id": str})
orders.head()

# %% [markdown]
# ## A store, and what it says of each customer
# The first 39 weeks are what the models see; the rest is held out to check them.

# %%
store = emptor.stores.order_history(default_currency="USD")
report = store.push(orders, columns={"customer": "customer_id"})
customers = store.table("value.summary", until="1997-09-30", holdout_until="1998-06-30", unit="week", as_="pandas")
customers = customers.set_index("customer")
print(report)
print(customers[["frequency", "recency", "age", "monetary_value"]].describe())

# %% [markdown]
# ## Three models of when customers order

# %%
models = {name: emptor.entry(f"value.{name}").fit(customers, unit="week") for name in ("nbd", "bg_nbd", "pareto_nbd")}
print(pandas.DataFrame({name: model.tables.fit.iloc[0] for name, model in models.items()}).loc[["log_likelihood", "bic"]])
best = min(models.values(), key=lambda model: model.tables.fit["bic"].iloc[0])
print(best)

# %% [markdown]
# ## P(alive), orders to come, and how good that was

# %%
scores = best.score(customers, horizon="39 week", confidence=0.95)
expected, actual = scores["expected_orders"].sum(), customers["holdout_frequency"].sum()
print(f"orders of the next 39 weeks: {expected:.0f} expected, {actual} came")
print(customers.join(scores).nlargest(5, "expected_orders")[["frequency", "recency", "probability_alive", "expected_orders"]])

# %% [markdown]
# ## What each is worth in the next year, in one call

# %%
value = emptor.value.customer_value.reduce(store, until="1997-09-30", horizon="12 month", discount_rate=0.1, margin=0.3,
                                           as_="pandas")
print(value.customers.nlargest(5, "value")[["customer", "probability_alive", "expected_orders", "value", "next_order"]])
for text in value.warnings["text"]:
    print("note:", text)

# %% [markdown]
# ## Kept for tomorrow
# The same files are read by C, by the tool and by every other language: `emptor score shop.emptor --in customers.csv ...`

# %%
best.save("shop.emptor")
store.save("orders.emptor")
assert emptor.load("shop.emptor") == best
