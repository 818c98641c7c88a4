"""The same question without a line of Runyard: what a script prints is enough.

    python train_plain.py --lr 0.001 --epochs 10

Runyard reads the params from the command line and the metrics from lines such as `epoch 3 loss=0.41 acc: 0.9`.
"""
import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

NUMBERS = ["car_value", "debt_to_income_ratio", "loan_length", "driver_tenure"]


def main():
    flags = argparse.ArgumentParser(description="Car loan, plain")
    flags.add_argument("--lr", type=float, default=0.001)
    flags.add_argument("--epochs", type=int, default=10)
    flags.add_argument("--seed", type=int, default=0)
    args = flags.parse_args()

    data = pd.read_csv(Path(__file__).resolve().parent / "data" / "train.csv")
    x = pd.get_dummies(data.drop(columns="repaid").fillna({name: data[name].median() for name in NUMBERS}), dtype=float)
    train_x, val_x, train_y, val_y = train_test_split(x, data["repaid"].to_numpy(), test_size=0.2, random_state=args.seed)
    scale = StandardScaler().fit(train_x)
    train_x, val_x = scale.transform(train_x), scale.transform(val_x)

    model = SGDClassifier(loss="log_loss", learning_rate="constant", eta0=args.lr, random_state=args.seed)
    order = np.random.default_rng(args.seed)
    for epoch in range(args.epochs):
        rows = order.permutation(len(train_y))
        model.partial_fit(train_x[rows], train_y[rows], classes=[0, 1])
        loss = log_loss(val_y, model.predict_proba(val_x))
        print(f"epoch {epoch} loss={loss:.4f} acc: {model.score(val_x, val_y):.4f}", flush=True)


if __name__ == "__main__":
    main()
