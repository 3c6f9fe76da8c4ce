"""Keeps slurs and vulgar words out of every stage, so that nothing of the kind is learned, shown or photographed."""

from __future__ import annotations

import re

# WordNet marks such meanings in the definition itself.
MARKED = re.compile(
    r"\b(ethnic slurs?|slurs?|offensive|disparaging|derogatory|obscen\w*|vulgar\w*|insulting|pejorative|taboo|"
    r"contemptuous|abusive|term of abuse|dirty word)\b",
    re.IGNORECASE,
)

# Stems that stand at the start of a word, in words, definitions and example sentences.
BLOCKED_STEMS = re.compile(
    r"\b(sex|porn|prostitut|whor|harlot|slut|brothel|pimp|erotic|orgas|genital|penis|peni[sl]|vagin|vulva|clitor|scrot|"
    r"testic|masturb|copulat|fornicat|intercourse|rape|rapist|incest|pedophil|molest|sodom|bugger|fuck|shit|piss|crap|"
    r"turd|fart|bitch|bastard|damn|cunt|cock\b|dick\b|prick\b|tits?\b|titt|boob|breast|nipple|buttock|arse|ass\b|asshole|"
    r"anus|anal\b|feces|faec|excrement|urin|nigg|negro|darky|coon\b|spic\b|kike|gook|chink\b|wop\b|dago|honk[iey]|"
    r"redskin|squaw|half-breed|mulatto|octoroon|quadroon|hottentot|kaffir|savage|heathen|retard|imbecil|moron|cretin|"
    r"idiot|cripple|spastic|midget|fag\b|faggot|dyke|queer|homo\b|homosex|lesbian|sissy|tranny|transvest|slave|nazi|"
    r"hitler|suicid|murder|tortur|genocid|lynch|terroris|cocaine|heroin)",
    re.IGNORECASE,
)


def is_clean(*texts: str) -> bool:
    """True when none of the texts holds a blocked stem or a definition that is marked as offensive."""
    text = " | ".join(texts)
    return MARKED.search(text) is None and BLOCKED_STEMS.search(text) is None
