"""MNIST's file: read strictly, recognised by its content, fetched whole or not at all."""

import hashlib
import http.server
import io
import socket
import threading
import time

import numpy as np
import pytest

from vaelib import bundled, mnist

SMALL = {name: array[:5] for name, array in bundled.read().items()}
SOON = mnist.Patience(answer=0.3, transfer=0.3)
PLENTY = mnist.Patience(answer=20.0, transfer=20.0)


def packed(**changes):
    """The bytes of an `.npz` of a few digits; `name=None` leaves an array out."""
    arrays = {name: array for name, array in (SMALL | changes).items() if array is not None}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


CONTENT = packed()


@pytest.fixture
def small_is_mnist(monkeypatch):
    monkeypatch.setattr(mnist, "FILE_SHA256", hashlib.sha256(CONTENT).hexdigest())


@pytest.fixture
def serve(monkeypatch):
    """Point the download at a server on this machine, whose answer is `reply(handler)`."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    servers = []

    def start(reply):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                reply(self)

            def log_message(self, *args):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.handle_error = lambda *args: None
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        monkeypatch.setattr(mnist, "URL", f"http://127.0.0.1:{server.server_port}/mnist.npz")

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def reply_with(content, length=None, pause=0.0):
    def reply(handler):
        handler.send_response(200)
        handler.send_header("Content-Length", str(length or len(content)))
        handler.end_headers()
        time.sleep(pause)
        handler.wfile.write(content)

    return reply


def not_found(handler):
    handler.send_error(404, "Nothing here")


def silent(handler):
    time.sleep(0.8)


def not_http(handler):
    handler.wfile.write(b"hello\r\n")


def test_an_npz_comes_back_as_it_was_written(tmp_path):
    path = tmp_path / "mnist.npz"
    path.write_bytes(CONTENT)
    arrays = mnist.read_npz(path)
    assert arrays.keys() == SMALL.keys()
    for name, array in SMALL.items():
        np.testing.assert_array_equal(arrays[name], array)


def test_the_fingerprint_sees_values_and_shapes_not_packing():
    repacked = {name: np.asfortranarray(array) for name, array in SMALL.items()}
    repacked["y_test"] = repacked["y_test"].astype(np.int64)
    changed = SMALL | {"x_test": SMALL["x_test"] ^ np.uint8(1)}
    shorter = SMALL | {"y_test": SMALL["y_test"][:4]}
    assert mnist.fingerprint(repacked) == mnist.fingerprint(SMALL)
    assert len({mnist.fingerprint(arrays) for arrays in (SMALL, changed, shorter)}) == 3


X, Y = SMALL["x_train"], SMALL["y_train"]
FLIPPED = CONTENT.replace(CONTENT[200:204], bytes(4), 1)
BROKEN_FILES = [
    pytest.param(b"", "not a whole .npz file", id="empty"),
    pytest.param(b"<html>log in first</html>", "not a whole .npz file", id="html"),
    pytest.param(CONTENT[:-40], "not a whole .npz file", id="truncated"),
    pytest.param(FLIPPED, "not a whole .npz file", id="flipped"),
    pytest.param(packed(y_test=None), "lacks y_test; needed are x_train", id="no-key"),
    pytest.param(packed(x_test=X / 255), r"x_test must be uint8.*float64 \(5, 28", id="floats"),
    pytest.param(packed(x_train=X[..., None]), r"Received: uint8 \(5, 28, 28, 1\)", id="rank"),
    pytest.param(packed(x_train=X[:, ::2]), r"Received: uint8 \(5, 14, 28\)", id="size"),
    pytest.param(packed(x_train=X[:0], y_train=Y[:0]), r"x_train must be", id="no-image"),
    pytest.param(packed(y_train=Y[:4]), r"y_train must be integers \(5,\)", id="fewer-labels"),
    pytest.param(packed(y_train=Y / 1), "y_train must be integers", id="float-labels"),
    pytest.param(packed(y_train=Y + 10), "y_train must be 0 to 9. Received: 10", id="label-10"),
    pytest.param(packed(y_train=Y.astype(object)), "not a whole .npz file", id="pickles"),
]


@pytest.mark.parametrize(("content", "message"), BROKEN_FILES)
def test_a_broken_file_is_told_what_is_wrong(tmp_path, content, message):
    path = tmp_path / "mnist.npz"
    path.write_bytes(content)
    with pytest.raises(mnist.DataError, match=message):
        mnist.read_npz(path)


@pytest.mark.parametrize("name", ["nothing.npz", "."], ids=["missing", "folder"])
def test_what_is_no_file_is_an_error_too(tmp_path, name):
    with pytest.raises(mnist.DataError, match=r"no such file|not a whole"):
        mnist.read_npz(tmp_path / name)


def test_the_cache_is_kerass(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert mnist.cached_file() == tmp_path / "datasets" / "mnist.npz"
    monkeypatch.delenv("KERAS_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert mnist.cached_file() == tmp_path / ".keras" / "datasets" / "mnist.npz"


def test_a_download_is_stored_whole_and_leaves_nothing_else(tmp_path, serve, small_is_mnist):
    serve(reply_with(CONTENT))
    target = tmp_path / "datasets" / "mnist.npz"
    mnist.download(target, PLENTY)
    assert target.read_bytes() == CONTENT
    assert list(target.parent.iterdir()) == [target]


BROKEN_ANSWERS = [
    pytest.param(not_found, PLENTY, "HTTP Error 404: Nothing here", id="404"),
    pytest.param(not_http, PLENTY, "BadStatusLine", id="not-http"),
    pytest.param(silent, SOON, r"nothing came within 0\.3 s|timed out", id="silent"),
    pytest.param(reply_with(CONTENT, pause=0.8), SOON, "nothing came|timed out", id="stalls"),
    pytest.param(
        reply_with(CONTENT[:99], len(CONTENT)), PLENTY, "99 bytes|IncompleteRead", id="cut"
    ),
    pytest.param(reply_with(b"<html>"), PLENTY, "6 bytes with SHA-256 .* came, not", id="html"),
]


@pytest.mark.parametrize(("reply", "patience", "message"), BROKEN_ANSWERS)
def test_a_broken_download_leaves_no_file(
    tmp_path, serve, small_is_mnist, reply, patience, message
):
    serve(reply)
    with pytest.raises(mnist.DataError, match=message) as error:
        mnist.download(tmp_path / "mnist.npz", patience)
    assert not list(tmp_path.iterdir())
    assert mnist.URL in str(error.value) and str(tmp_path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_name_that_is_looked_up_for_ever_is_not_waited_for(tmp_path, monkeypatch):
    over = threading.Event()
    monkeypatch.setattr(mnist, "URL", "http://mnist.invalid/mnist.npz")
    monkeypatch.setenv("NO_PROXY", "*")

    def look_up(*args, **kwargs):
        over.wait(20)
        raise socket.gaierror("no such host")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    start = time.monotonic()
    with pytest.raises(mnist.DataError, match=r"nothing came within 0\.3 s"):
        mnist.download(tmp_path / "mnist.npz", SOON)
    over.set()
    assert time.monotonic() - start < 5


def test_a_cache_that_cannot_be_written_is_noticed_before_the_download(tmp_path, monkeypatch):
    (tmp_path / "datasets").write_text("a file where a folder should be")
    monkeypatch.setattr(mnist, "_fetch", lambda *args: pytest.fail("must not be asked"))
    with pytest.raises(mnist.DataError, match="could not be downloaded"):
        mnist.download(tmp_path / "datasets" / "mnist.npz", PLENTY)
