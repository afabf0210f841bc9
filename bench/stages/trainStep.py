"""A step of training with Adam in eager PyTorch: by default, over all parameters at once, and in one pass where this version has them."""


def training(torch, sizes, penalties):
    d, h, b, c = (sizes[name] for name in ("inputs", "units", "batch", "classes"))
    x, y, draws = torch.rand(b, d), torch.randint(0, c, (b,)), torch.randn(b, h)

    def way(**adam):
        w = torch.nn.Parameter(torch.randn(h, d) * (2 / d) ** 0.5)
        a = torch.nn.Parameter(torch.randn(c, h) * 0.02)
        bias = torch.nn.Parameter(torch.zeros(c))
        optimiser = torch.optim.Adam([w, a, bias], lr=1e-3, **adam)

        def step():
            optimiser.zero_grad()
            loss = torch.nn.functional.cross_entropy(torch.relu(x @ w.t()) @ a.t() + bias, y)
            if penalties:
                loss = loss + 5e-4 * (w.square().sum() + a.square().sum() + bias.square().sum())
                v = draws / draws.norm(dim=1, keepdim=True)
                loss = loss + 1e-3 * h / b * (v @ w).square().sum()
            loss.backward()
            optimiser.step()
        return step

    made = {"Adam by default": way()}
    for label, option in (("Adam foreach", {"foreach": True}), ("Adam fused", {"fused": True})):
        try:
            made[label] = way(**option)
            made[label]()
        except (TypeError, RuntimeError):
            made.pop(label, None)
    return made


def ways(torch, sizes):
    return training(torch, sizes, penalties=False)
