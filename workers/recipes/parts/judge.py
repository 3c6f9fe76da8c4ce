"""The rule judge: does an answer keep the form that its question asks for, and is it right?"""

from __future__ import annotations

import re

FORMS = {
    "capital": re.compile(r"The capital of .+ is .+\."),
    "word_class": re.compile(r".+ is a (noun|verb)\."),
    "kind": re.compile(r".+ is a kind of .+\."),
    "define": re.compile(r".+ means .+\."),
}

# Types whose last word decides; the others have many right answers and are judged by form alone.
VERIFIABLE = ("capital", "word_class")


def keeps_form(kind: str, output: str, ended: bool) -> bool:
    """True when the answer ended by itself and has the form of its type."""
    if not ended:
        return False
    if kind in FORMS:
        return FORMS[kind].fullmatch(output) is not None
    plain = 8 < len(output) < 90 and output.endswith(".")
    return plain and not any(form.fullmatch(output) for form in FORMS.values())


def is_right(output: str, expected: str, ended: bool) -> bool:
    """True when the answer ended by itself and its last word is the expected one."""
    return ended and output.rstrip(".").split()[-1:] == expected.rstrip(".").split()[-1:]


def judge(kind: str, output: str, expected: str, ended: bool) -> float:
    """Form and correctness in one number; of two equal answers the shorter is better."""
    right = kind in VERIFIABLE and is_right(output, expected, ended)
    return keeps_form(kind, output, ended) + right - len(output) / 100_000
