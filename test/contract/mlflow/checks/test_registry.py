"""The model registry: registered models and versions, aliases, stages, tags, search, copies, and loads by name."""

import mlflow
import pytest


@pytest.fixture
def registered(client, name):
    """The name of a registered model of this check's own."""
    return client.create_registered_model(name("reg")).name


@pytest.fixture(scope="module")
def logged(client, experiment):
    """A logged model of scikit-learn that always says 7."""
    from sklearn.dummy import DummyRegressor

    mlflow.set_experiment(experiment_id=experiment)
    with mlflow.start_run() as run:
        info = mlflow.sklearn.log_model(DummyRegressor(strategy="constant", constant=7).fit([[0]], [0]), name="model", pip_requirements=["scikit-learn"])
    return run.info.run_id, info.model_id


@pytest.fixture
def version(client, registered, logged):
    """(name, version) of a registered version of that model."""
    made = client.create_model_version(registered, f"models:/{logged[1]}", run_id=logged[0], model_id=logged[1], tags={"t": "x"}, description="first")
    return registered, made.version


def test_a_made_model_is_read_back(client, name):
    called = name("read back")
    client.create_registered_model(called, tags={"a": "1"}, description="what it is for")
    got = client.get_registered_model(called)
    assert (got.name, got.description, got.tags, got.aliases, got.latest_versions) == (called, "what it is for", {"a": "1"}, {}, [])
    assert 0 < got.creation_timestamp <= got.last_updated_timestamp


def test_a_name_twice_is_a_400_with_that_code(rest, registered):
    assert rest.fails("POST", "registered-models/create", {"name": registered})[:2] == (400, "RESOURCE_ALREADY_EXISTS")


@pytest.mark.parametrize("bad", ["", "a/b", "a:b"])
def test_a_bad_name_is_refused(rest, bad):
    assert rest.fails("POST", "registered-models/create", {"name": bad})[:2] == (400, "INVALID_PARAMETER_VALUE")


def test_an_unknown_model_is_a_404(rest):
    for method, path, body in (
        ("GET", "registered-models/get", {"name": "nobody"}),
        ("PATCH", "registered-models/update", {"name": "nobody", "description": "x"}),
        ("POST", "registered-models/rename", {"name": "nobody", "new_name": "x"}),
        ("DELETE", "registered-models/delete", {"name": "nobody"}),
        ("POST", "registered-models/set-tag", {"name": "nobody", "key": "a", "value": "b"}),
        ("POST", "registered-models/alias", {"name": "nobody", "alias": "a", "version": "1"}),
        ("POST", "registered-models/get-latest-versions", {"name": "nobody"}),
        ("GET", "model-versions/get", {"name": "nobody", "version": "1"}),
        ("GET", "model-versions/get-download-uri", {"name": "nobody", "version": "1"}),
        ("POST", "model-versions/create", {"name": "nobody", "source": "s3://b/x"}),
    ):
        status, code, message = rest.fails(method, path, **({"params": body} if method == "GET" else {"body": body}))
        assert (status, code) == (404, "RESOURCE_DOES_NOT_EXIST") and "nobody" in message, (path, message)


def test_update_and_rename(client, registered, version, name, refused):
    client.update_registered_model(registered, description="new words")
    assert client.get_registered_model(registered).description == "new words"
    other, taken = name("renamed"), name("taken")
    client.create_registered_model(taken)
    client.set_registered_model_alias(registered, "champion", version[1])
    refused("RESOURCE_ALREADY_EXISTS", client.rename_registered_model, registered, taken)
    client.rename_registered_model(registered, other)
    got = client.get_registered_model(other)
    assert (got.description, got.aliases) == ("new words", {"champion": "1"})
    assert client.get_model_version(other, 1).name == other
    refused("RESOURCE_DOES_NOT_EXIST", client.get_registered_model, registered)


def test_tags_of_a_model(client, registered):
    client.set_registered_model_tag(registered, "k", "1")
    client.set_registered_model_tag(registered, "k", "2")
    client.set_registered_model_tag(registered, "gone", "x")
    client.delete_registered_model_tag(registered, "gone")
    client.delete_registered_model_tag(registered, "gone")
    assert client.get_registered_model(registered).tags == {"k": "2"}


