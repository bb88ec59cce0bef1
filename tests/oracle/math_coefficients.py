# SPDX-License-Identifier: BSL-1.0
"""Prints the polynomial coefficients of include/emptor/math.

Each polynomial goes through its function at Chebyshev's points of the interval, worked out with 70 digits; its
coefficients are then rounded to doubles. Beside the name stands the largest error after the rounding, relative
to the function that uses the polynomial. Needs mpmath (tried with 1.3.0).
"""
import mpmath as mp

mp.mp.dps = 70


def interpolate(f, a, b, degree):
    """Coefficients of 1, x, x^2, ... of the polynomial through f at Chebyshev's points of [a, b]."""
    n = degree + 1
    nodes = [mp.cos(mp.pi * (2 * j + 1) / (2 * n)) for j in range(n)]
    values = [f((a + b) / 2 + (b - a) / 2 * t) for t in nodes]
    system = mp.matrix(n, n)
    for j, t in enumerate(nodes):
        for k in range(n):
            system[j, k] = t**k
    in_t = mp.lu_solve(system, mp.matrix(values))
    scale, shift = 2 / (b - a), -(a + b) / (b - a)  # t = scale x + shift
    result = [mp.mpf(0)]
    for c in reversed(list(in_t)):
        longer = [mp.mpf(0)] * (len(result) + 1)
        for i, w in enumerate(result):
            longer[i] += w * shift
            longer[i + 1] += w * scale
        longer[0] += c
        result = longer
    return result[:n]


def show(name, f, a, b, degree, weight):
    a, b = mp.mpf(a), mp.mpf(b)
    coefficients = [float(c) for c in interpolate(f, a, b, degree)]
    error = mp.mpf(0)
    for i in range(401):
        x = a + (b - a) * (i + mp.mpf("0.37")) / 402
        p = sum(mp.mpf(c) * x**k for k, c in enumerate(coefficients))
        error = max(error, abs((p - f(x)) * weight(x)))
    print(f"// {name}: error {mp.nstr(error, 2)}")
    print(f"inline constexpr double {name}[] = {{{', '.join(repr(c) for c in coefficients)}}};\n")


def odd_log(z):  # log((1 + s) / (1 - s)) / s with z = s^2
    s = mp.sqrt(z)
    return mp.log((1 + s) / (1 - s)) / s


def from_inverse_square(f):
    return lambda w: f(1 / mp.sqrt(w))


def from_square(f):
    return lambda z: f(mp.sqrt(z))


def scaled_erfc(t):  # exp(x^2) erfc(x) (1 + 2x) with t = (x - 3) / (x + 3)
    x = 3 * (1 + t) / (1 - t)
    if x > 100:
        series = sum((-1) ** k * mp.fac2(2 * k - 1) / (2 * x * x) ** k for k in range(40))
        return (1 + 2 * x) / (x * mp.sqrt(mp.pi)) * series
    return mp.erfc(x) * mp.exp(x * x) * (1 + 2 * x)


def lgamma_without_zeros(v):
    x = v + mp.mpf("1.75")
    return mp.loggamma(x) / ((x - 1) * (x - 2))


digamma_zero = mp.findroot(mp.digamma, mp.mpf("1.4616"))


def digamma_without_zero(v):
    x = v + mp.mpf("1.75")
    return mp.digamma(x) / (x - digamma_zero)


def uniform_gamma_series(count, length):
    """c_k(eta) of DLMF 8.12.10 as power series: mu - log(1 + mu) = eta^2 / 2."""
    n = 60
    m = [mp.mpf(0), mp.mpf(1)]  # mu = eta + ..., from mu mu' = eta (1 + mu)
    for i in range(2, n + 2):
        m.append((m[i - 1] - sum((i + 1 - j) * m[j] * m[i + 1 - j] for j in range(2, i))) / (i + 1))
    inverse = [mp.mpf(1)]  # eta / mu
    for i in range(1, n):
        inverse.append(-sum(m[j + 1] * inverse[i - j] for j in range(1, i + 1)))
    series = [inverse[1:]]
    while len(series) < count:  # c_k = c_(k-1)' / eta + g_k / mu, where g_k takes the pole away
        last = series[-1]
        series.append([(i + 2) * last[i + 2] - last[1] * inverse[i + 1] for i in range(len(last) - 2)])
    return [c[: length - 4 * k] for k, c in enumerate(series)]


