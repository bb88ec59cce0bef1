# SPDX-License-Identifier: BSL-1.0
"""The worked examples of Pareto/NBD and NBD with forty digits.

All figures are integrals over the time of the drop-out of what a customer with this drop-out does, so that nothing
of the closed forms in the library is used here. Needs mpmath.
"""
from mpmath import exp, findroot, inf, log, log1p, loggamma, matrix, mp, mpf, quad

mp.dps = 40

INVENTED = [(0, 0, 39, 500), (0, 0, 20, 420), (1, 5, 39, 90), (1, 20, 39, 40), (1, 35, 39, 30), (1, 10, 20, 60),
            (2, 10, 39, 30), (2, 30, 39, 45), (2, 15, 20, 30), (3, 12, 39, 12), (3, 35, 39, 30), (5, 38, 39, 20),
            (8, 37, 39, 8), (6, 19, 20, 6), (12, 38, 39, 3)]
ROWS = [("2", "30.43", "38.86"), ("0", "0", "38.86"), ("26", "30.86", "31")]
DAYS_A_YEAR = mpf("365.2425")


class ParetoNbd:
    def __init__(self, r, alpha, s, beta):
        self.r, self.alpha, self.s, self.beta = map(mpf, (r, alpha, s, beta))

    def weights(self, x, t_x, age):
        """Of the row with the customer alive, and with him gone since t_x, over alpha^r beta^s Gamma(r+x)/Gamma(r)."""
        k, m = self.r + x, self.s
        alive = (self.alpha + age) ** -k * (self.beta + age) ** -m
        gone = m * quad(lambda u: (self.alpha + u) ** -k * (self.beta + u) ** -(m + 1), [t_x, (t_x + age) / 2, age])
        return alive, gone

    def log_likelihood(self, x, t_x, age):
        return (loggamma(self.r + x) - loggamma(self.r) + self.r * log(self.alpha) + self.s * log(self.beta)
                + log(sum(self.weights(x, t_x, age))))

    def alive(self, x, t_x, age):
        alive, gone = self.weights(x, t_x, age)
        return alive / (alive + gone)

    def scores(self, row, horizon, rate, share, count):
        x, t_x, age = map(mpf, row)
        alive = self.alive(x, t_x, age)
        k, a, s, b = self.r + x, self.alpha + age, self.s, self.beta + age
        stays = lambda u: (1 + u / b) ** -s
        points = [0, horizon / 100, horizon / 10, horizon]
        first = lambda u: k / a * (1 + u / a) ** -(k + 1) * stays(u)
        within = lambda h: alive * quad(first, [0, h / 100, h / 10, h])
        ever = alive * quad(first, [0, 1, 10, 100, 1000, inf])
        count_within = lambda u: exp(loggamma(k + count) - loggamma(k) - loggamma(count + 1) + count * log(u / a)
                                     - (k + count) * log1p(u / a))
        tail = quad(lambda u: exp(-rate * u) * stays(u), [0, 10, 100, 1000, 10000, 100000, inf])
        total = sum(self.weights(x, t_x, age))
        return [alive, alive * k / a * quad(stays, points), alive * stays(horizon), within(horizon),
                alive * k / a * tail,
                findroot(lambda t: within(t) - share, (mpf(1) / 10, mpf(100)), solver="anderson", tol=1e-30)
                if share < ever else None,
                alive * (count_within(horizon) * stays(horizon)
                         + quad(lambda u: count_within(u) * s / b * (1 + u / b) ** -(s + 1), points)),
                self.mean_rate(x, t_x, age, total),
                self.mean_dropout(x, t_x, age, total)]

    def mean_rate(self, x, t_x, age, total):
        k, m = self.r + x, self.s
        alive = k * (self.alpha + age) ** -(k + 1) * (self.beta + age) ** -m
        gone = quad(lambda u: m * k * (self.alpha + u) ** -(k + 1) * (self.beta + u) ** -(m + 1), [t_x, age])
        return (alive + gone) / total

    def mean_dropout(self, x, t_x, age, total):
        k, m = self.r + x, self.s
        alive = m * (self.alpha + age) ** -k * (self.beta + age) ** -(m + 1)
        gone = quad(lambda u: m * (m + 1) * (self.alpha + u) ** -k * (self.beta + u) ** -(m + 2), [t_x, age])
        return (alive + gone) / total


class Nbd:
    def __init__(self, r, alpha):
        self.r, self.alpha = map(mpf, (r, alpha))

    def log_likelihood(self, x, t_x, age):
        return (loggamma(self.r + x) - loggamma(self.r) + self.r * log(self.alpha)
                - (self.r + x) * log(self.alpha + age))

    def scores(self, row, horizon, rate, share, count):
        x, _, age = map(mpf, row)
        k, a = self.r + x, self.alpha + age
        return [k / a * horizon, 1 - (1 + horizon / a) ** -k, k / a / rate, a * ((1 - share) ** (-1 / k) - 1),
                exp(loggamma(k + count) - loggamma(k) - loggamma(count + 1) + count * log(horizon / a)
                    - (k + count) * log1p(horizon / a)), k / a]


def fit(model, start):
    """Newton's method in the logs of the parameters, with derivatives from central differences."""
    h = mpf("1e-7")
    n = len(start)
    at = [log(mpf(p)) for p in start]

    def total(moves=()):
        logs = list(at)
        for i, sign in moves:
            logs[i] += sign * h
        of = model(*map(exp, logs))
        return sum(w * of.log_likelihood(x, mpf(t_x), mpf(age)) for x, t_x, age, w in INVENTED)

    for _ in range(6):
        here = total()
        up = [total([(i, 1)]) for i in range(n)]
        down = [total([(i, -1)]) for i in range(n)]
        gradient = matrix([(up[i] - down[i]) / (2 * h) for i in range(n)])
        hessian = matrix(n, n)
        for i in range(n):
            hessian[i, i] = (up[i] - 2 * here + down[i]) / h ** 2
            for j in range(i):
                both = total([(i, 1), (j, 1)]) + total([(i, -1), (j, -1)])
                hessian[i, j] = hessian[j, i] = (both - up[i] - up[j] - down[i] - down[j] + 2 * here) / (2 * h ** 2)
        step = mp.lu_solve(hessian, gradient)
        at = [at[i] - step[i] for i in range(n)]
        if mp.norm(step) < mpf("1e-9"):
            break
    covariance = (-hessian) ** -1
    for i in range(n):
        print(mp.nstr(exp(at[i]), 13), mp.nstr(exp(at[i]) * mp.sqrt(covariance[i, i]), 12))
    print("log-likelihood", mp.nstr(total(), 16))


def show(model):
    for row in ROWS:
        print([None if v is None else mp.nstr(v, 16) for v in
               model.scores(row, mpf(39), log(mpf("1.1")) * 7 / DAYS_A_YEAR, mpf("0.5"), 2)])


show(ParetoNbd("0.553", "10.578", "0.606", "11.669"))
show(Nbd("0.385", "12.072"))
fit(Nbd, (0.35, 12))
fit(ParetoNbd, (0.55, 24, 0.65, 34))
