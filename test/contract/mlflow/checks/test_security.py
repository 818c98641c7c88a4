"""Who may ask: loopback, the token, no web page. How much they may send. What an answer never holds."""

import http.client
import socket
import time
import urllib.parse

import pytest

GET = "/api/2.0/mlflow/experiments/get?experiment_id=0"
SEARCH = "/api/2.0/mlflow/experiments/search"


@pytest.fixture
def send(uri, token):
    """send(method, path, headers=..., body=..., auth=...): (status, headers, text) of a request with just those headers."""
    at = urllib.parse.urlparse(uri)

    def go(method="GET", path=GET, headers=None, body=None, auth=True):
        connection = http.client.HTTPConnection(at.hostname, at.port, timeout=30)
        given = dict(headers or {})
        if auth and token and "Authorization" not in given:
            given["Authorization"] = f"Bearer {token}"
        try:
            connection.putrequest(method, path, skip_host="Host" in given)
            if body is not None:
                given.setdefault("Content-Length", str(len(body)))
                given.setdefault("Content-Type", "application/json")
            for key, value in given.items():
                connection.putheader(key, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()

    return go


def test_the_right_words_let_in(send):
    assert send()[0] == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example", "169.254.169.254", ""])
def test_a_foreign_host_is_refused(send, host):
    status, _, text = send(headers={"Host": host})
    assert status in (400, 403) and "Default" not in text


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_the_loopbacks_names_are_fine(send, uri, host):
    assert send(headers={"Host": f"{host}:{urllib.parse.urlparse(uri).port}"})[0] == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "https://evil.example", "null", "http://127.0.0.1.evil.example", "file://"])
def test_a_page_of_another_origin_is_refused(send, origin):
    status, headers, _ = send("POST", SEARCH, {"Origin": origin}, b'{"max_results": 1}')
    assert status == 403 and "access-control-allow-origin" not in headers


@pytest.mark.runyard_only
@pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost:1", "null"])
def test_a_page_of_another_origin_may_not_even_read(send, origin):
    status, headers, text = send(headers={"Origin": origin})
    assert status == 403 and "access-control-allow-origin" not in headers and "Default" not in text


@pytest.mark.runyard_only
def test_a_browsers_word_that_it_is_another_site_is_enough(send):
    assert send(headers={"Sec-Fetch-Site": "cross-site"})[0] == 403


