"""Sends the calls of a run in the order in which they were made: project, experiment, run, attempt, inputs, artifacts,
checkpoints, evaluations, training rows, battles, finish. Each call is a spooled record with an Idempotency-Key of its own."""

from __future__ import annotations

import json
import os
import threading
import time
from typing import Any, Callable, Dict, Optional, Sequence

from .checkpoints import Checkpoint, unpin_files
from .client import Answer, segment
from .courier import Courier, Halted
from .lane import Record
from .link import Link
from .notices import say, warn_once
from .preferences import resolved
from .spool import read_json
from .transmit import StreamSender, note_rewind
from .uploads import Uploader, UploadRefused

ENVIRONMENT_WAIT_S = 15.0
SIDE_STREAMS_WAIT_S = 5.0
REFUSALS = (400, 403, 404, 409, 413, 415, 422)


class CallSender(threading.Thread):
    """The thread of the calls lane. `handles` resolves checkpoints that the training process holds."""

    def __init__(self, link: Link, streams: Sequence[StreamSender], handles: Dict[str, Checkpoint]) -> None:
        super().__init__(name="descent-calls", daemon=True)
        self.link = link
        self.lane = link.spool.lanes["calls"]
        self.streams = {sender.kind: sender for sender in streams}
        self.handles = handles
        self.courier = Courier(link, "calls")
        self.uploader = Uploader(link, self.courier)
        self._run_path = "/runs/" + segment(link.run)
        self._project_path = "/projects/" + segment(link.meta["project"])
        self._perform: Dict[str, Callable[[Dict[str, Any], str], None]] = {
            "project": self._project,
            "experiment": self._experiment,
            "run": self._run,
            "attempt": self._attempt,
            "inputs": self._inputs,
            "artifact": self._artifact,
            "checkpoint": self._checkpoint,
            "evaluation": self._evaluation,
            "evaluation_items": self._evaluation_items,
            "evaluation_complete": self._evaluation_complete,
            "training_rows": self._training_rows,
            "battles": self._battles,
            "finish": self._finish,
        }

    def run(self) -> None:
        """Send until there is nothing more to send."""
        try:
            while not self.link.over():
                record = self.lane.peek()
                if record is None:
                    self.lane.wakeup.wait(0.25)
                else:
                    self._send(record)
        except Halted:
            pass

    def _send(self, record: Record) -> None:
        kind = str(record.head.get("kind"))
        key = "%s-%s-%s" % (self.link.meta["id"], kind.replace("_", "-"), record.head["seq"])
        try:
            self._perform[kind](json.loads(record.body), key)
        except Halted:
            raise
        except Exception as error:  # One record with a defect must not hold up all the others.
            self.link.spool.dead_letter(kind, repr(error), record.body.decode("utf-8", "replace")[:100_000])
        self.lane.ack(record)
        self.link.spool.save_progress(force=True)

    def _call(self, method: str, path: str, body: Any, key: str = "", tolerate: Sequence[int] = ()) -> Answer:
        headers = dict(self.link.fence_headers())
        headers["Content-Type"] = "application/json"
        if key:
            headers["Idempotency-Key"] = key
        raw = json.dumps(body, separators=(",", ":")).encode("utf-8")
        return self.courier.deliver(method, path, raw, headers, tolerate)

    def _refused(self, kind: str, answer: Answer, content: Any) -> None:
        self.link.spool.dead_letter(kind, answer.text(), content)

    # Getting ready

    def _project(self, data: Dict[str, Any], key: str) -> None:
        # A key that is bound to a project may not create one: what follows shows whether the project is there.
        self._call("PUT", self._project_path, {}, tolerate=REFUSALS)

    def _experiment(self, data: Dict[str, Any], key: str) -> None:
        path = "%s/experiments/%s" % (self._project_path, segment(data["slug"]))
        answer = self._call("PUT", path, data["body"], tolerate=REFUSALS)
        if not answer.ok:
            self._refused("experiment", answer, data)

    def _run(self, data: Dict[str, Any], key: str) -> None:
        body = dict(data["body"])
        environment = self._environment()
        if environment:
            body["environment"] = environment
        path = "%s/runs/%s" % (self._project_path, segment(self.link.run))
        answer = self._call("PUT", path, body, tolerate=REFUSALS)
        while not answer.ok and not data.get("exists"):
            member = refused_member(answer, body)
            if member is None:
                break
            shown = " %r" % body[member] if member == "experiment" else ""
            warn_once("run-" + member, "the run is recorded without its %s%s: %s" % (member, shown, answer.text()))
            del body[member]
            answer = self._call("PUT", path, body, tolerate=REFUSALS)
        if answer.ok:
            self._announce(answer)
        elif not data.get("exists"):
            self.link.halt("the run was refused: %s" % answer.text())
            raise Halted("run")

    def _environment(self) -> Optional[Dict[str, Any]]:
        if self.link.give_up_s is None:
            deadline = time.monotonic() + ENVIRONMENT_WAIT_S
            while time.monotonic() < deadline and not self.link.over():
                if self.link.environment_ready.wait(0.25):
                    break
        try:
            value = read_json(os.path.join(self.link.spool.folder, "environment.json"))
        except (OSError, ValueError):
            return None
        return value if isinstance(value, dict) else None

    def _announce(self, answer: Answer) -> None:
        url, number = answer.string("url", 500), answer.integer("number")
        if url and url.startswith("/"):
            url = self.link.url + url
        if self.link.give_up_s is None:
            say("run %s%s" % (number if number is not None else self.link.run, " at " + url if url else ""))

    def _attempt(self, data: Dict[str, Any], key: str) -> None:
        answer = self._call("POST", self._run_path + "/attempts", data, key, tolerate=(400, 404, 422))
        if not answer.ok and data.get("from_checkpoint"):
            warn_once("resume", "the checkpoint to resume from was refused: %s" % answer.text())
            fresh = {name: value for name, value in data.items() if name != "from_checkpoint"}
            answer = self._call("POST", self._run_path + "/attempts", fresh, key + "-fresh")
        number = answer.integer("attempt")
        if answer.ok and number is not None:
            self.link.spool.remember("attempt", number)
            self.link.spool.remember("first_step", answer.integer("first_step"))
        elif self.link.attempt is None:
            self.link.halt("the attempt was refused: %s" % answer.text())
            raise Halted("attempt")
        self.link.attempt_known.set()

    # While it runs

    def _inputs(self, data: Dict[str, Any], key: str) -> None:
        answer = self._call("POST", self._run_path + "/inputs", data, key, REFUSALS)
        if not answer.ok:
            self._refused("input", answer, data)

    def _artifact(self, data: Dict[str, Any], key: str) -> None:
        try:
            for number, file in enumerate(data["files"]):
                call = "%s-%d" % (key, number)
                self.uploader.upload(file, data["type"], data.get("step"), call, data.get("key"))
        except UploadRefused as error:
            self.link.spool.dead_letter("artifact", str(error), data)
        unpin_files(data["files"], self.link.spool.files_folder)

    def _checkpoint(self, data: Dict[str, Any], key: str) -> None:
        files = []
        try:
            for number, file in enumerate(data["files"]):
                sha256 = self.uploader.upload(file, "checkpoint", data["body"]["step"], "%s-%d" % (key, number))
                files.append({"name": file["name"], "sha256": sha256, "size": file["size"]})
        except UploadRefused as error:
            self._settle(data, None, str(error))
            return
        body = dict(data["body"], attempt=self.link.attempt, files=files)
        answer = self._call("POST", self._run_path + "/checkpoints", body, key)
        identity = answer.string("id")
        self._settle(data, identity if answer.ok else None, answer.text())

    def _settle(self, data: Dict[str, Any], identity: Optional[str], reason: str) -> None:
        if identity is None:
            self.link.spool.dead_letter("checkpoint", reason, data)
        else:
            self.link.spool.remember("checkpoint:" + data["ref"], identity)
        handle = self.handles.pop(data["ref"], None)
        if handle is not None:
            handle.settle(identity, None if identity else reason)
        unpin_files(data["files"], self.link.spool.files_folder)

    def _evaluation(self, data: Dict[str, Any], key: str) -> None:
        checkpoint = data.get("checkpoint") or self.link.result("checkpoint:" + str(data.get("checkpoint_ref")))
        if not checkpoint:
            self.link.spool.dead_letter("evaluation", "its checkpoint was not stored", data)
            return
        answer = self._call("POST", "/checkpoints/%s/evaluations" % segment(checkpoint), data["body"], key, (404,))
        identity = answer.string("id")
        if answer.ok and identity:
            self.link.spool.remember("evaluation:" + data["ref"], identity)
        else:
            self._refused("evaluation", answer, data)

    def _evaluation_items(self, data: Dict[str, Any], key: str) -> None:
        self._evaluation_part(data, key, "items")

    def _evaluation_complete(self, data: Dict[str, Any], key: str) -> None:
        self._evaluation_part(data, key, "complete")

    def _evaluation_part(self, data: Dict[str, Any], key: str, verb: str) -> None:
        identity = self.link.result("evaluation:" + data["ref"])
        if not identity:
            self.link.spool.dead_letter("evaluation part", "its evaluation was not stored", data)
            return
        answer = self._call("POST", "/evaluations/%s/%s" % (segment(identity), verb), data["body"], key, (404,))
        if not answer.ok:
            self._refused("evaluation part", answer, data)

    def _training_rows(self, data: Dict[str, Any], key: str) -> None:
        answer = self._call("POST", self._project_path + "/training-rows", data["body"], key, tolerate=(404,))
        if not answer.ok:
            self._refused("training rows", answer, data["body"].get("dataset"))

    def _battles(self, data: Dict[str, Any], key: str) -> None:
        told = [resolved(battle, lambda ref: self.link.result("checkpoint:" + ref)) for battle in data["battles"]]
        battles = [battle for battle in told if battle]
        if len(battles) < len(told):
            lost = [battle for battle, stored in zip(data["battles"], told) if not stored]
            self.link.spool.dead_letter("battles", "one of their checkpoints was not stored", lost)
        if battles:
            answer = self._call("POST", self._project_path + "/battles", {"battles": battles}, key, tolerate=(404,))
            if not answer.ok:
                self._refused("battles", answer, data)

    # The end

    def _finish(self, data: Dict[str, Any], key: str) -> None:
        """Wait for the streams, then finish and name the metrics stream, so that a hole cannot stay unseen. A hole
        that no copy can fill must not keep the run open for ever: then the stream is not named, and we say so."""
        name_streams = True
        self._drained("metrics", None)
        for kind in ("logs", "telemetry"):
            self._drained(kind, SIDE_STREAMS_WAIT_S)
        while True:
            body = dict(data, attempt=self.link.attempt)
            metrics = self.streams["metrics"]
            if name_streams and metrics.lane.last_seq and not metrics.lane.holes:
                body["streams"] = [{"stream": metrics.stream, "last_seq": metrics.lane.last_seq}]
            # No Idempotency-Key: a stored "stream_gap" would be answered for ever, and finishing twice is harmless.
            answer = self._call("POST", self._run_path + "/finish", body)
            if answer.status == 409 and answer.code == "stream_gap" and name_streams:
                name_streams = note_rewind(metrics, answer.integer("expected_seq") or 1)
                if name_streams:
                    self._drained("metrics", None)
                continue
            if not answer.ok:
                self._refused("finish", answer, data)
            self.link.finished.set()
            return

    def _drained(self, kind: str, limit_s: Optional[float]) -> None:
        sender = self.streams[kind]
        begin = time.monotonic()
        while sender.rewind_to or not sender.lane.empty():
            if self.link.over():
                raise Halted("the process ends")
            if limit_s is not None and time.monotonic() - begin > limit_s:
                return
            time.sleep(0.02)


def refused_member(answer: Answer, body: Dict[str, Any]) -> Optional[str]:
    """The member of a run without which it may be taken: the one that the answer names, else the likeliest. A run that
    is recorded without a part of its description is better than none."""
    if answer.status in (403, 404, 409):
        return "experiment" if "experiment" in body else None
    errors = answer.data.get("errors")
    for error in errors if isinstance(errors, list) else []:
        member = str(error.get("pointer", "")).strip("/").split("/")[0] if isinstance(error, dict) else ""
        if member in body:
            return member
    order = ("environment", "config", "experiment", "name", "tags", "group", "seed")
    return next((member for member in order if member in body), None)
