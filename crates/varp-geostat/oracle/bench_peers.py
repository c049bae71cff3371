"""How fast are we against the peers? Same inputs, one thread, CPU time of the core call.

    python3 bench_peers.py FOLDER BENCH      BENCH = path of the built example `bench`

Makes a virtual environment and the inputs in FOLDER, installs krigekit, PyKrige and GSTools from
PyPI there, runs every (peer, task) in its own process and prints a table of ratios. Precision:
ours f64; krigekit factorises in f32; PyKrige and GSTools f64. Slow peers run on a part of the
nodes and are scaled per node (their cost per node does not depend on the number of nodes).

Tasks: a local ordinary kriging, 10 000 samples in 3D, 10^6 nodes, 32 nearest; b global, 500
samples, 250 000 nodes; c variogram of 20 000 points, 20 lags; e blocks of 4 x 4 x 4 points,
100 000 blocks, 2 000 samples; g leave one out, 5 000 samples, 32 nearest.
"""
import json, os, pathlib, subprocess, sys, time

PEERS = ["krigekit==0.3.1", "pykrige==1.7.3", "gstools==1.7.0", "numpy"]
ONE = {v: "1" for v in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"]}


def make_inputs(folder):
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


def run_peer(folder, peer, task):
    import numpy as np
    load = lambda name: np.loadtxt(f"{folder}/{name}.csv", delimiter=",", skiprows=1)
    grid = lambda *axes: np.stack([g.ravel() for g in np.meshgrid(*axes[::-1], indexing="ij")][::-1], 1)
    pick = lambda nodes, n: nodes[np.sort(np.random.default_rng(1).choice(len(nodes), n, replace=False))]
    cube, plane = grid(*[np.arange(100) + 0.5] * 3), grid(*[np.arange(500) + 0.5] * 2)
    ranges = dict(a=40.0, b=150.0, e=100.0, g=200.0)
    if peer == "krigekit":
        from krigekit import Kriging
        data = load(dict(a="a10k", b="b500", e="e2k", g="g5k")[task])
        nd = data.shape[1] - 1
        k = Kriging(ndim=nd, nvar=1, cross_validation=True) if task == "g" else Kriging(ndim=nd, nvar=1)
        k.set_obs(ivar=1, coord=data[:, :nd].copy(), value=data[:, nd].copy())
        n = len(data)
        if task == "g":
            k.set_grid_cv()
        elif task == "e":
            nodes = pick(grid(np.arange(100) * 5 + 2.5, np.arange(50) * 10 + 5.0, np.arange(20) * 5 + 2.5), 20000)
            off = grid(*[(np.arange(4) - 1.5) / 4 * d for d in (5.0, 10.0, 5.0)])
            points, n = (nodes[:, None] + off[None]).reshape(-1, 3), len(nodes)
            k.set_grid_block(coord=points, block_type=2, nblockpnt=np.full(n, 64, dtype=np.int32), pointweight=np.full(len(points), 1 / 64))
        else:
            nodes = pick(cube, 100000) if task == "a" else pick(plane, 5000)
            n = len(nodes)
            k.set_grid(coord=nodes)
        k.set_vgm(ivar=1, jvar=1, vtype="sph", nugget=0.1, sill=0.9, a_major=ranges[task])
        k.set_search(ivar=1, nmax=500 if task == "b" else 32)
        work = lambda: k.solve(nthread=1)
    elif peer == "pykrige":
        from pykrige.ok import OrdinaryKriging
        data, x, n = load("b500"), np.arange(500) + 0.5, 250000
        k = OrdinaryKriging(*data.T, variogram_model="spherical", variogram_parameters=dict(psill=0.9, range=150.0, nugget=0.1))
        work = lambda: k.execute("grid", x, x, backend="vectorized")
    else:
        import gstools as gs
        gs.config.NUM_THREADS = 1
        if task == "b":
            data, nodes = load("b500"), pick(plane, 25000)
            model, n = gs.Spherical(dim=2, var=0.9, len_scale=150.0, nugget=0.1), len(nodes)
            k = gs.krige.Ordinary(model, data[:, :2].T, data[:, 2], exact=True)
            work = lambda: k(nodes.T)
        else:
            data, n = load("c20k"), 20870000
            work = lambda: gs.vario_estimate(data[:, :2].T, data[:, 2], np.arange(21) * 10.0)
    start = time.process_time()
    work()
    print(json.dumps(dict(cpu_us=(time.process_time() - start) / n * 1e6)))


def main(folder, bench):
    folder = pathlib.Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    python = folder / "venv" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    subprocess.run([python, "-m", "pip", "install", "-q", *PEERS], check=True)
    me = os.path.abspath(__file__)
    if not (folder / "g5k.csv").exists():
        subprocess.run([python, me, "inputs", folder], check=True)
    def figure(command, times):
        found = []
        for _ in range(times):
            p = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **ONE}, cwd=folder)
            if p.returncode:
                return None
            found.append(json.loads(p.stdout.splitlines()[-1])["cpu_us"])
        return sorted(found)[len(found) // 2]
    peers = dict(a=["krigekit"], b=["pykrige", "gstools", "krigekit"], c=["gstools"], e=["krigekit"], g=["krigekit"])
    print("| task | ours, µs | peer | peer, µs | ratio |\n|---|---|---|---|---|")
    for task, names in peers.items():
        ours = figure([os.path.abspath(bench), task, folder], 3)
        for peer in names:
            theirs = figure([python, me, "peer", folder, peer, task], 1)
            row = "failed | " if theirs is None else f"{theirs:.4g} | {theirs / ours:.1f}"
            print(f"| {task} | {ours:.4g} | {peer} | {row} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1] == "inputs":
        make_inputs(sys.argv[2])
    elif sys.argv[1] == "peer":
        run_peer(*sys.argv[2:5])
    else:
        main(sys.argv[1], sys.argv[2])