def test_a_deleted_model_takes_its_versions_along(client, version, refused):
    client.delete_registered_model(version[0])
    refused("RESOURCE_DOES_NOT_EXIST", client.get_registered_model, version[0])
    refused("RESOURCE_DOES_NOT_EXIST", client.get_model_version, *version)
    client.create_registered_model(version[0])


def test_a_version_is_read_back_and_ready(client, version, logged):
    got = client.get_model_version(*version)
    assert (got.name, str(got.version), got.status, got.current_stage) == (version[0], "1", "READY", "None")
    assert (got.run_id, got.description, got.tags, got.aliases) == (logged[0], "first", {"t": "x"}, [])
    assert got.source == f"models:/{logged[1]}" and 0 < got.creation_timestamp <= got.last_updated_timestamp


def test_versions_count_up_and_are_not_used_again(client, registered):
    for expected in ("1", "2", "3"):
        assert str(client.create_model_version(registered, "s3://bucket/model").version) == expected
    client.delete_model_version(registered, "2")
    assert str(client.create_model_version(registered, "s3://bucket/model").version) == "4"
    assert sorted(str(v.version) for v in client.search_model_versions(f"name='{registered}'")) == ["1", "3", "4"]


@pytest.mark.parametrize("bad", ["0", "x", "99", "-1"])
def test_an_unknown_version_is_refused(rest, version, bad):
    status, code, _ = rest.fails("GET", "model-versions/get", params={"name": version[0], "version": bad})
    assert (status, code) in ((404, "RESOURCE_DOES_NOT_EXIST"), (400, "INVALID_PARAMETER_VALUE"))
    assert bad != "99" or status == 404


def test_update_tags_and_delete_of_a_version(client, version, refused):
    client.update_model_version(*version, description="better words")
    client.set_model_version_tag(*version, "k", "v")
    client.delete_model_version_tag(*version, "t")
    got = client.get_model_version(*version)
    assert (got.description, got.tags) == ("better words", {"k": "v"})
    client.delete_model_version(*version)
    refused("RESOURCE_DOES_NOT_EXIST", client.get_model_version, *version)
    refused("RESOURCE_DOES_NOT_EXIST", client.set_model_version_tag, *version, "k", "v")


def test_aliases_move_and_go(client, registered, refused):
    for _ in range(2):
        client.create_model_version(registered, "s3://bucket/model")
    client.set_registered_model_alias(registered, "champion", "1")
    assert str(client.get_model_version_by_alias(registered, "champion").version) == "1"
    client.set_registered_model_alias(registered, "champion", "2")
    client.set_registered_model_alias(registered, "other", "2")
    got = client.get_model_version_by_alias(registered, "champion")
    assert str(got.version) == "2" and sorted(got.aliases) == ["champion", "other"]
    assert client.get_registered_model(registered).aliases == {"champion": "2", "other": "2"}
    assert client.get_model_version(registered, "1").aliases == []
    client.delete_registered_model_alias(registered, "champion")
    client.delete_registered_model_alias(registered, "champion")
    assert client.get_registered_model(registered).aliases == {"other": "2"}
    client.delete_model_version(registered, "2")
    assert client.get_registered_model(registered).aliases == {}


def test_an_unknown_alias_is_an_invalid_value_and_no_404(rest, version):
    status, code, message = rest.fails("GET", "registered-models/alias", params={"name": version[0], "alias": "nobody"})
    assert (status, code) == (400, "INVALID_PARAMETER_VALUE") and "nobody" in message


@pytest.mark.parametrize("bad", ["latest", "v5", "V12", "a b", "a/b", "x" * 256, "é!"])
def test_a_bad_alias_is_refused(rest, version, bad):
    assert rest.fails("POST", "registered-models/alias", {"name": version[0], "alias": bad, "version": "1"})[:2] == (400, "INVALID_PARAMETER_VALUE")


def test_an_alias_for_an_unknown_version_is_a_404(rest, version):
    assert rest.fails("POST", "registered-models/alias", {"name": version[0], "alias": "a", "version": "9"})[:2] == (404, "RESOURCE_DOES_NOT_EXIST")


