"""The original's spectrum: hidden values batch by batch in float32, their covariance, and eigenvalues by the general solver."""
from attacked import images


def ways(torch, sizes):
    d, h, count = sizes["inputs"], sizes["units"], 10_000 if sizes["units"] >= 2000 else sizes["epochImages"]
    x, w = images(torch, {**sizes, "batch": count}), torch.randn(d, h) * (2 / d) ** 0.5

    def run():
        with torch.no_grad():
            shift, sums, products = x[:1000].mean(), torch.zeros(h), torch.zeros(h, h)
            for start in range(0, count, 1000):
                y = x[start:start + 1000] @ w - shift
                sums += y.sum(0)
                products += y.t() @ y
            covariance = (products - torch.outer(sums, sums) / count) / (count - 1)
            torch.linalg.eigvals(covariance).real.sort(descending=True)
    return {"as the original": run}
