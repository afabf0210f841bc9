"""Writes the files that tests/lab/exchange reads, with the programs themselves, and what is in them.

    python fixtures.py          writes tests/interchange/files/

Needs requirements.txt. Run it again only when a format changes: the files contain times.
"""

import json
import math
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
FILES = HERE / "files"
VALUES = [0.1, -0.0, 5e-324, 1.7976931348623157e308, math.nan, math.inf, -math.inf, 1 / 3, 2.0**53 + 2]


def bits(value):
    value = float(value)
    return "nan" if math.isnan(value) else struct.pack("<d", value).hex()


def float32(value):
    import numpy as np

    with np.errstate(over="ignore"):
        return float(np.float32(value))


def tensorboard_files(expected):
    """Old and new scalars, every type of number, settings, and a run that was resumed in a second file."""
    import numpy as np
    from tensorboard.compat.proto import event_pb2, summary_pb2, types_pb2
    from tensorboard.plugins.hparams import plugin_data_pb2, metadata
    from tensorboard.summary.writer.event_file_writer import EventFileWriter
    from tensorboard.util import tensor_util

    folder = FILES / "tensorboard" / "resumed"
    measures = []

    def write(writer, step, *values, session=None):
        event = event_pb2.Event(wall_time=1_700_000_000 + step / 8, step=step)
        event.summary.value.extend(values)
        if session is not None:
            event.session_log.status = session
        writer.add_event(event)

    def tensor(tag, array, plugin="scalars"):
        value = summary_pb2.Summary.Value(tag=tag, tensor=tensor_util.make_tensor_proto(array))
        value.metadata.plugin_data.plugin_name = plugin
        return value

    first = EventFileWriter(str(folder), filename_suffix=".1")
    start = plugin_data_pb2.SessionStartInfo(start_time_secs=1_700_000_000)
    for key, setting in {"lr": 0.1, "optimiser": "adam", "shuffle": True, "seed": 5}.items():
        if isinstance(setting, bool):
            start.hparams[key].bool_value = setting
        elif isinstance(setting, str):
            start.hparams[key].string_value = setting
        else:
            start.hparams[key].number_value = setting
    data = plugin_data_pb2.HParamsPluginData(session_start_info=start)
    info = summary_pb2.Summary.Value(tag=metadata.SESSION_START_INFO_TAG, tensor=metadata.NULL_TENSOR)
    info.metadata.plugin_data.plugin_name = "hparams"
    info.metadata.plugin_data.content = data.SerializeToString()
    write(first, 0, info)
    for step, value in enumerate(VALUES):
        write(first, step, summary_pb2.Summary.Value(tag="old", simple_value=float32(value)))
        with np.errstate(all="ignore"):
            write(first, step, tensor("double", np.float64(value)), tensor("single", np.float32(value)))
    types = ["float16", "int8", "int16", "int32", "int64", "uint8", "uint32", "uint64", "bool"]
    for kind in types:
        write(first, 3, tensor(f"type/{kind}", np.array(1).astype(kind)))
        measures.append([f"type/{kind}", 3, bits(1)])
    brain = summary_pb2.Summary.Value(tag="type/bfloat16")
    brain.tensor.dtype = types_pb2.DT_BFLOAT16
    brain.tensor.half_val.append(0x3FC0)
    brain.metadata.plugin_data.plugin_name = "scalars"
    write(first, 3, brain)
    measures.append(["type/bfloat16", 3, bits(1.5)])
    write(first, 4, tensor("vector", np.arange(3.0), "scalars"), tensor("words", np.array(b"text"), "text"))
    first.close()
    second = EventFileWriter(str(folder), filename_suffix=".2")
    write(second, 6, session=event_pb2.SessionLog.START)
    for step in (6, 7):
        write(second, step, summary_pb2.Summary.Value(tag="old", simple_value=step / 2))
    second.close()
    names = sorted(folder.iterdir())
    for name, suffix in zip(names, "12"):
        name.rename(folder / f"events.out.tfevents.1700000000.host.{suffix}")
    kept = [(step, value) for step, value in enumerate(VALUES) if step < 6]
    measures += [["old", step, bits(float32(value))] for step, value in kept] + [["old", 6, bits(3)], ["old", 7, bits(3.5)]]
    measures += [["double", step, bits(value)] for step, value in kept]
    measures += [["single", step, bits(float32(value))] for step, value in kept]
    expected["tensorboard/resumed"] = {
        "measures": sorted(measures),
        "settings": {"lr": 0.1, "optimiser": "adam", "shuffle": True, "seed": 5},
    }


