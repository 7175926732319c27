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


def faults(page: Page, *, axe: bool, data_in: str | None = None) -> list[str]:
    """What is wrong with the page that is shown now, each with its address.

    `data_in` is the language of names and titles that people gave, None when they are of neither.
    """
    wrong = [*_skeleton(page), *_width(page), *_words(page, data_in)]
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


def _words(page: Page, data_in: str | None) -> list[str]:
    """Lines of the other language, and sentences that stayed in the language of the other."""
    language = page.locator("html").get_attribute("lang") or ""
    lines = [line.strip() for line in page.locator("main").inner_text().splitlines()]
    foreign = re.compile(rf"\b(?:{FOREIGN[language]})\b", re.IGNORECASE)
    told_by_data = data_in not in {None, language}
    # Headings of sheets and the like stay as they are, and say in which language.
    quoted = {text.strip() for text in page.locator("main [lang]").all_inner_texts()}
    return [
        f"speaks another language: {line}"
        for line in lines
        if line not in quoted
        if line in UNTOLD[language] or (not told_by_data and foreign.search(line))
    ]


def _untold() -> dict[str, frozenset[str]]:
    """By language: what the catalogue says otherwise in it, as the other language says it."""
    words = load_words()["id"]
    pairs = [
        (msgid, words(msgid))
        for msgid in words.translations._catalog
        if isinstance(msgid, str) and msgid and words(msgid) != msgid
    ]
    english = frozenset(msgid for msgid, _ in pairs)
    return {"id": english, "en": frozenset(said for _, said in pairs) - english}


UNTOLD = _untold()
