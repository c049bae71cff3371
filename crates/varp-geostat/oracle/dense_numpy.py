"""Does `varp geostat krige` agree with a dense solver written apart from it?

    python3 dense_numpy.py VARP [SEED]      needs numpy; VARP = path of the program

Draws random data and random tasks (every model of the grammar, rotated ellipsoids in 3D, blocks,
drifts, neighbourhoods with ties, targets on samples, measurement errors, octants, holes), solves
each kriging system with numpy's general solver in the textbook form and compares estimate and
variance. Prints one line for each task and the largest difference of all.
"""
import csv, math, os, subprocess, sys, tempfile
import numpy as np

VARP = sys.argv[1]
rng = np.random.default_rng(int(sys.argv[2]) if len(sys.argv) > 2 else 1)


def axes(azimuth, dip, plunge):
    """Rows: major, semi-major, minor. Azimuth clockwise from north, dip down, then a turn about
    the major axis that takes the semi-major axis down."""
    a, d, p = np.radians([azimuth, dip, plunge])
    major = np.array([math.sin(a) * math.cos(d), math.cos(a) * math.cos(d), -math.sin(d)])
    semi = np.array([math.cos(a), -math.sin(a), 0.0])  # horizontal, to the right of the major axis
    up = np.cross(semi, major)
    return np.array([major, semi * math.cos(p) - up * math.sin(p), up * math.cos(p) + semi * math.sin(p)])


def matern(nu, t):
    if nu == 0.5: return np.exp(-t)
    if nu == 1.5: return (1 + t) * np.exp(-t)
    return (1 + t + t * t / 3) * np.exp(-t)


SHAPES = {
    "sph": lambda t: np.where(t < 1, 1 - 1.5 * t + 0.5 * t**3, 0.0),
    "cub": lambda t: np.where(t < 1, 1 - 7 * t**2 + 8.75 * t**3 - 3.5 * t**5 + 0.75 * t**7, 0.0),
    "pen": lambda t: np.where(t < 1, 1 - 15 / 8 * t + 5 / 4 * t**3 - 3 / 8 * t**5, 0.0),
    "exp": lambda t: np.exp(-t),
    "gau": lambda t: np.exp(-t * t),
}


class Structure:
    def __init__(self, sill, rho, radii, angles):
        self.sill, self.rho = sill, rho
        self.m = axes(*angles) / np.array(radii)[:, None]

    def c(self, lag):
        return self.sill * self.rho(np.linalg.norm(lag @ self.m.T, axis=-1))


def random_model(dims):
    """Text and structures, with the range written in one of its ways."""
    nugget = rng.choice([0.0, 0.1, 0.3])
    text, structures = [f"{nugget} nug"] if nugget else [], []
    for _ in range(rng.integers(1, 4)):
        name = rng.choice(["sph", "cub", "pen", "exp", "gau", "mat", "hol" if dims == 3 else "sph", "pow"])
        sill = round(rng.uniform(0.2, 1.0), 2)
        major = round(rng.uniform(20, 80), 1)
        radii = [major] * 3
        angles, tail = (0, 0, 0), ""
        if rng.random() < 0.7 and name not in ("pow", "hol"):
            ratio = round(major * rng.uniform(0.3, 0.9), 1)
            radii = [major, ratio, ratio] if dims == 2 else [major, ratio, round(major * rng.uniform(0.1, 0.6), 1)]
            angles = (round(rng.uniform(0, 180), 1), 0, 0) if dims == 2 else tuple(np.round([rng.uniform(-180, 360), rng.uniform(-80, 80), rng.uniform(-90, 90)], 1))
            tail = "; azimuth=%s, dip=%s, plunge=%s" % angles
        written = radii if len(set(radii)) > 1 else radii[:1]
        if dims == 2 and len(written) == 3:
            written = written[:2]
        factor, prefix, scale = 1.0, "", 1.0
        if name in ("exp", "gau") and rng.random() < 0.5:
            prefix, scale = "practical=", {"exp": 3.0, "gau": math.sqrt(3.0)}[name]
        elif name in ("exp", "gau", "mat", "hol"):
            prefix = "a="
        rho = SHAPES.get(name)
        if name == "mat":
            nu = rng.choice([0.5, 1.5, 2.5])
            prefix, rho = f"{nu}, a=", (lambda nu: lambda t: matern(nu, t))(nu)
        if name == "hol":
            rho = lambda t: np.sinc(t / math.pi)
        if name == "pow":
            e = round(rng.uniform(0.3, 1.7), 2)
            sill, radii = 0.002, [1.0] * 3
            text.append(f"{sill} pow({e})")
            structures.append(Structure(sill, (lambda e: lambda t: -np.power(t, e))(e), radii, (0, 0, 0)))
            continue
        text.append(f"{sill} {name}({prefix}{', '.join(str(r * 1.0) for r in written)}{tail if len(written) > 1 else ''})")
        structures.append(Structure(sill, rho, [r / scale for r in radii], angles))
    if nugget == 0 and all("gau" in t or "cub" in t or "hol" in t for t in text):
        text.append("0.01 nug"); nugget = 0.01  # smooth models alone are singular in double precision
    return " + ".join(text), nugget, structures


