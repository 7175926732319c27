"""What holds on every page of the product, whoever reads it and on whatever window."""

import re
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from api.i18n import load_words

ID = re.compile(r"[0-9a-f-]{36}")
# Words that the one language has and the other never; names and data of the office hold none.
FOREIGN = {
    "id": r"the|and|your|with|was|were|not|from|until|yet|days|sent|task|please|none|by",
    "en": r"dan|yang|untuk|dengan|tugas|penilaian|hasil|belum|sudah|saudara|pejabat|oleh|lambat",
}


def kind_of(page: Page) -> str:
    """Pages of one kind share a template: the address without ids, and the task of a form."""
    path = ID.sub("", urlsplit(page.url).path)
    return path if path.endswith(("receipt", "trail", "cases/")) else path + page.title()


def faults(page: Page, *, axe: bool) -> list[str]:
    """What is wrong with the page that is shown now, each with its address."""
    wrong = [*_skeleton(page), *_width(page), *_words(page)]
    if axe:
        wrong += [
            f"axe {rule['id']}: {rule['nodes'][0]['html']}"
            for rule in Axe().run(page).response["violations"]
        ]
    return [f"{page.url} {fault}" for fault in wrong]


def _skeleton(page: Page) -> list[str]:
    language = page.locator("html").get_attribute("lang")
    found = {
        "one h1": page.locator("h1").count() == 1,
        "a title": page.title().removesuffix(" · Alur Kinerja").strip(" ·") != "",
        "a language": language in FOREIGN,
        "a place to skip to": page.locator("main#content").count() == 1,
    }
    return [f"lacks {what}" for what, there in found.items() if not there]


def _width(page: Page) -> list[str]:
    window = page.viewport_size["width"]
    widest = page.evaluate("document.documentElement.scrollWidth")
    return [f"is {widest} wide in a window of {window}"] if widest > window else []


def _words(page: Page) -> list[str]:
    """Lines of the other language, and words that the catalogue of this one lacks."""
    language = page.locator("html").get_attribute("lang") or ""
    lines = [line.strip() for line in page.locator("main").inner_text().splitlines()]
    foreign = re.compile(rf"\b(?:{FOREIGN[language]})\b", re.IGNORECASE)
    untold = MSGIDS if language == "id" else frozenset()
    return [
        f"speaks another language: {line}"
        for line in lines
        if foreign.search(line) or line in untold
    ]


def _foreign_msgids() -> frozenset[str]:
    words = load_words()["id"]
    catalogue = words.translations._catalog
    return frozenset(
        msgid for msgid in catalogue if isinstance(msgid, str) and msgid and words(msgid) != msgid
    )


MSGIDS = _foreign_msgids()
