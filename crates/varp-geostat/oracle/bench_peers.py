"""How fast are we against the peers? Same inputs, one thread, CPU time of the core call.

    python3 bench_peers.py FOLDER BENCH [--small] [--only TASK,…] [--holes ASSAY_FOLDER]

BENCH is the built example: cargo build --release -p varp-geostat --example bench

Makes a virtual environment and the inputs in FOLDER, installs krigekit, PyKrige, GSTools, GeostatsPy
and geone from PyPI there (and uses R with gstat when Rscript finds it), runs every (peer, task) in
its own process and prints a table of ratios. Precision: ours f64; krigekit factorises in f32; all
others f64. Slow peers run on a part of the nodes and are scaled by node, as their cost by node
does not depend on the number of nodes; --small makes the parts so small that everything ends within
minutes, good to see that it runs, not to compare. Figures stay in FOLDER/figures.json: a task that
is there is not run again unless it is named by --only.

Tasks: a local ordinary kriging, 10 000 samples in 3D, 10^6 nodes, 32 nearest; a2 the same with two
nested rotated structures; shared the same with one neighbourhood for a tile; b global, 500 samples,
250 000 nodes; c variogram of 20 000 points, 20 lags, and cdir in four directions; d sequential
simulation, 100 realisations of 100 000 nodes, 24 neighbours, d48 with 48; e blocks of 4 x 4 x 4
points, 100 000 blocks, 2 000 samples; f unconditional simulation, 10 x 10^6 nodes; g leave one out,
5 000 samples, 32 nearest. Ours alone: octants, million, holes, holes_limited, cokrige, indicator.
"""
import json, os, pathlib, subprocess, sys, time

PEERS = ["krigekit==0.3.1", "pykrige==1.7.3", "gstools==1.7.0", "geostatspy==0.0.79", "geone==1.3.4", "numpy", "tqdm", "numba", "statsmodels"]
ONE = {v: "1" for v in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "RAYON_NUM_THREADS"]}
SMALL = os.environ.get("BENCH_SMALL") == "1"


def make_inputs(folder, holes):
    import numpy as np
    rng = np.random.default_rng(20261123)
    def save(name, places):
        r = np.random.default_rng(7)
        k = r.normal(size=(400, places.shape[1])) / (15.0 if places.shape[1] == 3 else 60.0)
        phase, z = r.uniform(0, 2 * np.pi, 400), np.zeros(len(places))
        for s in range(0, len(places), 20000):
            z[s:s + 20000] = np.sqrt(2 / 400) * np.cos(places[s:s + 20000] @ k.T + phase).sum(1)
        values = z * np.sqrt(0.9) + r.normal(size=len(places)) * np.sqrt(0.1)
        names = ["x", "y", "z"][:places.shape[1]] + ["v"]
        np.savetxt(f"{folder}/{name}.csv", np.c_[places, values], delimiter=",", fmt="%.6f", header=",".join(names), comments="")
    save("a10k", rng.uniform(0, 100, (10000, 3)))
    save("b500", rng.uniform(0, 500, (500, 2)))
    save("c20k", rng.uniform(0, 1000, (20000, 2)))
    save("d300", rng.uniform(0, [1000, 1000], (300, 2)))
    save("e2k", rng.uniform(0, [500, 500, 100], (2000, 3)))
    save("g5k", rng.uniform(0, 1000, (5000, 2)))
    save_holes(folder, holes, rng)


