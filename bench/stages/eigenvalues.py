def symmetric(sizes):
    import numpy
    random = numpy.random.default_rng(5)
    m = random.standard_normal((sizes["units"], sizes["units"]))
    return m + m.T


def ways(torch, sizes):
    import numpy
    m = symmetric(sizes)
    return {"numpy.linalg.eigvalsh": lambda: numpy.linalg.eigvalsh(m)}