def solve(c_nug, structures, X, z, F, noise, target_points, f0, point, simple_mean):
    """Textbook system in full: [[C, F], [F', 0]]."""
    cov = lambda a, b: sum(s.c(a[:, None, :] - b[None, :, :]) for s in structures)
    C = cov(X, X) + np.diag(c_nug + noise)
    c0 = cov(X, target_points).mean(1)
    if point:
        c0 = c0 + c_nug * (np.linalg.norm(X - target_points[0], axis=1) == 0)
    c00 = cov(target_points, target_points).mean() + (c_nug if point else 0.0)
    if simple_mean is not None:
        w = np.linalg.solve(C, c0)
        return simple_mean + w @ (z - simple_mean), c00 - w @ c0
    p = F.shape[1]
    A = np.block([[C, F], [F.T, np.zeros((p, p))]])
    w = np.linalg.solve(A, np.r_[c0, f0])
    return w[: len(z)] @ z, c00 - w @ np.r_[c0, f0]


def neighbours(X, t, nmax, maxdist, ellipsoid, octants, holes, per_hole):
    lag = X - t
    if ellipsoid:
        lag = lag @ (axes(*ellipsoid[3:]) / np.array(ellipsoid[:3])[:, None]).T
        limit = 1.0
    else:
        limit = maxdist if maxdist else np.inf
    d = np.linalg.norm(lag, axis=1)
    chosen, by_octant, by_hole = [], {}, {}
    for i in np.lexsort((np.arange(len(X)), d)):
        if d[i] > limit or (nmax and len(chosen) >= nmax):
            break
        o = tuple(lag[i] >= 0)
        if octants and by_octant.get(o, 0) >= octants: continue
        if per_hole and by_hole.get(holes[i], 0) >= per_hole: continue
        by_octant[o] = by_octant.get(o, 0) + 1
        by_hole[holes[i]] = by_hole.get(holes[i], 0) + 1
        chosen.append(i)
    return np.array(sorted(chosen), dtype=int)


