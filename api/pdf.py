"""Sets documents as PDF/A; the only door to typst.

What people typed reaches a template as data and is shown as text: a template never evaluates it.
The same data give the same bytes: fonts come with the library, the date from the caller.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import typst

SHEETS = Path(__file__).parent / "sheets"
STANDARD = "a-2a"


def typeset(template: str, data: Mapping[str, object], *, made_at: datetime) -> bytes:
    """The PDF of a template of this house; `data` holds texts, numbers, lists and mappings."""
    inputs = {"data": json.dumps(data, ensure_ascii=False, sort_keys=True)}
    made = typst.Compiler(
        SHEETS / f"{template}.typ", root=SHEETS, ignore_system_fonts=True, sys_inputs=inputs
    ).compile(format="pdf", pdf_standards=[STANDARD], timestamp=made_at.astimezone(UTC))
    if not isinstance(made, bytes):
        raise TypeError("typst made no single document")
    return made


@cache
def edition() -> str:
    """What the bytes of a document depend on besides its data: our templates and the library."""
    digest = sha256(version("typst").encode())
    for file in sorted(SHEETS.glob("*.typ")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]
