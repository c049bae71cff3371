#!/usr/bin/env python3
"""Question: how much faster are our rankings than other programs, on this machine, in one run?

Installs the peers from PyPI into a virtual environment (argument 1, default: a new folder under
the system's temporary folder), times them, runs the examples `bench_rank` and `bench_portfolio` in
release, and prints a Markdown table. Best of several wall times each; numbers of draws that would take too
long are run in part and scaled, which the table says. R's package smaa is timed where Rscript
finds it; else its row says so.
"""
import json, os, shutil, subprocess, sys, tempfile, time, venv

PEERS = ["numpy", "pymcdm==1.4.0", "pyDecision==5.1.8", "scikit-criteria==0.10", "pyrepo-mcda==0.1.15", "pulp==3.3.0"]
HERE = os.path.dirname(os.path.abspath(__file__))


def best(run, repeats):
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return 1e3 * min(times)


def attempt(rows, method, sites, tool, make, repeats, scale=1, note=""):
    try:
        rows.append([method, sites, tool, scale * best(make(), repeats), note])
    except Exception as error:  # a peer that fails is a row, not the end of the run
        rows.append([method, sites, tool, None, f"{type(error).__name__}: {error}"[:80]])


def peers():
    """Runs inside the virtual environment and prints rows as JSON."""
    import warnings

    warnings.filterwarnings("ignore")
    import numpy as np

    rng, rows = np.random.default_rng(1), []

    def pymcdm_topsis(m, w):
        import pymcdm.methods as methods
        from pymcdm import normalizations

        one = methods.TOPSIS(normalizations.vector_normalization)
        return lambda: one(m, w, np.ones(20))

    def pydecision_topsis(m, w):
        from pyDecision.algorithm import topsis_method

        return lambda: topsis_method(m, w, ["max"] * 20, graph=False, verbose=False)

    def skcriteria_topsis(m, w):
        import skcriteria
        from skcriteria.agg.similarity import TOPSIS
        from skcriteria.pipeline import mkpipe
        from skcriteria.preprocessing import scalers

        table = skcriteria.mkdm(m, [1] * 20, weights=w)
        pipe = mkpipe(scalers.VectorScaler(target="matrix"), TOPSIS())
        return lambda: pipe.evaluate(table)

    def pymcdm_promethee(m, w):
        import pymcdm.methods as methods

        # A method object of its own for each run: the second call of one object fails.
        p, q = np.full(20, 1.0), np.full(20, 0.1)
        return lambda: methods.PROMETHEE_II("vshape_2", p=p, q=q)(m, w, np.ones(20))

    def pydecision_promethee(m, w):
        from pyDecision.algorithm import promethee_ii

        q, s, p = np.full(20, 0.1), [0.5] * 20, np.full(20, 1.0)
        return lambda: promethee_ii(m, w, q, s, p, ["t5"] * 20, sort=False, graph=False, verbose=False)

    for n in (100, 10_000, 100_000):
        m, w = rng.lognormal(0, 1, (n, 20)), rng.dirichlet(np.ones(20))
        for tool, make in [("pymcdm", pymcdm_topsis), ("pyDecision", pydecision_topsis), ("scikit-criteria", skcriteria_topsis)]:
            attempt(rows, "TOPSIS", n, tool, lambda: make(m, w), 5)
    m, w = rng.lognormal(0, 1, (100, 20)), rng.dirichlet(np.ones(20))
    attempt(rows, "PROMETHEE II", 100, "pymcdm", lambda: pymcdm_promethee(m, w), 3)
    attempt(rows, "PROMETHEE II", 100, "pyDecision", lambda: pydecision_promethee(m, w), 2)
    m = rng.lognormal(0, 1, (2000, 20))
    attempt(rows, "PROMETHEE II", 10_000, "pymcdm", lambda: pymcdm_promethee(m, w), 1, 25,
            "2,000 sites, times 25 (quadratic; 10,000 sites need 18 GB)")

    def pyrepo_smaa(m):
        from pyrepo_mcda.mcda_methods import VIKOR_SMAA

        one, weights = VIKOR_SMAA(), rng.dirichlet(np.ones(20), 200)
        return lambda: one(m, weights, np.ones(20))

    def numpy_smaa(m, draws):
        rows_, chunk, sites = np.arange(1000), 50, 1000

        def run():
            counts, central = np.zeros((sites, sites), np.int64), np.zeros((sites, 20))
            for _ in range(0, draws, chunk):
                weights = rng.dirichlet(np.ones(20), chunk)
                x = m[None] + 0.08 * rng.standard_normal((chunk, sites, 20))
                order = np.argsort(-np.einsum("cnm,cm->cn", x, weights), axis=1)
                ranks = np.empty_like(order)
                np.put_along_axis(ranks, order, np.broadcast_to(rows_, order.shape), 1)
                for c in range(chunk):
                    counts[rows_, ranks[c]] += 1
                np.add.at(central, order[:, 0], weights)

        return run

    m = rng.uniform(0, 1, (1000, 20))
    attempt(rows, "SMAA-2 10,000 draws", 1000, "numpy by hand", lambda: numpy_smaa(m, 2000), 1, 5, "2,000 draws, times 5")
    attempt(rows, "SMAA-2 10,000 draws", 1000, "pyrepo-mcda (weights only)", lambda: pyrepo_smaa(m), 1, 50, "200 draws, times 50")
    def cbc(n, budget):
        import pulp

        # Bodies drawn like those of bench_portfolio, by another generator.
        u = rng.random((n, 4))
        holes, depth = np.floor(5 + 35 * u[:, 0] ** 2), 2 + 18 * u[:, 1]
        worth, cost = 0.2 + 0.3 * (u[:, 2] + u[:, 3]), 60_000 + holes * (3000 + 220 * depth)
        problem = pulp.LpProblem("portfolio", pulp.LpMaximize)
        x = [pulp.LpVariable(f"x{i}", cat="Binary") for i in range(n)]
        problem += pulp.lpDot(worth, x)
        problem += pulp.lpDot(cost, x) <= budget
        solver = pulp.PULP_CBC_CMD(msg=0, timeLimit=60, gapRel=0, threads=2)
        return lambda: problem.solve(solver)

    for millions in (1, 5, 50):
        attempt(rows, f"portfolio within {millions} M€", 10_000, "CBC (PuLP)", lambda: cbc(10_000, 1e6 * millions), 1,
                note="stopped after 60 s: not proved, where it took so long")
    print(json.dumps(rows))