@pytest.mark.runyard_only
def test_nobody_is_told_that_pages_may_ask(send):
    for headers in ({"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}, {}):
        status, got, _ = send("OPTIONS", SEARCH, headers)
        assert status >= 400 and not any(key.startswith("access-control-") for key in got)
    assert not any(key.startswith("access-control-") for key in send()[1])


WRONG = ["", "Bearer", "Bearer ", "Bearer wrong", "Bearer {t}x", "Bearer {h}", "Basic !!!", "Basic dXNlcjpwYXNz", "{t}", "Digest {t}", "Bearer " + "x" * 5000, "Bearer ü"]


@pytest.mark.runyard_only
@pytest.mark.parametrize("given", WRONG, ids=range(len(WRONG)))
def test_without_the_token_nothing_is_told(send, token, given):
    said = given.format(t=token, h=token[: len(token) // 2]).encode("utf-8").decode("latin-1")
    status, headers, text = send(headers={"Authorization": said} if given else {}, auth=False)
    assert status == 401 and "Default" not in text and token not in text
    assert '"error_code"' in text and "MLFLOW_TRACKING_TOKEN" in text
    assert "www-authenticate" in headers


@pytest.mark.runyard_only
@pytest.mark.parametrize(
    "method, path",
    [
        ("POST", "/api/2.0/mlflow/runs/create"),
        ("POST", "/ajax-api/2.0/mlflow/runs/search"),
        ("GET", "/api/2.0/mlflow-artifacts/artifacts?path="),
        ("PUT", "/api/2.0/mlflow-artifacts/artifacts/0/x"),
        ("GET", "/get-artifact?run_id=x&path=y"),
        ("POST", "/v1/traces"),
        ("GET", "/api/3.0/mlflow/server-info"),
        ("GET", "/api/2.0/mlflow/nothing"),
        ("POST", "/"),
    ],
)
def test_every_door_asks_for_the_token(send, method, path):
    assert send(method, path, body=b"{}" if method != "GET" else None, auth=False)[0] == 401


@pytest.mark.runyard_only
def test_the_password_of_basic_authentication_may_be_the_token(send, token):
    import base64

    assert send(headers={"Authorization": "Basic " + base64.b64encode(f"me:{token}".encode()).decode()})[0] == 200


@pytest.mark.runyard_only
def test_a_wrong_token_takes_as_long_however_much_of_it_is_right(send, token):
    def took(guess):
        start = time.perf_counter()
        for _ in range(20):
            assert send(headers={"Authorization": f"Bearer {guess}"}, auth=False)[0] == 401
        return time.perf_counter() - start

    wrong, nearly = "0" * len(token), token[:-1] + ("0" if token[-1] != "0" else "1")
    took(wrong)
    # Not a measurement of nanoseconds: it only tells that nothing grows with the part that is right.
    assert min(took(nearly) for _ in range(3)) < 3 * min(took(wrong) for _ in range(3))


@pytest.mark.runyard_only
def test_only_loopback_is_listened_on(uri):
    at = urllib.parse.urlparse(uri)
    assert at.hostname == "127.0.0.1"
    try:
        others = {one[4][0] for one in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    except OSError:
        others = set()
    for address in others - {"127.0.0.1"}:
        if address.startswith("127."):
            continue
        with socket.socket() as probe:
            probe.settimeout(2)
            assert probe.connect_ex((address, at.port)) != 0


@pytest.mark.runyard_only
def test_a_body_beyond_the_cap_is_refused_before_it_is_read(uri, token):
    at = urllib.parse.urlparse(uri)
    with socket.create_connection((at.hostname, at.port), timeout=30) as raw:
        head = f"POST {SEARCH} HTTP/1.1\r\nHost: {at.netloc}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {10**12}\r\n\r\n"
        raw.sendall(head.encode())
        assert raw.recv(200).startswith((b"HTTP/1.1 400", b"HTTP/1.1 413"))


@pytest.mark.runyard_only
def test_headers_beyond_the_cap_are_refused(send):
    status = None
    try:
        status = send(headers={"X-Long": "x" * 1_000_000})[0]
    except (ConnectionError, http.client.HTTPException):
        status = 431
    assert status in (400, 431)


@pytest.mark.runyard_only
def test_what_is_no_http_is_answered_or_dropped_and_the_server_lives(uri, send):
    at = urllib.parse.urlparse(uri)
    for noise in (b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"\x00" * 100, b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", b"GET / HTTP/1.1\r\n: x\r\n\r\n"):
        with socket.create_connection((at.hostname, at.port), timeout=10) as raw:
            raw.sendall(noise)
            raw.shutdown(socket.SHUT_WR)
            assert b"200 OK" not in raw.recv(500)
    assert send()[0] == 200


@pytest.mark.parametrize("path", ["/../../etc/passwd", "/static-files/../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/get-artifact?run_id=..&path=../../etc/passwd", "/model-versions/get-artifact?name=..&version=1&path=../x"])
def test_no_path_reads_a_file(send, path):
    status, _, text = send("GET", path)
    assert status >= 400 and "root:" not in text


@pytest.mark.parametrize("run", ["../x", "..", "a/b", "%2e%2e", "x" * 300, "a\u0000b"], ids=repr)
def test_an_id_is_never_a_path(rest, run):
    answer = rest.call("GET", "runs/get", params={"run_id": run})
    assert answer.status_code in (400, 404) and "Traceback" not in answer.text


def test_health_tells_nothing_but_that(send):
    status, _, text = send("GET", "/health", auth=False)
    assert (status, text) == (200, "OK")


@pytest.mark.runyard_only
def test_the_page_that_clients_links_lead_to_tells_nothing_of_the_workspace(send, token, client, name):
    called = name("secret")
    client.create_experiment(called)
    for headers in ({}, {"Host": "evil.example"}):
        status, got, text = send("GET", "/", headers, auth=False)
        assert status in (200, 401, 403) and token not in text and called not in text and len(text) < 500
        assert got["content-type"].startswith(("text/plain", "application/json")) and not any(key.startswith("access-control-") for key in got)


@pytest.mark.runyard_only
def test_errors_never_hold_a_stack_or_a_path_of_the_machine(send):
    for body in (b'{"max_results": {}}', b"[", b'{"filter": {"a": 1}}', b'{"order_by": 5}', b'{"page_token": "///"}'):
        status, _, text = send("POST", SEARCH, body=body)
        assert status == 400 and '"error_code"' in text
        assert "    at " not in text and ".ts:" not in text and ".js:" not in text and "node_modules" not in text
