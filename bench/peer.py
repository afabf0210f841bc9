"""The stages of `npm run bench` in PyTorch: the fastest of several fair ways of each, as JSON on standard output.

Reads {"stages": [...], "rounds": n, "sizes": {"inputs", "units", "batch", "classes"}} from its first argument. Every way is timed
after one warm-up; the median counts. Nothing here is part of the workbench.
"""
import json
import os
import statistics
import sys
import time

# Debian's OpenBLAS does not know the newest processors and falls back to a slow kernel; this is its best.
os.environ.setdefault("OPENBLAS_CORETYPE", "SkylakeX")

import torch  # noqa: E402

task = json.loads(sys.argv[1])
D, H, B, C = (task["sizes"][name] for name in ("inputs", "units", "batch", "classes"))
torch.manual_seed(1)
torch.set_flush_denormal(True)
if hasattr(torch, "set_num_interop_threads"):
    torch.set_num_threads(os.cpu_count() or 1)


def median_ms(work, rounds):
    work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def gemm():
    a, b = torch.rand(B, D), torch.rand(H, D)
    out = torch.empty(B, H)
    return {"matmul": lambda: torch.matmul(a, b.t(), out=out)}


def layer(dense_only=False):
    """FKHL3 as the original writes it (two dense products), and with the 2B rows that change added by index."""
    p, delta, rate = 3.0, 0.4, 0.02
    x = torch.rand(B, D)
    x /= x.norm(dim=1, p=p, keepdim=True)
    dense_w, sparse_w = torch.randn(D, H), torch.randn(H, D)

    def dense(batch=x):
        nonlocal dense_w
        h = batch @ (torch.sign(dense_w) * torch.abs(dense_w) ** (p - 1))
        _, ranks = torch.topk(h, 2, dim=1)
        g = torch.zeros_like(h)
        g.scatter_(1, ranks[:, 0:1], 1.0)
        g.scatter_(1, ranks[:, 1:2], -delta)
        dw = batch.t() @ g - (g * h).sum(0) * dense_w
        dense_w = dense_w + dw * (rate / torch.clamp(dw.abs().max(), min=1e-9))

    def sparse():
        nonlocal sparse_w
        h = x @ (sparse_w * sparse_w.abs()).t()
        values, ranks = torch.topk(h, 2, dim=1)
        index = torch.cat([ranks[:, 0], ranks[:, 1]])
        dw = torch.zeros_like(sparse_w)
        dw.index_add_(0, index, torch.cat([x, x * -delta]))
        decay = torch.zeros(H).index_add_(0, index, torch.cat([values[:, 0], values[:, 1] * -delta]))
        dw -= decay[:, None] * sparse_w
        sparse_w = sparse_w.add_(dw, alpha=float(rate / torch.clamp(dw.abs().max(), min=1e-9)))

    if dense_only:
        return dense
    return {"dense, as the original": dense, "rows added by index": sparse}


def layer_epoch():
    """The original's epoch: its dense step over batches that are gathered from images held in memory and normalised once."""
    images = torch.rand(task["epochImages"], D)
    step = layer(dense_only=True)

    def epoch():
        order = torch.randperm(images.shape[0])
        for start in range(0, images.shape[0], B):
            step(images[order[start:start + B]])
    return {"dense, as the original": epoch}


def network(penalties):
    x, y = torch.rand(B, D), torch.randint(0, C, (B,))

    def way(label, **adam):
        w = torch.nn.Parameter(torch.randn(H, D) * 0.02)
        a = torch.nn.Parameter(torch.randn(C, H) * 0.02)
        b = torch.nn.Parameter(torch.zeros(C))
        optimiser = torch.optim.Adam([w, a, b], lr=1e-3, **adam)
        draws = torch.randn(B, H)

        def step():
            optimiser.zero_grad()
            hidden = x @ w.t()
            loss = torch.nn.functional.cross_entropy(torch.relu(hidden) @ a.t() + b, y)
            if penalties:
                loss = loss + 5e-4 * (w.square().sum() + a.square().sum() + b.square().sum())
                v = draws / draws.norm(dim=1, keepdim=True)
                loss = loss + 1e-3 * H / B * (v @ w).square().sum()
            loss.backward()
            optimiser.step()
        return {label: step}

    ways = way("Adam by default")
    for label, option in (("Adam foreach", {"foreach": True}), ("Adam fused", {"fused": True})):
        try:
            ways.update(way(label, **option))
        except (TypeError, RuntimeError):
            pass
    return ways


def evaluate():
    x, w, a, b, y = torch.rand(B, D), torch.randn(H, D) * 0.02, torch.randn(C, H) * 0.02, torch.zeros(C), torch.randint(0, C, (B,))

    def run():
        with torch.inference_mode():
            return int(((torch.relu(x @ w.t()) @ a.t() + b).argmax(1) == y).sum())
    return {"inference mode": run}


def pgd_step():
    origin, w, a, b, y = torch.rand(B, D), torch.randn(H, D) * 0.02, torch.randn(C, H) * 0.02, torch.zeros(C), torch.randint(0, C, (B,))
    x = origin.clone()

    def run():
        q = x.detach().requires_grad_()
        loss = torch.nn.functional.cross_entropy(torch.relu(q @ w.t()) @ a.t() + b, y)
        gradient, = torch.autograd.grad(loss, q)
        with torch.no_grad():
            moved = q + 0.01 * gradient.sign()
            return torch.clamp(torch.minimum(torch.maximum(moved, origin - 0.03), origin + 0.03), 0, 1)
    return {"autograd": run}


def covariance():
    """Hidden values in float32, sums in float64, as the workbench has them; a covariance of float32 sums is not the same result."""
    x, w = torch.rand(B, D), torch.randn(H, D) * 0.02
    shift = torch.rand(H, dtype=torch.float64)
    total, sums = torch.zeros(H, H, dtype=torch.float64), torch.zeros(H, dtype=torch.float64)

    def run():
        nonlocal sums
        with torch.inference_mode():
            hidden = (x @ w.t()).double() - shift
            total.addmm_(hidden.t(), hidden)
            sums = sums + hidden.sum(0)
    return {"sums in float64": run}


def symmetric():
    m = torch.randn(H, H, dtype=torch.float64)
    return m + m.t()


def eigenvalues():
    m = symmetric()
    return {"eigvalsh": lambda: torch.linalg.eigvalsh(m)}


def eigenvectors():
    m = symmetric()
    return {"eigh": lambda: torch.linalg.eigh(m)}


STAGES = {
    "gemm": gemm, "layer-step": layer, "layer-epoch": layer_epoch, "train-step": lambda: network(False), "train-step-penalties": lambda: network(True),
    "evaluate": evaluate, "pgd-step": pgd_step, "covariance": covariance, "eigenvalues": eigenvalues, "eigenvectors": eigenvectors,
}

results = {}
for stage in task["stages"]:
    if stage not in STAGES:
        continue
    rounds = 1 if stage == "layer-epoch" else task["rounds"]
    times = {label: median_ms(work, rounds) for label, work in STAGES[stage]().items()}
    best = min(times, key=times.get)
    results[stage] = {"ms": times[best], "way": best, "ways": times}
print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads(), "stages": results}))
