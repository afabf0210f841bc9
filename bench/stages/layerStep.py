"""FKHL3 as the original writes it (two dense products), and with the 2B rows that change added by index."""

NORM, DELTA, RATE = 3.0, 0.4, 0.02


def unit_images(torch, count, inputs):
    x = torch.rand(count, inputs)
    return x.div_(x.norm(dim=1, p=NORM, keepdim=True))


def dense_step(torch, sizes):
    w = torch.randn(sizes["inputs"], sizes["units"])

    def step(x):
        nonlocal w
        h = x @ (torch.sign(w) * torch.abs(w) ** (NORM - 1))
        _, ranks = torch.topk(h, 2, dim=1)
        g = torch.zeros_like(h)
        g.scatter_(1, ranks[:, 0:1], 1.0)
        g.scatter_(1, ranks[:, 1:2], -DELTA)
        dw = x.t() @ g - (g * h).sum(0) * w
        w = w + dw * (RATE / torch.clamp(dw.abs().max(), min=1e-9))
    return step


def sparse_step(torch, sizes):
    w = torch.randn(sizes["units"], sizes["inputs"])

    def step(x):
        nonlocal w
        h = x @ (w * w.abs()).t()
        values, ranks = torch.topk(h, 2, dim=1)
        index = torch.cat([ranks[:, 0], ranks[:, 1]])
        dw = torch.zeros_like(w).index_add_(0, index, torch.cat([x, x * -DELTA]))
        decay = torch.zeros(sizes["units"]).index_add_(0, index, torch.cat([values[:, 0], values[:, 1] * -DELTA]))
        dw -= decay[:, None] * w
        w = w.add_(dw, alpha=float(RATE / torch.clamp(dw.abs().max(), min=1e-9)))
    return step


def ways(torch, sizes):
    x = unit_images(torch, sizes["batch"], sizes["inputs"])
    dense, sparse = dense_step(torch, sizes), sparse_step(torch, sizes)
    return {"dense, as the original": lambda: dense(x), "rows added by index": lambda: sparse(x)}
