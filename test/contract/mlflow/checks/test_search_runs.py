"""search_runs: the whole filter grammar, every order, pages, and pandas."""

import json

import mlflow
import pytest
from mlflow.entities import Metric, Param, RunTag

LETTERS = "abcdef"


@pytest.fixture(scope="module")
def shelf(client, name):
    """Runs a..f, started 1000 ms apart. Params, metrics and tags as below; e has hardly anything, f has NaN."""
    experiment = client.create_experiment(name("search"))
    given = {
        "a": ({"lr": "0.1", "model": "Linear", "odd key": "1"}, {"acc": 0.5, "loss": -1, "odd metric": 1}, {"team": "red", "Mixed Case": "x"}),
        "b": ({"lr": "0.01", "model": "linear", "odd key": "2"}, {"acc": 0.7, "loss": 0, "odd metric": 2}, {"team": "green", "odd.tag": "y"}),
        "c": ({"lr": "0.001", "model": "tree_1"}, {"acc": 0.9, "loss": 1}, {"team": "blue"}),
        "d": ({"lr": "10", "model": "tree%2"}, {"acc": 0.7, "loss": 1e300}, {"team": "it's"}),
        "e": ({"model": "none"}, {}, {}),
        "f": ({}, {"acc": float("nan"), "loss": float("inf")}, {"team": "red"}),
    }
    ids = {}
    for index, (letter, (params, metrics, tags)) in enumerate(given.items()):
        run = client.create_run(experiment, start_time=1_000_000 + index * 1000, run_name=f"run-{letter}", tags={"mlflow.user": "maria" if letter < "d" else "Omar"})
        ids[letter] = run.info.run_id
        client.log_batch(run.info.run_id, [Metric(k, v, 1, 0) for k, v in metrics.items()], [Param(k, v) for k, v in params.items()], [RunTag(k, v) for k, v in tags.items()])
    client.set_terminated(ids["a"], "FINISHED", end_time=1_010_000)
    client.set_terminated(ids["b"], "FAILED", end_time=1_020_000)
    client.log_inputs(ids["a"], [dataset_input("train set", "abc", "training")])
    client.log_inputs(ids["b"], [dataset_input("test set", "def", "testing")])
    return experiment, ids


def dataset_input(called, digest, context):
    from mlflow.entities import Dataset, DatasetInput, InputTag

    return DatasetInput(Dataset(called, digest, "local", json.dumps({"uri": "x"})), [InputTag("mlflow.data.context", context)])


@pytest.fixture
def found(client, shelf):
    experiment, ids = shelf
    names = {run: letter for letter, run in ids.items()}

    def search(where="", order=("run_name ASC",), **more):
        where = where.format(**ids, experiment=experiment)
        return "".join(names[one.info.run_id] for one in client.search_runs([experiment], where, order_by=list(order), **more))

    return search