def task(folder, number):
    dims = int(rng.choice([2, 3]))
    n = int(rng.integers(15, 80))
    on_grid = rng.random() < 0.4  # a lattice is full of ties
    X = rng.uniform(0, 100, (n, 3))
    if on_grid:
        cells = rng.choice(10**dims, n, replace=False)
        X = np.stack([(cells // 10**k) % 10 for k in range(3)], 1) * 10.0
    if dims == 2: X[:, 2] = 0
    offset = rng.choice([0.0, 0.0, 6.7e6])
    X[:, :dims] += offset
    text, nugget, structures = random_model(dims)
    z, e, err = rng.normal(10, 3, n), rng.normal(size=n), rng.uniform(0.01, 0.5, n)
    holes = rng.integers(0, 6, n)
    T = rng.uniform(10, 90, (12, 3)) + offset
    if on_grid: T = np.round(T / 5) * 5
    if dims == 2: T[:, 2] = 0
    eT = rng.normal(size=len(T))
    has_err = rng.random() < 0.3
    T[:3], eT[:3] = X[:3], e[:3]
    power = "pow" in text
    method = rng.choice(["ok", "ok", "sk", "linear", "e", "linear,e"])
    if power and method == "sk": method = "ok"
    block = rng.random() < 0.35
    nmax = int(rng.choice([0, 8, 13, 25])) or None
    flags = ["--model", text]
    ellipsoid = maxdist = octants = per_hole = None
    if nmax:
        flags += ["--nmax", nmax]
        kind = rng.choice(["none", "none", "dist", "ellipsoid"])
        if kind == "dist":
            maxdist = 60.0; flags += ["--maxdist", maxdist]
        if kind == "ellipsoid" and dims == 3:
            ellipsoid = [70.0, 50.0, 40.0, *np.round([rng.uniform(0, 360), rng.uniform(-60, 60), rng.uniform(-60, 60)], 1)]
            flags += ["--ellipsoid", ",".join(map(str, ellipsoid))]
        if rng.random() < 0.3 and not on_grid:
            octants = 3; flags += ["--octants", octants]
        if rng.random() < 0.3:
            per_hole = 3; flags += ["--per-hole", per_hole, "--hole", "hole"]
    if has_err: flags += ["--error", "err"]
    mean = 9.5 if method == "sk" else None
    if method == "sk": flags += ["--method", f"sk:{mean}"]
    elif method != "ok": flags += ["--drift", method]
    size, parts = np.array([6.0, 4.0, 3.0 if dims == 3 else 0.0]), [3, 4, 2 if dims == 3 else 1]
    offsets = np.zeros((1, 3))
    if block:
        flags += ["--block", ",".join(map(str, size[:dims])), "--discretisation", ",".join(map(str, parts))]
        g = [((np.arange(k) + 0.5) / k - 0.5) * s for k, s in zip(parts, size)]
        offsets = np.stack(np.meshgrid(*g, indexing="ij"), -1).reshape(-1, 3)
    names = ["x", "y", "z"][:dims]
    data, at, out = f"{folder}/d.csv", f"{folder}/t.csv", f"{folder}/o.csv"
    with open(data, "w", newline="") as f:
        w = csv.writer(f); w.writerow(names + ["v", "e", "err", "hole"])
        for i in range(n): w.writerow([repr(float(c)) for c in X[i, :dims]] + [repr(float(z[i])), repr(float(e[i])), repr(float(err[i])), f"H{holes[i]}"])
    with open(at, "w", newline="") as f:
        w = csv.writer(f); w.writerow(names + ["e"])
        for i in range(len(T)): w.writerow([repr(float(c)) for c in T[i, :dims]] + [repr(float(eT[i]))])
    coordinates = ["--x", "x", "--y", "y"] + (["--z", "z"] if dims == 3 else [])
    command = [VARP, "geostat", "krige", data, *coordinates, "--value", "v", *map(str, flags), "--at", at, "-o", out]
    p = subprocess.run(command, capture_output=True, text=True)
    if p.returncode:
        return None, " ".join(command[3:]) + "\n" + p.stderr
    rows = list(csv.DictReader(open(out)))
    worst = 0.0
    centre = X.mean(0)
    for t, row in enumerate(rows):
        near = neighbours(X, T[t], nmax, maxdist, ellipsoid, octants, holes, per_hole)
        columns = [lambda P, E: np.ones(len(P))]
        if "linear" in method: columns += [(lambda k: lambda P, E: (P[:, k] - centre[k]) / 50)(k) for k in range(dims)]
        if method.split(",")[-1] == "e": columns.append(lambda P, E: E)
        F = np.stack([c(X[near], e[near]) for c in columns], 1) if len(near) else np.zeros((0, len(columns)))
        short = len(near) < (1 if method == "sk" else F.shape[1])
        rank_low = not short and method != "sk" and np.linalg.matrix_rank(F, tol=1e-7) < F.shape[1]
        if row["estimate"] == "":
            if not (short or rank_low): return np.inf, f"no estimate, but {len(near)} neighbours: {' '.join(command)}"
            continue
        if short or rank_low: return np.inf, f"an estimate from {len(near)} neighbours: {' '.join(command)}"
        P = T[t] + offsets
        f0 = np.array([c(P, np.full(len(P), eT[t])).mean() for c in columns])
        # the frame is moved so that large coordinates cost the comparison no digits
        origin = X.min(0)
        estimate, variance = solve(nugget, structures, X[near] - origin, z[near], F, err[near] if has_err else np.zeros(len(near)), P - origin, f0, not block, mean)
        # a drift that two neighbours hardly determine amplifies rounding: the variance tells how much
        scale = max(1.0, abs(estimate), variance) * max(1.0, variance) ** 0.5
        d = max(abs(float(row["estimate"]) - estimate), abs(float(row["variance"]) - max(variance, 0))) / scale
        worst = max(worst, d)
    return worst, " ".join(map(str, flags)) + (" (lattice)" if on_grid else "") + (f" (offset {offset:g})" if offset else "")


worst, failed = 0.0, 0
with tempfile.TemporaryDirectory() as folder:
    for number in range(300):
        d, what = task(folder, number)
        if d is None:
            failed += 1; print("refused:", what)
        else:
            worst = max(worst, d)
            if d > 1e-9: print(f"{d:.2e}  {what}")
print(f"300 tasks, {failed} refused, largest difference {worst:.2e}")
