"""Figures of a linear regression on the Meuse data, by statsmodels.

numpy 2.4.6, statsmodels 0.15.0; prints the numbers that tests/main/statistics.rs holds.
"""

import csv
from pathlib import Path

import numpy as np
import statsmodels.api as sm

rows = list(csv.DictReader(open(Path(__file__).parent / "../tests/oracle/meuse.csv")))
column = lambda name: np.array([float(row[name]) for row in rows])
x, y = column("x"), column("y")
cx, cy = (x.min() + x.max()) / 2, (y.min() + y.max()) / 2
terms = np.column_stack([x - cx, y - cy, np.sqrt(column("dist"))])
fit = sm.OLS(np.log(column("zinc")), sm.add_constant(terms)).fit()
for name in ["params", "bse", "pvalues", "rsquared", "rsquared_adj", "fvalue", "f_pvalue", "ssr"]:
    print(name, repr(getattr(fit, name)))
