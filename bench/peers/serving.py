"""The peer of the scoring server: a logistic regression of scikit-learn on the same ten columns, saved as an MLflow model. serving.py DATA.csv LABEL FOLDER"""
import sys

import mlflow
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

data, label, folder, *columns = sys.argv[1:]
frame = pd.read_csv(data)
model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(frame[columns].fillna(0), frame[label])
mlflow.sklearn.save_model(model, folder, signature=mlflow.models.infer_signature(frame[columns].astype(float).head(20), model.predict(frame[columns].fillna(0).head(20))))
