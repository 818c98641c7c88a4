"""Will this car loan be repaid? Trains one of three classifiers, epoch by epoch, and exports it to ONNX.

    python train.py --model boosting --lr 0.1 --epochs 12
"""
import argparse
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import accuracy_score, log_loss, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

try:
    import runyard
except ModuleNotFoundError:  # started by hand, without Runyard: train all the same
    runyard = SimpleNamespace(**{call: lambda *_, **__: None for call in ("log", "log_dataset", "log_model", "log_table", "summary")})

HERE = Path(__file__).resolve().parent
LABEL = "repaid"
NUMBERS = ["car_value", "debt_to_income_ratio", "loan_length", "driver_tenure"]
CATEGORIES = ["salary_range", "repaid_loan_on_prev_car", "size_of_downpayment"]
PER_EPOCH = 10  # trees that an epoch adds


def parse_args():
    flags = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    flags.add_argument("--model", choices=["logistic", "forest", "boosting"], default="boosting")
    flags.add_argument("--lr", type=float, default=0.1, help="learning rate of logistic and boosting")
    flags.add_argument("--epochs", type=int, default=12)
    flags.add_argument("--max-depth", type=int, default=4, help="depth of the trees of forest and boosting")
    flags.add_argument("--l2", type=float, default=1e-4, help="weight decay of logistic and boosting")
    flags.add_argument("--seed", type=int, default=0, help="of the split and of the model")
    flags.add_argument("--limit", type=int, default=0, help="train on this many rows only; 0 for all")
    flags.add_argument("--data", type=Path, default=HERE / "data" / "train.csv")
    flags.add_argument("--out", type=Path, default=HERE / "out" / "model.onnx")
    return flags.parse_args()


def load(path, limit=0):
    """Features and label; a missing category is the empty text, a missing number stays NaN."""
    types = {**{name: "float64" for name in NUMBERS}, **{name: str for name in CATEGORIES}}
    data = pd.read_csv(path, dtype=types, keep_default_na=False, na_values={name: [""] for name in NUMBERS}, nrows=limit or None)
    return data[NUMBERS + CATEGORIES], data[LABEL].to_numpy()


def preprocessing(scale):
    """Trees take the numbers as they are: scaled ones would be rounded across a split by ONNX's 32 bits now and then."""
    fill = SimpleImputer(strategy="median")
    numbers = Pipeline([("fill", fill), ("scale", StandardScaler())]) if scale else fill
    categories = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    return ColumnTransformer([("numbers", numbers, NUMBERS), ("categories", categories, CATEGORIES)])


def epochs(args, x, y):
    """Yields the model after each epoch: a pass over the rows, or some more trees."""
    if args.model == "logistic":
        model = SGDClassifier(loss="log_loss", alpha=args.l2, learning_rate="invscaling", eta0=args.lr, random_state=args.seed)
        order = np.random.default_rng(args.seed)
        for _ in range(args.epochs):
            rows = order.permutation(len(y))
            yield model.partial_fit(x[rows], y[rows], classes=[0, 1])
    elif args.model == "forest":
        model = RandomForestClassifier(0, max_depth=args.max_depth, warm_start=True, random_state=args.seed)
        for _ in range(args.epochs):
            yield model.set_params(n_estimators=model.n_estimators + PER_EPOCH).fit(x, y)
    else:
        model = HistGradientBoostingClassifier(
            learning_rate=args.lr, max_iter=PER_EPOCH, max_depth=args.max_depth, l2_regularization=args.l2,
            early_stopping=False, warm_start=True, random_state=args.seed)
        for epoch in range(args.epochs):
            yield model.set_params(max_iter=PER_EPOCH * (epoch + 1)).fit(x, y)


def export(pipeline, path):
    """Writes ONNX with one named [N, 1] input for each column; probabilities as a plain tensor (zipmap off)."""
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType, StringTensorType

    inputs = [(name, FloatTensorType([None, 1])) for name in NUMBERS] + [(name, StringTensorType([None, 1])) for name in CATEGORIES]
    onnx = to_onnx(pipeline, initial_types=inputs, options={"zipmap": False}, target_opset={"": 17, "ai.onnx.ml": 3})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(onnx.SerializeToString())


def check(path, features, expected):
    """The exported model says what the trained one says; returns the largest difference."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    feed = {name: features[[name]].to_numpy(np.float32) for name in NUMBERS}
    feed.update({name: features[[name]].to_numpy(object) for name in CATEGORIES})
    return float(np.abs(session.run(None, feed)[1][:, 1] - expected).max())


def by_salary(features, y, scores):
    """One row for each salary range: how many loans, and how well they are told apart."""
    rows = []
    for name, index in features.groupby("salary_range").indices.items():
        rows.append({"salary_range": name or "(missing)", "rows": len(index), "repaid": y[index].mean(),
                     "auc": roc_auc_score(y[index], scores[index])})
    return rows


def main():
    args = parse_args()
    features, label = load(args.data, args.limit)
    runyard.log_dataset("car-loan", args.data, role="train")
    train_x, val_x, train_y, val_y = train_test_split(features, label, test_size=0.2, random_state=args.seed, stratify=label)
    prepare = preprocessing(scale=args.model == "logistic")
    x, x_val = prepare.fit_transform(train_x), prepare.transform(val_x)

    for epoch, model in enumerate(epochs(args, x, train_y)):
        started = time.perf_counter()
        scores = model.predict_proba(x_val)[:, 1]
        train_loss = log_loss(train_y, model.predict_proba(x)[:, 1])
        val_auc = roc_auc_score(val_y, scores)
        runyard.log({"train_loss": train_loss, "val_loss": log_loss(val_y, scores)}, step=epoch)
        runyard.log({"val_auc": val_auc, "val_accuracy": accuracy_score(val_y, scores > 0.5)}, step=epoch)
        print(f"epoch {epoch} train_loss={train_loss:.4f} val_auc={val_auc:.4f}", flush=True)

    pipeline = Pipeline([("prepare", prepare), ("model", model)])
    export(pipeline, args.out)
    runyard.log_model(args.out)
    runyard.log_table("val_auc_by_salary", by_salary(val_x, val_y, scores))

    # The months after the training data, as they came in: what the validation split can't show.
    current = HERE / "data" / "current.csv"
    later_x, later_y = load(current)
    runyard.log_dataset("car-loan-current", current, role="test")
    later = pipeline.predict_proba(later_x)[:, 1]
    current_auc = roc_auc_score(later_y, later)
    runyard.summary({"current_auc": current_auc, "onnx_difference": check(args.out, val_x, scores)})
    print(f"current_auc={current_auc:.4f}")


if __name__ == "__main__":
    main()
