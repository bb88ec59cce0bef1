# SPDX-License-Identifier: BSL-1.0
"""The worked example of satisfaction.index_model, from rows and with 50 digits: scores are made of rows, regressions solved
by elimination, and the weights iterated until they do not change. Shares nothing with the library's way over covariances."""
from mpmath import mp, mpf, sqrt

mp.dps = 50
ITEMS = ["q1", "q2", "s1", "s2", "s3", "l1"]
ROWS = [  # respondent: answers, 1 to 10
    ("R1", 8, 7, 8, 7, 9, 9),
    ("R2", 6, 7, 6, 6, 7, 5),
    ("R3", 9, 9, 9, 8, 8, 10),
    ("R4", 4, 5, 5, 3, 4, 3),
    ("R5", 7, 5, 6, 7, 5, 6),
    ("R6", 5, 6, 7, 5, 6, 8),
    ("R7", 10, 8, 9, 9, 10, 8),
    ("R8", 3, 4, 2, 4, 3, 4),
]
BLOCKS = {"quality": ["q1", "q2"], "satisfaction": ["s1", "s2", "s3"], "loyalty": ["l1"]}
PATHS = [("quality", "satisfaction"), ("quality", "loyalty"), ("satisfaction", "loyalty")]
N = len(ROWS)


def mean(x):
    return sum(x) / N


def cov(x, y):
    a, b = mean(x), mean(y)
    return sum((p - a) * (q - b) for p, q in zip(x, y)) / (N - 1)


def scaled(x):
    m, s = mean(x), sqrt(cov(x, x))
    return [(v - m) / s for v in x]


def regress(target, sources):
    n = len(sources)
    a = [[cov(p, q) for q in sources] + [cov(p, target)] for p in sources]
    for i in range(n):
        a[i] = [v / a[i][i] for v in a[i]]
        for k in range(n):
            if k != i:
                a[k] = [u - a[k][i] * v for u, v in zip(a[k], a[i])]
    return [row[n] for row in a]


raw = {item: [mpf(row[1 + i]) for row in ROWS] for i, item in enumerate(ITEMS)}
z = {item: scaled(raw[item]) for item in ITEMS}
weights = {item: mpf(1) for item in ITEMS}


def scores():
    return {c: scaled([sum(weights[i] * z[i][r] for i in block) for r in range(N)]) for c, block in BLOCKS.items()}


for step in range(400):
    y = scores()
    proxies = {}
    for c in BLOCKS:
        before = [a for a, b in PATHS if b == c]
        after = [b for a, b in PATHS if a == c]
        proxy = [mpf(0)] * N
        if before:
            for a, beta in zip(before, regress(y[c], [y[a] for a in before])):
                proxy = [p + beta * v for p, v in zip(proxy, y[a])]
        for b in after:
            r = cov(y[c], y[b])
            proxy = [p + r * v for p, v in zip(proxy, y[b])]
        proxies[c] = proxy
    for c, block in BLOCKS.items():
        for i in block:
            weights[i] = cov(z[i], proxies[c])
        length = sqrt(cov(*(2 * ([sum(weights[i] * z[i][r] for i in block) for r in range(N)],))))
        for i in block:
            weights[i] /= length
y = scores()
print("item,weight,loading,index_weight")
index, deviation = {}, {}
for c, block in BLOCKS.items():
    w = {i: weights[i] / sqrt(cov(raw[i], raw[i])) for i in block}
    total = sum(w.values())
    index[c] = 100 * sum(w[i] * (mean(raw[i]) - 1) for i in block) / (9 * total)
    deviation[c] = 100 / (9 * total)
    for i in block:
        print(f"{c},{i},{mp.nstr(weights[i], 17)},{mp.nstr(cov(z[i], y[c]), 17)},{mp.nstr(w[i] / total, 17)}")
beta, explained = {}, {}
for c in BLOCKS:
    before = [a for a, b in PATHS if b == c]
    if before:
        for a, b in zip(before, regress(y[c], [y[a] for a in before])):
            beta[a, c] = b
        explained[c] = sum(beta[a, c] * cov(y[a], y[c]) for a in before)
print("construct,index,low,high,deviation,r2,adjusted,alpha,rho_c,ave")
# t of 7 degrees of freedom at 0.975, by bisection of its distribution
from mpmath import betainc, findroot
t = findroot(lambda x: betainc(mpf(7) / 2, mpf(1) / 2, 0, 7 / (7 + x * x), regularized=True) - mpf("0.05"), mpf("2.36"))
for c, block in BLOCKS.items():
    k = len(block)
    lam = [cov(z[i], y[c]) for i in block]
    squares = sum(v * v for v in lam)
    within = sum(cov(z[i], z[j]) for i in block for j in block if i != j)
    alpha = mpf(k) / (k - 1) * within / (k + within) if k > 1 else None
    rho_c = sum(lam) ** 2 / (sum(lam) ** 2 + k - squares) if k > 1 else None
    half = t * deviation[c] / sqrt(mpf(N))
    r2 = explained.get(c)
    p = sum(1 for a, b in PATHS if b == c)
    adjusted = None if r2 is None else 1 - (1 - r2) * (N - 1) / (N - 1 - p)
    row = [index[c], index[c] - half, index[c] + half, deviation[c], r2, adjusted, alpha, rho_c, squares / k]
    print(c + "," + ",".join("" if v is None else mp.nstr(v, 17) for v in row))
print("from,to,direct,indirect,total,index_effect")
for a, b in [("quality", "satisfaction"), ("quality", "loyalty"), ("satisfaction", "loyalty")]:
    direct = beta[a, b]
    indirect = beta["quality", "satisfaction"] * beta["satisfaction", "loyalty"] if (a, b) == PATHS[1] else mpf(0)
    total = direct + indirect
    print(f"{a},{b}," + ",".join(mp.nstr(v, 17) for v in (direct, indirect, total, total * deviation[b] / deviation[a])))
print("scores")
for c, block in BLOCKS.items():
    w = {i: weights[i] / sqrt(cov(raw[i], raw[i])) for i in block}
    for r in (0, 3):
        s = sum(w[i] * (raw[i][r] - mean(raw[i])) for i in block)
        x = 100 * sum(w[i] * (raw[i][r] - 1) for i in block) / (9 * sum(w.values()))
        print(ROWS[r][0], c, mp.nstr(s, 17), mp.nstr(x, 17))
print("model weights")
for c, block in BLOCKS.items():
    for i in block:
        print(c, i, mp.nstr(weights[i] / sqrt(cov(raw[i], raw[i])), 17), mp.nstr(mean(raw[i]), 17))
