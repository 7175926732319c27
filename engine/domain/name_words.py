"""The words of a name as it is looked for: small letters without accents."""

import re
from unicodedata import combining, normalize

# Nur'aini is looked for as "Nuraini", too: left out, in every way in which they are typed.
APOSTROPHES = re.compile("['`\u00b4\u2018\u2019\u02bb\u02bc]")


def name_words(name: str) -> frozenset[str]:
    """The words of a name, or of what was typed to find one; none where it holds no letters."""
    plain = normalize("NFKD", APOSTROPHES.sub("", name)).casefold()
    return frozenset(re.findall(r"\w+", "".join(c for c in plain if not combining(c))))
