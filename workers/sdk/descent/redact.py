"""Takes secrets out of what is recorded, before it reaches the spool.

By name, on whole words (`max_tokens`, `eos_token_id`, `tokenizer` and `author` are ordinary configuration), and by the
shape of the value. Numbers and booleans are never touched.
"""

from __future__ import annotations

import math
import re
from typing import Any, Dict, List, Optional, Sequence

from .notices import warn_once
from .points import wire_number

REDACTED = "[redacted]"
DEPTH_MAX = 20

_WORDS = frozenset(
    "password passwd passphrase pwd secret secrets credential credentials cookie cookies dsn bearer authorization "
    "apikey accesskey privatekey authtoken accesstoken".split()
)
_PAIRS = frozenset(
    tuple(pair.split())
    for pair in (
        "api key,api keys,access key,private key,secret key,signing key,encryption key,account key,auth key,"
        "auth token,access token,refresh token,session token,bearer token,api token,hf token,hub token,bot token,"
        "github token,gitlab token,wandb key,id token,security token,connection string,connection strings,"
        "database url,pass word"
    ).split(",")
)
_SPLIT = re.compile(r"[_\-./\s]+|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")

_SHAPES = re.compile(
    r"""
      dsc_(?:ing|read|adm|agt|reg|job)-[A-Za-z0-9]{40}
    | \bhf_[A-Za-z0-9]{20,}
    | \b(?:sk|pk|rk)-[A-Za-z0-9_\-]{20,}
    | \b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,}
    | \bgh[pousr]_[A-Za-z0-9]{30,}
    | \bgithub_pat_[A-Za-z0-9_]{30,}
    | \bglpat-[A-Za-z0-9_\-]{20,}
    | \b(?:AKIA|ASIA)[0-9A-Z]{16}\b
    | \bAIza[0-9A-Za-z_\-]{35}
    | \bxox[abeprs]-[A-Za-z0-9\-]{10,}
    | \bnpm_[A-Za-z0-9]{36}
    | \bpypi-[A-Za-z0-9_\-]{40,}
    | \beyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]*
    | -----BEGIN[ ][A-Z ]*PRIVATE[ ]KEY-----.*?(?:-----END[ ][A-Z ]*PRIVATE[ ]KEY-----|\Z)
    """,
    re.VERBOSE | re.DOTALL,
)
_USERINFO = re.compile(r"(\b[A-Za-z][A-Za-z0-9+.\-]*://)[^\s/@'\"]+@")
_BEARER = re.compile(r"(?i)\b(bearer|basic)(\s+)[A-Za-z0-9._~+/=\-]{12,}")
_ASSIGNMENT = re.compile(
    r"""(?P<name>[A-Za-z][A-Za-z0-9_.\-]{2,80})(?P<mid>["']?(?:\s*:\s*|\s*=\s*))"""
    r"""(?P<quote>["']?)(?P<value>[^\s"',;)}\]]{3,})"""
)
_HARMLESS = re.compile(r"^(?:-?[0-9.eE+\-]+|true|false|none|null|str|int|bytes|bool|optional.*)$", re.IGNORECASE)
_LONG = re.compile(r"[A-Za-z0-9+/=_\-]{33,}")


def is_secret_name(name: Any) -> bool:
    """True when a whole word, or two neighbouring words, of the name mean a secret."""
    words = [word.lower() for word in _SPLIT.split(str(name)) if word]
    return any(word in _WORDS for word in words) or any(pair in _PAIRS for pair in zip(words, words[1:]))


def redact(value: Any, name: Any = "", depth: int = 0) -> Any:
    """`value` as plain JSON without secrets: dictionaries and lists are walked, strings checked, other objects named
    by their text. `name` is the key under which the value stands."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return wire_number(value)
    if depth > DEPTH_MAX:
        return "…"
    secret = bool(name) and is_secret_name(name)
    if isinstance(value, dict):
        return {str(k): redact(v, name if secret else k, depth + 1) for k, v in list(value.items())}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [redact(item, name if secret else "", depth + 1) for item in list(value)]
    text = value if isinstance(value, str) else _text(value)
    if secret and text:
        return REDACTED
    warn_if_random(str(name), text)
    return redact_text(text)


def redact_text(text: str) -> str:
    """Free text (a diff, a traceback, a console line) without values that look like secrets, with valid Unicode."""
    text = text.encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")
    text = _SHAPES.sub(REDACTED, text)
    text = _USERINFO.sub(r"\1" + REDACTED + "@", text)
    text = _BEARER.sub(r"\1\2" + REDACTED, text)
    return _ASSIGNMENT.sub(_redact_assignment, text)


def redact_command(arguments: Sequence[str]) -> List[str]:
    """A command line: the value after an option with a secret's name goes, joined by `=` or standing next."""
    result: List[str] = []
    secret_next = False
    for argument in arguments:
        if secret_next and not argument.startswith("-"):
            result.append(REDACTED)
            secret_next = False
            continue
        name, separator, _ = argument.partition("=")
        named_secret = is_secret_name(name.lstrip("-")) and (separator != "" or argument.startswith("-"))
        result.append(name + "=" + REDACTED if named_secret and separator else redact_text(argument))
        secret_next = named_secret and not separator
    return result


def redact_packages(packages: Dict[str, str]) -> Dict[str, str]:
    """Package versions; only values are checked, since names such as `secretstorage` are no secrets."""
    return {name: redact_text(version) for name, version in packages.items()}


def warn_if_random(name: str, text: str) -> None:
    """Say once per name that a long value looks random; it is kept, since hashes look the same."""
    match = _LONG.search(text)
    if match and _bits_per_character(match.group()) > 4.5:
        warn_once("random-" + name, "the value of %r looks like a secret and was recorded; rename or remove it" % name)


def _redact_assignment(match: "re.Match[str]") -> str:
    if not is_secret_name(match.group("name")) or _HARMLESS.match(match.group("value")):
        return match.group()
    if REDACTED.startswith(match.group("value")):
        return match.group()
    return match.group("name") + match.group("mid") + match.group("quote") + REDACTED


def _bits_per_character(text: str) -> float:
    counts = [text.count(character) for character in set(text)]
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts)


def _text(value: Any) -> Optional[Any]:
    try:
        item = getattr(value, "item", None)
        if callable(item) and getattr(value, "shape", None) == ():
            return str(item())
        return str(value)[:10_000]
    except Exception:
        return "<%s>" % type(value).__name__
