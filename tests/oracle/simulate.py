# SPDX-License-Identifier: BSL-1.0
"""The worked examples of value.simulate, written a second time from the definitions: Philox4x64-10, the polar method,
Marsaglia and Tsang's gamma variates, and what the customers of Pareto/NBD, BG/BB and Gamma-Gamma do.

    python3 tests/oracle/simulate.py
"""
import datetime
import math

MASK = (1 << 64) - 1


def philox(counter, key):
    """Salmon, Moraes, Dror and Shaw (2011), ten rounds."""
    c, k = list(counter), list(key)
    for _ in range(10):
        first, second = 0xD2E7470EE14C6C93 * c[0], 0xCA5A826395121157 * c[2]
        c = [(second >> 64) ^ c[1] ^ k[0], second & MASK, (first >> 64) ^ c[3] ^ k[1], first & MASK]
        k = [(k[0] + 0x9E3779B97F4A7C15) & MASK, (k[1] + 0xBB67AE8584CAA73B) & MASK]
    return c


class Stream:
    def __init__(self, seed, name, row):
        self.key = (seed, int.from_bytes(name, "big"))
        self.row, self.block, self.left = row, 0, []

    def bits(self):
        if not self.left:
            self.left = philox((self.block, self.row, 0, 0), self.key)
            self.block += 1
        return self.left.pop(0)

    def uniform(self):
        return ((self.bits() >> 11) | 1) * 2.0**-53

    def below(self, count):
        """Lemire (2019)."""
        while True:
            product = self.bits() * count
            if product & MASK >= (1 << 64) % count:
                return product >> 64

    def exponential(self):
        return -math.log(self.uniform())

    def normal(self):
        while True:
            x, y = 2 * self.uniform() - 1, 2 * self.uniform() - 1
            square = x * x + y * y
            if square < 1:
                return x * math.sqrt(-2 * math.log(square) / square)

    def log_gamma(self, shape):
        boost = math.log(self.uniform()) / shape if shape < 1 else 0.0
        d = (shape + 1 if shape < 1 else shape) - 1 / 3
        while True:
            x = self.normal()
            root = 1 + x / math.sqrt(9 * d)
            if root <= 0:
                continue
            v = root**3
            if math.log(self.uniform()) < x * x / 2 + d * (1 - v + math.log(v)):
                return math.log(d * v) + boost

    def gamma(self, shape):
        return math.exp(self.log_gamma(shape))

    def beta(self, a, b):
        x, y = self.log_gamma(a), self.log_gamma(b)
        return 1 / (1 + math.exp(y - x))

    def first_success(self, probability):
        return math.floor(math.log(self.uniform()) / math.log1p(-probability)) + 1


def on_clock(time, tick):
    return math.floor(time / tick + 1e-6) * tick


def pareto_nbd(stream, p, age, spread, holdout, tick):
    r, alpha, s, beta = p
    rate = stream.gamma(r) / alpha
    leaves = stream.gamma(s) / beta
    leaves = stream.exponential() / leaves
    age = on_clock(age - spread * stream.uniform(), tick)
    times, time = [0.0], 0.0
    while True:
        time += stream.exponential() / rate
        seen = on_clock(time, tick)
        if seen > age + holdout + 0.5 * tick or time > leaves:
            return age, times
        if seen > times[-1]:
            times.append(seen)


def bg_bb(stream, p, age, spread, holdout, _):
    alpha, beta, gamma, delta = p
    order, leaves = stream.beta(alpha, beta), stream.beta(gamma, delta)
    age -= math.floor((spread + 1) * stream.uniform())
    end = min(age + holdout, stream.first_success(leaves) - 1)
    times, time = [0], 0
    while True:
        time += stream.first_success(order)
        if time > end:
            return age, times
        times.append(time)


def show(behave, p, spend, age, spread, holdout, tick, days, until, seed=1, customers=4):
    log = []
    for customer in range(customers):
        own_age, times = behave(Stream(seed, b"simulate", customer), p, age, spread, holdout, tick)
        stream = Stream(seed, b"spend", customer)
        log_rate = stream.log_gamma(spend[1])
        amounts = [math.floor(math.exp(stream.log_gamma(spend[0]) - log_rate) * spend[2] * 100 + 0.5) for _ in times]
        seen = [(t, a) for t, a in zip(times, amounts) if 0 < t <= own_age]
        mean = f"{sum(a for _, a in seen) / 100 / len(seen):.13g}" if seen else ""
        print(customer + 1, len(seen), f"{max([t for t, _ in seen], default=0):.13g}", f"{own_age:.13g}", mean,
              sum(t > own_age for t in times), sep=",")
        for t, a in zip(times, amounts):
            day = until - datetime.timedelta(days=math.floor((own_age - t) * days + 1e-6))
            log.append(f"{customer + 1},{t:.13g},{day},{a // 100}.{a % 100:02d}")
    print(*log, sep="\n")


if __name__ == "__main__":
    SPEND = (6.25, 3.74, 15.44)
    UNTIL = datetime.date(1997, 9, 30)
    print("customer,frequency,recency,age,monetary_value,holdout_frequency")
    show(pareto_nbd, (0.553, 10.578, 0.606, 11.669), SPEND, 39, 12, 13, 1 / 7, 7, UNTIL)
    show(bg_bb, (1.2, 0.75, 0.66, 2.78), SPEND, 6, 1, 2, None, 365.2425, UNTIL)
