"""Autologging of scikit-learn, XGBoost and LightGBM, and mlflow.models.evaluate, with models that fit in a blink."""

import os

import mlflow
import numpy as np
import pandas as pd
import pytest

X = pd.DataFrame({"a": np.arange(40.0), "b": np.arange(40.0) % 7})
Y = (X["a"] > 20).astype(int).to_numpy()


@pytest.fixture
def fitted(client, active):
    """fitted(train): the run that a call left, and the logged model of it."""

    def check(train):
        train()
        mlflow.flush_async_logging()
        run = client.get_run(mlflow.last_active_run().info.run_id)
        assert run.info.experiment_id == active and run.info.status == "FINISHED"
        models = client.search_logged_models([active], filter_string=f"source_run_id = '{run.info.run_id}'")
        return run, models[0] if models else None

    yield check
    mlflow.autolog(disable=True)
    for flavour in (mlflow.sklearn, mlflow.xgboost, mlflow.lightgbm):
        flavour.autolog(disable=True)


def test_autolog_of_everything_there_is(client, fitted):
    """The first here: what was said of one library alone outweighs this from then on."""
    from sklearn.linear_model import Ridge

    mlflow.autolog(log_models=False, log_datasets=False)
    run, model = fitted(lambda: Ridge(alpha=0.25).fit(X, Y))
    assert run.data.params["alpha"] == "0.25" and "training_r2_score" in run.data.metrics
    assert model is None and not run.inputs.dataset_inputs


def test_sklearn_fit(client, fitted):
    from sklearn.linear_model import LogisticRegression

    mlflow.sklearn.autolog()
    run, model = fitted(lambda: LogisticRegression(C=0.5).fit(X, Y))
    assert run.data.params["C"] == "0.5" and run.data.metrics["training_accuracy_score"] > 0.8
    assert run.data.tags["estimator_name"] == "LogisticRegression"
    assert [i.dataset.name for i in run.inputs.dataset_inputs] == ["dataset"]
    assert [i.tags[0].value for i in run.inputs.dataset_inputs] == ["train"]
    assert [o.model_id for o in run.outputs.model_outputs] == [model.model_id]
    paths = {one.path for one in client.list_artifacts(run.info.run_id)}
    assert "training_confusion_matrix.png" in paths and "estimator.html" in paths
    assert mlflow.sklearn.load_model(f"models:/{model.model_id}").predict(X[:2]).tolist() == [0, 0]
    assert mlflow.pyfunc.load_model(f"runs:/{run.info.run_id}/model").predict(X[-2:]).tolist() == [1, 1]


def test_sklearn_metrics_after_the_fit_are_logged(client, fitted, active):
    import sklearn.metrics
    from sklearn.linear_model import LinearRegression

    mlflow.sklearn.autolog(log_models=False)
    with mlflow.start_run() as run:
        model = LinearRegression().fit(X, Y)
        predicted = model.predict(X)
        sklearn.metrics.mean_absolute_error(Y, predicted)
    assert any(key.startswith("mean_absolute_error") for key in client.get_run(run.info.run_id).data.metrics)


def test_sklearn_grid_search_makes_child_runs(client, fitted, active):
    from sklearn.model_selection import GridSearchCV
    from sklearn.tree import DecisionTreeClassifier

    mlflow.sklearn.autolog(log_models=False, max_tuning_runs=2)
    run, _ = fitted(lambda: GridSearchCV(DecisionTreeClassifier(random_state=0), {"max_depth": [1, 2]}, cv=2).fit(X, Y))
    assert run.data.params["best_max_depth"] in ("1", "2") and "best_cv_score" in run.data.metrics
    children = client.search_runs([active], f"tags.mlflow.parentRunId = '{run.info.run_id}'")
    assert sorted(child.data.params["max_depth"] for child in children) == ["1", "2"]
    assert all("mean_test_score" in child.data.metrics for child in children)
    assert "cv_results.csv" in {one.path for one in client.list_artifacts(run.info.run_id)}


def test_autolog_registers_a_model(client, fitted, name):
    from sklearn.tree import DecisionTreeClassifier

    called = name("autologged")
    mlflow.sklearn.autolog(registered_model_name=called)
    fitted(lambda: DecisionTreeClassifier(max_depth=1).fit(X, Y))
    assert mlflow.pyfunc.load_model(f"models:/{called}/1").predict(X[-1:]).tolist() == [1]


def test_xgboost_train(client, fitted):
    import xgboost

    mlflow.xgboost.autolog()
    run, model = fitted(lambda: xgboost.train({"max_depth": 2, "objective": "binary:logistic"}, xgboost.DMatrix(X, Y), num_boost_round=5, evals=[(xgboost.DMatrix(X, Y), "train")], verbose_eval=False))
    assert run.data.params["max_depth"] == "2" and run.data.params["num_boost_round"] == "5"
    assert [m.step for m in client.get_metric_history(run.info.run_id, "train-logloss")] == [0, 1, 2, 3, 4]
    assert "feature_importance_weight.json" in {one.path for one in client.list_artifacts(run.info.run_id)}
    assert mlflow.xgboost.load_model(f"models:/{model.model_id}").num_boosted_rounds() == 5


def test_lightgbm_train(client, fitted):
    import lightgbm

    mlflow.lightgbm.autolog()
    data = lightgbm.Dataset(X, Y)
    run, model = fitted(lambda: lightgbm.train({"objective": "binary", "verbose": -1, "min_data_in_leaf": 2, "num_threads": 1}, data, num_boost_round=5, valid_sets=[data], valid_names=["train"]))
    assert run.data.params["objective"] == "binary"
    assert [m.step for m in client.get_metric_history(run.info.run_id, "train-binary_logloss")] == [0, 1, 2, 3, 4]
    assert "feature_importance_split.png" in {one.path for one in client.list_artifacts(run.info.run_id)}
    assert mlflow.lightgbm.load_model(f"models:/{model.model_id}").predict(X).shape == (40,)


def test_evaluate_logs_metrics_plots_and_a_table(client, active):
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(max_iter=1000).fit(X, Y)
    data = X.assign(target=Y)
    with mlflow.start_run() as run:
        info = mlflow.sklearn.log_model(model, name="model", pip_requirements=["scikit-learn"])
        result = mlflow.models.evaluate(info.model_uri, data, targets="target", model_type="classifier", evaluator_config={"log_model_explainability": False})
    got = client.get_run(run.info.run_id)
    assert got.data.metrics["accuracy_score"] == result.metrics["accuracy_score"] == 1.0
    assert "target" not in got.data.params and got.inputs.dataset_inputs
    for artifact in result.artifacts.values():
        assert os.path.basename(artifact.uri) in {os.path.basename(one.path) for one in client.list_artifacts(run.info.run_id)}
    assert {m.key for m in client.get_logged_model(info.model_id).metrics} >= {"accuracy_score", "f1_score"}


def test_evaluate_of_a_column_of_predictions(client, active):
    with mlflow.start_run() as run:
        mlflow.models.evaluate(data=pd.DataFrame({"t": [1.0, 2.0, 3.0], "p": [1.0, 2.0, 4.0]}), targets="t", predictions="p", model_type="regressor")
    assert abs(client.get_run(run.info.run_id).data.metrics["mean_absolute_error"] - 1 / 3) < 1e-9
