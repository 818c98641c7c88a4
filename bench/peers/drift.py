"""What a user would write with Evidently for the same question: drift.py FOLDER; prints one JSON line {"seconds", "mb", "bytes", "drifted"}.

FOLDER holds reference.parquet and current.parquet. From files to the report as HTML, as it is shown.
"""
import json
import resource
import sys
import time
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")


def main(folder):
    import pandas as pd
    from evidently import DataDefinition, Dataset, Report
    from evidently.presets import DataDriftPreset

    start = time.perf_counter()
    frames = [pd.read_parquet(folder / f"{name}.parquet") for name in ("reference", "current")]
    numbers = [name for name in frames[0].columns if name.startswith("n")]
    groups = [name for name in frames[0].columns if name.startswith("g")]
    definition = DataDefinition(numerical_columns=numbers, categorical_columns=groups)
    reference, current = (Dataset.from_pandas(frame, data_definition=definition) for frame in frames)
    result = Report([DataDriftPreset()]).run(reference_data=reference, current_data=current)
    html = result.get_html_str(as_iframe=False)
    seconds = time.perf_counter() - start
    drifted = next((metric["value"] for metric in result.dict()["metrics"] if "count" in str(metric["value"])), None)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"seconds": seconds, "cpu": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss // 1024, "bytes": len(html), "drifted": drifted}))


main(Path(sys.argv[1]))