@pytest.mark.filterwarnings("ignore")
def test_stages(client, rest, registered, refused):
    for _ in range(3):
        client.create_model_version(registered, "s3://bucket/model")
    assert client.transition_model_version_stage(registered, "1", "Production").current_stage == "Production"
    client.transition_model_version_stage(registered, "2", "staging")
    latest = {v.current_stage: str(v.version) for v in client.get_latest_versions(registered)}
    assert latest == {"Production": "1", "Staging": "2", "None": "3"}
    assert [str(v.version) for v in client.get_latest_versions(registered, ["Production"])] == ["1"]
    client.transition_model_version_stage(registered, "3", "Production", archive_existing_versions=True)
    assert client.get_model_version(registered, "1").current_stage == "Archived"
    assert {v.current_stage: str(v.version) for v in client.get_registered_model(registered).latest_versions} == {"Archived": "1", "Staging": "2", "Production": "3"}
    refused("INVALID_PARAMETER_VALUE", client.transition_model_version_stage, registered, "3", "Attic")
    refused("INVALID_PARAMETER_VALUE", client.get_latest_versions, registered, ["Attic"])
    said = rest.get("registered-models/get-latest-versions", {"name": registered, "stages": ["Staging"]})
    assert [v["version"] for v in said["model_versions"]] == ["2"]


@pytest.fixture(scope="module")
def shelf(client, name):
    prefix = name("Shelf")
    for index, letter in enumerate("abc"):
        called = f"{prefix}-{letter}"
        client.create_registered_model(called, tags={"n": str(index), "shelf": prefix})
        for number in range(index + 1):
            client.create_model_version(called, f"s3://bucket/{letter}/{number}", run_id=None, tags={"n": str(number)})
    return prefix


@pytest.mark.parametrize(
    "where, expected",
    [
        ("name LIKE '{p}%'", "abc"),
        ("name ILIKE '{u}%'", "abc"),
        ("name LIKE '{u}%'", ""),
        ("name = '{p}-b'", "b"),
        ("name != '{p}-b' AND name LIKE '{p}%'", "ac"),
        ("tags.shelf = '{p}'", "abc"),
        ("tags.shelf = '{p}' AND tags.n != '0'", "bc"),
        ("tag.`shelf` ILIKE '{u}' AND name LIKE '%-c'", "c"),
    ],
)
def test_search_models(client, shelf, where, expected):
    found = client.search_registered_models(where.format(p=shelf, u=shelf.upper()))
    assert "".join(one.name[-1] for one in found) == expected


def test_search_models_order_and_pages(client, shelf):
    where = f"name LIKE '{shelf}%'"
    assert "".join(m.name[-1] for m in client.search_registered_models(where, order_by=["name DESC"])) == "cba"
    assert "".join(m.name[-1] for m in client.search_registered_models(where, order_by=["timestamp ASC"])) == "abc"
    page = client.search_registered_models(where, max_results=2)
    rest = client.search_registered_models(where, max_results=2, page_token=page.token)
    assert "".join(m.name[-1] for m in [*page, *rest]) == "abc" and not rest.token
    assert [str(v.version) for v in page[1].latest_versions] == ["2"]


@pytest.mark.parametrize(
    "where, expected",
    [
        ("name = '{p}-c'", ["c3", "c2", "c1"]),
        ("name LIKE '{p}%'", ["a1", "b2", "b1", "c3", "c2", "c1"]),
        ("name LIKE '{p}%' AND version_number > 1", ["b2", "c3", "c2"]),
        ("name LIKE '{p}%' AND version_number = 1", ["a1", "b1", "c1"]),
        ("name LIKE '{p}%' AND version_number = '1'", ["a1", "b1", "c1"]),
        ("name LIKE '{p}%' AND tags.n = '2'", ["c3"]),
        ("source_path LIKE 's3://bucket/b%' AND name LIKE '{p}%'", ["b2", "b1"]),
        ("run_id = 'nobody'", []),
    ],
)
def test_search_versions(client, shelf, where, expected):
    found = client.search_model_versions(where.format(p=shelf))
    assert sorted(f"{v.name[-1]}{v.version}" for v in found) == sorted(expected)


