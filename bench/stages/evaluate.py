def ways(torch, sizes):
    d, h, b, c = (sizes[name] for name in ("inputs", "units", "batch", "classes"))
    x, w, a, bias, y = torch.rand(b, d), torch.randn(h, d) * 0.02, torch.randn(c, h) * 0.02, torch.zeros(c), torch.randint(0, c, (b,))

    def run():
        with torch.inference_mode():
            return int(((torch.relu(x @ w.t()) @ a.t() + bias).argmax(1) == y).sum())
    return {"inference mode": run}
