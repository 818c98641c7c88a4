"""Traces: spans by decorator and by hand, read back as a tree, searched, tagged, assessed, deleted."""

import json
import time

import mlflow
import pytest
from mlflow.entities import SpanType, TraceState
from mlflow.entities.assessment import AssessmentSource


@pytest.fixture
def traced(active):
    """Runs a function of two spans with a trace around it, and returns the trace's id."""

    @mlflow.trace(span_type=SpanType.CHAIN, attributes={"kind": "outer"})
    def outer(x):
        return inner(x) + 1

    @mlflow.trace(name="inner step", span_type=SpanType.TOOL)
    def inner(x):
        return x * 2

    def call(x=20, **metadata):
        outer(x)
        trace = mlflow.get_last_active_trace_id()
        mlflow.flush_trace_async_logging()
        return trace

    return call


def test_a_trace_is_read_back_as_a_tree_of_spans(client, traced, active):
    trace = client.get_trace(traced(20))
    info = trace.info
    assert info.state == TraceState.OK and info.experiment_id == active and info.execution_duration >= 0
    root, child = sorted(trace.data.spans, key=lambda span: span.parent_id is not None)
    assert (root.name, root.parent_id, root.span_type) == ("outer", None, "CHAIN")
    assert (child.name, child.parent_id, child.span_type) == ("inner step", root.span_id, "TOOL")
    assert root.inputs == {"x": 20} and root.outputs == 41 and child.outputs == 40
    assert root.attributes["kind"] == "outer" and root.status.status_code.value == "OK"
    assert root.start_time_ns <= child.start_time_ns <= child.end_time_ns <= root.end_time_ns
    assert json.loads(info.request_preview) == {"x": 20} and info.response_preview == "41"
    assert root.trace_id == info.trace_id and info.trace_id.startswith("tr-")


def test_a_trace_that_fails_says_so(client, active):
    @mlflow.trace
    def broken():
        raise ValueError("no such luck")

    with pytest.raises(ValueError):
        broken()
    id = mlflow.get_last_active_trace_id()
    mlflow.flush_trace_async_logging()
    trace = client.get_trace(id)
    (span,) = trace.data.spans
    assert trace.info.state == TraceState.ERROR and span.status.status_code.value == "ERROR"
    assert [event.name for event in span.events] == ["exception"]
    assert "no such luck" in span.events[0].attributes["exception.message"]


def test_spans_by_hand_with_odd_values(client, active):
    with mlflow.start_span("root", span_type="CUSTOM") as root:
        root.set_inputs({"text": "ü 💡", "list": [1, None, 2.5], "nested": {"a": True}})
        root.set_attributes({"n": 5, "f": 0.5, "flag": False, "list": ["a", "b"]})
        with mlflow.start_span("child") as child:
            child.set_outputs("out")
    mlflow.flush_trace_async_logging()
    trace = client.get_trace(root.trace_id)
    got = next(span for span in trace.data.spans if span.name == "root")
    assert got.inputs == {"text": "ü 💡", "list": [1, None, 2.5], "nested": {"a": True}}
    assert (got.get_attribute("n"), got.get_attribute("f"), got.get_attribute("flag"), got.get_attribute("list")) == (5, 0.5, False, ["a", "b"])


def test_a_trace_by_the_client_from_start_to_end(client, experiment):
    root = client.start_trace("by hand", inputs={"q": 1}, tags={"a": "b"}, experiment_id=experiment)
    child = client.start_span("step", trace_id=root.trace_id, parent_id=root.span_id)
    client.end_span(child.trace_id, child.span_id, outputs={"r": 2})
    client.end_trace(root.trace_id, outputs={"r": 3}, status="OK")
    mlflow.flush_trace_async_logging()
    trace = client.get_trace(root.trace_id)
    assert trace.info.tags["a"] == "b" and {span.name for span in trace.data.spans} == {"by hand", "step"}


