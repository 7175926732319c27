"""The two languages of the screens: English msgids, catalogues read at start, nothing compiled."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent / "locale"
LANGUAGES = ("id", "en")
DEFAULT_LANGUAGE = "id"


@dataclass(frozen=True)
class Words:
    """One language with its catalogue; call it with a msgid and the values of its places."""

    language: str
    translations: GNUTranslations

    def __call__(self, msgid: str, **values: object) -> str:
        """The text of `msgid`, with `%(name)s` places filled."""
        text = self.translations.gettext(msgid)
        return text % values if values else text

    def ngettext(self, one: str, many: str, count: int) -> str:
        """The singular or plural text for `count`, which fills the place `%(count)s`."""
        return self.translations.ngettext(one, many, count) % {"count": count}


def N_(msgid: str) -> str:  # noqa: N802 (the name gettext tools look for)
    """Mark a msgid of a table for extraction; it is translated where it is shown."""
    return msgid


@cache
def load_words(folder: Path = FOLDER) -> Mapping[str, Words]:
    """Every language by its code, from `<language>/LC_MESSAGES/messages.po`, read once."""
    return {language: Words(language, _translations(folder, language)) for language in LANGUAGES}


def _translations(folder: Path, language: str) -> GNUTranslations:
    with (folder / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
