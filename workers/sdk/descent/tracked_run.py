"""The run as a training script sees it. Every method returns at once and never raises into training."""

from __future__ import annotations

import os
import sys
import time
import traceback
from typing import Any, Callable, Dict, Iterable, List, Optional, Union

from .checkpoints import Checkpoint, list_files, pin_files
from .console import untee_console
from .evaluations import evaluation_records
from .heartbeat import Heartbeat
from .link import Link
from .logged_media import split_media
from .notices import say, shown, warn_once
from .points import capture_values, clean_step
from .preferences import battle_records
from .redact import redact, redact_text
from .sending import Sending
from .settings import Settings
from .spool import Spool
from .stop import StopCallback, StopSignal
from .training_rows import training_records

_PLAIN = frozenset((float, int, type(None), bool))
END_REASONS = ("finished", "failed", "stopped", "killed", "preempted", "lost", "timeout")
FINISH_TIMEOUT_S = 60.0
HURRIED_FINISH_TIMEOUT_S = 20.0


class Run:
    """One run that records. Made by `descent.init`; ends with `finish`, at the end of a `with` block, or at exit."""

    def __init__(self, settings: Settings, spool: Optional[Spool], config: Dict[str, Any]) -> None:
        self.id = settings.run
        self.project = settings.project
        self.experiment = settings.experiment
        self.config = config
        self._total_steps: Optional[int] = None
        self._heartbeat: Optional[Heartbeat] = None
        self.message: Optional[str] = None
        self._settings = settings
        self._spool = spool
        self._finished = False
        self._process = os.getpid()
        self._newest_checkpoint: Optional[Checkpoint] = None
        self._handles: Dict[str, Checkpoint] = {}
        self._stop = StopSignal()
        self._clock = time.time
        self._append: Callable[[Any], Any] = _discard
        self._append_call: Callable[[Any], Any] = _discard
        self._sending: Optional[Sending] = None
        self._link: Optional[Link] = None
        if spool is not None:
            self._start(spool)

    @property
    def total_steps(self) -> Optional[int]:
        """How many steps the run will take, when that is known: progress and the time left are shown by it."""
        return self._total_steps

    @total_steps.setter
    def total_steps(self, value: Optional[int]) -> None:
        self._total_steps = value
        if self._heartbeat is not None:
            self._heartbeat.wakeup.set()

    def _start(self, spool: Spool) -> None:
        sending = self._sending = Sending(
            spool, self._settings.wire, self._handles, self._progress, lambda: self._stop.tell("stopped")
        )
        self._link, self._collector, self._heartbeat = sending.link, sending.collector, sending.heartbeat
        self._stop.on_signal = sending.heartbeat.wakeup.set
        self._append = sending.collector.points.append
        self._append_call = sending.collector.calls.append
        sending.start()

    # Recording

    def log(self, metrics: Dict[str, Any], step: Optional[int] = None) -> None:
        """Record numbers, and media, at a step.

        `metrics` maps names (`train/loss`) to numbers, NaN and infinities included; scalars of torch, numpy and the
        like are read later, as they are now. Texts, and `descent.Text`, `Image`, `Audio`, `Table` and `Histogram`, or
        lists of them, become artifacts of the run with this key and step. `step` is a whole number from 0 (default: one
        after the last). Returns in a few microseconds: numbers are queued, media copied, and everything else happens in
        another thread."""
        try:
            # A loop, not a set: between two steps of training the interpreter stays in the caches, a set's code does not.
            for value in metrics.values():
                if type(value) is not float and type(value) not in _PLAIN:
                    entry = split_media(metrics)
                    if entry is None:
                        self._append((step, self._clock(), capture_values(metrics)))
                    else:
                        entry.numbers = capture_values(entry.numbers)
                        self._append((step, self._clock(), entry))
                    return
            self._append((step, self._clock(), metrics.copy()))
        except Exception as error:
            warn_once("log", "log(%s) could not be recorded: %r" % (shown(metrics), error))

    def log_checkpoint(
        self,
        path: Union[str, "os.PathLike[str]"],
        step: int,
        tokens: Optional[int] = None,
        metadata: Optional[Dict[str, Any]] = None,
    ) -> Checkpoint:
        """Record the files of a folder (or one file) as the checkpoint at `step`; they are uploaded in the background,
        in order. `tokens` is the number of training tokens seen so far. The files may be replaced or removed by
        renaming or unlinking once this returns, but not be written to. Gives a handle whose `id` comes later."""
        checkpoint = Checkpoint(-1)
        try:
            number = clean_step(step, 0)
            if number is None:
                raise ValueError("checkpoint step %s is no whole number from 0" % shown(step))
            checkpoint.step = number
            files = list_files(os.fspath(path))
            body = {"step": number, "tokens": _optional_whole("tokens", tokens), "metadata": metadata}
            self._send_checkpoint(checkpoint, files, {k: v for k, v in body.items() if v is not None})
        except Exception as error:
            warn_once("checkpoint-%s" % error, "the checkpoint %s was not recorded: %s" % (shown(path), error))
            checkpoint.settle(None, str(error))
        return checkpoint

    def _send_checkpoint(self, checkpoint: Checkpoint, files: List[Dict[str, Any]], body: Dict[str, Any]) -> None:
        if self._spool is None or self._finished:
            checkpoint.settle(None, "this process does not record")
            return
        pin_files(files, self._spool.files_folder)
        self._handles[checkpoint.ref] = checkpoint
        self._newest_checkpoint = checkpoint
        self._call("checkpoint", lambda: {"ref": checkpoint.ref, "files": files, "body": _clean_body(body)})

    def log_eval(
        self,
        benchmark: Union[str, Dict[str, Any]],
        score: Optional[float] = None,
        n: Optional[int] = None,
        metric: Optional[str] = None,
        checkpoint: Union[Checkpoint, str, None] = None,
        protocol: Optional[Dict[str, Any]] = None,
        stderr: Optional[float] = None,
        seed: Optional[int] = None,
        items: Optional[List[Dict[str, Any]]] = None,
        variant: Optional[str] = None,
        **fields: Any,
    ) -> None:
        """Record one score of one checkpoint on one benchmark, after the checkpoint is stored.

        benchmark: a slug, or a dictionary that defines it once: slug, category, kind (accuracy, rate, loss, elo,
            other), higher_is_better, and where known name, chance, best, unit, margin, use (development or unseen),
            twin (slug), description, role (target, retention, safety), gain (surface or knowledge), valid_until (a day),
            domain and facet (terminology, patterns, reasoning, facts), part (form, content, process, answer) and pair
            (slug of the benchmark that measures the other side of the task).
        score: in the unit of the metric; default: the mean of the items' scores, or their bits per byte.
        n: number of items that the score is made of; default: those given. `n_missing` says why there is none.
        protocol: how it was measured: task, task_version, dataset, dataset_revision, split, shots, prompt_template,
            chat_template, apply_chat_template, extraction, normalizer, decoding, max_length, harness, harness_version,
            judge, judge_prompt, tokenizer (decides for metrics per token); dtype, quantization, engine, batch_size.
            Where one of them differs, two scores are not compared.
        stderr: standard error in the unit of `score`; None: not known, never zero.
        seed: of the decoding; another seed is a further trial of the same measurement.
        variant: what was done to get the most from the checkpoint, such as "best prompt"; a column of its own.
        checkpoint: a handle or an id; default: the one an agent asked to evaluate, else the newest of this run.
        items: dictionaries with id and score, or nats and bytes (tokens for a metric per token), or pred and gold, or
            hyp_len, ref_len, match and total (BLEU); optionally trial, cluster, tags, hash, prompt, output, expected,
            verdict. Sent in parts; the score counts once all have come. Tags that have a view of their own: `fact` (taught,
            paraphrased, unrelated), `facet`, `valid_until` (a day).
        fields: scale (1 or 100), n_clusters, n_missing, source, measured_at."""
        try:
            target = checkpoint or self._settings.target_checkpoint or self._newest_checkpoint
            where = {"checkpoint_ref": target.ref} if isinstance(target, Checkpoint) else {"checkpoint": target}
            if target is None or (isinstance(target, Checkpoint) and target.error):
                raise ValueError("evaluation of %s: there is no checkpoint; give checkpoint=" % shown(benchmark))
            rows = None if items is None else list(items)
            fields.update(n=n, metric=metric, protocol=protocol, stderr=stderr, seed=seed, variant=variant)
            now = time.time()
            self._calls(
                lambda: [
                    (kind, dict(data, **where) if kind == "evaluation" else data)
                    for kind, data in evaluation_records(benchmark, score, rows, fields, now)
                ]
            )
        except Exception as error:
            warn_once("eval-%s" % error, str(error))

    def log_training_rows(self, dataset: str, rows: Iterable[Any], windows: bool = True) -> None:
        """Report hashes of rows of training data, so that evaluation items among them are named; texts are not sent.

        dataset: slug@version, as the stage's data mixture names it.
        rows: (id, text) or dictionaries with id and text; read once, on the calling thread: about 1 MB of text a second.
        windows: also every 13 words, so that an item inside a longer row is found. Without them a hundredth is sent,
            and only rows that are an item as a whole are found."""
        try:
            if self._spool is None or self._finished:
                return
            for body in training_records(dataset, rows, windows):
                self._call("training_rows", lambda body=body: {"body": body})
        except Exception as error:
            warn_once("training-%s" % error, str(error))

    def log_preferences(self, battles: Iterable[Any], **common: Any) -> None:
        """Record which of two answers was preferred: models are rated by it.

        battles: dictionaries with a and b (a checkpoint handle, an id, or name and version of a model that has no
            checkpoint here), winner (a, b or tie), prompt (its id), rater (a person, or a judge model with its version)
            and rater_kind (person or model); optionally id, category, judge_prompt (name and version, or a hash), first
            (a or b: the answer that was shown first), length_a, length_b (in one unit) and judged_at. A battle that
            comes again under its id changes nothing; without one, each is a battle of its own.
        common: members that all of them share, such as `rater="gpt-4-0613", rater_kind="model"`."""
        try:
            if self._spool is None or self._finished:
                return
            # All of them are read before the first is sent: a bad one records nothing.
            for body in list(battle_records(battles, common)):
                self._call("battles", lambda body=body: {"battles": body})
        except Exception as error:
            warn_once("preferences-%s" % error, "no preferences were recorded: %s" % error)

    def log_artifact(
        self, path: Union[str, "os.PathLike[str]"], name: Optional[str] = None, type: str = "file"
    ) -> None:
        """Upload a file, or the files of a folder, as artifacts of the run."""
        try:
            files = list_files(os.fspath(path))
            if name:
                for file in files:
                    file["name"] = name if len(files) == 1 else name + "/" + file["name"]
            if self._spool is not None and not self._finished:
                pin_files(files, self._spool.files_folder)
                self._call("artifact", lambda: {"files": files, "type": str(type)})
        except Exception as error:
            warn_once("artifact-%s" % error, "the artifact %s was not recorded: %s" % (shown(path), error))

    def use(self, name: str, sha256: Optional[str] = None, role: Optional[str] = None) -> None:
        """Record an input: `kind:name@version`, as in `dataset:supersense@v1` or `tokenizer:bpe1k@v1`. Kinds: dataset,
        tokenizer, artifact, checkpoint (dataset when none is given)."""
        kind, separator, rest = str(name).partition(":")
        if not separator or kind not in ("dataset", "tokenizer", "artifact", "checkpoint"):
            kind, rest = "dataset", str(name)
        title, _, version = rest.partition("@")
        item = {"kind": kind, "name": redact_text(title), "version": version or None, "role": role}
        item["sha256"] = sha256.lower() if isinstance(sha256, str) else None
        item = {key: value for key, value in item.items() if value is not None}
        self._call("inputs", lambda: {"items": [item]})

    # Stopping

    @property
    def stop_requested(self) -> bool:
        """True once the server asked this run to stop, or SIGTERM came (after `on_stop`). Poll it at each step."""
        return self._stop.by_signal or (self._link is not None and self._link.stop_requested)

    @property
    def stop_reason(self) -> Optional[str]:
        """`stopped` when the server asked, else `preempted` after SIGTERM, else None: what `finish` should report."""
        if self._link is not None and self._link.stop_requested:
            return "stopped"
        return "preempted" if self._stop.by_signal else None

    def on_stop(self, callback: Optional[StopCallback] = None) -> None:
        """Handle SIGTERM from now on: it sets `stop_requested` instead of ending the process, so the script must end
        itself. `callback(reason)` is called once, in the signal handler or in a background thread."""
        self._stop.install(callback)

    # The end

    def finish(
        self,
        reason: str = "finished",
        exit_code: Optional[int] = None,
        error: Optional[str] = None,
        timeout: Optional[float] = None,
    ) -> bool:
        """End the attempt: spool what is queued, send it for at most `timeout` seconds (60; 20 where the process
        must go soon: stopped or preempted under an agent), stop the threads. True when the server has everything;
        otherwise a line on stderr names the spool and the command that sends it later.
        `reason` is finished, failed, stopped, killed, preempted, lost or timeout. A second call does nothing."""
        if self._finished or self._process != os.getpid():
            return True
        self._finished = True
        try:
            return self._finish(reason, exit_code, error, timeout)
        except Exception as problem:
            say("warning: finishing failed: %r" % problem)
            return False

    def _finish(self, reason: str, exit_code: Optional[int], error: Optional[str], timeout: Optional[float]) -> bool:
        self._clear_current()
        untee_console()
        spool, sending = self._spool, self._sending
        if spool is None or sending is None:
            return True
        if reason not in END_REASONS:
            known = ", ".join(END_REASONS)
            warn_once("reason", "end reason %s is unknown, 'failed' is recorded; reasons: %s" % (shown(reason), known))
            reason = "failed"
        data = {"reason": reason, "exit_code": exit_code, "error": redact_text(error)[-20_000:] if error else None}
        data = {key: value for key, value in data.items() if value is not None}
        self._append_call(lambda: [("finish", data)])
        self._append = self._append_call = _after_finish
        if timeout is None:
            hurried = self._settings.under_agent and reason in ("stopped", "preempted")
            timeout = HURRIED_FINISH_TIMEOUT_S if hurried else FINISH_TIMEOUT_S
        sending.end(max(0.0, timeout))
        sent = spool.complete()
        dropped = sum(spool.dropped.values())
        spool.close()
        if dropped:
            say("warning: %d points and lines were dropped because the spool was full or its disk refused" % dropped)
        if not sent:
            say("not everything was sent. Send what is left with: python -m descent sync %s" % spool.folder)
        return sent

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if kind is None:
            self.finish(self.stop_reason or "finished", 0)
        elif issubclass(kind, SystemExit):
            code = error.code if isinstance(error.code, int) else int(error.code is not None)
            self.finish(self.stop_reason or ("failed" if code else "finished"), code)
        elif issubclass(kind, KeyboardInterrupt):
            self.finish("stopped", 130)
        else:
            self.finish("failed", 1, _traceback(kind, error, trace))

    def __repr__(self) -> str:
        return "<descent.Run %s project=%s>" % (self.id, self.project)

    # Inside

    def _call(self, kind: str, make: Callable[[], Dict[str, Any]]) -> None:
        self._calls(lambda: [(kind, make())])

    def _calls(self, make: Callable[[], Any]) -> None:
        self._append_call(make)

    def _progress(self) -> Dict[str, Any]:
        step = self._collector.last_step
        found: Dict[str, Any] = {"step": step if step >= 0 else None}
        found["total_steps"] = _optional_whole("total_steps", self._total_steps)
        found["message"] = redact_text(str(self.message))[:500] if self.message else None
        dropped = sum(self._spool.dropped.values()) if self._spool else 0
        if dropped and not self.message:
            found["message"] = "%d points and lines dropped: the spool was full" % dropped
        return {key: value for key, value in found.items() if value is not None}

    def _clear_current(self) -> None:
        package = sys.modules.get(__package__ or "descent")
        if package is not None and getattr(package, "run", None) is self:
            package.run = None  # type: ignore[attr-defined]

    def _after_fork(self) -> None:
        """In a forked child there are no threads that would send: it must not record."""
        self._append = self._append_call = _discard


def _clean_body(body: Dict[str, Any]) -> Dict[str, Any]:
    return {key: redact(value) for key, value in body.items()}


def _optional_whole(name: str, value: Any) -> Optional[int]:
    if value is None:
        return None
    try:
        number = int(value)
    except Exception:
        number = -1
    if number < 0:
        warn_once(name, "%s %s is no whole number from 0; it was not recorded" % (name, shown(value)))
        return None
    return number


def _traceback(kind: Any, error: Any, trace: Any) -> str:
    return "".join(traceback.format_exception(kind, error, trace))


def _discard(entry: Any) -> None:
    """Where a process that does not record puts its entries."""


def _after_finish(entry: Any) -> None:
    warn_once("after-finish", "the run is finished; what is logged now is not recorded")
