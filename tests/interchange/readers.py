"""Reads what `lab export` wrote with TensorBoard, tbparse, pyarrow, pandas and DuckDB, and compares every bit.

    python readers.py EXPORTED ARCHIVE

EXPORTED holds the three formats of all runs of ARCHIVE. Exits with 1 and a list of differences if there are any.
"""

import json
import math
import pathlib
import re
import struct
import subprocess
import sys
import time
import urllib.parse
import urllib.request

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from tbparse import SummaryReader
from tensorboard.backend.event_processing import event_file_loader
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import plugin_data_pb2
from tensorboard.util import tensor_util

exported, archive = map(pathlib.Path, sys.argv[1:3])
faults = []


def bits(value):
    """Bits of a float64; all NaN are one, since languages do not keep their payload."""
    value = float(value)
    return "nan" if math.isnan(value) else struct.pack("<d", value).hex()


def check(what, found, expected):
    if found != expected:
        faults.append(f"{what}: expected {str(expected)[:300]}, got {str(found)[:300]}")


def runs():
    """Measures of every run as the archive holds them: id to list of (name, step, epoch, value, wall)."""
    for folder in sorted([*archive.glob("runs/r-*"), *archive.glob("imported/i-*")]):
        lines = (folder / "metrics.jsonl").read_text().splitlines()
        measures = [json.loads(line) for line in lines]
        yield folder.name, [(m["name"], m["step"], m["epoch"], float(m["value"]), float(m["wall"])) for m in measures]


def settings(run):
    """Settings of a run as its archive folder holds them."""
    files = [*archive.glob(f"runs/{run}/spec.json"), *archive.glob(f"imported/{run}/settings.json")]
    return json.loads(files[0].read_text())


stored = dict(runs())
np.seterr(over="ignore")
long = [(run, name, step, epoch, bits(value)) for run, rows in stored.items() for name, step, epoch, value, _ in rows]
key = sorted(long)

# Tables, long form
table = pq.read_table(exported / "measures.parquet")
check("types of measures.parquet", [str(field.type) for field in table.schema],
      ["string", "string", "string", "double", "double", "double", "timestamp[us, tz=UTC]"])
columns = table.to_pydict()
check("pyarrow", sorted(zip(columns["run"], columns["measure"], columns["step"], columns["epoch"], map(bits, columns["value"]))), key)
times = table.column("time").cast(pa.int64()).to_pylist()
walls = [wall for run in dict.fromkeys(columns["run"]) for *_, wall in stored[run]]
check("times", times, [None if math.isnan(wall) else math.floor(wall * 1000 + 0.5) for wall in walls])
frame = pd.read_parquet(exported / "measures.parquet")
check("pandas, Parquet", sorted(zip(frame.run, frame.measure, frame.step, frame.epoch, map(bits, frame.value))), key)
rows = duckdb.sql(f"select run, measure, step, epoch, value from '{exported}/measures.parquet'").fetchall()
check("DuckDB", sorted((run, name, step, epoch, bits(value)) for run, name, step, epoch, value in rows), key)
csv = pd.read_csv(exported / "measures.csv", keep_default_na=False, na_values=[""],
                  dtype={"value": str})
check("pandas, CSV", sorted(zip(csv.run, csv.measure, csv.step, csv.epoch, map(bits, csv.value))), key)

# Tables, wide form
wide = pd.read_csv(exported / "measures-wide.csv", dtype=str, keep_default_na=False)
cells = [(row["run"], name.removesuffix(" (measure)"), float(row["step"]), float(row["epoch"]), bits(row[name]))
         for _, row in wide.iterrows() for name in wide.columns[4:] if row[name] != ""]
check("wide CSV", sorted(cells), key)

# The table of runs
runs_csv = pd.read_csv(exported / "runs.csv")
runs_parquet = pq.read_table(exported / "runs.parquet").to_pandas()
check("runs of both tables", list(runs_csv.id), list(runs_parquet.id))
check("epochs of both tables", [bits(x) for x in runs_csv.epoch], [bits(x) for x in runs_parquet.epoch])
check("ids", sorted(runs_parquet.id), sorted(stored))
check("type of created", str(pq.read_schema(exported / "runs.parquet").field("created").type), "timestamp[us, tz=UTC]")

