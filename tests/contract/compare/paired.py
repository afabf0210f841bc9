"""Golden values of compareRuns.test.ts: SciPy's paired tests of the differences there. Prints them; made with SciPy 1.17.1."""
import numpy as np
from scipy import stats

baseline = np.array([0.9011, 0.9043, 0.8987, 0.9052, 0.9004, 0.8969, 0.9021])
for name, values in (
    ('better', [0.9121, 0.9107, 0.9093, 0.9064, 0.9098, 0.9077, 0.9113]),
    ('same', [0.9002, 0.9051, 0.8991, 0.904, 0.9015, 0.8979, 0.9018]),
):
    t = stats.ttest_rel(values, baseline)
    interval = t.confidence_interval(0.95)
    # The differences as the program takes them, unrounded: no two absolute values are equal.
    print(name, repr(float(t.pvalue)), repr(float(stats.wilcoxon(np.array(values) - baseline).pvalue)),
          repr(float((interval.high - interval.low) / 2)))
