"""Golden values for assignment.test.ts: scipy.optimize.linear_sum_assignment (writes assignment.json beside this file).

Made with SciPy 1.17 by `python assignment.py`; random costs are stored, so that any other program can check them.
"""
import json
from pathlib import Path

import numpy as np
import scipy
from scipy.optimize import linear_sum_assignment

rng = np.random.default_rng(11)
cases = []
for rows, columns, kind in (
    (1, 1, 'uniform'), (1, 5, 'uniform'), (5, 1, 'uniform'), (4, 4, 'integers'), (6, 6, 'uniform'), (7, 12, 'uniform'),
    (12, 7, 'uniform'), (20, 20, 'integers'), (25, 25, 'equal'), (30, 40, 'negative'), (40, 30, 'cosines'), (60, 60, 'cosines'),
):
    if kind == 'uniform':
        costs = rng.uniform(size=(rows, columns))
    elif kind == 'integers':
        costs = rng.integers(0, 6, size=(rows, columns)).astype(float)
    elif kind == 'equal':
        costs = np.ones((rows, columns))
    elif kind == 'negative':
        costs = rng.normal(size=(rows, columns)) * 1e3
    else:
        a, b = rng.normal(size=(rows, 16)), rng.normal(size=(columns, 16))
        costs = -(a / np.linalg.norm(a, axis=1)[:, None]) @ (b / np.linalg.norm(b, axis=1)[:, None]).T
    costs = np.round(costs, 6)
    row, column = linear_sum_assignment(costs)
    cases.append({'rows': rows, 'columns': columns, 'kind': kind, 'costs': costs.ravel().tolist(),
                  'total': float(costs[row, column].sum()), 'row': row.tolist(), 'column': column.tolist()})
Path(__file__).with_suffix('.json').write_text(json.dumps({'scipy': scipy.__version__, 'cases': cases}) + '\n')
