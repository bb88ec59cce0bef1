# SPDX-License-Identifier: BSL-1.0
"""The worked example of credit.simulate_ledger, written a second time from the definitions: what firms order, how they pay,
object and default, in one currency.

    python3 tests/oracle/simulate_ledger.py   # the first example; with seed 5 the second
"""
import datetime
import math

from simulate import Stream

YEAR, CENTURY, NEVER = 365.25, 36525, 1 << 40
KINDS = ("guarantee", "insurance", "collateral", "deposit", "letter_of_credit")
OUTCOMES = ("in_favour_of_customer", "in_favour_of_seller", "partly")
DEBITS = ("invoice", "refund")


def money(amount):
    return min(max(math.floor(amount + 0.5), 1), 10**13)


class Company:
    def __init__(self, seed, first, last, orders, default):
        self.seed, self.first, self.last, self.orders, self.default = seed, first, last, orders, default
        self.customers, self.commitments, self.securities, self.disputes = [], [], [], []
        self.items, self.settlements = [], []  # kind, amount, day, due, customer, follows, discount, open
        self.head = 0

    def add(self, c):
        s = Stream(self.seed, b"customer", c)
        standing = 1.4 * s.normal()
        terms = (14, 30, 30, 60)[s.below(4)]
        delay = max(4 + 5 * standing + 6 * s.normal(), 2 - terms)
        weekly = s.uniform() < 0.15
        discount = s.uniform() < 0.25
        takes = s.uniform()
        odds = self.default / (1 - self.default) * math.exp(standing)
        p = odds / (1 + odds)
        orders = self.orders * s.gamma(2) / 2
        mean = 1000 * math.exp(0.8 * s.normal())
        s.uniform()  # the currency
        days = s.exponential() / -math.log1p(-p) * YEAR
        broke = self.first + int(days) if days < CENTURY else NEVER
        group = None
        if s.uniform() < 0.2 and c > 0:
            group = self.head
        else:
            self.head = c
        if s.uniform() < 0.15:
            kind = KINDS[s.below(5)]
            amount = money(mean * 100 * (1 + s.below(6)))
            begin = self.first + s.below(self.last - self.first + 1)
            until = begin + 364 if s.uniform() < 0.5 else None
            self.securities.append((c, kind, amount, 0.9 if kind == "insurance" else 1, begin, until))
        self.customers.append(dict(terms=terms, delay=delay, weekly=weekly, takes=takes if discount else None, p=p,
                                   orders=orders, broke=broke, group=group))
        s, self.weeks = Stream(self.seed, b"payments", c), {}
        for day, amount, credit_day, credit, follows in self.order(c, orders, mean):
            self.bill(c, self.customers[-1], day, amount, credit_day, credit, follows, s)

    def order(self, c, orders, mean):
        s, time, billed = Stream(self.seed, b"orders", c), float(self.first), []
        while True:
            time += s.exponential() * YEAR / orders
            if time >= self.last + 1:
                return billed
            day = math.floor(time)
            amount = money(mean * 100 / 4 * s.gamma(4))
            planned = day + 1 + s.below(14)
            cancelled = s.uniform() < 0.03
            cancelled_on = day + s.below(planned - day)
            delivery = s.uniform() < 0.6
            invoiced = planned + s.below(7) if delivery else planned
            returned = s.uniform() < 0.04
            returned_on = invoiced + 4 + s.below(26)
            share = 0.2 + 0.6 * s.uniform()
            self.commitments.append((c, "order", amount, day, planned,
                                     cancelled_on if cancelled and cancelled_on <= self.last else None, None))
            if cancelled:
                continue
            if delivery and planned <= self.last:
                self.commitments.append((c, "delivery", amount, planned, invoiced, None, len(self.commitments) - 1))
            if invoiced <= self.last:
                billed.append((invoiced, amount, returned_on, math.floor(share * amount) if returned else 0,
                               len(self.commitments) - 1))

    def document(self, c, kind, day, amount, due=None, follows=None, discount=None):
        self.items.append(dict(customer=c, kind=kind, day=day, amount=amount, due=due, follows=follows,
                               discount=discount, open=amount))
        return len(self.items) - 1

    def settle(self, debit, credit, day, amount):
        if day <= self.last and amount:
            self.settlements.append((debit, credit, day, amount))
            self.items[debit]["open"] -= amount
            self.items[credit]["open"] -= amount

    def bill(self, c, who, day, amount, credit_day, credit, follows, s):
        advance = day >= who["broke"]
        granted = math.floor(0.02 * amount) if who["takes"] is not None and not advance else None
        invoice = self.document(c, "invoice", day, amount, day if advance else day + who["terms"], follows,
                                (day + 10, granted) if granted is not None else None)
        took = s.gamma(6) / 6 * (who["terms"] + who["delay"])
        pays = day + math.floor(min(max(took, 0), CENTURY) + 0.5)
        if who["weekly"]:
            pays = max((pays + 3) // 7 * 7, day)
        events = [(credit_day, "credit", credit)] if credit else []
        if advance:
            events.append((day, "rest", 0))
        elif granted is not None and s.uniform() < who["takes"]:
            events.append((day + s.below(11), "less", granted))
        else:
            if s.uniform() < 0.015:
                events.append((pays, "object", math.floor((0.1 + 0.4 * s.uniform()) * amount)))
                pays += 30 + s.below(91)
                events.append((pays, "decide", s.below(3)))
                pays += 7
            if s.uniform() < 0.05:
                events.append((pays, "part", math.floor((0.3 + 0.4 * s.uniform()) * amount)))
                pays += 14 + s.below(46)
            if s.uniform() < 0.01:
                events.append((pays, "part", math.floor((0.96 + 0.035 * s.uniform()) * amount)))
                events.append((pays + 60, "lost", 0))
            else:
                events.append((pays, "rest", 0))
        if not advance and who["broke"] != NEVER:
            events = [e for e in events if e[1] == "credit" or e[0] < who["broke"]]
            events.append((who["broke"] + 180, "lost", 0))
        for when, what, much in sorted(events, key=lambda e: e[0]):
            if when <= self.last:
                self.happen(c, who, invoice, when, what, much, s)

    def credit_off(self, c, kind, invoice, when, amount):
        if amount > 0:
            self.settle(invoice, self.document(c, kind, when, amount), when, amount)

    def happen(self, c, who, invoice, when, what, much, s):
        left = self.items[invoice]["open"]
        if what == "credit":
            note = self.document(c, "credit_note", when, much)
            self.settle(invoice, note, when, min(left, much))
            rest = self.items[note]["open"]
            if rest and when + 14 <= self.last:
                self.settle(self.document(c, "refund", when + 14, rest), note, when + 14, rest)
        elif what == "object" and left:
            self.disputes.append([invoice, when, None, min(left, much), None])
        elif what == "decide" and self.disputes and self.disputes[-1][0] == invoice:
            claim = self.disputes[-1]
            claim[2], claim[4] = when, OUTCOMES[much]
            self.credit_off(c, "credit_note", invoice, when, min(left, (claim[3], 0, claim[3] // 2)[much]))
        elif what == "lost":
            self.credit_off(c, "write_off", invoice, when, left)
        elif what == "less":
            granted = min(left, much)
            self.pay(c, who, invoice, when, left - granted, s)
            self.credit_off(c, "discount", invoice, when, min(self.items[invoice]["open"], granted))
        elif what in ("part", "rest"):
            self.pay(c, who, invoice, when, min(left, much) if what == "part" else left, s)

    def pay(self, c, who, invoice, day, amount, s):
        if not amount:
            return
        if who["weekly"]:
            if day in self.weeks:
                self.items[self.weeks[day]]["amount"] += amount
                self.items[self.weeks[day]]["open"] += amount
            else:
                self.weeks[day] = self.document(c, "payment", day, amount)
            self.settle(invoice, self.weeks[day], day, amount)
            return
        payment, luck = self.document(c, "payment", day, amount), s.uniform()
        if luck < 0.004:
            self.settle(invoice, payment, day, amount)
            if day + 3 <= self.last:
                self.settle(invoice, payment, day + 3, -amount)
                self.settle(self.document(c, "refund", day + 3, amount), payment, day + 3, amount)
                if day + 20 <= self.last and day + 20 < who["broke"]:
                    self.settle(invoice, self.document(c, "payment", day + 20, amount), day + 20, amount)
            return
        self.settle(invoice, payment, day + 5 + s.below(36) if luck < 0.024 else day, amount)
        if 0.024 <= luck < 0.026 and day + 5 <= self.last:
            second = self.document(c, "payment", day + 5, amount)
            if day + 95 <= self.last:
                self.settle(self.document(c, "refund", day + 95, amount), second, day + 95, amount)


def shown(day):
    return "" if day is None or day == NEVER else str(datetime.date(1970, 1, 1) + datetime.timedelta(days=day))


def cents(amount):
    return f"{amount // 100}.{amount % 100:02d}" if amount >= 0 else "-" + cents(-amount)


def number(place):
    return "" if place is None else place + 1


if __name__ == "__main__":
    FIRST = (datetime.date(2024, 1, 1) - datetime.date(1970, 1, 1)).days
    company = Company(seed=6, first=FIRST, last=FIRST + 99, orders=8, default=0.02)
    for customer in range(3):
        company.add(customer)
    print("items\ndocument,customer,kind,amount,document_date,due_date,follows,discount_until,discount_amount")
    for i, one in enumerate(company.items):
        until, granted = one["discount"] or (None, None)
        print(i + 1, one["customer"] + 1, one["kind"], cents(one["amount"]), shown(one["day"]), shown(one["due"]),
              number(one["follows"]), shown(until), "" if granted is None else cents(granted), sep=",")
    print("settlements\ndocument,settling_document,date,amount")
    for debit, credit, day, amount in company.settlements:
        print(debit + 1, credit + 1, shown(day), cents(amount), sep=",")
    print("commitments\ncustomer,kind,amount,date,planned_date,cancelled_on,follows")
    for c, kind, amount, day, planned, cancelled, follows in company.commitments:
        print(c + 1, kind, cents(amount), shown(day), shown(planned), shown(cancelled), number(follows), sep=",")
    print("disputes\ndocument,opened,closed,amount,outcome")
    for document, opened, closed, amount, outcome in company.disputes:
        print(document + 1, shown(opened), shown(closed), cents(amount), outcome or "", sep=",")
    print("securities\ncustomer,kind,amount,share_covered,valid_from,valid_until")
    for c, kind, amount, share, begin, until in company.securities:
        print(c + 1, kind, cents(amount), share, shown(begin), shown(until), sep=",")
    print("truth\ncustomer,orders,terms,payment_delay,pays_weekly,discount_rate,probability_of_default,default_date,balance")
    for c, who in enumerate(company.customers):
        balance = sum(i["open"] * (1 if i["kind"] in DEBITS else -1) for i in company.items if i["customer"] == c)
        print(c + 1, f"{who['orders']:.13g}", who["terms"], f"{who['delay']:.13g}", str(who["weekly"]).lower(),
              "" if who["takes"] is None else f"{who['takes']:.13g}", f"{who['p']:.13g}", shown(who["broke"]),
              cents(balance), sep=",")
