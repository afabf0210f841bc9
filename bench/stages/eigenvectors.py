from eigenvalues import symmetric


def ways(torch, sizes):
    import numpy
    m = symmetric(sizes)
    return {"numpy.linalg.eigh": lambda: numpy.linalg.eigh(m)}
