"""The original's growing spectra: for every number of units a pass over the images, a covariance of the first units, and general eigenvalues."""
from attacked import images

UNITS = (10, 50, 100, 500, 1000, 1500, 2000)


def ways(torch, sizes):
    d, h, count = sizes["inputs"], sizes["units"], 10_000 if sizes["units"] >= 2000 else sizes["epochImages"]
    x, w = images(torch, {**sizes, "batch": count}), torch.randn(d, h) * (2 / d) ** 0.5

    def run():
        with torch.no_grad():
            for units in [units for units in UNITS if units <= h]:
                shift, sums, products = x[:1000].mean(), torch.zeros(units), torch.zeros(units, units)
                for start in range(0, count, 1000):
                    y = (x[start:start + 1000] @ w)[:, :units] - shift
                    sums += y.sum(0)
                    products += y.t() @ y
                covariance = (products - torch.outer(sums, sums) / count) / (count - 1)
                torch.linalg.eigvals(covariance).real.sort(descending=True)
    return {"as the original": run}
