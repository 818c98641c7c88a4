"""NannyML on the same question: performance.py cbpe|dle FOLDER CHUNK; prints one JSON line {"seconds", "mb", "estimates"}. Files are read within the time."""
import json
import resource
import sys
import time
import warnings
from pathlib import Path

import nannyml as nml
import pandas as pd

warnings.filterwarnings("ignore")
what, folder, chunk = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
start = time.perf_counter()
reference, log = pd.read_parquet(folder / "reference.parquet"), pd.read_parquet(folder / "log.parquet")
if what == "cbpe":
    metrics = ["accuracy", "precision", "recall", "specificity", "f1", "roc_auc", "average_precision"]
    estimator = nml.CBPE(problem_type="classification_binary", y_pred_proba="p", y_pred="said", y_true="truth", metrics=metrics, chunk_size=chunk)
else:
    metrics = ["mae", "rmse"]
    estimator = nml.DLE(feature_column_names=["p", "said", "x1", "x2", "region"], y_pred="amount", y_true="price", metrics=metrics, chunk_size=chunk)
estimator.fit(reference)
frame = estimator.estimate(log.drop(columns=["truth", "price"])).filter(period="analysis").to_df()
print(json.dumps({"seconds": time.perf_counter() - start, "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "estimates": {metric: [float(value) for value in frame[(metric, "value")]] for metric in metrics}}))
