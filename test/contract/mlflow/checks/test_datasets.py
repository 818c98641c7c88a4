"""Data: a run's dataset inputs, evaluation datasets of mlflow.genai, and what webhooks say."""

import json

import mlflow
import numpy as np
import pandas as pd
import pytest
from mlflow.entities import Dataset, DatasetInput, InputTag


def inputs_of(client, run):
    return {one.dataset.name: one for one in client.get_run(run).inputs.dataset_inputs}


def test_a_dataset_is_an_input_of_its_run(client, active, tmp_path):
    frame = pd.DataFrame({"a": [1, 2], "b": [0.5, 1.5]})
    frame.to_csv(tmp_path / "train.csv")
    data = mlflow.data.from_pandas(frame, source=str(tmp_path / "train.csv"), name="train", targets="b")
    with mlflow.start_run() as run:
        mlflow.log_input(data, context="training", tags={"k": "v"})
    one = inputs_of(client, run.info.run_id)["train"]
    assert one.dataset.digest == data.digest and one.dataset.source_type == "local"
    assert json.loads(one.dataset.schema)["mlflow_colspec"][0]["name"] == "a"
    assert json.loads(one.dataset.profile)["num_rows"] == 2
    assert {tag.key: tag.value for tag in one.tags} == {"mlflow.data.context": "training", "k": "v"}
    assert mlflow.data.get_source(one.dataset).load().endswith("train.csv")


def test_the_same_dataset_twice_is_one_and_another_digest_is_another(client, run):
    for digest in ("1", "1", "2"):
        client.log_inputs(run, [DatasetInput(Dataset("set", digest, "local", "{}"), [InputTag("mlflow.data.context", "eval")])])
    assert sorted(one.dataset.digest for one in client.get_run(run).inputs.dataset_inputs) == ["1", "2"]


def test_numpy_and_tags_in_one_call(client, active):
    with mlflow.start_run() as run:
        mlflow.log_input(mlflow.data.from_numpy(np.eye(3), name="eye"))
    assert json.loads(inputs_of(client, run.info.run_id)["eye"].dataset.profile)["features_size"] == 9


@pytest.mark.parametrize("bad", [{"name": "n" * 501, "digest": "d", "source_type": "s", "source": "x"}, {"name": "n", "digest": "d" * 37, "source_type": "s", "source": "x"}], ids=["long name", "long digest"])
def test_a_bad_dataset_is_refused(rest, run, bad):
    assert rest.fails("POST", "runs/log-inputs", {"run_id": run, "datasets": [{"dataset": bad}]})[:2] == (400, "INVALID_PARAMETER_VALUE")


def test_inputs_of_an_unknown_run_are_a_404(rest):
    body = {"run_id": "0" * 32, "datasets": [{"dataset": {"name": "n", "digest": "d", "source_type": "s", "source": "x"}}]}
    assert rest.fails("POST", "runs/log-inputs", body)[:2] == (404, "RESOURCE_DOES_NOT_EXIST")


def test_the_interface_asks_which_datasets_an_experiment_has(rest, client, name):
    experiment = client.create_experiment(name())
    for digest in ("1", "2"):
        client.log_inputs(client.create_run(experiment).info.run_id, [DatasetInput(Dataset("set", digest, "local", "{}"), [InputTag("mlflow.data.context", "eval")])])
    said = rest.call("POST", "/ajax-api/2.0/mlflow/experiments/search-datasets", json={"experiment_ids": [experiment]}).json()
    assert sorted((one["name"], one["digest"], one["context"], one["experiment_id"]) for one in said["dataset_summaries"]) == [("set", d, "eval", experiment) for d in "12"]


@pytest.fixture
def dataset(experiment, name):
    from mlflow.genai.datasets import create_dataset

    return create_dataset(name=name("golden"), experiment_id=[experiment], tags={"team": "a"})


def test_an_evaluation_dataset_is_read_back(dataset, experiment):
    from mlflow.genai.datasets import get_dataset

    got = get_dataset(dataset_id=dataset.dataset_id)
    assert got.dataset_id.startswith("d-") and got.name == dataset.name and got.tags["team"] == "a"
    assert got.experiment_ids == [experiment] and got.created_time > 0


