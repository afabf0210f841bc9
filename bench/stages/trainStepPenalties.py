from trainStep import training


def ways(torch, sizes):
    return training(torch, sizes, penalties=True)
