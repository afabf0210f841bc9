"""Opens model files as the original does and prints the logits of golden images.

python3 openModels.py GOLDEN_FOLDER FILE:GOLDEN_NAME:CASE ...

The classes follow the words of the specification (3.1 to 3.3): what ModelFactory.build_from_state demands of a file is an OrderedDict whose
type_name names the class, whose pSet sizes it, and whose other entries are exactly the module's parameters and buffers.
"""
import json
import sys
from collections import OrderedDict
from pathlib import Path

import torch
from torch import nn


class Layer(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        self.p = sizes["p"]
        self.W = nn.Parameter(torch.empty(sizes["in_size"], sizes["hidden_size"]), requires_grad=False)

    def forward(self, x):
        return x.flatten(1) @ (self.W.sign() * self.W.abs() ** (self.p - 1))


class Hybrid(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        inner = sizes["FKHL3_pSet"]
        assert set(inner) == {"in_size", "hidden_size", "n", "p", "tau_l", "k", "Delta", "R"}, inner
        self.n = inner["n"]
        self.local_learning = Layer(inner)
        self.dense = nn.Linear(inner["hidden_size"], sizes["no_classes"])

    def forward(self, x):
        return self.dense(self.local_learning(x).relu() ** self.n)


class Perceptron(nn.Module):
    act = staticmethod(torch.relu)

    def __init__(self, sizes):
        super().__init__()
        assert set(sizes) == {"in_size", "hidden_size", "n", "no_classes", "batch_norm"} and type(sizes["batch_norm"]) is bool, sizes
        self.n = sizes["n"]
        self.W = nn.Parameter(torch.empty(sizes["in_size"], sizes["hidden_size"]))
        norm = [nn.BatchNorm1d(sizes["hidden_size"])] if sizes["batch_norm"] else []
        self.dense = nn.Sequential(*norm, nn.Linear(sizes["hidden_size"], sizes["no_classes"]))

    def forward(self, x):
        return self.dense(self.act(x.flatten(1) @ self.W) ** self.n)


class TanhPerceptron(Perceptron):
    act = staticmethod(torch.tanh)


CLASSES = {"FKHL3": Layer, "KHL3": Layer, "KHModel": Hybrid, "SHLP": Perceptron, "SHLP_tanh": TanhPerceptron}

results = []
for argument in sys.argv[2:]:
    path, name, case = argument.rsplit(":", 2)
    state = torch.load(path)
    assert type(state) is OrderedDict and type(state["pSet"]) is dict, (type(state), type(state["pSet"]))
    keys = list(state)
    model = CLASSES[state["type_name"]](state["pSet"])
    copy = state.copy()
    del copy["type_name"], copy["pSet"]
    model.load_state_dict(copy, strict=True)
    model.eval()
    golden = json.loads((Path(sys.argv[1]) / f"{name}.json").read_text())["cases"][int(case)]
    images = golden.get("x") or golden["steps"][0]["x"]
    x = torch.tensor(images["data"], dtype=torch.float32).reshape(images["shape"])
    kinds = {key: type(value).__name__ for key, value in {**state["pSet"], **state["pSet"].get("FKHL3_pSet", {})}.items()}
    with torch.no_grad():
        results.append({"type": state["type_name"], "keys": keys, "kinds": kinds, "dtypes": [str(value.dtype) for value in copy.values()], "output": model(x).reshape(-1).tolist()})
print(json.dumps({"torch": torch.__version__, "results": results}))
