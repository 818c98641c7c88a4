"""What a user would write for the same questions: evaluation.py WHAT FOLDER [NUMBERS...]; prints one JSON line {"seconds", "mb", ...}.

FOLDER holds what the bench wrote: rows.parquet, model.onnx, predictions.parquet, slices.json, codes.bin, losses.bin.
"""
import json
import resource
import sys
import time
from pathlib import Path

import numpy as np


def answer(seconds, **more):
    print(json.dumps({"seconds": seconds, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, **more}))

# As often as our side.
TRIES = 5


def score(folder):
    """Rows of a Parquet file through ONNX Runtime, all at once, as its documentation does it; with the opening of both, and the best of some, as on our side."""
    import onnxruntime
    import pandas as pd

    types = {"tensor(float)": np.float32, "tensor(int64)": np.int64, "tensor(double)": np.float64}
    tried = []
    for _ in range(TRIES):
        start = time.perf_counter()
        session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])
        frame = pd.read_parquet(folder / "rows.parquet")
        feeds = {}
        for given in session.get_inputs():
            column = frame[given.name]
            if given.type == "tensor(string)":
                feeds[given.name] = column.fillna("").astype(str).to_numpy().astype(object).reshape(-1, 1)
            else:
                feeds[given.name] = column.to_numpy().astype(types[given.type]).reshape(-1, 1)
        ready = time.perf_counter()
        _, probabilities = session.run(None, feeds)
        end = time.perf_counter()
        tried.append((end - start, end - ready))
    answer(min(tried)[0], model=min(one for _, one in tried), total=float(probabilities[:, 1].sum()), rows=len(frame))


def figures(truth, predicted, p):
    from sklearn import metrics

    both = np.column_stack([1 - p, p])
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(truth, predicted, zero_division=0)
    macro = metrics.precision_recall_fscore_support(truth, predicted, average="macro", zero_division=0)
    weighted = metrics.precision_recall_fscore_support(truth, predicted, average="weighted", zero_division=0)
    one = len(np.unique(truth)) < 2
    return [
        metrics.accuracy_score(truth, predicted), metrics.balanced_accuracy_score(truth, predicted), *precision, *recall, *f1, *macro[:3], *weighted[:3],
        metrics.matthews_corrcoef(truth, predicted), metrics.cohen_kappa_score(truth, predicted), metrics.confusion_matrix(truth, predicted, labels=[0, 1])[0, 0],
        metrics.log_loss(truth, both, labels=[0, 1]), metrics.brier_score_loss(truth, p),
        np.nan if one else metrics.roc_auc_score(truth, p), np.nan if one else metrics.average_precision_score(truth, p), ece(truth, p),
    ]


def ece(truth, p, bins=15):
    """scikit-learn has the curve and not the counts, so everybody writes this one."""
    place = np.clip(np.ceil(p * bins).astype(int) - 1, 0, bins - 1)
    count = np.bincount(place, minlength=bins)
    gap = np.abs(np.bincount(place, weights=truth, minlength=bins) - np.bincount(place, weights=p, minlength=bins))
    return gap[count > 0].sum() / len(p)


def load(folder):
    import pandas as pd

    return pd.read_parquet(folder / "predictions.parquet")


def metrics_with_intervals(folder, replicates):
    """The figures once, then a bootstrap of them: `replicates` of it are timed, as a thousand would take an hour."""
    frame = load(folder)
    truth, predicted, p = (frame[name].to_numpy() for name in ("truth", "predicted", "p"))
    figures(truth[:1000], predicted[:1000], p[:1000])
    start = time.perf_counter()
    values = figures(truth, predicted, p)
    once = time.perf_counter() - start
    generator = np.random.default_rng(0)
    start = time.perf_counter()
    for _ in range(replicates):
        rows = generator.integers(0, len(p), len(p))
        figures(truth[rows], predicted[rows], p[rows])
    answer(once, replicate=(time.perf_counter() - start) / max(1, replicates), accuracy=values[0], auc=values[-3])


def slices(folder):
    frame = load(folder)
    figures(*(frame[name].to_numpy()[:1000] for name in ("truth", "predicted", "p")))
    queries = json.loads((folder / "slices.json").read_text())
    start = time.perf_counter()
    supports = []
    for query in queries:
        rows = frame.query(query)
        figures(rows["truth"].to_numpy(), rows["predicted"].to_numpy(), rows["p"].to_numpy())
        supports.append(len(rows))
    answer(time.perf_counter() - start, supports=supports)


def sliceline(folder, rows, columns, depth, support):
    from sliceline.slicefinder import Slicefinder

    codes = np.fromfile(folder / "codes.bin", dtype=np.uint8).reshape(-1, columns)[:rows].astype(int)
    losses = np.fromfile(folder / "losses.bin")[:rows]
    start = time.perf_counter()
    finder = Slicefinder(alpha=0.95, k=10, max_l=depth, min_sup=support, verbose=False).fit(codes, losses)
    answer(time.perf_counter() - start, scores=[float(one["slice_score"]) for one in finder.top_slices_statistics_])


what, place, *numbers = sys.argv[1:]
{"score": score, "metrics": metrics_with_intervals, "slices": slices, "sliceline": sliceline}[what](Path(place), *map(int, numbers))
