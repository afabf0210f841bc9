"""Writes model files as the original writes them, from the golden files, with the PyTorch that runs this; prints what each holds.

python3 makeModels.py GOLDEN_FOLDER OUT_FOLDER
"""
import json
import sys
from collections import OrderedDict
from pathlib import Path

import torch

golden, out = Path(sys.argv[1]), Path(sys.argv[2])


def read(name):
    return json.loads((golden / f"{name}.json").read_text())


def array(entry):
    return torch.tensor(entry["data"], dtype=getattr(torch, entry["dtype"])).reshape(entry["shape"])


def hybrid():
    golden_file = read("khmodel_forward")
    case = golden_file["cases"][0]
    return OrderedDict([
        ("local_learning.W", array(case["W"])), ("pSet", case["state_pSet"]), ("type_name", "KHModel"),
        ("dense.weight", array(case["dense_weight"])), ("dense.bias", array(case["dense_bias"])),
    ])


def perceptron(index):
    case = read("shlp_forward")["cases"][index]
    weights = array(case["W"])
    state = OrderedDict([("W", weights)])
    if case["batch_norm"]:
        state["dense.0.weight"], state["dense.0.bias"] = array(case["bn_gamma"]), array(case["bn_beta"])
        state["dense.0.running_mean"], state["dense.0.running_var"] = array(case["running_mean_after"]), array(case["running_var_after"])
        state["dense.0.num_batches_tracked"] = torch.tensor(1)
    place = "dense.1" if case["batch_norm"] else "dense.0"
    state[f"{place}.weight"], state[f"{place}.bias"] = array(case["dense_weight"]), array(case["dense_bias"])
    state["pSet"] = {"in_size": weights.shape[0], "hidden_size": weights.shape[1], "n": case["n"], "no_classes": 10, "batch_norm": case["batch_norm"]}
    state["type_name"] = case["model"]
    return state


def layer(type_name):
    case = read("fkhl3_step")["cases"][0]
    # A state dictionary of torch carries its modules' versions as an attribute.
    state = OrderedDict([("W", array(case["W0"])), ("pSet", case["params"]), ("type_name", type_name)])
    state._metadata = OrderedDict([("", {"version": 1})])
    return state


states = {"khmodel": hybrid(), "shlp": perceptron(0), "shlp_norm": perceptron(2), "shlp_tanh": perceptron(3), "fkhl3": layer("FKHL3"), "khl3": layer("KHL3")}
states["pruned"] = {"model_state_dict": layer("FKHL3"), "model_parameters": layer("FKHL3")["pSet"], "device_type": "cpu"}
states["early"] = {"model_parameters": layer("FKHL3")["pSet"], "model_state_dict": OrderedDict([("W", layer("FKHL3")["W"])]), "device_type": "cuda"}
states["parameter"] = OrderedDict((key, torch.nn.Parameter(value, requires_grad=False) if key == "W" else value) for key, value in layer("FKHL3").items())

turned = perceptron(0)
turned["W"] = turned["W"].t().contiguous().t()
states["turned"] = turned

shared = perceptron(0)
whole = torch.cat([torch.zeros(3), shared["dense.0.weight"].reshape(-1), shared["dense.0.bias"]])
shared["dense.0.weight"], shared["dense.0.bias"] = whole[3:123].reshape(10, 12), whole[123:]
states["shared"] = shared

for name, dtype in {"float64": torch.float64, "float16": torch.float16, "bfloat16": torch.bfloat16}.items():
    states[name] = OrderedDict((key, value.to(dtype) if torch.is_tensor(value) else value) for key, value in perceptron(0).items())

for generation, new in {"zip": True, "legacy": False}.items():
    for name, state in states.items():
        torch.save(state, out / f"{name}.{generation}.pty", _use_new_zipfile_serialization=new)

print(json.dumps({
    "torch": torch.__version__,
    "rounded": {name: states[name]["W"].float().t().reshape(-1).tolist() for name in ("float16", "bfloat16")},
}))
