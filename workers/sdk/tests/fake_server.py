"""A small server of the native protocol for the tests: it keeps everything in memory, is strict about the protocol, and
fails in the ways that a test asks for."""

from __future__ import annotations

import hashlib
import json
import re
import threading
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Dict, List, Optional, Tuple

PART_SIZE = 1000
PREFIX = "/api/v1"

Reply = Tuple[int, Any]


class FakeServer:
    """Start with `with FakeServer() as server`. `faults` holds (pattern of method and path, what to do, how often).

    What to do: "lost" acts, then closes without an answer; "drop" closes at once; "invalid" answers 200 with no JSON;
    "endless" answers without an end; "redirect" answers 302; a tuple (status, problem, headers) answers that."""

    def __init__(self, port: int = 0) -> None:
        self.lock = threading.RLock()
        self.faults: List[List[Any]] = []
        self.requests: List[Tuple[str, str, Dict[str, str], bytes]] = []
        self.writes = 0
        self.stop = False
        self.body_max = 8 * 1024 * 1024
        self.in_flight = 0
        self.in_flight_max = 0
        self.projects: Dict[str, Any] = {}
        self.experiments: Dict[str, Any] = {}
        self.runs: Dict[str, Any] = {}
        self.batches: Dict[Tuple[str, str, str, int], bytes] = {}
        self.artifacts: Dict[str, bytes] = {}
        self.announced: List[Dict[str, Any]] = []
        self.uploads: Dict[str, Dict[str, Any]] = {}
        self.checkpoints: Dict[str, Any] = {}
        self.evaluations: Dict[str, Any] = {}
        self.inputs: List[Any] = []
        self.training_rows: List[Any] = []
        self.battles: List[Any] = []
        self.replays: Dict[str, Tuple[bytes, Reply]] = {}
        self.heartbeats: List[Any] = []
        self._port = port

    def __enter__(self) -> "FakeServer":
        fake = self

        class Handler(_Handler):
            server_state = fake

        self._server = _QuietServer(("127.0.0.1", self._port), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: Any) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        return "http://127.0.0.1:%d" % self._server.server_address[1]

    def fail(self, pattern: str, what: Any, times: int = 1) -> None:
        """Make the next `times` requests whose `METHOD path` matches go wrong."""
        self.faults.append([re.compile(pattern), what, times])

    def points(self, kind: str = "metrics") -> Dict[Tuple[str, int], Any]:
        """(key, step) → value, as the batches in order of seq leave it."""
        found: Dict[Tuple[str, int], Any] = {}
        for (_, _, batch_kind, _), body in sorted(self.batches.items()):
            if batch_kind == kind:
                for group in read_body(body)["groups"]:
                    for key, values in group["m"].items():
                        assert len(values) == len(group["step"]) == len(group["t"]), "the axes of a group differ"
                        found.update({(key, step): value for step, value in zip(group["step"], values)})
        return found

    def seqs(self, kind: str = "metrics") -> List[int]:
        return sorted(seq for (_, _, k, seq) in self.batches if k == kind)

    def sent(self, pattern: str) -> List[Tuple[str, str, Dict[str, str], bytes]]:
        return [request for request in self.requests if re.search(pattern, request[0] + " " + request[1])]

    # The protocol

    def answer(self, method: str, path: str, headers: Dict[str, str], body: bytes) -> Reply:
        for pattern, verb in _ROUTES:
            match = re.fullmatch(pattern, method + " " + path)
            if match:
                if method == "PUT" and "/parts/" in path:
                    return self.put_part(*match.groups(), headers=headers, body=body)
                return self._replayed(verb, match.groups(), headers, body)
        return problem(404, "not_found", "no such route: %s %s" % (method, path))

    def _replayed(self, verb: str, names: Any, headers: Dict[str, str], body: bytes) -> Reply:
        key = headers.get("idempotency-key")
        if key in self.replays:
            return self.replays[key][1] if self.replays[key][0] == body else problem(422, "idempotency_mismatch", key)
        data = read_body(body, headers.get("content-type")) if body else {}
        reply = getattr(self, verb)(*names, data=data, headers=headers, body=body)
        if key and reply[0] < 500:
            self.replays[key] = (body, reply)
        return reply

    def put_project(self, project: str, **_: Any) -> Reply:
        self.writes += project not in self.projects
        self.projects.setdefault(project, {"slug": project})
        return 200, self.projects[project]

    def put_experiment(self, project: str, slug: str, data: Any, **_: Any) -> Reply:
        self.writes += slug not in self.experiments
        self.experiments.setdefault(slug, data)
        return 200, {"slug": slug}

    def put_run(self, project: str, run: str, data: Any, **_: Any) -> Reply:
        named = data.get("experiment")
        if isinstance(named, str) and named not in self.experiments:
            return problem(404, "not_found", "no experiment " + named)
        self.writes += run not in self.runs
        self.runs.setdefault(run, {"body": data, "attempts": [], "finished": []})
        return 201, {"uid": run, "number": 1, "url": "/lab/%s/runs/1" % project}

    def post_attempt(self, run: str, data: Any, **_: Any) -> Reply:
        if run not in self.runs:
            return problem(404, "not_found", "no run")
        self.writes += 1
        self.runs[run]["attempts"].append(data)
        return 201, {"attempt": len(self.runs[run]["attempts"]), "first_step": 0}

    def heartbeat(self, run: str, data: Any, **_: Any) -> Reply:
        self.heartbeats.append(data)
        return 200, {"stop": self.stop}

    def post_inputs(self, run: str, data: Any, **_: Any) -> Reply:
        self.writes += 1
        self.inputs.extend(data["items"])
        return 201, {}

    def post_batch(self, run: str, kind: str, headers: Dict[str, str], body: bytes, data: Any, **_: Any) -> Reply:
        if run not in self.runs:
            return problem(404, "not_found", "no run")
        if headers.get("x-attempt") is None:
            return problem(400, "invalid_request", "X-Attempt is missing")
        stream, seq = headers["x-stream"], int(headers["x-seq"])
        known = self.batches.get((run, stream, kind, seq))
        if known is not None and known != body:
            return problem(409, "conflict", "the same seq with other bytes")
        self.writes += known is None
        self.batches[(run, stream, kind, seq)] = body
        return 200, {
            "acked": seq,
            "dup": known is not None,
            "written": 0,
            "rejected": [],
            "contiguous": self._contiguous(run, stream, kind),
            "missing": [],
            "stop": self.stop,
        }

    def _contiguous(self, run: str, stream: str, kind: str) -> int:
        seq = 0
        while (run, stream, kind, seq + 1) in self.batches:
            seq += 1
        return seq

    def finish(self, run: str, data: Any, **_: Any) -> Reply:
        for named in data.get("streams", []):
            contiguous = self._contiguous(run, named["stream"], "metrics")
            if contiguous < named["last_seq"]:
                return 409, {"code": "stream_gap", "stream": named["stream"], "expected_seq": contiguous + 1}
        self.writes += data not in self.runs[run]["finished"]
        if data not in self.runs[run]["finished"]:
            self.runs[run]["finished"].append(data)
        return 200, {"uid": run, "state": data["reason"]}

    def post_artifact(self, run: str, data: Any, **_: Any) -> Reply:
        self.announced.append(data)
        if data["sha256"] in self.artifacts:
            return 200, {"status": "exists", "id": data["sha256"][:8]}
        identity = uuid.uuid4().hex
        self.uploads[identity] = {"sha256": data["sha256"], "size": data["size"], "parts": {}}
        upload = {"id": identity, "part_size": PART_SIZE, "parts": -(-data["size"] // PART_SIZE)}
        return 201, {"status": "upload", "id": data["sha256"][:8], "upload": upload}

    def put_part(self, upload: str, number: str, headers: Dict[str, str], body: bytes) -> Reply:
        if hashlib.sha256(body).hexdigest() != headers.get("x-content-sha256"):
            return problem(422, "unprocessable", "the part does not match its hash")
        if upload not in self.uploads:
            return problem(404, "not_found", "no upload")
        self.uploads[upload]["parts"][int(number)] = body
        return 200, {}

    def get_upload(self, upload: str, **_: Any) -> Reply:
        if upload not in self.uploads:
            return problem(404, "not_found", "no upload")
        return 200, {"parts": [{"n": n, "size": len(b)} for n, b in self.uploads[upload]["parts"].items()]}

    def complete_upload(self, upload: str, **_: Any) -> Reply:
        known = self.uploads[upload]
        whole = b"".join(known["parts"][n] for n in sorted(known["parts"]))
        if len(whole) != known["size"] or hashlib.sha256(whole).hexdigest() != known["sha256"]:
            return problem(422, "unprocessable", "the file does not match its hash")
        self.writes += known["sha256"] not in self.artifacts
        self.artifacts[known["sha256"]] = whole
        return 200, {"id": known["sha256"][:8], "sha256": known["sha256"], "size": known["size"]}

    def post_checkpoint(self, run: str, data: Any, **_: Any) -> Reply:
        missing = [file["name"] for file in data["files"] if file["sha256"] not in self.artifacts]
        if missing:
            return problem(422, "unprocessable", "not uploaded: %s" % missing)
        identity = str(uuid.uuid4())
        self.writes += 1
        self.checkpoints[identity] = data
        return 201, {"id": identity, "step": data["step"]}

    def post_evaluation(self, checkpoint: str, data: Any, **_: Any) -> Reply:
        identity = str(uuid.uuid4())
        self.writes += 1
        complete = data.get("complete", True)
        self.evaluations[identity] = dict(data, checkpoint=checkpoint, items=list(data.get("items", [])), complete=complete)
        return 201, {"id": identity, "status": "complete" if complete else "open"}

    def post_training_rows(self, project: str, data: Any, **_: Any) -> Reply:
        self.writes += 1
        self.training_rows.append(data)
        return 201, {"dataset": data["dataset"], "rows": len(data["rows"]), "hashes": 0}

    def post_battles(self, project: str, data: Any, **_: Any) -> Reply:
        self.writes += 1
        self.battles.extend(data["battles"])
        return 201, {"added": len(data["battles"]), "known": 0}

    def post_items(self, evaluation: str, data: Any, **_: Any) -> Reply:
        self.writes += 1
        self.evaluations[evaluation]["items"].extend(data["items"])
        return 200, {}

    def complete_evaluation(self, evaluation: str, **_: Any) -> Reply:
        self.writes += 1
        known = self.evaluations[evaluation]
        if len(known["items"]) != known["n"]:
            return problem(422, "unprocessable", "n does not match")
        known["complete"] = True
        return 200, {"id": evaluation, "status": "complete"}


_ROUTES = [
    (r"PUT /projects/([^/]+)", "put_project"),
    (r"PUT /projects/([^/]+)/experiments/([^/]+)", "put_experiment"),
    (r"PUT /projects/([^/]+)/runs/([^/]+)", "put_run"),
    (r"POST /runs/([^/]+)/attempts", "post_attempt"),
    (r"POST /runs/([^/]+)/heartbeat", "heartbeat"),
    (r"POST /runs/([^/]+)/inputs", "post_inputs"),
    (r"POST /runs/([^/]+)/(metrics|logs|telemetry)", "post_batch"),
    (r"POST /runs/([^/]+)/finish", "finish"),
    (r"POST /runs/([^/]+)/artifacts", "post_artifact"),
    (r"PUT /uploads/([^/]+)/parts/(\d+)", "put_part"),
    (r"GET /uploads/([^/]+)", "get_upload"),
    (r"POST /uploads/([^/]+)/complete", "complete_upload"),
    (r"POST /runs/([^/]+)/checkpoints", "post_checkpoint"),
    (r"POST /checkpoints/([^/]+)/evaluations", "post_evaluation"),
    (r"POST /projects/([^/]+)/training-rows", "post_training_rows"),
    (r"POST /projects/([^/]+)/battles", "post_battles"),
    (r"POST /evaluations/([^/]+)/items", "post_items"),
    (r"POST /evaluations/([^/]+)/complete", "complete_evaluation"),
]


def read_body(body: bytes, content_type: Optional[str] = None) -> Any:
    """A body as JSON data; binary ones are told by their content type or, when that is not known, by how they begin."""
    from descent.transmit import readable

    binary = body[:4] == b"DSM1" if content_type is None else content_type == "application/vnd.descent.metrics.v1"
    data = readable(body, "binary" if binary else "json")
    assert data is not None, "a body that cannot be read"
    return data


def problem(status: int, code: str, detail: Any) -> Reply:
    return status, {"type": "urn:descent:problem:" + code, "status": status, "code": code, "detail": str(detail)}


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is part of many tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_state: FakeServer
    disable_nagle_algorithm = True

    def _handle(self) -> None:
        fake = self.server_state
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path[len(PREFIX) :] if self.path.startswith(PREFIX + "/") else "?" + self.path
        headers = {name.lower(): value for name, value in self.headers.items()}
        with fake.lock:
            fake.in_flight += "heartbeat" not in path
            fake.in_flight_max = max(fake.in_flight_max, fake.in_flight)
            fake.requests.append((self.command, path, headers, body))
            what = self._fault(path, body)
        try:
            if what == "drop":
                self.close_connection = True
                return
            if isinstance(what, tuple):
                self._write(what[0], what[1], what[2] if len(what) > 2 else {})
                return
            if what == "redirect":
                self._write(302, {}, {"Location": "http://127.0.0.1:9/stolen"})
                return
            with fake.lock:
                status, data = fake.answer(self.command, path, headers, body)
            self._reply(what, status, data)
        finally:
            with fake.lock:
                fake.in_flight -= "heartbeat" not in path

    def _fault(self, path: str, body: bytes) -> Any:
        fake = self.server_state
        if len(body) > fake.body_max and "/parts/" not in path:
            return problem(413, "too_large", "body")
        for fault in fake.faults:
            if fault[2] > 0 and fault[0].search(self.command + " " + path):
                fault[2] -= 1
                return fault[1]
        return None

    def _reply(self, what: Optional[str], status: int, data: Any) -> None:
        if what == "lost":
            self.close_connection = True
        elif what == "invalid":
            self._raw(200, b"<html>gateway</html>", {})
        elif what == "endless":
            self.close_connection = True
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b" " * 65536)
            except OSError:
                pass
        else:
            self._write(status, data, {})

    def _write(self, status: int, data: Any, headers: Dict[str, str]) -> None:
        self._raw(status, json.dumps(data).encode(), headers)

    def _raw(self, status: int, raw: bytes, headers: Dict[str, str]) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(raw)
        except OSError:
            self.close_connection = True

    do_GET = do_POST = do_PUT = _handle

    def log_message(self, *arguments: Any) -> None:
        """Quiet."""
