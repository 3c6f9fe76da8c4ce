"""Stage kinds and the other names that people use for them."""

from __future__ import annotations

from typing import Optional, Tuple

from .notices import shown, warn_once

STAGE_KINDS = (
    "external_base",
    "pretrain",
    "continued_pretrain",
    "instruction",
    "domain",
    "task",
    "preference",
    "rl_verifiable",
    "merge",
    "prompt_only",
)
_ALIASES = {
    "base": "pretrain",
    "pretraining": "pretrain",
    "pre_training": "pretrain",
    "cpt": "continued_pretrain",
    "dapt": "continued_pretrain",
    "tapt": "continued_pretrain",
    "continued_pretraining": "continued_pretrain",
    "sft": "instruction",
    "it": "instruction",
    "instruct": "instruction",
    "instruction_tuning": "instruction",
    "task_finetuning": "task",
    "finetune": "task",
    "finetuning": "task",
    "dpo": "preference",
    "kto": "preference",
    "orpo": "preference",
    "simpo": "preference",
    "rlhf": "preference",
    "ppo": "preference",
    "grpo": "rl_verifiable",
    "rlvr": "rl_verifiable",
}
_PLAIN_ALIASES = frozenset(("base", "pretraining", "pre_training", "continued_pretraining", "it", "instruct"))


def stage_kind(stage: Optional[str]) -> Tuple[Optional[str], Optional[str]]:
    """(kind, method) of a stage or an alias; the method is the finer word of the alias. (None, None) for no stage,
    and with a warning for an unknown one."""
    if stage is None:
        return None, None
    word = str(stage).strip().lower().replace("-", "_").replace(" ", "_")
    if word in STAGE_KINDS:
        return word, None
    if word in _ALIASES:
        return _ALIASES[word], None if word in _PLAIN_ALIASES else word
    warn_once(
        "stage",
        "stage %s is unknown; the run is recorded without one. Stages: %s; other names: %s"
        % (shown(stage), ", ".join(STAGE_KINDS), ", ".join(sorted(_ALIASES))),
    )
    return None, None
