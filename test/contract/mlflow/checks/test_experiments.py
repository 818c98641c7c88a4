"""Experiments: made, found, renamed, tagged, deleted and restored."""

import pytest
from mlflow.entities import ViewType


def test_default_experiment_is_there_under_number_zero(client):
    default = client.get_experiment("0")
    assert default.name == "Default"
    assert default.lifecycle_stage == "active"


def test_a_made_experiment_is_found_by_id_and_by_name(client, name):
    called = name("found é ü")
    made = client.create_experiment(called, tags={"team": "a", "ü": "ß"})
    assert made.isdigit()
    for one in (client.get_experiment(made), client.get_experiment_by_name(called)):
        assert (one.experiment_id, one.name, one.lifecycle_stage) == (made, called, "active")
        assert one.tags["team"] == "a" and one.tags["ü"] == "ß"
        assert one.artifact_location == f"mlflow-artifacts:/{made}"
        assert 0 < one.creation_time <= one.last_update_time


def test_an_artifact_location_that_was_asked_for_is_kept(client, name, tmp_path):
    where = "s3://bucket/somewhere"
    made = client.create_experiment(name(), artifact_location=where)
    assert client.get_experiment(made).artifact_location == where
    run = client.create_run(made)
    assert run.info.artifact_uri == f"{where}/{run.info.run_id}/artifacts"


def test_an_unknown_name_is_none_for_the_client(client, name):
    assert client.get_experiment_by_name(name("nobody")) is None


def test_an_unknown_name_is_a_404_on_the_wire(rest, name):
    status, code, message = rest.fails("GET", "experiments/get-by-name", params={"experiment_name": "nobody-home"})
    assert (status, code) == (404, "RESOURCE_DOES_NOT_EXIST")
    assert "nobody-home" in message


def test_an_unknown_id_is_a_404(client, rest, refused):
    assert "987654321" in refused("RESOURCE_DOES_NOT_EXIST", client.get_experiment, "987654321")
    status, code, _ = rest.fails("GET", "experiments/get", params={"experiment_id": "987654321"})
    assert (status, code) == (404, "RESOURCE_DOES_NOT_EXIST")


@pytest.mark.parametrize("bad", ["nobody", "1.0", " ", "1e1", "0x0", "-"])
def test_an_id_that_is_no_number_is_refused(rest, bad):
    status, code, message = rest.fails("GET", "experiments/get", params={"experiment_id": bad})
    assert (status, code) == (400, "INVALID_PARAMETER_VALUE") and bad in message


def test_a_name_twice_is_refused(client, rest, name, refused):
    called = name()
    client.create_experiment(called)
    assert called in refused("RESOURCE_ALREADY_EXISTS", client.create_experiment, called)
    assert rest.fails("POST", "experiments/create", {"name": called})[:2] == (400, "RESOURCE_ALREADY_EXISTS")


def test_a_deleted_experiment_keeps_its_name(client, name, refused):
    called = name()
    client.delete_experiment(client.create_experiment(called))
    refused("RESOURCE_ALREADY_EXISTS", client.create_experiment, called)
    assert client.get_experiment_by_name(called).lifecycle_stage == "deleted"


@pytest.mark.parametrize("bad", ["", None, 5, ["a"]])
def test_a_bad_name_is_refused_with_the_field_named(rest, bad):
    status, code, message = rest.fails("POST", "experiments/create", {"name": bad})
    assert (status, code) == (400, "INVALID_PARAMETER_VALUE")
    assert "'name'" in message


def test_a_name_that_is_too_long_is_refused(rest):
    assert rest.fails("POST", "experiments/create", {"name": "n" * 501})[:2] == (400, "INVALID_PARAMETER_VALUE")


def test_an_artifact_location_with_a_fragment_is_refused(rest, name):
    status, code, message = rest.fails("POST", "experiments/create", {"name": name(), "artifact_location": "http://host/path#fragment"})
    assert (status, code) == (400, "INVALID_PARAMETER_VALUE") and "artifact_location" in message


def test_rename(client, name, refused):
    first, second = client.create_experiment(name("first")), client.create_experiment(name("second"))
    renamed = name("renamed")
    client.rename_experiment(first, renamed)
    assert client.get_experiment(first).name == renamed
    assert client.get_experiment_by_name(renamed).experiment_id == first
    refused(("RESOURCE_ALREADY_EXISTS", "BAD_REQUEST"), client.rename_experiment, second, renamed)


def test_tags_are_set_over_and_deleted(client, name, refused):
    one = client.create_experiment(name())
    client.set_experiment_tag(one, "k", "1")
    client.set_experiment_tag(one, "k", "multi\nline")
    client.set_experiment_tag(one, "gone", "x")
    client.delete_experiment_tag(one, "gone")
    assert client.get_experiment(one).tags == {"k": "multi\nline"}
    refused("RESOURCE_DOES_NOT_EXIST", client.delete_experiment_tag, one, "gone")


