"""Reads a finished run of the workbench and prints its last measures. Needs NumPy alone.

    python3 examples/read_run.py ARCHIVE/runs/r-7f21c4a0
"""

import json
import sys
from pathlib import Path

import numpy as np


def read_metrics(run: Path) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Steps and values of every measure, by name."""
    rows: dict[str, list[tuple[int, float]]] = {}
    for line in (run / "metrics.jsonl").read_text().splitlines():
        try:
            row = json.loads(line)
        except json.JSONDecodeError:
            continue  # A crash can cut the last line short.
        # NaN and infinities are strings, which float() understands.
        rows.setdefault(row["name"], []).append((row["step"], float(row["value"])))
    return {name: tuple(map(np.asarray, zip(*pairs))) for name, pairs in rows.items()}


def read_safetensors(path: Path) -> dict[str, np.ndarray]:
    """Tensors of a safetensors file, as the package `safetensors` reads them."""
    data = path.read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    types = {"F64": "<f8", "F32": "<f4", "I64": "<i8", "I32": "<i4"}
    return {
        name: np.frombuffer(data[8 + size + entry["data_offsets"][0] : 8 + size + entry["data_offsets"][1]], types[entry["dtype"]]).reshape(entry["shape"])
        for name, entry in header.items()
        if name != "__metadata__"
    }


def main() -> None:
    run = Path(sys.argv[1])
    record = json.loads((run / "run.json").read_text())
    print(f"{record['id']} {record['name']}: {record['state']}, epoch {record['epoch']} of {record['epochs']}")
    for name, (steps, values) in sorted(read_metrics(run).items()):
        print(f"{name}: {values[-1]:.6g} at step {steps[-1]}")
    weights = read_safetensors(run / "model.safetensors")["weights"]
    print(f"weights: {weights.shape[0]} units x {weights.shape[1]} inputs, mean L3 norm {np.mean(np.sum(np.abs(weights) ** 3, axis=1) ** (1 / 3)):.4f}")


if __name__ == "__main__":
    main()
