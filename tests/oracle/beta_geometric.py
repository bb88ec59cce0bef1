# SPDX-License-Identifier: BSL-1.0
"""Figures of BG/NBD and MBG/NBD with fifty digits: the worked examples, and what the tests cite.

All expectations are integrals over the drop-out probability p ~ Beta(a, b) of what a customer with this p does,
so that nothing of the closed forms in the library is used here. Needs mpmath.
"""
import sys

from mpmath import beta, exp, findroot, inf, log, loggamma, matrix, mp, mpf, quad, rf

mp.dps = 50

INVENTED = [(0, 0, 39, 500), (0, 0, 20, 420), (1, 5, 39, 90), (1, 20, 39, 40), (1, 35, 39, 30), (1, 10, 20, 60),
            (2, 10, 39, 30), (2, 30, 39, 45), (2, 15, 20, 30), (3, 12, 39, 12), (3, 35, 39, 30), (5, 38, 39, 20),
            (8, 37, 39, 8), (6, 19, 20, 6), (12, 38, 39, 3)]


class Model:
    """first = 0: BG/NBD, 1: MBG/NBD."""

    def __init__(self, first, r, alpha, a, b):
        self.first = first
        self.r, self.alpha, self.a, self.b = map(mpf, (r, alpha, a, b))

    def parts(self, x, t_x, age):
        """Likelihood of the row with the customer alive, and gone."""
        x, t_x, age = mpf(x), mpf(t_x), mpf(age)
        n = x + self.first
        common = exp(loggamma(self.r + x) - loggamma(self.r) + self.r * log(self.alpha))
        alive = common * beta(self.a, self.b + n) / beta(self.a, self.b) * (self.alpha + age) ** -(self.r + x)
        if n == 0:
            return alive, mpf(0)
        gone = common * beta(self.a + 1, self.b + n - 1) / beta(self.a, self.b) * (self.alpha + t_x) ** -(self.r + x)
        return alive, gone

    def log_likelihood(self, x, t_x, age):
        return log(sum(self.parts(x, t_x, age)))

    def alive(self, x, t_x, age):
        alive, gone = self.parts(x, t_x, age)
        return alive / (alive + gone)

    def mean(self, x, age, f):
        """E f(p) for a customer who is alive."""
        a, b = self.a, self.b + x + self.first
        # p = u^(1/a) takes the singularity at 0 away, and the same at 1.
        half = mpf(1) / 2
        low = quad(lambda u: f(u ** (1 / a)) * (1 - u ** (1 / a)) ** (b - 1) / a, [0, half ** (a * 8), half ** (a * 2), half ** a])
        high = quad(lambda v: f(1 - v ** (1 / b)) * (1 - v ** (1 / b)) ** (a - 1) / b, [0, half ** (b * 2), half ** b])
        return (low + high) / beta(a, b)

    def scores(self, x, t_x, age, horizon, rate, share, n):
        x, t_x, age, h = mpf(x), mpf(t_x), mpf(age), mpf(horizon)
        shape, scale = self.r + x, self.alpha + age
        alive = self.alive(x, t_x, age)
        w = h / scale

        def discounted(p, end):
            return quad(lambda t: exp(-rate * t) * shape / scale * (1 + p * t / scale) ** -(shape + 1), end)

        def count(p):
            """P(n orders | p, alive): n orders without a drop-out, or a drop-out with the n-th."""
            weight = lambda k: rf(shape, k) / mp.factorial(k) * w ** k * (1 + w) ** -(shape + k)
            stay = (1 - p) ** n * weight(n)
            if n == 0:
                return stay
            at_least = 1 - sum(weight(k) for k in range(n))
            return stay + p * (1 - p) ** (n - 1) * at_least

        quantile = scale * ((1 - share / alive) ** (-1 / shape) - 1) if share < alive else inf
        long = [0, 1 / rate, 5 / rate, 20 / rate, 60 / rate, inf]
        return {
            "probability_alive": alive,
            "expected_orders": alive * self.mean(x, age, lambda p: (1 - (1 + p * w) ** -shape) / p),
            "probability_alive_in": alive * self.mean(x, age, lambda p: (1 + p * w) ** -shape),
            "probability_active": alive * (1 - (1 + w) ** -shape),
            "discounted_expected_orders": alive * self.mean(x, age, lambda p: discounted(p, long)),
            "discounted_within_horizon": alive * self.mean(x, age, lambda p: discounted(p, [0, h])),
            "next_order_quantile": quantile,
            "probability_of_orders": alive * self.mean(x, age, count) + (1 - alive if n == 0 else 0),
            "mean_order_rate": shape * (alive / scale + (1 - alive) / (self.alpha + t_x)),
            "mean_dropout": (self.a + 1 - alive) / (self.a + self.b + x + self.first),
        }


def fit(first, rows, start):
    """The maximum and the standard errors."""
    def total(*logs):
        model = Model(first, *map(exp, logs))
        return sum(w * model.log_likelihood(x, t_x, age) for x, t_x, age, w in rows)

    def gradient(*logs):
        step = mpf(10) ** -20
        return [(total(*(v + (step if i == j else 0) for j, v in enumerate(logs))) -
                 total(*(v - (step if i == j else 0) for j, v in enumerate(logs)))) / (2 * step) for i in range(4)]

    logs = list(findroot(gradient, [log(mpf(v)) for v in start], tol=mpf(10) ** -40))
    hessian = matrix(4, 4)
    step = mpf(10) ** -12
    for j in range(4):
        up = gradient(*(v + (step if i == j else 0) for i, v in enumerate(logs)))
        down = gradient(*(v - (step if i == j else 0) for i, v in enumerate(logs)))
        for i in range(4):
            hessian[i, j] = (up[i] - down[i]) / (2 * step)
    covariance = -hessian ** -1
    values = [exp(v) for v in logs]
    return values, [v * covariance[i, i] ** mpf("0.5") for i, v in enumerate(values)], total(*logs)


def main():
    show = lambda values: " ".join(mp.nstr(v, 16) for v in values)
    for first, name, start in ((0, "BG/NBD", (0.33, 14.8, 0.3, 1.15)), (1, "MBG/NBD", (0.6, 18, 0.6, 1.2))):
        values, errors, likelihood = fit(first, INVENTED, start)
        print(name, "invented rows", show(values), "errors", show(errors), "LL", show([likelihood]))
    for first, name, p in ((0, "BG/NBD", ("0.243", "4.414", "0.793", "2.426")),
                           (1, "MBG/NBD", ("0.525", "6.183", "0.891", "1.614"))):
        model = Model(first, *p)
        rate = log(mpf("1.1")) * 7 / mpf("365.2425")
        for row in (("2", "30.43", "38.86"), ("0", "0", "38.86"), ("26", "30.86", "31")):
            found = model.scores(*row, horizon=39, rate=rate, share=mpf("0.5"), n=2)
            print(name, row)
            for key, value in found.items():
                print("   ", key, mp.nstr(value, 16))


if __name__ == "__main__":
    sys.exit(main())