def test_many_spans_in_one_trace(client, active):
    with mlflow.start_span("root") as root:
        for index in range(100):
            with mlflow.start_span(f"span {index}"):
                pass
    mlflow.flush_trace_async_logging()
    assert len(client.get_trace(root.trace_id).data.spans) == 101


def test_a_trace_inside_a_run_knows_the_run(client, traced, active):
    with mlflow.start_run() as run:
        inside = traced()
    outside = traced()
    assert client.get_trace(inside).info.trace_metadata["mlflow.sourceRun"] == run.info.run_id
    found = mlflow.search_traces(locations=[active], run_id=run.info.run_id, return_type="list")
    assert [one.info.trace_id for one in found] == [inside] and outside != inside


def test_an_unknown_trace_is_none_or_a_404(client, rest):
    assert mlflow.get_trace("tr-" + "0" * 32) is None
    assert rest.fails("GET", "/api/3.0/mlflow/traces/tr-" + "0" * 32)[:2] == (404, "RESOURCE_DOES_NOT_EXIST")


@pytest.fixture(scope="module")
def shelf(client, name):
    """Four traces a..d, one after another, in an experiment of their own; d failed."""
    experiment = client.create_experiment(name("traces"))
    mlflow.set_experiment(experiment_id=experiment)
    ids = {}
    for letter in "abcd":
        with mlflow.start_span(f"trace-{letter}") as span:
            mlflow.update_current_trace(tags={"letter": letter, "side": "left" if letter in "ac" else "right"}, metadata={"mlflow.trace.session": f"s-{letter}"})
            if letter == "d":
                span.set_status("ERROR")
        ids[letter] = span.trace_id
        time.sleep(0.02)
    mlflow.flush_trace_async_logging()
    return experiment, ids


@pytest.mark.parametrize(
    "where, expected",
    [
        (None, "dcba"),
        ("tags.letter = 'a'", "a"),
        ("tags.side = 'left'", "ca"),
        ("tags.side != 'left'", "db"),
        ("tag.letter = 'b' AND tag.side = 'right'", "b"),
        ("trace.name = 'trace-c'", "c"),
        ("name = 'trace-c'", "c"),
        ("attributes.name != 'trace-c'", "dba"),
        ("trace.status = 'OK'", "cba"),
        ("status = 'ERROR'", "d"),
        ("trace.timestamp_ms > 5", "dcba"),
        ("timestamp_ms < 5", ""),
        ("execution_time_ms >= 0", "dcba"),
        ("request_metadata.`mlflow.trace.session` = 's-b'", "b"),
        ("metadata.`mlflow.trace.session` = 's-b'", "b"),
        ("request_id = '{a}'", "a"),
        ("trace.client_request_id = 'nobody'", ""),
        ("span.name = 'trace-b'", "b"),
    ],
)
def test_search_filters(client, shelf, where, expected):
    experiment, ids = shelf
    found = client.search_traces(locations=[experiment], filter_string=where and where.format(**ids))
    assert "".join(one.info.tags["letter"] for one in found) == expected


@pytest.mark.parametrize("order, expected", [(["timestamp_ms ASC"], "abcd"), (["timestamp_ms DESC"], "dcba"), (["name DESC"], "dcba"), (["name"], "abcd"), (["status DESC", "timestamp_ms ASC"], "abcd")], ids=str)
def test_search_order(client, shelf, order, expected):
    found = client.search_traces(locations=[shelf[0]], order_by=order)
    assert "".join(one.info.tags["letter"] for one in found) == expected


def test_search_pages_hold_everything_once(client, shelf):
    seen, token = "", None
    for _ in range(6):
        page = client.search_traces(locations=[shelf[0]], max_results=3, page_token=token)
        seen, token = seen + "".join(one.info.tags["letter"] for one in page), page.token
        if not token:
            break
    assert seen == "dcba"


def test_search_with_spans_and_without(client, shelf):
    assert all(one.data.spans for one in client.search_traces(locations=[shelf[0]]))
    assert not any(one.data.spans for one in client.search_traces(locations=[shelf[0]], include_spans=False))


