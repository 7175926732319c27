"""Somebody in front of a window: takes seats, opens tasks, answers, sends, and looks at it all."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.journeys.looking import faults, kind_of
from tests.journeys.site import Site

PDF = FilePayload(name="laporan izin.pdf", mimeType="application/pdf", buffer=b"%PDF-1.4\n%%EOF\n")
# Other cases wait in the same inboxes.
ABOUT = re.compile("Nama analyst|Anda sendiri")
PATIENCE_S = 60
Answers = Mapping[str, str | bool | tuple[str, ...]]


@dataclass
class Walker:
    """One window on a site; `seen` gathers what is wrong with the pages on the way.

    The rules of accessibility are checked once for each of the `kinds` of pages, where `rules`.
    """

    page: Page
    site: Site
    scripts: bool
    seen: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    about: re.Pattern[str] = ABOUT
    rules: bool = True

    def go(self, address: str) -> None:
        """Open an address of the site."""
        self.page.goto(address)
        self.look()

    def look(self) -> None:
        """Note what is wrong with the page shown now, once it is there as a whole."""
        self.page.wait_for_load_state()
        kind = kind_of(self.page)
        self.seen += faults(self.page, axe=self.scripts and self.rules and kind not in self.kinds)
        self.kinds.add(kind)

    def sit(self, person: str) -> None:
        """Take a person's seat, leaving the one before."""
        leave = self.page.get_by_role("button", name="Ganti kursi")
        if leave.count():
            leave.click()
        else:
            self.page.goto("/sign-in")
        seat = self.page.locator(f"button[value={person}]").first
        if not seat.count():
            self.page.goto(f"/sign-in?q={person}")
        seat.click()
        expect(self.page.locator("h1")).to_have_text("Tugas saya")
        self.look()

    def open(self, task: str) -> None:
        """Open a task of the inbox by its name, about oneself or the person of the walk.

        What belongs to a duty and not to one person is found among the tasks of the roles.
        """
        link = self.page.get_by_role("link", name=task, exact=True)
        if not link.count():
            self.follow(self.page.get_by_role("link", name="Peran saya"))
        rows = self.page.get_by_role("row").filter(has=link)
        rows.filter(has_text=self.about).get_by_role("link", name=task, exact=True).click()
        expect(self.page.locator("h1")).to_have_text(task)
        self.look()

    def _fold(self, name: str) -> Locator:
        return self.page.locator("details.add", has=self.page.locator(f'[name="{name}"]'))

    def wait_for(self, task: str) -> None:
        """Look into the inbox until a task is there; some come by themselves after a while."""
        link = self.page.get_by_role("link", name=task, exact=True)
        until = time.monotonic() + PATIENCE_S
        self.go("/inbox")
        while not link.count() and time.monotonic() < until:
            time.sleep(0.5)
            self.page.reload()

    def answer(self, answers: Answers) -> None:
        """Fill in questions by their names: texts, choices, ticks; rows and folds on the way."""
        for name, value in answers.items():
            self._reach(name)
            inputs = self.page.locator(f'[name="{name}"]')
            if isinstance(value, tuple):
                for one in value:
                    inputs.and_(self.page.locator(f'[value="{one}"]')).check()
            else:
                _fill(inputs, value)

    def _reach(self, name: str) -> None:
        """Add the row and open the fold in which a question stands."""
        while not self.page.locator(f'[name="{name}"]').count():
            self.follow(self.page.locator(f'button[value="add:{name.partition(".")[0]}"]'))
        if self._fold(name).count():
            self.unfold(name)

    def unfold(self, name: str) -> None:
        """Open the fold in which a question stands."""
        fold = self._fold(name)
        if fold.get_attribute("open") is None:
            fold.locator("summary").click()

    def attach(self, name: str, file: FilePayload) -> None:
        """Choose a file as evidence and send it, with a script at work or without."""
        self.unfold(f"{name}.number")
        pick = self._fold(f"{name}.number").locator(".pick:not(.photo)")
        pick.locator("input").set_input_files(file)
        if not self.scripts:
            pick.locator("button").click()
        expect(self.page.locator(".files").get_by_text(file["name"])).to_be_visible()
        self.look()

    def press(self, button: str) -> None:
        """Press a button of the form and look at the page that comes."""
        self.follow(self.page.get_by_role("button", name=button, exact=True).first)

    def follow(self, link: Locator) -> None:
        """Click what leads to another page, and look at it when it is there."""
        with self.page.expect_navigation():
            link.click()
        self.look()

    def send(self) -> str:
        """Send the form; the number on the receipt."""
        self.press("Kirim")
        refused = self.page.locator(".errsum li").all_inner_texts()
        assert not refused, refused
        expect(self.page.locator(".note.ok .strong")).to_contain_text("Terkirim")
        return self.page.locator(".note.ok .strong").inner_text().rstrip(".").rsplit(" ", 1)[-1]

    def done(self, person: str, task: str, answers: Answers) -> str:
        """A whole step: sit, open, answer, send."""
        self.sit(person)
        self.open(task)
        self.answer(answers)
        return self.send()


def _fill(inputs: Locator, value: str | bool) -> None:
    first = inputs.first
    kind = first.evaluate("e => e.type")
    if kind == "radio":
        inputs.and_(first.page.locator(f'[value="{value}"]')).check()
    elif kind == "checkbox":
        first.set_checked(bool(value))
    elif kind == "select-one":
        first.select_option(str(value))
    else:
        first.fill(str(value))