def test_delete_and_restore_take_the_runs_along(client, name, refused):
    one = client.create_experiment(name())
    run = client.create_run(one).info.run_id
    client.delete_experiment(one)
    assert client.get_experiment(one).lifecycle_stage == "deleted"
    assert client.get_run(run).info.lifecycle_stage == "deleted"
    assert client.search_runs([one]) == []
    assert [r.info.run_id for r in client.search_runs([one], run_view_type=ViewType.ALL)] == [run]
    client.restore_experiment(one)
    assert client.get_experiment(one).lifecycle_stage == "active"
    assert client.get_run(run).info.lifecycle_stage == "active"


def test_deleting_what_is_not_there_is_a_404(rest):
    for verb in ("delete", "restore"):
        assert rest.fails("POST", f"experiments/{verb}", {"experiment_id": "987654321"})[:2] == (404, "RESOURCE_DOES_NOT_EXIST")


@pytest.fixture(scope="module")
def shelf(client, name):
    """Five experiments of one prefix: a..e; `d` deleted; tagged."""
    prefix = name("Shelf")
    ids = {}
    for index, letter in enumerate("abcde"):
        ids[letter] = client.create_experiment(f"{prefix}-{letter}", tags={"n": str(index), "half": "low" if index < 2 else "high", "shelf": prefix})
    client.delete_experiment(ids["d"])
    return prefix, ids


def letters(found):
    return "".join(one.name[-1] for one in found)


def test_search_newest_first_and_active_only(client, shelf):
    prefix, _ = shelf
    assert letters(client.search_experiments(filter_string=f"name LIKE '{prefix}%'")) == "ecba"


def test_search_view_types(client, shelf):
    where = f"name LIKE '{shelf[0]}%'"
    assert letters(client.search_experiments(ViewType.DELETED_ONLY, filter_string=where)) == "d"
    assert letters(client.search_experiments(ViewType.ALL, filter_string=where)) == "edcba"


@pytest.mark.parametrize(
    "where, expected",
    [
        ("name = '{p}-a'", "a"),
        ("name != '{p}-a' AND name LIKE '{p}%'", "ecb"),
        ("name ILIKE '{u}%'", "ecba"),
        ("name LIKE '{u}%'", ""),
        ("attribute.name LIKE '{p}%' AND tags.half = 'low'", "ba"),
        ("tags.shelf = '{p}' AND tags.n != '0'", "ecb"),
        ("tags.shelf = '{p}' AND tag.n LIKE '%2%'", "c"),
        ("tags.shelf = '{p}' AND tags.`half` ILIKE 'HI%'", "ec"),
        ("tags.shelf = '{p}' AND creation_time > 0", "ecba"),
        ("tags.shelf = '{p}' AND last_update_time < 5", ""),
    ],
)
def test_search_filters(client, shelf, where, expected):
    prefix = shelf[0]
    assert letters(client.search_experiments(filter_string=where.format(p=prefix, u=prefix.upper()))) == expected


def test_search_order(client, shelf):
    where = f"tags.shelf = '{shelf[0]}'"
    assert letters(client.search_experiments(filter_string=where, order_by=["name ASC"])) == "abce"
    assert letters(client.search_experiments(filter_string=where, order_by=["name DESC"])) == "ecba"
    assert letters(client.search_experiments(filter_string=where, order_by=["creation_time ASC"])) == "abce"
    assert letters(client.search_experiments(filter_string=where, order_by=["experiment_id"])) == "abce"


def test_search_pages_hold_everything_once(client, shelf):
    where, seen, token = f"tags.shelf = '{shelf[0]}'", "", None
    for _ in range(10):
        page = client.search_experiments(filter_string=where, max_results=2, page_token=token, order_by=["name"])
        assert len(page) <= 2
        seen, token = seen + letters(page), page.token
        if not token:
            break
    assert seen == "abce"


@pytest.mark.parametrize("bad", ["name", "nme = 'x'", "name = 5", "name > 'a'", "tags.x > 'a'", "name = 'a' OR name = 'b'", "creation_time = 'x'"])
def test_search_refuses_a_filter_it_does_not_know(rest, bad):
    assert rest.fails("POST", "experiments/search", {"max_results": 5, "filter": bad})[:2] == (400, "INVALID_PARAMETER_VALUE")


@pytest.mark.parametrize("bad", [["nme"], ["name sideways"], ["tags.x"]])
def test_search_refuses_an_order_it_does_not_know(rest, bad):
    assert rest.fails("POST", "experiments/search", {"max_results": 5, "order_by": bad})[:2] == (400, "INVALID_PARAMETER_VALUE")


def test_search_limits_the_page(rest):
    for bad in (0, -1, 50001):
        status, code, message = rest.fails("POST", "experiments/search", {"max_results": bad})
        assert (status, code) == (400, "INVALID_PARAMETER_VALUE") and "max_results" in message


def test_search_works_by_get_too(rest, shelf):
    said = rest.get("experiments/search", {"max_results": 10, "filter": f"tags.shelf = '{shelf[0]}'", "order_by": ["name"]})
    assert [one["name"][-1] for one in said["experiments"]] == list("abce")
