"""Trains on the rows that a retraining hands over (RUNYARD_DATA), else on data/old.csv, and logs the model as ONNX."""
import os
from pathlib import Path

import pandas as pd
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import runyard

HERE = Path(__file__).resolve().parent
COLUMNS, LABEL = ["income", "months", "debt"], "repaid"


def main():
    source = os.environ.get("RUNYARD_DATA")
    data = pd.read_parquet(source) if source else pd.read_csv(HERE / "data" / "old.csv")
    runyard.log_dataset("repaid", source or HERE / "data" / "old.csv", role="train")
    model = make_pipeline(ColumnTransformer([("numbers", StandardScaler(), COLUMNS)]), LogisticRegression())
    model.fit(data[COLUMNS], data[LABEL].astype(int))
    print(f"rows={len(data)} accuracy={model.score(data[COLUMNS], data[LABEL].astype(int)):.4f}")
    inputs = [(name, FloatTensorType([None, 1])) for name in COLUMNS]
    onnx = to_onnx(model, initial_types=inputs, options={"zipmap": False}, target_opset={"": 17, "ai.onnx.ml": 3})
    file = HERE / "out" / "model.onnx"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(onnx.SerializeToString())
    runyard.log_model(file)


if __name__ == "__main__":
    main()
