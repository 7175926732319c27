"""What one attack of the corpus is: an id, the bytes, and the rule that must refuse it."""

from collections.abc import Callable
from dataclasses import dataclass

# Attacks that would run write here; the test puts its own path in place of this word.
CANARY = "CANARY_PATH"


@dataclass(frozen=True)
class Attack:
    """One bad file; `limited` ones could hang and are tried in a child process with limits."""

    id: str
    content: Callable[[], bytes]
    rule: str
    limited: bool = False
