"""thin.py FULL_FOLDER: keeps every tenth node of the large tables in ../tests/oracle."""
import csv, pathlib, sys

full = pathlib.Path(sys.argv[1])
kept = pathlib.Path(__file__).parent.parent / "tests" / "oracle"
for source, target in [
    ("meuse_kriging", "meuse_kriging_every10"),
    ("meuse_block4x4_regular", "meuse_block4x4_every10"),
    ("meuse_I500_ik", "meuse_I500_ik_every10"),
    ("gslib_kt3d_cluster", "gslib_kt3d_cluster_every10"),
]:
    lines = (full / f"{source}.csv").read_text().splitlines()
    (kept / f"{target}.csv").write_text("\n".join(lines[:1] + lines[1::10]) + "\n")
for name in ["meuse_ok_loo", "meuse_ok_loo_nmax20"]:
    rows = [r[:5] for r in csv.reader(open(full / f"{name}.csv"))]
    csv.writer(open(kept / f"{name}.csv", "w"), lineterminator="\n").writerows(rows)
