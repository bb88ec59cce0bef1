# SPDX-License-Identifier: BSL-1.0
"""Figures of satisfaction.key_drivers in 40 digits, from the definitions: relative weights by the eigenvectors of the
correlations, Shapley values as the mean over all orders of the drivers, jackknife intervals by leaving out one respondent
after the other. Prints the expected tables of the worked example. Needs mpmath."""

from itertools import permutations

from mpmath import betainc, eigsy, findroot, lu_solve, matrix, mp, mpf, nstr, sqrt

mp.dps = 40

DRIVERS = ["quality", "service", "price"]
ROWS = {  # overall, quality, service, price
    "A": (9, 9, 8, 5), "B": (7, 6, 8, 6), "C": (4, 5, 3, 5), "D": (8, 8, 6, 7), "E": (10, 9, 9, 8), "F": (3, 4, 5, 2),
    "G": (6, 7, 5, 6), "H": (5, 4, 6, 4), "J": (7, 8, 7, 4), "K": (2, 3, 2, 3),
}
LOW, HIGH = 1, 10


def correlation(x, y):
    n = len(x)
    mean_x, mean_y = sum(x) / n, sum(y) / n
    product = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y))
    return product / sqrt(sum((a - mean_x) ** 2 for a in x) * sum((b - mean_y) ** 2 for b in y))


def figures(rows):
    p = len(DRIVERS)
    columns = [[mpf(row[1 + j]) for row in rows] for j in range(p)]
    outcome = [mpf(row[0]) for row in rows]
    between = matrix(p, p)
    for i in range(p):
        for j in range(p):
            between[i, j] = correlation(columns[i], columns[j])
    with_outcome = [correlation(c, outcome) for c in columns]

    def explained(some):
        if not some:
            return mpf(0), []
        a = matrix(len(some), len(some))
        b = matrix(len(some), 1)
        for x, i in enumerate(some):
            b[x] = with_outcome[i]
            for y, j in enumerate(some):
                a[x, y] = between[i, j]
        beta = lu_solve(a, b)
        return sum(beta[x] * b[x] for x in range(len(some))), list(beta)

    shapley = [mpf(0)] * p
    orders = list(permutations(range(p)))
    for order in orders:
        before = mpf(0)
        for at, j in enumerate(order):
            after = explained(sorted(order[: at + 1]))[0]
            shapley[j] += (after - before) / len(orders)
            before = after
    values, vectors = eigsy(between)
    root = lambda i, j, power: sum(vectors[i, k] * vectors[j, k] * values[k] ** power for k in range(p))
    beta = [sum(root(k, i, mpf(-0.5)) * with_outcome[i] for i in range(p)) for k in range(p)]
    weights = [sum(root(j, k, mpf(0.5)) ** 2 * beta[k] ** 2 for k in range(p)) for j in range(p)]
    r_squared, coefficients = explained(list(range(p)))
    return [r_squared, *with_outcome, *coefficients, *weights, *shapley]


def student_quantile(degrees, confidence):
    tail = lambda t: betainc(mpf(degrees) / 2, mpf(1) / 2, 0, degrees / (degrees + t * t), regularized=True)
    return findroot(lambda t: tail(t) - (1 - mpf(confidence)), 2.3)


def main():
    rows = list(ROWS.values())
    n, p = len(rows), len(DRIVERS)
    found = figures(rows)
    each = [figures(rows[:i] + rows[i + 1 :]) for i in range(n)]
    t = student_quantile(n - 1, "0.95")
    text = lambda x: nstr(x, 17)
    cells = []
    for f, value in enumerate(found):
        mean = sum(one[f] for one in each) / n
        half = t * sqrt(mpf(n - 1) / n * sum((one[f] - mean) ** 2 for one in each))
        low, high = value - half, value + half
        if f <= p or f > 2 * p:  # only coefficients have no bounds
            low, high = max(low, mpf(-1) if 1 <= f <= p else mpf(0)), min(high, mpf(1))
        cells.append([value, low, high])
    r_squared = found[0]
    means = [100 * (sum(mpf(row[1 + j]) for row in rows) / n - LOW) / (HIGH - LOW) for j in range(p)]
    axes = [sum(found[1 + 2 * p + j] for j in range(p)) / p, sum(means) / p]
    names = ["low_priority", "possible_overkill", "concentrate_here", "keep_up"]
    print("driver,block,performance,correlation,correlation_low,correlation_high,coefficient,coefficient_low,"
          "coefficient_high,relative_weight,relative_weight_low,relative_weight_high,relative_weight_share,shapley,"
          "shapley_low,shapley_high,shapley_share,rank,quadrant")
    weights = found[1 + 2 * p : 1 + 3 * p]
    for j, name in enumerate(DRIVERS):
        weight, value = weights[j], found[1 + 3 * p + j]
        quadrant = names[2 * (weight >= axes[0]) + (means[j] >= axes[1])]
        numbers = [means[j], *cells[1 + j], *cells[1 + p + j], *cells[1 + 2 * p + j], weight / r_squared,
                   *cells[1 + 3 * p + j], value / r_squared]
        print(",".join([name, name, *map(text, numbers), str(1 + sum(w > weight for w in weights)), quadrant]))
    print("answers,missing,respondents,effective_answers,status,r_squared,r_squared_low,r_squared_high,"
          "adjusted_r_squared,resamples,failed_resamples,importance_axis,performance_axis")
    adjusted = 1 - (1 - r_squared) * (n - 1) / (n - p - 1)
    print(",".join([str(n), "1", str(n), str(n), "ok", *map(text, [*cells[0], adjusted]), str(n), "0",
                    *map(text, axes)]))


main()
