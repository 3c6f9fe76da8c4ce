"""The fixed suite: the same items, in the same way, for every checkpoint of a lineage."""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from dataclasses import dataclass, field

from .batches import chat_example, plain_example
from .dataset import Dataset
from .generation import generate
from .judge import VERIFIABLE, is_right, keeps_form
from .model import LanguageModel
from .scoring import score_examples, score_texts
from .tokenizer import Tokenizer

HARNESS, HARNESS_VERSION = "descent-recipes", "1"
CHAT_TEMPLATE = "<|user|>{prompt}<|assistant|> {answer}<|end|>"
LONGEST_ANSWER = 30

# What each stage tries to improve; everything that an ancestor was measured on counts as retention without being named.
TARGETS = {
    "pretrain": ("general-bpb", "knowledge"),
    "continued_pretrain": ("domain-bpb",),
    "instruction": ("instruction-format", "instruction-accuracy"),
    "task": ("task-accuracy", "task-macro-f1"),
    "preference": ("preference-accuracy", "reward-accuracy", "reward-margin"),
}


@dataclass(frozen=True)
class Measurement:
    """One benchmark on one checkpoint, ready for `run.log_eval`. The score follows from the items."""

    benchmark: dict
    metric: str
    score: float
    items: list[dict]
    protocol: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Subject:
    """What is measured, and with what."""

    model: LanguageModel
    tokenizer: Tokenizer
    dataset: Dataset
    stage: str
    limit: int = 0
    reference: LanguageModel | None = None

    def rows(self, file: str) -> list[dict]:
        """The benchmark's rows; with a limit evenly spread ones, always the same."""
        rows = self.dataset.rows(file)
        if not self.limit or self.limit >= len(rows):
            return rows
        return [rows[i * len(rows) // self.limit] for i in range(self.limit)]


def measure_all(subject: Subject) -> list[Measurement]:
    """Every benchmark of the suite; the reward ones only where there is a reference."""
    subject.model.eval()
    results = [bits_per_byte(subject, "general"), bits_per_byte(subject, "domain"), knowledge(subject)]
    results += [*instruction(subject), *task(subject), preference(subject)]
    if subject.reference is not None:
        results += rewards(subject)
    return results


def item_hash(prompt: str) -> str:
    """SHA-256 of the prompt as contamination checks compare it: NFKC, lower case, runs of what is neither letter nor
    digit one blank."""
    plain = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", prompt).lower()).strip()
    return hashlib.sha256(plain.encode()).hexdigest()


def _benchmark(subject: Subject, slug: str, name: str, category: str, kind: str, **more: object) -> dict:
    role = {"role": "target"} if slug in TARGETS.get(subject.stage, ()) else {}
    return {"slug": slug, "name": name, "category": category, "kind": kind, "higher_is_better": True, **more, **role}


def _protocol(subject: Subject, task: str, metric: str, **more: object) -> dict:
    return {
        "task": task,
        "task_version": "1",
        "dataset": subject.dataset.name,
        "dataset_revision": subject.dataset.sha256,
        "split": "heldout",
        "shots": 0,
        "apply_chat_template": False,
        "metric": metric,
        "decoding": "none: log-likelihood",
        "max_length": subject.model.shape.context,
        "harness": HARNESS,
        "harness_version": HARNESS_VERSION,
        "dtype": "float32",
        "engine": "torch",
        **more,
    }


def _mean(items: list[dict]) -> float:
    return math.fsum(item["score"] for item in items) / len(items)


def bits_per_byte(subject: Subject, corpus: str) -> Measurement:
    """Nats of held-out passages over their bytes; an item is one document."""
    rows = subject.rows(f"{corpus}_heldout")
    items = [
        {
            "id": row["id"],
            "hash": item_hash(row["text"]),
            "cluster": row["id"],
            "tags": {"source": row["id"].partition(":")[0]},
            "nats": nats,
            "bytes": size,
            "tokens": tokens,
            "prompt": row["text"],
        }
        for row, (nats, size, tokens) in zip(
            rows, score_texts(subject.model, subject.tokenizer, [row["text"] for row in rows]), strict=True
        )
    ]
    bits = math.fsum(item["nats"] for item in items) / math.log(2)
    title = {"general": "General bpb", "domain": "Domain bpb"}[corpus]
    return Measurement(
        benchmark=_benchmark(
            subject,
            f"{corpus}-bpb",
            title,
            "general-LM" if corpus == "general" else "domain-LM",
            "loss",
            higher_is_better=False,
            unit="bpb",
        ),
        metric="bits_per_byte",
        score=bits / sum(item["bytes"] for item in items),
        items=items,
        protocol=_protocol(subject, f"{corpus} documents", "bits_per_byte", prompt_template="<|doc|>{text}"),
    )


def knowledge(subject: Subject) -> Measurement:
    """Capitals, countries and regions among four options, by log-likelihood of the continuation."""
    rows = subject.rows("knowledge")
    examples = [
        plain_example(subject.tokenizer, row["prompt"], option + ".") for row in rows for option in row["options"]
    ]
    nats, _ = score_examples(subject.model, subject.tokenizer, examples)
    items = []
    for number, row in enumerate(rows):
        options = nats[4 * number : 4 * number + 4]
        picked = int(options.argmin())
        items.append(
            {
                "id": row["id"],
                "hash": item_hash(row["prompt"]),
                "cluster": row["cluster"],
                "tags": {"seen": row["seen"], "direction": row["direction"]},
                "score": float(picked == row["gold"]),
                "prompt": row["prompt"],
                "output": row["options"][picked],
                "expected": row["options"][row["gold"]],
            }
        )
    return Measurement(
        benchmark=_benchmark(subject, "knowledge", "Knowledge", "knowledge", "accuracy", chance=0.25, best=1),
        metric="acc",
        score=_mean(items),
        items=items,
        protocol=_protocol(
            subject,
            "capitals, countries, regions",
            "acc",
            prompt_template="{prompt} {option}.",
            extraction="option of highest summed log-likelihood of 4",
        ),
    )


def instruction(subject: Subject) -> list[Measurement]:
    """Greedy answers to held-out questions: do they keep the form, and are those right that can be checked by rule?"""
    rows = subject.rows("instruction_heldout")
    answers = generate(subject.model, subject.tokenizer, [row["prompt"] for row in rows], longest=LONGEST_ANSWER)
    form, right = [], []
    for row, (output, ended) in zip(rows, answers, strict=True):
        item = {
            "id": f"{row['type']}:{row['prompt']}",
            "hash": item_hash(row["prompt"]),
            "tags": {"type": row["type"], "seen": row["seen"], "ended": "yes" if ended else "no"},
            "prompt": row["prompt"],
            "output": output,
            "expected": row["answer"],
        }
        form.append({**item, "score": float(keeps_form(row["type"], output, ended))})
        if row["type"] in VERIFIABLE:
            right.append({**item, "score": float(is_right(output, row["answer"], ended))})
    how = {
        "chat_template": CHAT_TEMPLATE,
        "apply_chat_template": True,
        "prompt_template": "{prompt}",
        "decoding": f"greedy, at most {LONGEST_ANSWER} tokens",
    }
    results = [
        Measurement(
            benchmark=_benchmark(
                subject,
                "instruction-format",
                "Instruction format",
                "instruction",
                "rate",
                chance=0,
                best=1,
                part="form",
                pair="instruction-accuracy",
            ),
            metric="form",
            score=_mean(form),
            items=form,
            protocol=_protocol(
                subject, "questions of five types", "form", **how, extraction="ends by itself and fits its type's form"
            ),
        )
    ]
    if right:
        results.append(
            Measurement(
                benchmark=_benchmark(
                    subject, "instruction-accuracy", "Instruction accuracy", "instruction", "accuracy", chance=0, best=1
                ),
                metric="last_word",
                score=_mean(right),
                items=right,
                protocol=_protocol(
                    subject, "questions with one answer", "last_word", **how, extraction="last word, full stop removed"
                ),
            )
        )
    return results


def task(subject: Subject) -> list[Measurement]:
    """Class of a definition among the labels, by log-likelihood; accuracy and macro-F1 of the same answers."""
    rows = subject.rows("task_heldout")
    labels = sorted({row["label"] for row in subject.dataset.rows("task_heldout")})
    examples = [chat_example(subject.tokenizer, row["prompt"], label) for row in rows for label in labels]
    nats, _ = score_examples(subject.model, subject.tokenizer, examples, batch=256)
    predicted = [labels[i] for i in nats.reshape(len(rows), len(labels)).argmin(1)]
    shared = [
        {
            "id": row["synset"],
            "hash": item_hash(row["prompt"]),
            "tags": {"label": row["label"]},
            "prompt": row["prompt"],
            "output": answer,
            "expected": row["label"],
        }
        for row, answer in zip(rows, predicted, strict=True)
    ]
    right = [{**item, "score": float(item["output"] == item["expected"])} for item in shared]
    pairs = [{**item, "pred": item["output"], "gold": item["expected"]} for item in shared]
    how = {
        "chat_template": CHAT_TEMPLATE,
        "apply_chat_template": True,
        "prompt_template": "{prompt}",
        "extraction": f"label of highest summed log-likelihood of {len(labels)}",
    }
    return [
        Measurement(
            benchmark=_benchmark(
                subject, "task-accuracy", "Task accuracy", "task", "accuracy", chance=1 / len(labels), best=1
            ),
            metric="acc",
            score=_mean(right),
            items=right,
            protocol=_protocol(subject, "class of a definition", "acc", **how),
        ),
        Measurement(
            benchmark=_benchmark(subject, "task-macro-f1", "Task macro-F1", "task", "rate", best=1),
            metric="macro_f1",
            score=macro_f1([(item["pred"], item["gold"]) for item in pairs]),
            items=pairs,
            protocol=_protocol(
                subject, "class of a definition", "macro_f1", **how, normalizer="a class without predictions scores 0"
            ),
        ),
    ]


def macro_f1(pairs: list[tuple[str, str]]) -> float:
    """Unweighted mean of F1 over the classes that occur as prediction or truth. (predicted, true) pairs."""
    classes = sorted({name for pair in pairs for name in pair})
    total = 0.0
    for name in classes:
        hits = sum(predicted == name == true for predicted, true in pairs)
        total += 2 * hits / (sum(p == name for p, _ in pairs) + sum(t == name for _, t in pairs))
    return total / len(classes)


def preference(subject: Subject) -> Measurement:
    """How often the chosen answer has the higher log-likelihood per token than the rejected one."""
    rows = subject.rows("preference_heldout")
    chosen, rejected = _pair_nats(subject, subject.model, rows, per_token=True)
    items = []
    for row, good, bad in zip(rows, chosen, rejected, strict=True):
        prefers = good < bad
        items.append(
            {
                **_pair_item(row),
                "score": float(prefers),
                "output": row["chosen"] if prefers else row["rejected"],
                "expected": row["chosen"],
            }
        )
    return Measurement(
        benchmark=_benchmark(
            subject, "preference-accuracy", "Preference accuracy", "preference", "accuracy", chance=0.5, best=1
        ),
        metric="acc_norm",
        score=_mean(items),
        items=items,
        protocol=_protocol(
            subject,
            "chosen against rejected",
            "acc_norm",
            prompt_template="{prompt}",
            chat_template=CHAT_TEMPLATE,
            apply_chat_template=True,
            extraction="answer of higher log-likelihood per token",
            tokenizer=subject.tokenizer.sha256,
        ),
    )


def rewards(subject: Subject, beta: float = 0.1) -> list[Measurement]:
    """DPO's implicit rewards on held-out pairs against the reference: margin in nats, and how often it is positive."""
    assert subject.reference is not None
    rows = subject.rows("preference_heldout")
    chosen, rejected = _pair_nats(subject, subject.model, rows, per_token=False)
    reference_chosen, reference_rejected = _pair_nats(subject, subject.reference, rows, per_token=False)
    margins = beta * ((reference_chosen - chosen) - (reference_rejected - rejected))
    items = [
        {**_pair_item(row), "score": float(m), "expected": row["chosen"]} for row, m in zip(rows, margins, strict=True)
    ]
    signs = [{**item, "score": float(item["score"] > 0)} for item in items]
    how = {"prompt_template": "{prompt}", "chat_template": CHAT_TEMPLATE, "apply_chat_template": True}
    return [
        Measurement(
            benchmark=_benchmark(subject, "reward-margin", "Reward margin", "preference", "other", unit="nats"),
            metric="rewards/margins",
            score=_mean(items),
            items=items,
            protocol=_protocol(subject, f"implicit reward, beta {beta}", "rewards/margins", **how),
        ),
        Measurement(
            benchmark=_benchmark(
                subject, "reward-accuracy", "Reward accuracy", "preference", "accuracy", chance=0.5, best=1
            ),
            metric="rewards/accuracies",
            score=_mean(signs),
            items=signs,
            protocol=_protocol(subject, f"implicit reward, beta {beta}", "rewards/accuracies", **how),
        ),
    ]


def _pair_item(row: dict) -> dict:
    return {
        "id": f"{row['corruption']}:{row['prompt']}",
        "hash": item_hash(row["prompt"]),
        "tags": {"type": row["type"], "corruption": row["corruption"]},
        "prompt": row["prompt"],
    }


def _pair_nats(subject: Subject, model: LanguageModel, rows: list[dict], *, per_token: bool) -> tuple:
    examples = [
        chat_example(subject.tokenizer, row["prompt"], row[side]) for side in ("chosen", "rejected") for row in rows
    ]
    nats, counts = score_examples(model, subject.tokenizer, examples)
    values = nats / counts if per_token else nats
    return values[: len(rows)], values[len(rows) :]