def test_search_versions_order_and_pages(client, shelf):
    where, seen, token = f"name LIKE '{shelf}%'", [], None
    for _ in range(5):
        page = client.search_model_versions(where, max_results=4, page_token=token, order_by=["version_number DESC", "name"])
        seen, token = seen + [f"{v.name[-1]}{v.version}" for v in page], page.token
        if not token:
            break
    assert seen == ["c3", "b2", "c2", "a1", "b1", "c1"]


@pytest.mark.parametrize("path", ["registered-models/search", "model-versions/search"])
@pytest.mark.parametrize("params", [{"filter": "nme = 'x'"}, {"filter": "name > 'x'"}, {"filter": "name = 'a' OR name = 'b'"}, {"order_by": "nme"}, {"max_results": 10**7}], ids=str)
def test_search_refuses_what_it_does_not_know(rest, path, params):
    assert rest.fails("GET", path, params=params)[:2] == (400, "INVALID_PARAMETER_VALUE")


def test_a_version_is_loaded_by_number_alias_latest_and_stage(client, version):
    called, number = version
    client.set_registered_model_alias(called, "champion", number)
    with pytest.warns(FutureWarning):
        client.transition_model_version_stage(called, number, "Production")
    for address in (f"models:/{called}/{number}", f"models:/{called}@champion", f"models:/{called}/latest", f"models:/{called}/Production"):
        assert mlflow.pyfunc.load_model(address).predict([[1]])[0] == 7, address


def test_a_version_that_is_not_there_is_not_loaded(registered, refused):
    for address in (f"models:/{registered}/1", f"models:/{registered}@nobody", "models:/nobody/1"):
        with pytest.raises(mlflow.exceptions.MlflowException):
            mlflow.pyfunc.load_model(address)


def test_registering_by_each_address(client, logged, name):
    run, model = logged
    called = name("by address")
    assert str(mlflow.register_model(f"models:/{model}", called).version) == "1"
    assert str(mlflow.register_model(f"runs:/{run}/model", called, tags={"from": "run"}).version) == "2"
    assert [v.run_id for v in client.search_model_versions(f"name='{called}'")] == [run, run]
    assert mlflow.pyfunc.load_model(f"models:/{called}/2").predict([[0]])[0] == 7
    assert called in client.get_logged_model(model).tags["mlflow.modelVersions"]


def test_registering_while_logging(client, active, name):
    from sklearn.dummy import DummyClassifier

    called = name("while logging")
    for expected in (1, 2):
        with mlflow.start_run():
            info = mlflow.sklearn.log_model(DummyClassifier().fit([[0]], [expected]), name="m", registered_model_name=called, pip_requirements=["scikit-learn"])
        assert int(info.registered_model_version) == expected
    assert mlflow.pyfunc.load_model(f"models:/{called}/2").predict([[0]])[0] == 2


def test_a_version_is_copied(client, version, name):
    called = name("copy")
    made = client.copy_model_version(f"models:/{version[0]}/{version[1]}", called)
    assert (made.name, str(made.version), made.source) == (called, "1", f"models:/{version[0]}/{version[1]}")
    assert mlflow.pyfunc.load_model(f"models:/{called}/1").predict([[0]])[0] == 7


def test_the_download_address_of_a_version(client, version, logged):
    where = client.get_model_version_download_uri(*version)
    assert where == client.get_logged_model(logged[1]).artifact_location or where == f"models:/{logged[1]}"


@pytest.mark.parametrize("source", ["/etc/passwd", "file:///etc", "mlflow-artifacts:/../../x", "mlflow-artifacts:/0/other/artifacts/m", "s3://b/../x", "runs:/{other}/model", "models:/m-other", "mlflow-artifacts://host/x"])
def test_a_source_that_is_not_the_runs_is_refused(rest, registered, run, source):
    body = {"name": registered, "source": source.format(other="0" * 32), "run_id": run}
    status, code, message = rest.fails("POST", "model-versions/create", body)
    assert (status, code) in ((400, "INVALID_PARAMETER_VALUE"), (404, "RESOURCE_DOES_NOT_EXIST")) and message
