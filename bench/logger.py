"""What one logging call costs the training script: ours, a plain write, and whichever peers are installed.

    python3 bench/logger.py [--calls N] [--only NAME ...]

Prints one JSON document: microseconds a call (median, 95th percentile) for one metric with a step, each logger in a process
of its own, and what the machine's own writes cost just before and after. Peers that can't be imported are skipped with a note.
"""
from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET_US = 15.0
#: A plain write of a JSON line above this is a slow file system or a loaded machine, and the other figures say little.
SLOW_US = 30.0


def runyard_log(folder: str):
    os.environ["RUNYARD_RUN_DIR"] = folder
    sys.path.insert(0, str(HERE.parent / "python"))
    import runyard
    return lambda step, value: runyard.log({"loss": value}, step=step)


def plain_write(folder: str):
    fd = os.open(os.path.join(folder, "plain.jsonl"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    return lambda step, value: os.write(
        fd, (json.dumps({"e": "m", "t": time.time(), "s": step, "m": {"loss": value}}) + "\n").encode())


def trackio(folder: str):
    os.environ["TRACKIO_DIR"] = folder
    os.environ["HF_HUB_OFFLINE"] = "1"
    import trackio
    trackio.init(project="bench", embed=False)
    return lambda step, value: trackio.log({"loss": value}, step=step)


def tensorboard_x(folder: str):
    from tensorboardX import SummaryWriter
    writer = SummaryWriter(folder)
    return lambda step, value: writer.add_scalar("loss", value, step)


def aim(folder: str):
    from aim import Run
    run = Run(repo=folder, system_tracking_interval=None, log_system_params=False)
    return lambda step, value: run.track(value, name="loss", step=step)


def wandb_offline(folder: str):
    import wandb
    run = wandb.init(mode="offline", dir=folder, project="bench", settings=wandb.Settings(silent=True))
    return lambda step, value: run.log({"loss": value}, step=step)


def mlflow_sqlite(folder: str):
    import mlflow
    mlflow.set_tracking_uri(f"sqlite:///{folder}/mlflow.db")
    mlflow.start_run()
    return lambda step, value: mlflow.log_metric("loss", value, step=step)


#: name -> (how to get its call, the module that it needs, calls at most: the slow ones would take minutes)
LOGGERS = {
    "runyard.log": (runyard_log, None, 200_000),
    "plain os.write of a JSON line": (plain_write, None, 200_000),
    "trackio": (trackio, "trackio", 5_000),
    "tensorboardX": (tensorboard_x, "tensorboardX", 5_000),
    "aim": (aim, "aim", 2_000),
    "wandb offline": (wandb_offline, "wandb", 2_000),
    "mlflow fluent, sqlite": (mlflow_sqlite, "mlflow", 200),
}


def measure(name: str, calls: int, folder: str) -> None:
    """Prints median and 95th percentile, microseconds, after a tenth as warm-up; ends the process."""
    make, _, most = LOGGERS[name]
    calls = min(calls, most)
    call, clock, took = make(folder), time.perf_counter_ns, []
    for step in range(calls + calls // 10):
        value = 1.0 / (step + 1.7)
        start = clock()
        call(step, value)
        took.append(clock() - start)
    took = sorted(took[calls // 10:])
    print(json.dumps({"medianUs": took[len(took) // 2] / 1e3, "p95Us": took[len(took) * 95 // 100] / 1e3, "calls": calls}), flush=True)
    os._exit(0)  # peers keep threads and servers that would take their time to end


def in_child(name: str, calls: int) -> dict:
    module = LOGGERS[name][1]
    if module and importlib.util.find_spec(module) is None:
        return {"skipped": f"{module} is not installed"}
    folder = tempfile.mkdtemp(prefix="bench-logger-")
    try:
        done = subprocess.run([sys.executable, __file__, "--child", name, "--folder", folder, "--calls", str(calls)],
                              capture_output=True, text=True, timeout=300, check=False)
    except subprocess.TimeoutExpired:
        return {"skipped": "took more than 300 s"}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith('{"medianUs"')]
    if lines:
        return json.loads(lines[-1])
    said = done.stderr.strip().splitlines()
    return {"skipped": said[-1] if said else f"ended with {done.returncode}"}


def main() -> None:
    flags = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    flags.add_argument("--calls", type=int, default=20_000)
    flags.add_argument("--only", nargs="+", choices=list(LOGGERS))
    flags.add_argument("--child", choices=list(LOGGERS), help=argparse.SUPPRESS)
    flags.add_argument("--folder", help=argparse.SUPPRESS)
    args = flags.parse_args()
    if args.child:
        measure(args.child, args.calls, args.folder)
        return
    names = args.only or list(LOGGERS)
    results = {name: in_child(name, args.calls) for name in names}
    again = in_child("plain os.write of a JSON line", args.calls)["medianUs"]
    first = results.get("plain os.write of a JSON line", {}).get("medianUs", again)
    ours = results.get("runyard.log", {}).get("medianUs")
    notes = []
    if max(first, again) > SLOW_US:
        notes.append(f"a plain write took {max(first, again):.1f} us: a slow file system or a busy machine")
    print(json.dumps({
        "what": "microseconds a call, one metric with a step", "python": platform.python_version(), "cpus": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "results": results, "plainWriteAgainUs": again,
        "target": {"runyardLogMedianUs": TARGET_US, "met": None if ours is None else ours <= TARGET_US},
        "notes": notes,
    }, indent=2))


if __name__ == "__main__":
    main()