def tensorboardx_files(expected):
    from tensorboardX import SummaryWriter

    folder = FILES / "tensorboard" / "x"
    writer = SummaryWriter(str(folder))
    for step in range(4):
        writer.add_scalar("loss/train", 1 / (step + 3), step, walltime=1_700_000_000 + step)
        writer.add_histogram("weights", [1, 2, 3], step)
    writer.add_text("note", "hello")
    writer.close()
    [file] = folder.iterdir()
    file.rename(folder / "events.out.tfevents.1700000000.host")
    expected["tensorboard/x"] = {
        "measures": [["loss/train", step, bits(float32(1 / (step + 3)))] for step in range(4)],
        "settings": {},
    }


WANDB = """
import json, math, sys
import wandb
values = json.loads(sys.argv[1])
run = wandb.init(project='fixtures', name='first run', tags=['paper', 'a b'], notes='two words', mode='offline',
                 config={'lr': 0.1, 'layer': {'units': 3, 'sizes': [1, 2]}, 'seed': 7, 'word': 'text'},
                 settings=wandb.Settings(console='wrap', x_disable_stats=True, x_disable_meta=True))
for step, value in enumerate(values):
    run.log({'loss': float(value), 'inner': {'x': step, 'y': float(value)}, 'word': 'hi', 'epoch': step // 2})
run.log({'late': 1.5, 'image': wandb.Histogram([1, 2])}, step=40)
run.log({'late': 2.5}, step=40)
for step in range(600):
    run.log({f'many/{index}': index + step / 7 for index in range(8)} if step % 60 == 0 else {'filler': step})
print('hello output')
run.summary['best'] = 0.12345678901234568
run.summary['word2'] = 'ok'
run.finish()
"""


def wandb_files(expected):
    words = [str(value) for value in VALUES]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-c", WANDB, json.dumps(words)], check=True, cwd=folder,
                       env={**os.environ, "WANDB_DIR": folder, "WANDB_SILENT": "true"})
        [file] = pathlib.Path(folder).glob("**/*.wandb")
        (FILES / "wandb").mkdir(parents=True)
        shutil.copy(file, FILES / "wandb" / "run-first.wandb")
    measures = [[name, step, bits(value)] for step, value in enumerate(VALUES)
                for name, value in {"loss": value, "inner.x": step, "inner.y": value, "epoch": step // 2}.items()]
    # What is logged for one step is one record, in which the later value counts; the next call without a step joins it.
    measures += [["late", 40, bits(2.5)]]
    for step in range(600):
        at = 40 + step
        logged = {f"many/{index}": index + step / 7 for index in range(8)} if step % 60 == 0 else {"filler": step}
        measures += [[name, at, bits(value)] for name, value in logged.items()]
    measures += [["best", 639, bits(0.12345678901234568)]]
    expected["wandb/run-first.wandb"] = {
        "measures": sorted(measures),
        "settings": {"lr": 0.1, "layer": {"units": 3, "sizes": [1, 2]}, "seed": 7, "word": "text",
                     "wandb.project": "fixtures", "summary.word": "hi", "summary.word2": "ok"},
        "name": "first run",
        "tags": ["paper", "a b"],
        "note": "two words",
    }


if __name__ == "__main__":
    shutil.rmtree(FILES, ignore_errors=True)
    found = {}
    tensorboard_files(found)
    tensorboardx_files(found)
    wandb_files(found)
    (FILES / "expected.json").write_text(json.dumps(found, indent=1) + "\n")