R_CODE = """
library(smaa); N <- 2000; m <- 1000; n <- 20
mu <- matrix(runif(m*n), m, n); meas <- array(rep(mu, each=N), c(N,m,n)) + rnorm(N*m*n, 0, .08)
g <- matrix(rexp(N*n), N, n); w <- g/rowSums(g)
cat(1e3*system.time(smaa(meas, w))[["elapsed"]])
"""


def r_smaa(rows):
    row = ["SMAA-2 10,000 draws", 1000, "R smaa", None, "Rscript or the package smaa not found"]
    if shutil.which("Rscript"):
        run = subprocess.run(["Rscript", "-e", R_CODE], capture_output=True, text=True)
        if run.returncode == 0:
            row[3:] = [5 * float(run.stdout.split()[-1]), "2,000 draws, times 5; making the draws not counted"]
    rows.append(row)


def example(name):
    command = ["cargo", "run", "--quiet", "--release", "-p", "varp-engine", "--example", name]
    out = subprocess.run(command, cwd=HERE, check=True, capture_output=True, text=True).stdout
    return list(map(json.loads, out.splitlines()))


def ours():
    own = {(r["method"], r["sites"]): r["best_ms"] for r in example("bench_rank")}
    for r in example("bench_portfolio"):
        if r["rules"] == "budget" and r["outcome"] == "optimal":
            own[f"portfolio within {r['budget'] / 1e6:.0f} M€", r["bodies"]] = 1e3 * r["one_s"]
    return own


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else os.path.join(tempfile.mkdtemp(), "peers")
    python = os.path.join(folder, "bin", "python")
    if not os.path.exists(python):
        venv.create(folder, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "-q", *PEERS], check=True)
    own = ours()
    out = subprocess.run([python, os.path.abspath(__file__), "--peers"], check=True, capture_output=True, text=True)
    rows = json.loads(out.stdout.splitlines()[-1])
    r_smaa(rows)
    print("| method | sites | program | ms | times ours | note |\n|---|---|---|---|---|---|")
    for key, ms in own.items():
        note = "one run" if key[0].startswith("portfolio") else "best of 5"
        print(f"| {key[0]} | {key[1]} | varp | {ms:.2f} | 1 | {note} |")
        for method, sites, tool, theirs, note in rows:
            if (method, sites) == key:
                shown = ("-", "-") if theirs is None else (f"{theirs:.1f}", f"{theirs / ms:.0f}")
                print(f"| {method} | {sites} | {tool} | {shown[0]} | {shown[1]} | {note} |")


if __name__ == "__main__":
    peers() if "--peers" in sys.argv else main()
