#!/usr/bin/env python3
# SPDX-License-Identifier: BSL-1.0
"""The figures of the worked example of credit.validation, from the definitions and in 40 digits (needs mpmath)."""
from mpmath import mp, mpf, sqrt, log, exp, erfc, betainc, gammainc, erfinv

mp.dps = 40
ROWS = [  # score, pd, grade, other score, outcome
    (720, "0.02", "A", 71, 0), (690, "0.03", "A", 65, 0), (690, "0.03", "A", 70, 0), (655, "0.05", "A", 60, 1),
    (640, "0.08", "B", 66, 0), (620, "0.1", "B", 52, 0), (620, "0.1", "B", 58, 1), (600, "0.15", "B", 55, 0),
    (580, "0.2", "C", 40, 0), (560, "0.3", "C", 50, 1), (545, "0.35", "C", 45, 0), (520, "0.45", "C", 30, 1)]
y = [r[4] for r in ROWS]
p = [mpf(r[1]) for r in ROWS]
n = len(ROWS)
z = sqrt(2) * erfinv(mpf("0.95"))


def wilson(share, trials):
    middle = (share + z**2 / (2 * trials)) / (1 + z**2 / trials)
    half = z / (1 + z**2 / trials) * sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    return max(middle - half, mpf(0)), min(middle + half, mpf(1))


def normal_tail(x):
    return erfc(x / sqrt(2)) / 2


def chi2_tail(x, d):
    return gammainc(mpf(d) / 2, mpf(x) / 2, regularized=True)


def line(name, value, low="", high="", threshold="", verdict=""):
    show = lambda v: v if isinstance(v, str) else mp.nstr(v, 17)
    print(",".join([name, show(mpf(value)), show(low), show(high), show(threshold), verdict]))


def places(scores):
    """Of each row the share of the other class that it is right about; a low score is risky."""
    made = []
    for i in range(n):
        right = [mpf(1) if (scores[i] < scores[j]) == (y[i] == 1) and scores[i] != scores[j]
                 else mpf(1) / 2 if scores[i] == scores[j] else mpf(0) for j in range(n) if y[j] != y[i]]
        made.append(sum(right) / len(right))
    return made


def delong(place):
    area = sum(place[i] for i in range(n) if y[i]) / sum(y)
    variance = mpf(0)
    for c in (0, 1):
        rows = [place[i] - (area if len(place) else 0) for i in range(n) if y[i] == c]
        variance += sum(v**2 for v in rows) / (len(rows) - 1) / len(rows)
    return area, variance


score = [r[0] for r in ROWS]
events = sum(y)
line("rows", n), line("without_outcome", 0), line("without_score", 0), line("events", events)
line("event_rate", mpf(events) / n, *wilson(mpf(events) / n, n))
area, variance = delong(places(score))
half = z * sqrt(variance)
low, high = max(area - half, mpf(0)), min(area + half, mpf(1))
line("auc", area, low, high, mpf("0.7"), "pass" if area >= mpf("0.7") else "fail")
line("gini", 2 * area - 1, 2 * low - 1, 2 * high - 1)
order = sorted(set(score))
cap, before = mpf(0), 0
for s in order:
    here = [y[i] for i in range(n) if score[i] == s]
    cap += len(here) * (before + mpf(sum(here)) / 2)
    before += sum(here)
line("accuracy_ratio", (cap - mpf(n) * events / 2) / (mpf(n - events) * events / 2))
distances = [(mpf(sum(y[i] for i in range(n) if score[i] <= s)) / events
              - mpf(sum(1 - y[i] for i in range(n) if score[i] <= s)) / (n - events), s) for s in order]
best = max(distances, key=lambda d: (abs(d[0]), -d[1]))
line("ks", abs(best[0])), line("signed_ks", best[0]), line("ks_score", best[1])
line("without_probability", 0), line("without_grade", 0)
line("mean_probability", sum(p) / n)
squares = [(y[i] - p[i])**2 for i in range(n)]
brier = sum(squares) / n
error = sqrt(sum((s - brier)**2 for s in squares) / (n - 1) / n)
rate = mpf(events) / n
unc = rate * (1 - rate)
line("brier_score", brier, brier - z * error, brier + z * error, unc, "pass" if brier <= unc else "fail")
line("brier_skill", 1 - brier / unc)
grades = {g: [i for i in range(n) if ROWS[i][2] == g] for g in "ABC"}
mean = {g: sum(p[i] for i in rows) / len(rows) for g, rows in grades.items()}
seen = {g: mpf(sum(y[i] for i in rows)) / len(rows) for g, rows in grades.items()}
line("reliability", sum(len(grades[g]) * (mean[g] - seen[g])**2 for g in grades) / n)
line("resolution", sum(len(grades[g]) * (seen[g] - rate)**2 for g in grades) / n)
line("uncertainty", unc)
line("within_groups", sum((p[i] - mean[g])**2 - 2 * (p[i] - mean[g]) * (y[i] - seen[g])
                          for g in grades for i in grades[g]) / n)
levels = sorted(set(p))
fit = {}
for q in levels:  # the largest over starts of the smallest over ends
    fit[q] = max(min(mpf(sum(y[i] for i in range(n) if a <= p[i] <= b)) / sum(1 for i in range(n) if a <= p[i] <= b)
                     for b in levels if b >= q) for a in levels if a <= q)
