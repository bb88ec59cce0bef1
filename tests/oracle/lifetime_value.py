# SPDX-License-Identifier: BSL-1.0
"""The figures of the worked example of value.lifetime_value, by quadrature with 30 digits.

Pareto/NBD (Schmittlein, Morrison and Colombo 1987) and Gamma-Gamma (Fader and Hardie, note 025) from their definitions.
Needs mpmath. Run: python3 tests/oracle/lifetime_value.py
"""
from mpmath import mp, mpf, exp, inf, log, quad

mp.dps = 30

R, ALPHA, S, BETA = mpf("0.553"), mpf("10.578"), mpf("0.606"), mpf("11.669")  # weeks
P, Q, V = mpf("6.25"), mpf("3.74"), mpf("15.44")
RATE = log(mpf("1.1")) * 7 / mpf("365.2425")  # ten percent a year, per week
HORIZON = mpf(365) / 7  # 1997-09-30 to 1998-09-30
MARGIN = mpf("0.3")


def alive(x, t_x, t):
    """P(alive): the customer who is there at t against him and those who left in (t_x, t)."""
    stays = (ALPHA + t) ** -(R + x) * (BETA + t) ** -S
    left = quad(lambda u: S * (ALPHA + u) ** -(R + x) * (BETA + u) ** -(S + 1), [t_x, t]) if t > t_x else 0
    return stays / (stays + left)


def orders(x, t_x, t):
    rate = (R + x) / (ALPHA + t)
    return alive(x, t_x, t) * rate * quad(lambda u: exp(-RATE * u) * ((BETA + t) / (BETA + t + u)) ** S,
                                          [0, HORIZON / 2, HORIZON])


def spend(x, z):
    return P * (V + x * z) / (P * x + Q - 1)


for x, t_x, t, z in [(2, "30.43", "38.86", "22.35"), (0, "0", "38.86", "0"), (26, "30.86", "31", "40.08")]:
    t_x, t, z = mpf(t_x), mpf(t), mpf(z)
    parts = spend(x, z), orders(x, t_x, t)
    print([mp.nstr(v, 16) for v in (MARGIN * parts[0] * parts[1], *parts, MARGIN)])
