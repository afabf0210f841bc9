def ways(torch, sizes):
    d, h, b, c = (sizes[name] for name in ("inputs", "units", "batch", "classes"))
    origin, w, a, bias, y = torch.rand(b, d), torch.randn(h, d) * 0.02, torch.randn(c, h) * 0.02, torch.zeros(c), torch.randint(0, c, (b,))
    x = origin.clone()

    def run():
        nonlocal x
        q = x.detach().requires_grad_()
        loss = torch.nn.functional.cross_entropy(torch.relu(q @ w.t()) @ a.t() + bias, y)
        gradient, = torch.autograd.grad(loss, q)
        with torch.no_grad():
            moved = q + 0.01 * gradient.sign()
            x = torch.minimum(torch.maximum(moved, origin - 0.03), origin + 0.03)
    return {"autograd": run}