def test_records_are_merged_by_their_inputs(dataset):
    from mlflow.genai.datasets import get_dataset

    dataset.merge_records([{"inputs": {"q": "one"}, "expectations": {"a": 1}, "tags": {"t": "x"}}, {"inputs": {"q": "two"}}])
    dataset.merge_records([{"inputs": {"q": "one"}, "expectations": {"b": 2}}])
    frame = get_dataset(dataset_id=dataset.dataset_id).to_df()
    records = {row.inputs["q"]: row for row in frame.itertuples()}
    assert set(records) == {"one", "two"} and records["one"].expectations == {"a": 1, "b": 2} and records["one"].tags["t"] == "x"
    assert json.loads(get_dataset(dataset_id=dataset.dataset_id).profile)["num_records"] == 2


def test_records_are_deleted(dataset):
    from mlflow.genai.datasets import get_dataset

    dataset.merge_records([{"inputs": {"q": q}} for q in ("one", "two")])
    gone = next(row.dataset_record_id for row in dataset.to_df().itertuples() if row.inputs["q"] == "one")
    assert dataset.delete_records([gone]) == 1
    assert [row.inputs["q"] for row in get_dataset(dataset_id=dataset.dataset_id).to_df().itertuples()] == ["two"]


def test_evaluation_datasets_are_searched(dataset, experiment):
    from mlflow.genai.datasets import search_datasets

    assert [one.dataset_id for one in search_datasets(experiment_ids=[experiment], filter_string=f"name = '{dataset.name}'")] == [dataset.dataset_id]
    assert dataset.dataset_id in [one.dataset_id for one in search_datasets(filter_string="tags.team = 'a'")]
    assert search_datasets(filter_string="name = 'nobody'") == []
    found = search_datasets(experiment_ids=[experiment], order_by=["created_time DESC"], max_results=1)
    assert [one.dataset_id for one in found] == [dataset.dataset_id]


def test_tags_and_experiments_of_an_evaluation_dataset(client, dataset, experiment, name):
    from mlflow.genai.datasets import add_dataset_to_experiments, delete_dataset_tag, get_dataset, remove_dataset_from_experiments, set_dataset_tags

    other = client.create_experiment(name())
    set_dataset_tags(dataset_id=dataset.dataset_id, tags={"team": "b", "x": "y"})
    delete_dataset_tag(dataset_id=dataset.dataset_id, key="x")
    add_dataset_to_experiments(dataset_id=dataset.dataset_id, experiment_ids=[other])
    got = get_dataset(dataset_id=dataset.dataset_id)
    assert got.tags["team"] == "b" and "x" not in got.tags and set(got.experiment_ids) == {experiment, other}
    remove_dataset_from_experiments(dataset_id=dataset.dataset_id, experiment_ids=[experiment])
    assert get_dataset(dataset_id=dataset.dataset_id).experiment_ids == [other]


def test_a_deleted_evaluation_dataset_is_gone(dataset, refused):
    from mlflow.genai.datasets import delete_dataset, get_dataset

    delete_dataset(dataset_id=dataset.dataset_id)
    refused("RESOURCE_DOES_NOT_EXIST", get_dataset, dataset_id=dataset.dataset_id)


def test_webhooks_are_none_and_an_unknown_one_is_a_404(client, rest, refused):
    assert list(client.list_webhooks()) == []
    refused("RESOURCE_DOES_NOT_EXIST", client.get_webhook, "nobody")
    assert rest.fails("POST", "webhooks", {})[:2] == (400, "INVALID_PARAMETER_VALUE")


def test_prompts_are_registered_models_with_text(name):
    called = name("prompt").replace("-", "_")
    mlflow.genai.register_prompt(name=called, template="Hello {{who}}", tags={"a": "b"}, commit_message="first")
    mlflow.genai.register_prompt(name=called, template="Hi {{who}}")
    mlflow.genai.set_prompt_alias(called, alias="live", version=1)
    assert mlflow.genai.load_prompt(f"prompts:/{called}/2").template == "Hi {{who}}"
    assert mlflow.genai.load_prompt(f"prompts:/{called}@live").format(who="you") == "Hello you"
    assert called in [one.name for one in mlflow.genai.search_prompts(filter_string=f"name = '{called}'")]
    assert mlflow.genai.load_prompt(f"prompts:/{called}/9", allow_missing=True) is None
    assert called not in [one.name for one in mlflow.search_registered_models()]
