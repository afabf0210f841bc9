"""The original's sweep: for every size fresh noise, classes and norms. Twenty of the 400 sizes are timed; they cost all the same."""
from attacked import images, perceptron

SIZES, TIMED = 400, 20


def ways(torch, sizes):
    x, forward = images(torch, sizes), perceptron(torch, sizes)
    y = forward(x).argmax(1)

    def run():
        with torch.no_grad():
            for step in range(TIMED):
                epsilon = 10 ** (-6 + 6.9163 * (step * SIZES // TIMED) / (SIZES - 1))
                moved = x + epsilon * torch.randn_like(x)
                (forward(moved).argmax(1) == y).sum().item()
                torch.norm(moved - x, dim=1)
        return {"parts": SIZES / TIMED}
    return {"as the original": run}
