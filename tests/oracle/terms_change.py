# SPDX-License-Identifier: BSL-1.0
"""The figures of the worked example of credit.terms_change, and of a grid of other proposals, in rational arithmetic.

Present values are exact fractions (simple interest) or of 40 digits (compound). Nothing in common with the library but
the definitions. Needs mpmath. Run: python3 tests/oracle/terms_change.py
"""
from fractions import Fraction as F

from mpmath import mp, mpf

mp.dps = 40


def fraction(text):
    return F(text or "0")


def cents(x):
    """To the minor unit, halves away from 0."""
    scaled = abs(x) * 100
    whole = (scaled.numerator * 2 + scaled.denominator) // (2 * scaled.denominator)
    return F(whole if x >= 0 else -whole, 100)


def number(x):
    return mpf(x.numerator) / mpf(x.denominator) if isinstance(x, F) else x


def figures(row, capital, days, compound=False):
    capital = F(capital)
    names = ("sales", "collection_days", "discount_rate", "discount_days", "discount_share", "bad_debt_rate",
             "collection_cost", "fixed_cost")
    variable = fraction(row["variable_cost_ratio"])
    made = {}
    sides = {}
    for side in ("current", "proposed"):
        sales, late, rate, early, share, bad, collection, fixed = (fraction(row.get(f"{side}_{n}")) for n in names)
        period = share * early + (1 - share) * late

        def value(of):
            if compound:
                return (1 + number(capital)) ** (-number(of) / days)
            return 1 / (1 + capital * of / days)

        if compound:
            receipts = number(sales / days) * (number(share * (1 - rate)) * value(early) + number(1 - share - bad) * value(late))
            costs = number(sales * variable / days + fixed / days) + number(collection / days) * value(late)
        else:
            receipts = sales / days * (share * (1 - rate) * value(early) + (1 - share - bad) * value(late))
            costs = sales * variable / days + collection / days * value(late) + fixed / days
        sides[side] = dict(contribution=cents(sales * (1 - variable)), receivables=cents(sales * period / days),
                           opportunity_cost=cents(sales * period / days * variable * capital),
                           bad_debt=cents(sales * bad), discount_cost=cents(sales * share * rate), period=period,
                           collection=collection, fixed=fixed, npv=receipts - costs, receipts=receipts, costs=costs)
    now, then = sides["current"], sides["proposed"]
    made["contribution_change"] = then["contribution"] - now["contribution"]
    for name in ("opportunity_cost", "bad_debt", "discount_cost"):
        made[f"current_{name}"], made[f"proposed_{name}"] = now[name], then[name]
        made[f"{name}_change"] = then[name] - now[name]
    made["collection_cost_change"] = then["collection"] - now["collection"]
    made["fixed_cost_change"] = then["fixed"] - now["fixed"]
    stock, lent = fraction(row.get("inventory_change")), fraction(row.get("payables_change"))
    made["inventory_cost_change"], made["payables_saving_change"] = cents(stock * capital), cents(lent * capital)
    made["profit_change"] = (made["contribution_change"] - made["opportunity_cost_change"] - made["bad_debt_change"]
                             - made["discount_cost_change"] - made["collection_cost_change"]
                             - made["fixed_cost_change"] - made["inventory_cost_change"]
                             + made["payables_saving_change"])
    made["accept"] = made["profit_change"] > 0
    made["current_receivables"], made["proposed_receivables"] = now["receivables"], then["receivables"]
    made["current_collection_period"], made["proposed_collection_period"] = now["period"], then["period"]
    made["current_npv"], made["proposed_npv"] = now["npv"], then["npv"]
    made["npv_change"] = then["npv"] - now["npv"]
    daily = (1 + number(capital)) ** (mpf(1) / days) - 1 if compound else capital / days
    made["value_change"] = number(made["npv_change"]) / number(daily) - number(stock) + number(lent)
    made["accept_by_value"] = made["value_change"] > 0
    return made


AMOUNTS = ("contribution", "cost", "debt", "saving", "profit", "receivables")


def text(name, value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if any(word in name for word in AMOUNTS):
        return f"{float(value):.2f}"
    return mp.nstr(number(value), 17)


BASE = {"current_sales": "500000", "proposed_sales": "600000", "current_collection_days": "30",
        "proposed_collection_days": "60", "variable_cost_ratio": "0.8", "current_bad_debt_rate": "0.01",
        "proposed_bad_debt_rate": "0.015", "current_collection_cost": "3000", "proposed_collection_cost": "4000"}
DISCOUNT = {"proposed_discount_rate": "0.008", "proposed_discount_days": "30", "proposed_discount_share": "0.5"}

if __name__ == "__main__":
    rows = [BASE, {**BASE, "inventory_change": "44000"}, {**BASE, **DISCOUNT}]
    for title, compound, days in (("simple, 360", False, 360), ("compound, 365", True, 365)):
        print(title)
        for i, row in enumerate(rows):
            made = figures(row, "0.15", days, compound)
            if i == 0:
                print(",".join(made))
            print(",".join(text(name, value) for name, value in made.items()))