calibrated = sum((y[i] - fit[p[i]])**2 for i in range(n)) / n
line("miscalibration", brier - calibrated), line("discrimination", unc - calibrated)
losses = [-log(p[i]) if y[i] else -log(1 - p[i]) for i in range(n)]
loss = sum(losses) / n
error = sqrt(sum((v - loss)**2 for v in losses) / (n - 1) / n)
entropy = -(rate * log(rate) + (1 - rate) * log(1 - rate))
line("log_loss", loss, loss - z * error, loss + z * error, entropy, "pass" if loss <= entropy else "fail")


def test(statistic, name, p_name, p_value):
    line(name, statistic), line(p_name, p_value, "", "", mpf("0.05"), "pass" if p_value >= mpf("0.05") else "fail")


hl = sum((len(r) * (seen[g] - mean[g]))**2 / (len(r) * mean[g] * (1 - mean[g])) for g, r in grades.items())
test(hl, "hosmer_lemeshow", "hosmer_lemeshow_p", chi2_tail(hl, 3))
sz = sum((y[i] - p[i]) * (1 - 2 * p[i]) for i in range(n)) / sqrt(
    sum((1 - 2 * p[i])**2 * p[i] * (1 - p[i]) for i in range(n)))
test(sz, "spiegelhalter_z", "spiegelhalter_p", 2 * normal_tail(abs(sz)))
m = sum(p) / n
pz = (events - n * m) / sqrt(n * m * (1 - m))
test(pz, "portfolio_z", "portfolio_p", normal_tail(pz))
x = [log(q / (1 - q)) for q in p]
level = mpf(0)
for _ in range(50):
    q = [1 / (1 + exp(-(level + v))) for v in x]
    level += sum(y[i] - q[i] for i in range(n)) / sum(v * (1 - v) for v in q)
error = 1 / sqrt(sum(v * (1 - v) for v in q))
hold = lambda v, e, at: "pass" if v - z * e <= at <= v + z * e else "fail"
line("calibration_level", level, level - z * error, level + z * error, mpf(0), hold(level, error, 0))
a, b = mpf(0), mpf(1)
for _ in range(50):
    q = [1 / (1 + exp(-(a + b * v))) for v in x]
    w = [v * (1 - v) for v in q]
    g0, g1 = sum(y[i] - q[i] for i in range(n)), sum((y[i] - q[i]) * x[i] for i in range(n))
    h0, h1, h2 = sum(w), sum(w[i] * x[i] for i in range(n)), sum(w[i] * x[i]**2 for i in range(n))
    d = h0 * h2 - h1**2
    a, b = a + (h2 * g0 - h1 * g1) / d, b + (h0 * g1 - h1 * g0) / d
ea, eb = sqrt(h2 / d), sqrt(h0 / d)
line("calibration_intercept", a, a - z * ea, a + z * ea, mpf(0), hold(a, ea, 0))
line("calibration_slope", b, b - z * eb, b + z * eb, mpf(1), hold(b, eb, 1))
fitted = sum(log(q[i]) if y[i] else log(1 - q[i]) for i in range(n))
ratio = 2 * (fitted + sum(losses))
test(ratio, "calibration_line", "calibration_line_p", chi2_tail(ratio, 2))

print("grades")
for g, rows in grades.items():
    k, d = len(rows), sum(y[i] for i in rows)
    low, high = wilson(seen[g], k)
    tail = betainc(d, k - d + 1, 0, mean[g], regularized=True) if d else mpf(1)
    light = "red" if tail < mpf("0.001") else "yellow" if tail < mpf("0.05") else "green"
    jeffreys = betainc(d + mpf(1) / 2, k - d + mpf(1) / 2, 0, mean[g], regularized=True)
    print(",".join([g, str(k), str(d)] + [mp.nstr(v, 17) for v in (seen[g], low, high, mean[g], tail, jeffreys)] + [light]))

print("gains")  # four groups of three rows; the two rows of score 620 lie over an end, each with half of itself on both sides
part = lambda i, k: max(mpf(0), min(mpf(3 * k + 3), below(i) + tied(i)) - max(mpf(3 * k), below(i))) / tied(i)
below = lambda i: mpf(sum(1 for s in score if s < score[i]))
tied = lambda i: mpf(sum(1 for s in score if s == score[i]))
taken = mpf(0)
for k in range(4):
    rows = [i for i in range(n) if part(i, k) > 0]
    d = sum(part(i, k) * y[i] for i in rows)
    taken += d
    print(k + 1, min(score[i] for i in rows), max(score[i] for i in rows), 3,
          *(mp.nstr(v, 17) for v in (d, d / 3, taken / events, d / 3 / rate, taken / (3 * k + 3) / rate,
                                     taken / events - (3 * k + 3 - taken) / (n - events))), sep=",")

print("comparison")
first, second = places(score), places([r[3] for r in ROWS])
area2, _ = delong(second)
difference = [first[i] - second[i] for i in range(n)]
_, variance = delong(difference)
error = sqrt(variance)
delta = area - area2
print(n, mp.nstr(area, 17), mp.nstr(area2, 17), mp.nstr(delta, 17), mp.nstr(delta - z * error, 17),
      mp.nstr(delta + z * error, 17), mp.nstr(delta / error, 17), mp.nstr(2 * normal_tail(abs(delta / error)), 17), sep=",")
