"""Sets documents as PDF/A; the only door to typst.

What people typed reaches a template as data and is shown as text: a template never evaluates it.
The same data give the same bytes: fonts come with the library, the date from the caller.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import typst

SHEETS = Path(__file__).parent / "sheets"
STANDARD = "a-2a"
MISSING = "□"
BREAKS = "\n\t"
ONE_LETTER = (
    b'#set text(font: "Libertinus Serif")\n#set document(title: "x")\n#text(sys.inputs.data)'
)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def typeset(template: str, data: Mapping[str, object], *, made_at: datetime) -> bytes:
    """The PDF of a template of this house; `data` holds texts, numbers, lists and mappings."""
    return _compiled(
        SHEETS / f"{template}.typ",
        data=json.dumps(_printable(data), ensure_ascii=False, sort_keys=True),
        made_at=made_at,
    )


def _compiled(source: Path | bytes, *, data: str, made_at: datetime) -> bytes:
    made = typst.Compiler(
        source, root=SHEETS, ignore_system_fonts=True, sys_inputs={"data": data}
    ).compile(format="pdf", pdf_standards=[STANDARD], timestamp=made_at.astimezone(UTC))
    if not isinstance(made, bytes):
        raise TypeError("typst made no single document")
    return made


def _printable(value: object) -> object:
    """The same data with a box for each letter that no font of ours can print.

    PDF/A refuses such letters, and a strange letter in a name must not cost anybody his sheet.
    """
    if isinstance(value, str):
        return "".join(letter if _has_glyph(letter) else MISSING for letter in value)
    if isinstance(value, Mapping):
        return {key: _printable(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(inner) for inner in value]
    return value


@lru_cache(maxsize=4096)
def _has_glyph(letter: str) -> bool:
    if letter.isascii():
        return letter.isprintable() or letter in BREAKS
    try:
        _compiled(ONE_LETTER, data=letter, made_at=EPOCH)
    except typst.TypstError:
        return False
    return True


@cache
def edition() -> str:
    """What the bytes of a document depend on besides its data: our templates and the library."""
    digest = sha256(version("typst").encode())
    for file in sorted(SHEETS.glob("*.typ")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]