FILTERS = [
    ("", "abcdef"),
    # metrics
    ("metrics.acc > 0.7", "c"),
    ("metrics.acc >= 0.7", "bcd"),
    ("metrics.acc < 0.7", "a"),
    ("metrics.acc <= 0.7", "abd"),
    ("metrics.acc = 0.7", "bd"),
    ("metrics.acc != 0.7", "acf"),
    ("metric.acc = 0.9", "c"),
    ("metrics.loss >= -1", "abcdf"),
    ("metrics.loss = -1", "a"),
    ("metrics.loss > 1e299", "df"),
    ("metrics.`odd metric` = 2", "b"),
    ('metrics."odd metric" < 2', "a"),
    ("metrics.missing > 0", ""),
    # params
    ("params.lr = '0.1'", "a"),
    ('params.lr = "0.1"', "a"),
    ("params.lr != '0.1'", "bcd"),
    ("param.model = 'Linear'", "a"),
    ("parameters.model = 'Linear'", "a"),
    ("params.model LIKE 'lin%'", "b"),
    ("params.model ILIKE 'lin%'", "ab"),
    ("params.model LIKE '%e_1'", "c"),
    ("params.model LIKE 'tree%'", "cd"),
    ("params.model like 'tree%'", "cd"),
    ("params.`odd key` = '2'", "b"),
    ('params."odd key" != \'2\'', "a"),
    ("params.lr IS NULL", "ef"),
    ("params.lr IS NOT NULL", "abcd"),
    # tags
    ("tags.team = 'red'", "af"),
    ("tag.team != 'red'", "bcd"),
    ("tags.team LIKE '%e%'", "abcf"),
    ("tags.team ILIKE 'R%'", "af"),
    ("tags.`Mixed Case` = 'x'", "a"),
    ("tags.odd.tag = 'y'", "b"),
    ("tags.`odd.tag` = 'y'", "b"),
    ("tags.mlflow.user = 'maria'", "abc"),
    ("tags.team IS NULL", "e"),
    ("tags.team IS NOT NULL", "abcdf"),
    ('tags.team = "it\'s"', "d"),
    # attributes
    ("attributes.run_id = '{c}'", "c"),
    ("run_id IN ('{a}', '{b}')", "ab"),
    ("run_id IN ('{a}',)", "a"),
    ("run_id NOT IN ('{a}', '{b}')", "cdef"),
    ("run_id != '{a}'", "bcdef"),
    ("attributes.status = 'FINISHED'", "a"),
    ("status != 'FINISHED'", "bcdef"),
    ("attribute.status = 'RUNNING'", "cdef"),
    ("attr.status LIKE 'F%'", "ab"),
    ("run_name = 'run-b'", "b"),
    ("attributes.`run name` = 'run-b'", "b"),
    ('attributes."Run name" = \'run-b\'', "b"),
    ("attributes.run_name LIKE 'run-%'", "abcdef"),
    ("attributes.run_name ILIKE 'RUN-%'", "abcdef"),
    ("start_time > 1003000", "ef"),
    ("attributes.start_time >= 1003000", "def"),
    ("attributes.created <= 1001000", "ab"),
    ("start_time = 1002000", "c"),
    ("start_time != 1002000", "abdef"),
    ("end_time > 1010000", "b"),
    ("user_id = 'nobody'", ""),
    ("attributes.artifact_uri LIKE '%{c}%'", "c"),
    # datasets
    ("dataset.name = 'train set'", "a"),
    ("datasets.digest = 'def'", "b"),
    ("dataset.context = 'testing'", "b"),
    ("dataset.name LIKE '%set'", "ab"),
    ("dataset.name ILIKE 'TRAIN%'", "a"),
    ("dataset.name IN ('train set', 'x')", "a"),
    # several
    ("metrics.acc > 0.6 AND params.model = 'linear'", "b"),
    ("metrics.acc > 0.6 and tags.team != 'red' and status = 'RUNNING'", "cd"),
    ("  metrics.acc>0.6   AND   metrics.acc<0.8 ", "bd"),
    ("params.lr IS NOT NULL AND tags.team = 'red'", "a"),
    ("params.model = 'x'' or 1=1 --'", ""),
]


@pytest.mark.parametrize("where, expected", FILTERS, ids=[one[0] or "(nothing)" for one in FILTERS])
def test_filter(found, where, expected):
    assert found(where) == expected


BAD_FILTERS = [
    "metrics.acc",
    "metrics.acc > 'a'",
    "metrics.acc LIKE '1'",
    "metrics.acc IS NULL",
    "params.lr > '1'",
    "params.lr = 0.1",
    "params.lr IN ('a')",
    "params.lr = a",
    "tags.team < 'a'",
    "attributes.nothing = 'x'",
    "attributes.start_time = 'x'",
    "attributes.start_time LIKE '1'",
    "attributes.status > 'x'",
    "status IN ('FINISHED')",
    "run_id IN ()",
    "nothing.x = 'y'",
    "metrics.acc > 0.1 OR metrics.acc < 0.1",
    "metrics.acc > 0.1; DROP TABLE runs",
    "metrics.acc > ",
    "> 0.1",
    "NOT metrics.acc > 0.1",
    "(metrics.acc > 0.1)",
    "'a' = 'a'",
    "dataset.nothing = 'a'",
]


@pytest.mark.parametrize("where", BAD_FILTERS)
def test_a_filter_outside_the_grammar_is_refused_with_words(rest, shelf, where):
    status, code, message = rest.fails("POST", "runs/search", {"experiment_ids": [shelf[0]], "filter": where, "max_results": 10})
    assert (status, code) == (400, "INVALID_PARAMETER_VALUE") and len(message) > 10


ORDERS = [
    ([], "fedcba"),
    (["start_time"], "abcdef"),
    (["attributes.start_time DESC"], "fedcba"),
    (["attribute.run_name DESC"], "fedcba"),
    (["run_name asc"], "abcdef"),
    (["metrics.acc"], "adbcfe"),
    (["metrics.acc ASC", "start_time ASC"], "abdcfe"),
    (["metrics.acc DESC"], "cdbafe"),
    (["metric.loss"], "abcdfe"),
    (["metrics.loss DESC"], "fdcbae"),
    (["metrics.`odd metric` DESC", "run_name"], "bacdef"),
    (['metrics."odd metric"', "run_name DESC"], "abfedc"),
    (["params.lr", "run_name"], "cbadef"),
    (["params.lr DESC", "run_name"], "dabcef"),
    (["tags.team", "run_name"], "cbdafe"),
    (["tag.team DESC", "run_name DESC"], "fadbce"),
    (["status", "run_name"], "bacdef"),
    (["end_time", "run_name"], "abcdef"),
    (["end_time DESC", "run_name"], "bacdef"),
    (["tags.`mlflow.user`", "metrics.acc DESC"], "dfecba"),
    (["Created"], "abcdef"),
]


