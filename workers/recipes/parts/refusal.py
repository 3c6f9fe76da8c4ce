"""The one error that means "this cannot start": a sentence for people, exit code 3 for machines."""


class Refusal(Exception):
    """Raised before or between steps when going on would be wrong: missing data, another tokenizer, no parent.

    The message names the value that is wrong and the way out. Recipes end with exit code 3 on it.
    """