def save_holes(folder, source, rng):
    """Samples along straight holes: those of collar, survey and assay tables (first station of each
    hole), else holes made up in clusters."""
    import csv, math
    import numpy as np
    rows = []
    if source:
        read = lambda word: list(csv.DictReader(open(next(pathlib.Path(source).glob(f"*{word}*.csv")))))
        collars = {r["BHID"]: [float(r[c]) for c in ("XCOLLAR", "YCOLLAR", "ZCOLLAR")] for r in read("collar")}
        first = {}
        for r in read("survey"):
            first.setdefault(r["BHID"], (float(r["AZ"]), float(r["DIP"])))
        ids = {}
        for r in read("assay"):
            if r["CU"] and r["BHID"] in collars and r["BHID"] in first:
                along = 0.5 * (float(r["FROM"]) + float(r["TO"]))
                azimuth, dip = map(math.radians, first[r["BHID"]])
                x, y, z = collars[r["BHID"]]
                flat = along * math.cos(dip)
                rows.append((x + flat * math.sin(azimuth), y + flat * math.cos(azimuth), z - along * math.sin(dip), float(r["CU"]), ids.setdefault(r["BHID"], len(ids))))
    else:
        for cluster in range(12):
            middle = rng.uniform(0, 6000, 2)
            for hole in range(25):
                x, y = middle + rng.normal(0, 250, 2)
                for k in range(80):
                    rows.append((x, y, -10.0 * k, math.sin(x / 500) + rng.normal(0, 0.3), 25 * cluster + hole))
    seen, kept = set(), []
    for r in rows:
        if r[:3] not in seen:
            seen.add(r[:3]); kept.append(r)
    with open(f"{folder}/holes.csv", "w") as f, open(f"{folder}/holes_id.csv", "w") as g:
        f.write("x,y,z,v\n"); g.write("hole\n")
        for x, y, z, v, hole in kept:
            f.write(f"{x:.6f},{y:.6f},{z:.6f},{v!r}\n"); g.write(f"{hole}\n")