@pytest.mark.parametrize("order, expected", ORDERS, ids=[", ".join(one[0]) or "(nothing)" for one in ORDERS])
def test_order(found, order, expected):
    assert found(order=order) == expected


@pytest.mark.parametrize("bad", ["acc", "metrics.acc UP", "nothing.x", "attributes.nothing", "metrics.acc ASC DESC", "", "metrics.acc, params.lr", "'metrics.acc'"], ids=repr)
def test_an_order_it_does_not_know_is_refused(rest, shelf, bad):
    body = {"experiment_ids": [shelf[0]], "order_by": [bad], "max_results": 10}
    assert rest.fails("POST", "runs/search", body)[:2] == (400, "INVALID_PARAMETER_VALUE")


@pytest.mark.parametrize("order", [(), ("metrics.acc",), ("metrics.acc DESC",), ("params.lr", "run_name")], ids=repr)
@pytest.mark.parametrize("size", [1, 2, 4, 6, 7])
def test_pages_hold_everything_once_in_order(client, shelf, order, size):
    whole = [one.info.run_id for one in client.search_runs([shelf[0]], order_by=list(order))]
    seen, token = [], None
    for _ in range(10):
        page = client.search_runs([shelf[0]], order_by=list(order), max_results=size, page_token=token)
        seen += [one.info.run_id for one in page]
        token = page.token
        if not token:
            break
        assert len(page) == size
    assert seen == whole


def test_a_page_token_of_the_last_page_is_none(client, shelf):
    assert client.search_runs([shelf[0]], max_results=100).token is None


def test_a_broken_page_token_is_refused(rest, shelf):
    body = {"experiment_ids": [shelf[0]], "max_results": 2, "page_token": "no token!"}
    assert rest.fails("POST", "runs/search", body)[:2] == (400, "INVALID_PARAMETER_VALUE")


@pytest.mark.parametrize("bad", [-1, 50001, "many"])
def test_a_page_has_a_size_that_is_sensible(rest, shelf, bad):
    status, code, message = rest.fails("POST", "runs/search", {"experiment_ids": [shelf[0]], "max_results": bad})
    assert (status, code) == (400, "INVALID_PARAMETER_VALUE") and "max_results" in message


def test_no_experiment_has_no_runs(rest):
    assert not rest.post("runs/search", {"experiment_ids": []}).get("runs")
    assert not rest.post("runs/search", {"experiment_ids": ["987654321"]}).get("runs")


def test_a_found_run_is_a_whole_run(client, shelf):
    experiment, ids = shelf
    (one,) = client.search_runs([experiment], f"run_id = '{ids['a']}'")
    whole = client.get_run(ids["a"])
    assert one.to_dictionary() == whole.to_dictionary()
    assert one.data.params["lr"] == "0.1" and one.data.metrics["loss"] == -1 and one.data.tags["team"] == "red"
    assert [i.dataset.name for i in one.inputs.dataset_inputs] == ["train set"]


def test_several_experiments_at_once(client, shelf, name):
    other = client.create_experiment(name())
    run = client.create_run(other, run_name="zzz").info.run_id
    both = client.search_runs([shelf[0], other], order_by=["run_name DESC"])
    assert len(both) == 7 and both[0].info.run_id == run


def test_search_into_pandas(shelf):
    experiment, ids = shelf
    frame = mlflow.search_runs(experiment_ids=[experiment], order_by=["run_name"])
    assert list(frame["run_id"]) == list(ids.values())
    row = frame.iloc[0]
    assert row["metrics.acc"] == 0.5 and row["params.lr"] == "0.1" and row["tags.team"] == "red" and row["status"] == "FINISHED"
    assert row["start_time"].timestamp() == 1000 and row["end_time"].timestamp() == 1010
    assert frame["metrics.acc"].isna().sum() == 2 and frame["params.lr"].isna().sum() == 2


def test_search_by_experiment_name_and_as_list(client, shelf):
    called = client.get_experiment(shelf[0]).name
    runs = mlflow.search_runs(experiment_names=[called], filter_string="metrics.acc > 0.6", output_format="list", order_by=["metrics.acc DESC", "run_name"])
    assert [one.info.run_name for one in runs] == ["run-c", "run-b", "run-d"]


def test_the_last_value_is_what_is_searched(client, name):
    experiment = client.create_experiment(name())
    run = client.create_run(experiment).info.run_id
    client.log_metric(run, "m", 5, step=0)
    client.log_metric(run, "m", 1, step=1)
    assert len(client.search_runs([experiment], "metrics.m = 1")) == 1
    assert len(client.search_runs([experiment], "metrics.m = 5")) == 0
