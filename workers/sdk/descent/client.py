"""HTTP to one server with the standard library, treating every answer as hostile input.

Answers are read up to a size and up to a deadline, redirects are never followed (the token would go along), other
encodings than plain are not understood, and nothing from an answer becomes a path or a header.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import ssl
import time
from typing import Any, Dict, Optional, Union
from urllib.parse import quote, urlsplit

PROTOCOL_VERSION = "1"
ANSWER_BYTES_MAX = 4 * 1024 * 1024
CONNECT_TIMEOUT_S = 10.0
SILENCE_TIMEOUT_S = 30.0
REQUEST_TIMEOUT_S = 90.0
SLOWEST_BYTES_PER_S = 20_000

Body = Union[bytes, Any, None]


class Answer:
    """What the server said: `status` 0 means that the outcome is unknown (no answer, or one that cannot be read)."""

    def __init__(self, status: int, data: Any = None, retry_after: Optional[str] = None, problem: str = "") -> None:
        self.status = status
        self.data: Dict[str, Any] = data if isinstance(data, dict) else {}
        self.retry_after = retry_after
        self.problem = problem

    @property
    def ok(self) -> bool:
        """True for 2xx."""
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        """The stable problem code, or an empty string."""
        code = self.data.get("code")
        return code if isinstance(code, str) else ""

    def text(self) -> str:
        """One line for people: status, code, detail; printable characters only, bounded."""
        detail = self.data.get("detail") or self.data.get("title") or self.problem
        line = " ".join(str(part) for part in (self.status or "no answer", self.code, detail) if part)
        return "".join(c if c.isprintable() else " " for c in line)[:400]

    def integer(self, name: str) -> Optional[int]:
        """A member that must be a whole number from 0 to 2^53, else None."""
        value = self.data.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 2**53:
            return None
        return value

    def string(self, name: str, limit: int = 200) -> Optional[str]:
        """A member that must be a printable string of at most `limit` characters, else None."""
        value = self.data.get(name)
        return value if isinstance(value, str) and 0 < len(value) <= limit and value.isprintable() else None


class Client:
    """One connection, kept open between requests; used by one thread. `expire` may be called by any thread."""

    def __init__(self, url: str, timeout_s: float = REQUEST_TIMEOUT_S) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("DESCENT_URL %r is no address; write it as http://host:port" % url)
        self._secure = parts.scheme == "https"
        self._host = "[%s]" % parts.hostname if ":" in parts.hostname else parts.hostname
        self._port = parts.port
        self._base = parts.path.rstrip("/") + "/api/v1"
        self._timeout_s = timeout_s
        self._connection: Optional[http.client.HTTPConnection] = None
        self._deadline = 0.0

    def request(
        self,
        method: str,
        path: str,
        body: Body = None,
        headers: Optional[Dict[str, str]] = None,
        length: Optional[int] = None,
    ) -> Answer:
        """Send one request and read its answer; never raises for the network or the server.

        `path` follows `/api/v1`. `body` is bytes, or a file-like object of `length` bytes."""
        sent = {
            "X-Descent-Protocol": PROTOCOL_VERSION,
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "descent-client/python",
        }
        key = read_api_key()
        if key:
            sent["Authorization"] = "Bearer " + key
        sent.update(headers or {})
        if body is not None:
            sent["Content-Length"] = str(len(body) if length is None else length)
        size = int(sent.get("Content-Length", "0"))
        self._deadline = time.monotonic() + self._timeout_s + size / SLOWEST_BYTES_PER_S
        try:
            return self._exchange_anew(method, self._base + path, body, sent)
        except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:
            self.close()
            return Answer(0, problem="%s: %s" % (type(error).__name__, error))
        finally:
            self._deadline = 0.0

    def _exchange_anew(self, method: str, path: str, body: Body, headers: Dict[str, str]) -> Answer:
        """Servers close idle connections, which shows only at the next request: that one is sent again at once over a
        new connection. Sending twice is safe, since every request of this client has a number or a key."""
        reused = self._connection is not None
        try:
            return self._exchange(method, path, body, headers)
        except (ConnectionError, http.client.RemoteDisconnected):
            self.close()
            if not reused:
                raise
        if hasattr(body, "seek"):
            body.seek(0)
        return self._exchange(method, path, body, headers)

    def _exchange(self, method: str, path: str, body: Body, headers: Dict[str, str]) -> Answer:
        connection = self._connect()
        connection.request(method, path, body=body, headers=headers)
        response = connection.getresponse()
        encoding = (response.getheader("Content-Encoding") or "identity").lower()
        retry_after = response.getheader("Retry-After")
        raw = self._read(response)
        response.close()
        if raw is None or response.will_close:
            self.close()
        if raw is None or encoding != "identity":
            return _unreadable(response.status, retry_after, "the answer is too long, too slow or encoded")
        if not raw.strip():
            return Answer(response.status, {}, retry_after)
        try:
            data = json.loads(raw)
        except (ValueError, RecursionError):
            return _unreadable(response.status, retry_after, "the answer is no JSON")
        return Answer(response.status, data, retry_after)

    def _read(self, response: http.client.HTTPResponse) -> Optional[bytes]:
        parts, size = [], 0
        while True:
            part = response.read1(65536)
            if not part:
                return b"".join(parts)
            size += len(part)
            if size > ANSWER_BYTES_MAX or time.monotonic() > self._deadline:
                return None
            parts.append(part)

    def _connect(self) -> http.client.HTTPConnection:
        if self._connection is None:
            kind: Any = http.client.HTTPConnection
            options: Dict[str, Any] = {"timeout": CONNECT_TIMEOUT_S, "blocksize": 256 * 1024}
            if self._secure:
                kind = http.client.HTTPSConnection
                options["context"] = ssl.create_default_context()
            connection = kind(self._host, self._port, **options)
            connection.connect()
            connection.sock.settimeout(SILENCE_TIMEOUT_S)
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connection = connection
        return self._connection

    def expire(self) -> None:
        """Cut a request that outlived its deadline (a server that drips bytes resets every other time limit)."""
        deadline, connection = self._deadline, self._connection
        if deadline and time.monotonic() > deadline and connection is not None:
            self._shutdown(connection)

    def interrupt(self) -> None:
        """Cut the request in flight, if any: the process wants to end."""
        connection = self._connection
        if connection is not None and self._deadline:
            self._shutdown(connection)

    @staticmethod
    def _shutdown(connection: http.client.HTTPConnection) -> None:
        try:
            connection.sock.shutdown(socket.SHUT_RDWR)
        except (OSError, AttributeError):
            pass

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except OSError:
                pass


def read_api_key() -> str:
    """The key, read anew for every request so that a replaced one counts: DESCENT_API_KEY, or the file that
    DESCENT_API_KEY_FILE names. Empty when there is none; characters that no key has are cut off."""
    key = os.environ.get("DESCENT_API_KEY", "").strip()
    path = os.environ.get("DESCENT_API_KEY_FILE")
    if not key and path:
        try:
            with open(path, encoding="ascii") as file:
                key = file.read(4096).strip()
        except (OSError, ValueError):
            return ""
    return key if key.isascii() and key.isprintable() and " " not in key else ""


def segment(value: Any) -> str:
    """`value` as one segment of a path."""
    return quote(str(value), safe="")


def _unreadable(status: int, retry_after: Optional[str], why: str) -> Answer:
    """An answer without a readable body: a success counts as unknown, a refusal keeps its status."""
    return Answer(0 if 200 <= status < 300 else status, None, retry_after, "%s (%s)" % (why, status))