# Event files: float32 as scalars, all bits as tensors
folders = {path.name[-10:]: path for path in exported.iterdir() if path.is_dir()}
check("folders of event files", sorted(folders), sorted(stored))
for run, measures in stored.items():
    folder = folders[run]
    exact = sorted((name, step, bits(value)) for name, step, _, value, _ in measures)
    single = sorted((name, step, bits(np.float32(value))) for name, step, _, value, _ in measures)
    accumulator = EventAccumulator(str(folder), size_guidance={"tensors": 0, "scalars": 0}).Reload()
    wide = [(name[8:], event.step, bits(tensor_util.make_ndarray(event.tensor_proto).item()))
            for name in accumulator.Tags()["tensors"] if name.startswith("float64/")
            for event in accumulator.Tensors(name)]
    check(f"TensorBoard, all bits, {run}", sorted(wide), exact)
    narrow = [(name, event) for name in accumulator.Tags()["scalars"] for event in accumulator.Scalars(name)]
    check(f"TensorBoard, scalars, {run}", sorted((name, event.step, bits(event.value)) for name, event in narrow), single)
    seconds = sorted((name, event.wall_time) for name, event in narrow)
    check(f"times of events, {run}", [pair for pair in seconds if all(not math.isnan(m[4]) for m in measures)],
          sorted((name, wall / 1000) for name, _, _, _, wall in measures if not math.isnan(wall)))
    reader = SummaryReader(str(folder))
    parsed = [(row.tag[8:], row.step, bits(row.value)) for row in reader.tensors.itertuples()
              if row.tag.startswith("float64/")]
    check(f"tbparse, all bits, {run}", sorted(parsed), exact)
    parsed = [(row.tag, row.step, bits(row.value)) for row in reader.scalars.itertuples()]
    check(f"tbparse, scalars, {run}", sorted(parsed), single)
    start = [v.metadata.plugin_data.content
             for file in folder.iterdir()
             for event in event_file_loader.EventFileLoader(str(file)).Load()
             for v in event.summary.value if v.tag == "_hparams_/session_start_info"]
    info = plugin_data_pb2.HParamsPluginData.FromString(start[0]).session_start_info
    check(f"hyperparameters, {run}", [len(start), len(info.hparams) > 0], [1, len(settings(run)) > 0])

# What TensorBoard itself shows, with its data server and without it
for load_fast in ("true", "false"):
    server = subprocess.Popen([sys.executable, "-m", "tensorboard.main", "--logdir", str(exported), "--port", "0",
                               "--load_fast", load_fast], stderr=subprocess.PIPE, text=True)
    address = next(match.group(1) for line in server.stderr if (match := re.search(r"at (http://\S+?)/ ", line)))

    def ask(path, body=None):
        request = urllib.request.Request(address + path, body, {"Content-Type": "application/json"} if body else {})
        return json.load(urllib.request.urlopen(request))

    expected = {folders[run].name: sorted({name for name, *_ in rows}) for run, rows in stored.items()}
    deadline = time.monotonic() + 120
    shown = None
    while shown != expected and time.monotonic() < deadline:
        time.sleep(1)
        shown = {run: sorted(tags) for run, tags in ask("/data/plugin/scalars/tags").items()}
    check(f"scalars page, data server {load_fast}", shown, expected)
    for run, measures in stored.items():
        for tag in {name for name, *_ in measures}:
            query = urllib.parse.urlencode({"run": folders[run].name, "tag": tag})
            points = [(step, bits(value)) for _, step, value in ask(f"/data/plugin/scalars/scalars?{query}")]
            check(f"curve of {tag}, {run}, data server {load_fast}", points,
                  [(step, bits(np.float32(value))) for name, step, _, value, _ in measures if name == tag])
    page = ask("/data/plugin/hparams/experiment", json.dumps({"experimentName": "", "hparamsLimit": 1000}).encode())
    check("HParams page knows the seed", "seed" in [each["name"] for each in page["hparamInfos"]], True)
    server.terminate()

print("\n".join(faults) if faults else f"{len(long)} measures of {len(stored)} runs are equal in every reader.")
sys.exit(1 if faults else 0)
