"""Builds calls of battles: which of two answers to one prompt a person or a judge model preferred."""

from __future__ import annotations

import uuid
from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional

from .checkpoints import Checkpoint
from .points import wire_number
from .redact import redact

BATTLES_PER_CALL = 5_000
_TEXTS = ("prompt", "category", "rater", "judge_prompt", "judged_at")
_LENGTHS = ("length_a", "length_b")
_MEMBERS = frozenset(("id", "a", "b", "winner", "rater_kind", "first") + _TEXTS + _LENGTHS)


def battle_records(battles: Iterable[Any], common: Dict[str, Any]) -> Iterator[List[Dict[str, Any]]]:
    """The battles of each call. A side that is a handle of a checkpoint stands as its reference under `a_ref` or `b_ref`
    until the checkpoint has an id. ValueError names the battle and the member that is wrong.

    `common` holds members that every battle has unless it says otherwise."""
    call: List[Dict[str, Any]] = []
    for number, battle in enumerate(battles):
        call.append(_battle(number, battle, common))
        if len(call) == BATTLES_PER_CALL:
            yield call
            call = []
    if call:
        yield call


def resolved(battle: Dict[str, Any], checkpoint: Callable[[str], Optional[str]]) -> Optional[Dict[str, Any]]:
    """The battle with ids in place of references; None when one of its checkpoints was not stored."""
    plain = dict(battle)
    for side in ("a", "b"):
        if side + "_ref" in plain:
            plain[side] = checkpoint(plain.pop(side + "_ref"))
            if not plain[side]:
                return None
    return plain


def _battle(number: int, battle: Any, common: Dict[str, Any]) -> Dict[str, Any]:
    if not isinstance(battle, dict):
        raise ValueError("battle %d %.80r: give a dictionary with a, b, winner, prompt and rater" % (number, battle))
    given = {key: value for key, value in dict(common, **battle).items() if value is not None}
    unknown = sorted(set(given) - _MEMBERS)
    if unknown:
        raise ValueError("battle %d: %s is none of %s" % (number, unknown[0], ", ".join(sorted(_MEMBERS))))
    plain: Dict[str, Any] = {"id": str(given.get("id") or uuid.uuid4().hex)}
    for side in ("a", "b"):
        plain.update(_side(number, side, given.get(side)))
    if plain.get("a") == plain.get("b") and plain.get("a_ref") == plain.get("b_ref"):
        raise ValueError("battle %d: %s battles itself" % (number, plain.get("a", "a checkpoint")))
    plain["winner"] = _one_of(number, "winner", given.get("winner"), ("a", "b", "tie"))
    plain["rater_kind"] = _one_of(number, "rater_kind", given.get("rater_kind"), ("person", "model"))
    if "first" in given:
        plain["first"] = _one_of(number, "first", given["first"], ("a", "b"))
    for key in ("prompt", "rater"):
        if given.get(key) in (None, ""):
            raise ValueError("battle %d: %s is missing" % (number, key))
    plain.update({key: redact(str(given[key])) for key in _TEXTS if key in given})
    plain.update({key: _length(number, key, given[key]) for key in _LENGTHS if key in given})
    return plain


def _side(number: int, side: str, value: Any) -> Dict[str, Any]:
    if isinstance(value, Checkpoint):
        if value.error:
            raise ValueError("battle %d: the checkpoint %s was not recorded: %s" % (number, side, value.error))
        return {side + "_ref": value.ref}
    if isinstance(value, str) and value.strip():
        return {side: value.strip()}
    raise ValueError("battle %d: %s is %r; give a checkpoint, its id, or the name of a model" % (number, side, value))


def _one_of(number: int, key: str, value: Any, words: Any) -> str:
    if value in words:
        return str(value)
    raise ValueError("battle %d: %s is %r; give one of %s" % (number, key, value, ", ".join(words)))


def _length(number: int, key: str, value: Any) -> Any:
    length = wire_number(float(value))
    if isinstance(length, (int, float)) and length >= 0:
        return length
    raise ValueError("battle %d: %s is %r; a length is at least 0" % (number, key, value))
