"""Writes what a deployed model was asked and answered over 90 days, and what turned out to be right: data/log.csv and data/old.csv.

On day 60 the world changes: incomes rise, and long loans, which were the risky ones, are now repaid best. The same numbers each time; the last day is yesterday.
"""
import csv
import math
import random
from datetime import datetime, timedelta, timezone
from pathlib import Path

DAYS, PER_DAY, CHANGE = 90, 80, 60
DATA = Path(__file__).resolve().parent / "data"


def applicant(draw, after):
    income = draw.lognormvariate(3.4, 0.4) * (1.35 if after else 1.0)
    months = draw.choice([12, 24, 36, 48, 60])
    debt = draw.uniform(0, 1)
    score = 0.05 * (income - 35) - 2.5 * (debt - 0.5) + (0.06 if after else -0.06) * (months - 36)
    return {"income": round(income, 2), "months": months, "debt": round(debt, 4)}, int(draw.random() < 1 / (1 + math.exp(-score)))


def live_model(row):
    """The model that was live all the time: it knows the world before the change."""
    return 1 / (1 + math.exp(-(0.05 * (row["income"] - 35) - 2.5 * (row["debt"] - 0.5) - 0.06 * (row["months"] - 36))))


def main():
    draw = random.Random(7)
    first = datetime.now(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS)
    DATA.mkdir(exist_ok=True)
    with open(DATA / "old.csv", "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["income", "months", "debt", "repaid"])
        for _ in range(1000):
            row, repaid = applicant(draw, after=False)
            rows.writerow([*row.values(), repaid])
    with open(DATA / "log.csv", "w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["time", "request", "income", "months", "debt", "said", "chance", "repaid"])
        for n in range(DAYS * PER_DAY):
            row, repaid = applicant(draw, after=n >= CHANGE * PER_DAY)
            chance = live_model(row)
            time = first + timedelta(days=1) * (n / PER_DAY)
            rows.writerow([time.isoformat(timespec="milliseconds"), f"r{n}", *row.values(), int(chance >= 0.5), round(chance, 6), repaid])
    print(f"{DAYS * PER_DAY} rows in data/log.csv, the world changes on {(first + timedelta(days=CHANGE)).date()}; 1000 rows of before in data/old.csv")


if __name__ == "__main__":
    main()