def test_search_into_pandas(shelf):
    frame = mlflow.search_traces(locations=[shelf[0]])
    assert len(frame) == 4 and set(frame["state"].map(str)) <= {"OK", "ERROR", "TraceState.OK", "TraceState.ERROR"}


@pytest.mark.parametrize("bad", ["nme = 'x'", "tags.letter > 'a'", pytest.param("timestamp_ms = 'x'", marks=pytest.mark.runyard_only), "name = 'a' OR name = 'b'", "status IS SILLY"])
def test_search_refuses_a_filter_it_does_not_know(rest, shelf, bad):
    body = {"locations": [{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": shelf[0]}}], "filter": bad}
    assert rest.fails("POST", "/api/3.0/mlflow/traces/search", body)[:2] == (400, "INVALID_PARAMETER_VALUE")


def test_traces_by_the_batch(rest, shelf):
    ids = list(shelf[1].values())[:2]
    said = rest.get("/api/3.0/mlflow/traces/batchGet", {"trace_ids": ids})
    assert {one["trace_info"]["trace_id"] for one in said["traces"]} == set(ids)
    assert all(one["spans"] for one in said["traces"])
    one = rest.get("/api/3.0/mlflow/traces/get", {"trace_id": ids[0]})["trace"]
    assert one["trace_info"]["trace_id"] == ids[0] and len(one["spans"]) == 1


def test_tags_are_set_over_and_deleted(client, traced, refused):
    trace = traced()
    client.set_trace_tag(trace, "k", "1")
    client.set_trace_tag(trace, "k", "2")
    assert client.get_trace(trace).info.tags["k"] == "2"
    client.delete_trace_tag(trace, "k")
    assert "k" not in client.get_trace(trace).info.tags
    refused("RESOURCE_DOES_NOT_EXIST", client.delete_trace_tag, trace, "k")


def test_feedback_and_expectations(client, traced):
    trace = traced()
    given = mlflow.log_feedback(trace_id=trace, name="good", value=True, rationale="it is", source=AssessmentSource("HUMAN", "maria"))
    mlflow.log_expectation(trace_id=trace, name="answer", value={"a": 41})
    got = {one.name: one for one in client.get_trace(trace).info.assessments}
    assert got["good"].value is True and got["good"].rationale == "it is" and got["good"].source.source_id == "maria"
    assert got["answer"].value == {"a": 41}
    assert mlflow.get_assessment(trace, given.assessment_id).value is True
    mlflow.update_assessment(trace, given.assessment_id, mlflow.entities.Feedback(name="good", value=False))
    assert mlflow.get_assessment(trace, given.assessment_id).value is False
    mlflow.delete_assessment(trace, given.assessment_id)
    assert {one.name for one in client.get_trace(trace).info.assessments} == {"answer"}


def test_traces_are_deleted_by_id_and_by_age(client, name, rest):
    experiment = client.create_experiment(name())
    mlflow.set_experiment(experiment_id=experiment)
    ids = []
    for _ in range(4):
        with mlflow.start_span("x") as span:
            pass
        ids.append(span.trace_id)
    mlflow.flush_trace_async_logging()
    assert client.delete_traces(experiment, trace_ids=ids[:1]) == 1
    assert {one.info.trace_id for one in client.search_traces(locations=[experiment])} == set(ids[1:])
    assert client.delete_traces(experiment, max_timestamp_millis=int(time.time() * 1000) + 1000, max_traces=2) == 2
    assert len(client.search_traces(locations=[experiment])) == 1
    assert rest.fails("POST", "traces/delete-traces", {"experiment_id": experiment})[:2] == (400, "INVALID_PARAMETER_VALUE")


def test_spans_that_are_no_protobuf_are_refused(rest):
    answer = rest.call("POST", "/v1/traces", data=b"\xff\xff nonsense", headers={"Content-Type": "application/x-protobuf", "x-mlflow-experiment-id": "0"})
    assert 400 <= answer.status_code < 500