near_0 = mp.mpf(10) ** -30
log_end = (3 - 2 * mp.sqrt(2)) ** 2 * mp.mpf("1.0001")

if __name__ == "__main__":
    for name, value, kept in (("ln2", mp.log(2), 42), ("two_thirds", mp.mpf(2) / 3, 26), ("digamma_zero", digamma_zero - 1, 53)):
        unit = mp.mpf(2) ** (mp.floor(mp.log(value, 2)) + 1 - kept)
        high = mp.nint(value / unit) * unit if kept == 53 else mp.floor(value / unit) * unit
        print(f"inline constexpr double {name}_high = {float(high).hex()};")
        print(f"inline constexpr double {name}_low = {float(value - high).hex()};\n")

    reduced = mp.mpf("0.34663")
    show("exp_coefficients", lambda r: (mp.exp(r) - 1 - r) / r**2, -reduced, reduced, 9, lambda r: r * r / mp.exp(r))
    show("log_coefficients", lambda z: (odd_log(z) - 2) / z, near_0, log_end, 6, lambda z: z / 2)
    show("wide_log_coefficients", lambda z: (odd_log(z) - 2) / z, near_0, mp.mpf("0.04001"), 6, lambda z: z / 2)
    show("log_tail_coefficients", lambda z: ((odd_log(z) - 2) / z - mp.mpf(2) / 3) / z, near_0, log_end, 7,
         lambda z: z * z / 2)
    show("lgamma_coefficients", lgamma_without_zeros, -0.75, 0.75, 23, lambda v: 1 / lgamma_without_zeros(v))
    show("digamma_coefficients", digamma_without_zero, -0.75, 0.75, 24, lambda v: 1 / digamma_without_zero(v))
    show("lgamma_stirling_coefficients",
         from_inverse_square(lambda x: (mp.loggamma(x) - (x - 0.5) * (mp.log(x) - 1) - (mp.log(2 * mp.pi) - 1) / 2) * x),
         mp.mpf("1e-15"), mp.mpf(1) / 64, 5, lambda w: mp.sqrt(w) / 8.5)
    show("digamma_stirling_coefficients", from_inverse_square(lambda x: (mp.log(x) - 1 / (2 * x) - mp.digamma(x)) * x**2),
         mp.mpf("1e-15"), mp.mpf(1) / 64, 5, lambda w: w / 2)
    show("trigamma_stirling_coefficients", from_inverse_square(lambda x: (mp.psi(1, x) - 1 / x - 1 / (2 * x * x)) * x**3),
         mp.mpf("1e-15"), mp.mpf(1) / 64, 6, lambda w: w)
    show("sin_pi_coefficients", from_square(lambda r: mp.sin(mp.pi * r) / r), near_0, 0.25, 8,
         lambda z: mp.sqrt(z) / mp.sin(mp.pi * mp.sqrt(z)))
    show("cos_pi_coefficients", from_square(lambda r: mp.cos(mp.pi * r)), near_0, 0.25, 9, lambda z: 1)
    show("erf_coefficients", from_square(lambda x: mp.erf(x) / x), near_0, 1, 12,
         lambda z: mp.sqrt(z) / mp.erf(mp.sqrt(z)))
    show("erfc_coefficients", scaled_erfc, -0.5, 1, 20, lambda t: 1 / scaled_erfc(t))
    for k, c in enumerate(uniform_gamma_series(4, 16)):
        print(f"inline constexpr double uniform_gamma_{k}[] = {{{', '.join(repr(float(v)) for v in c)}}};\n")
