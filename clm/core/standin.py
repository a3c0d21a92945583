"""
What stand-ins for other people's servers share: real HTTP, on loopback, one thread a connection.

For the demo and for tests, on this machine only.
"""

import json
import signal
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class StandInServer:
    """
    A server that `with` starts, on `port` or a free one, at `address`.

    :param handler: what answers; its `stand_in` is this server
    """

    def __init__(self, *, port: int, handler: type["StandInHandler"]) -> None:
        #: May answer a request in the server's stead, and says whether it has; for tests.
        self.instead: Callable[[Any, str], bool] | None = None
        self.requests: list[str] = []
        self.lock = threading.Lock()
        mine = type("Mine", (handler,), {"stand_in": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", port), mine)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def run(self, started: Callable[[], None]) -> None:
        """Serve until SIGINT or SIGTERM; `started` is called once it answers."""
        stop = threading.Event()
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, lambda *_: stop.set())
        with self:
            started()
            stop.wait()


class StandInHandler(BaseHTTPRequestHandler):
    """Answers one connection: a subclass says by `handle_request` what."""

    stand_in: Any
    protocol_version = "HTTP/1.1"
    timeout = 20

    def log_message(self, *args: Any) -> None:
        """Nothing is logged: addresses hold codes and ids."""

    def handle_request(self) -> None:
        raise NotImplementedError

    def do_GET(self) -> None:
        self.handle_request()

    def do_POST(self) -> None:
        self.handle_request()

    def do_DELETE(self) -> None:
        self.handle_request()

    def answer(self, status: int, body: Any, raw: bytes = b"") -> None:
        """JSON; `raw` instead of it where it is to be broken."""
        self._send(status, "application/json", raw or json.dumps(body).encode())

    def show(self, page: str) -> None:
        self._send(200, "text/html; charset=utf-8", page.encode())

    def _send(self, status: int, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Frame-Options", "DENY")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
