"""The peer of one stage of `npm run bench`: times what it is asked to, one line of JSON for each line of standard input.

Arguments: the stage's file beside the stages, and the sizes as JSON. Lines: {"way": name, "threads": n, "steps": n}. Nothing here
is part of the workbench.
"""
import importlib
import json
import os
import resource
import sys
import time

import torch

stage, sizes = sys.argv[1], json.loads(sys.argv[2])
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "stages"))
torch.manual_seed(1)
torch.set_flush_denormal(True)
ways = importlib.import_module(stage).ways(torch, sizes)


def versions():
    found = {"python": sys.version.split()[0], "torch": torch.__version__}
    try:
        import numpy
        found["numpy"] = numpy.__version__
    except ImportError:
        pass
    return found


def answer(value):
    print(json.dumps(value), flush=True)


answer({"ways": list(ways), "openBlas": stage.startswith("eigen") or not torch.backends.mkl.is_available(), "versions": versions()})
for line in sys.stdin:
    asked = json.loads(line)
    torch.set_num_threads(asked["threads"])
    times = []
    for _ in range(asked["steps"]):
        start = time.perf_counter()
        # A way that would take minutes does a part, and returns how many such parts the whole has.
        done = ways[asked["way"]]()
        parts = done["parts"] if isinstance(done, dict) else 1
        times.append((time.perf_counter() - start) * 1e3 * parts)
    answer({"times": times, "rssMb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024})