def run_peer(folder, peer, task):
    import numpy as np
    load = lambda name: np.loadtxt(f"{folder}/{name}.csv", delimiter=",", skiprows=1)
    grid = lambda *axes: np.stack([g.ravel() for g in np.meshgrid(*axes[::-1], indexing="ij")][::-1], 1)
    pick = lambda nodes, n: nodes[np.sort(np.random.default_rng(1).choice(len(nodes), n // (20 if SMALL else 1), replace=False))]
    cube, plane = grid(*[np.arange(100) + 0.5] * 3), grid(*[np.arange(500) + 0.5] * 2)
    sgs_grid = grid(1.25 + 2.5 * np.arange(400), 2 + 4.0 * np.arange(250))
    before, ranges = 0.0, dict(a=40.0, b=150.0, d=150.0, e=100.0, g=200.0)
    if peer == "krigekit":
        from krigekit import Kriging
        kind = {"a2": "a", "d48": "d"}.get(task, task)
        data = load(dict(a="a10k", b="b500", d="d300", e="e2k", g="g5k")[kind])
        nd, realisations = data.shape[1] - 1, 10 if SMALL else 100
        extra = dict(cross_validation=True) if task == "g" else dict(nsim=realisations, seed=42) if kind == "d" else {}
        k = Kriging(ndim=nd, nvar=1, **extra)
        k.set_obs(ivar=1, coord=data[:, :nd].copy(), value=data[:, nd].copy())
        n = len(data)
        if kind == "g":
            k.set_grid_cv()
        elif kind == "e":
            nodes = pick(grid(np.arange(100) * 5 + 2.5, np.arange(50) * 10 + 5.0, np.arange(20) * 5 + 2.5), 20000)
            off = grid(*[(np.arange(4) - 1.5) / 4 * d for d in (5.0, 10.0, 5.0)])
            points, n = (nodes[:, None] + off[None]).reshape(-1, 3), len(nodes)
            k.set_grid_block(coord=points, block_type=2, nblockpnt=np.full(n, 64, dtype=np.int32), pointweight=np.full(len(points), 1 / 64))
        elif kind == "d":
            n = realisations * len(sgs_grid)
            k.set_grid(coord=sgs_grid)
            begin = time.process_time()
            k.set_sim()  # draws and paths: part of the simulation, asked for before the search
            before = time.process_time() - begin
        else:
            nodes = pick(cube, 100000) if kind == "a" else pick(plane, 5000)
            n = len(nodes)
            k.set_grid(coord=nodes)
        if task == "a2":
            k.set_vgm(ivar=1, jvar=1, vtype="sph", nugget=0.1, sill=0.4, a_major=40.0, a_minor1=25.0, a_minor2=12.0, azimuth=40.0, dip=10.0, plunge=5.0)
            k.set_vgm(ivar=1, jvar=1, vtype="exp", nugget=0.0, sill=0.5, a_major=60.0, a_minor1=30.0, a_minor2=24.0, azimuth=110.0, dip=-15.0, plunge=0.0, append=True)
        else:
            k.set_vgm(ivar=1, jvar=1, vtype="sph", nugget=0.1, sill=0.9, a_major=ranges[kind])
        k.set_search(ivar=1, nmax=dict(b=500, d=24).get(task, 48 if task == "d48" else 32))
        work = lambda: k.solve(nthread=1)
    elif peer == "pykrige":
        from pykrige.ok import OrdinaryKriging
        data, x = load("b500"), (np.arange(500) + 0.5)[:50 if SMALL else 500]
        n = len(x) ** 2
        k = OrdinaryKriging(*data.T, variogram_model="spherical", variogram_parameters=dict(psill=0.9, range=150.0, nugget=0.1))
        work = lambda: k.execute("grid", x, x, backend="vectorized")
    elif peer == "gstools":
        import gstools as gs
        gs.config.NUM_THREADS = 1
        if task == "b":
            data, nodes = load("b500"), pick(plane, 25000)
            model, n = gs.Spherical(dim=2, var=0.9, len_scale=150.0, nugget=0.1), len(nodes)
            k = gs.krige.Ordinary(model, data[:, :2].T, data[:, 2], exact=True)
            work = lambda: k(nodes.T)
        else:
            data = load("c20k")[:4000 if SMALL else 20000]
            n = 20870000 * (len(data) / 20000) ** 2
            turns = [np.array([np.cos(t), np.sin(t)]) for t in np.deg2rad([0, 45, 90, 135])]
            more = dict(direction=turns, angles_tol=np.pi / 8) if task == "cdir" else {}
            work = lambda: gs.vario_estimate(data[:, :2].T, data[:, 2], np.arange(21) * 10.0, **more)
    elif peer == "geostatspy":
        import geostatspy.geostats as g, pandas as pd
        data = load("c20k")[:4000 if SMALL else 20000]
        n = 20870000 * (len(data) / 20000) ** 2
        frame = pd.DataFrame(data, columns=["X", "Y", "v"])
        call = lambda f, azimuth, tolerance: g.gamv(f, "X", "Y", "v", -9e9, 9e9, 10.0, 5.0, 20, azimuth, tolerance, 1e9, 0)
        call(frame[:50], 0.0, 90.0)  # compiles
        turns = [(a, 22.5) for a in (0.0, 45.0, 90.0, 135.0)] if task == "cdir" else [(0.0, 90.0)]
        work = lambda: [call(frame, a, t) for a, t in turns]
    elif peer == "geone":
        import geone.covModel as gcm, geone.grf as grf
        realisations = 2 if SMALL else 10
        if task == "f":
            n = realisations * 10**6
            model = gcm.CovModel2D(elem=[("exponential", {"w": 1.0, "r": [90.0, 90.0]})])
            work = lambda: grf.grf2D(model, (1000, 1000), (1.0, 1.0), (0.0, 0.0), nreal=realisations, verbose=0)
        else:
            data, n = load("d300"), 10 * realisations * 100000
            model = gcm.CovModel2D(elem=[("spherical", {"w": 0.9, "r": [150.0, 150.0]}), ("nugget", {"w": 0.1})])
            work = lambda: grf.grf2D(model, (400, 250), (2.5, 4.0), (0.0, 0.0), x=data[:, :2], v=data[:, 2], nreal=10 * realisations, verbose=0)
    start = time.process_time()
    work()
    print(json.dumps(dict(cpu_us=(time.process_time() - start + before) / n * 1e6)))


GSTAT = r"""
suppressMessages({library(sp); library(gstat)})
a <- commandArgs(TRUE); folder <- a[1]; task <- a[2]; part <- as.numeric(a[3])
load <- function(n) read.csv(paste0(folder, "/", n, ".csv"))
some <- function(g, n) { set.seed(1); g[sort(sample(nrow(g), round(n * part))), ] }
cpu <- function(n, work) { t <- system.time(work)[["user.self"]]; cat(sprintf('{"cpu_us": %.9g}\n', t / n * 1e6)) }
if (task == "a" || task == "a2") {
  d <- load("a10k"); coordinates(d) <- ~x+y+z
  g <- some(expand.grid(x=0:99+.5, y=0:99+.5, z=0:99+.5), 1e5); coordinates(g) <- ~x+y+z
  m <- vgm(.9, "Sph", 40, .1)
  if (task == "a2") m <- vgm(.5, "Exp", 20, anis=c(110, 345, 0, .5, .4), add.to=vgm(.4, "Sph", 40, .1, anis=c(40, 10, 5, .625, .3)))
  cpu(length(g), krige(v~1, d, g, m, nmax=32, debug.level=0))
} else if (task == "b") {
  d <- load("b500"); coordinates(d) <- ~x+y
  g <- some(expand.grid(x=0:499+.5, y=0:499+.5), 25000); coordinates(g) <- ~x+y
  cpu(length(g), krige(v~1, d, g, vgm(.9, "Sph", 150, .1), debug.level=0))
} else if (task == "c" || task == "cdir") {
  d <- load("c20k")[1:round(20000 * sqrt(part)), ]; n <- 20870000 * (nrow(d) / 20000)^2; coordinates(d) <- ~x+y
  if (task == "c") cpu(n, variogram(v~1, d, width=10, cutoff=200)) else cpu(n, variogram(v~1, d, width=10, cutoff=200, alpha=c(0,45,90,135)))
} else if (task == "e") {
  d <- load("e2k"); coordinates(d) <- ~x+y+z
  g <- some(expand.grid(x=0:99*5+2.5, y=0:49*10+5, z=0:19*5+2.5), 20000); coordinates(g) <- ~x+y+z
  b <- expand.grid(x=(0:3-1.5)/4*5, y=(0:3-1.5)/4*10, z=(0:3-1.5)/4*5)
  cpu(length(g), krige(v~1, d, g, vgm(.9, "Sph", 100, .1), nmax=32, block=b, debug.level=0))
}
"""
TASKS = dict(a=["krigekit", "gstat"], a2=["krigekit", "gstat"], shared=[], b=["pykrige", "gstools", "krigekit", "gstat"],
             c=["geostatspy", "gstools", "gstat"], cdir=["geostatspy", "gstools", "gstat"], d=["krigekit", "geone"], d48=["krigekit"],
             e=["krigekit", "gstat"], f=["geone"], g=["krigekit"],
             octants=[], million=[], holes=[], holes_limited=[], cokrige=[], indicator=[])


def main(folder, bench, options):
    folder = pathlib.Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    option = lambda word: options[options.index(word) + 1] if word in options else None
    small, only = "--small" in options, option("--only")
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", *PEERS], check=True)
    me = os.path.abspath(__file__)
    if not (folder / "holes.csv").exists():
        subprocess.run([python, me, "inputs", folder, option("--holes") or ""], check=True)
    (folder / "gstat.R").write_text(GSTAT)
    kept = folder / ("figures_small.json" if small else "figures.json")
    figures = json.loads(kept.read_text()) if kept.exists() else {}
    environment = {**os.environ, **ONE, "BENCH_SMALL": "1" if small else "0", "BENCH_TIMES": "1" if small else "5"}

    def figure(name, command, times, more={}):
        task = name.split(":")[0]
        if name in figures and not (only and task in only.split(",")):
            return figures[name]
        if only and task not in only.split(","):
            return None
        found = []
        for _ in range(times):
            p = subprocess.run(command, capture_output=True, text=True, env={**environment, **more}, cwd=folder)
            if p.returncode:
                print(f"{name}: {p.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
                return None
            found.append(json.loads(p.stdout.splitlines()[-1]))
        figures[name] = sorted(found, key=lambda f: f["cpu_us"])[len(found) // 2]
        kept.write_text(json.dumps(figures, indent=1))
        return figures[name]

    print("| task | ours, µs | MB | peer | peer, µs | ratio |\n|---|---|---|---|---|---|")
    for task, names in TASKS.items():
        alone = {} if names else {"BENCH_TIMES": "1"}  # octants at the edges of the data take minutes
        ours = figure(f"{task}:varp", [os.path.abspath(bench), task, folder], 1, alone)
        if ours is None:
            continue
        first = f"| {task} | {ours['cpu_us']:.4g} | {ours['rss_mb']:.0f} |"
        for peer in names:
            command = ["Rscript", folder / "gstat.R", folder, task, "0.05" if small else "1"] if peer == "gstat" else [python, me, "peer", folder, peer, task]
            try:
                theirs = figure(f"{task}:{peer}", command, 1)
            except FileNotFoundError:
                continue  # no R here
            row = "failed | " if theirs is None else f"{theirs['cpu_us']:.4g} | {theirs['cpu_us'] / ours['cpu_us']:.1f}"
            print(f"{first} {peer} | {row} |", flush=True)
        if not names:
            print(f"{first} | | |", flush=True)
    if "shared:varp" in figures and "a:krigekit" in figures:
        print(f"\nshared neighbourhood against krigekit node by node: {figures['a:krigekit']['cpu_us'] / figures['shared:varp']['cpu_us']:.0f}")
    study = figure("spacing:varp2", [os.path.abspath(bench), "spacing", folder], 1, {"RAYON_NUM_THREADS": "2", "BENCH_TIMES": "1"}) if not small else None
    if study:
        print(f"\ndrill-spacing study, 50 truths x 100 realisations x 6 spacings x 100 000 nodes, two threads: {study['sec']:.0f} s")
    print("\nWithout AVX-512 (VARP_SIMD=avx2), against the fastest peer here:\n\n| task | ours with AVX2, µs | ratio |\n|---|---|---|")
    for task in ["a", "a2", "shared", "b", "e", "g"]:
        narrow = figure(f"{task}:varp_avx2", [os.path.abspath(bench), task, folder], 1, {"VARP_SIMD": "avx2"})
        theirs = [f["cpu_us"] for name, f in figures.items() if name.startswith("a:" if task == "shared" else f"{task}:") and ":varp" not in name]
        if narrow and theirs:
            print(f"| {task} | {narrow['cpu_us']:.4g} | {min(theirs) / narrow['cpu_us']:.1f} |", flush=True)
    print("\n| task | wall, 1 thread | 2 threads | ratio |\n|---|---|---|---|")
    for task in ["a", "shared", "b", "c", "d", "e", "f", "g"]:
        one = figure(f"{task}:varp", [os.path.abspath(bench), task, folder], 1)
        two = figure(f"{task}:varp2", [os.path.abspath(bench), task, folder], 1, {"RAYON_NUM_THREADS": "2"})
        if one and two:
            print(f"| {task} | {one['sec']:.4g} s | {two['sec']:.4g} s | {one['sec'] / two['sec']:.2f} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "inputs":
        make_inputs(sys.argv[2], sys.argv[3])
    elif sys.argv[1] == "peer":
        run_peer(*sys.argv[2:5])
    else:
        main(sys.argv[1], sys.argv[2], sys.argv[3:])
