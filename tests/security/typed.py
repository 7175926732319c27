"""Plays a path with one text typed into every text field, and looks at every page on the way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import Any

from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import create_app
from api.security import SESSION_COOKIE, form_token, new_token, token_hash
from api.settings import Settings
from engine.commands.drafts import save_draft
from engine.commands.sessions import open_session
from engine.commands.work_forms import open_form
from engine.domain.people import Actor
from engine.rules.forms.cleaning import cleaned
from engine.rules.forms.form import Field, Kind
from engine.store import drafts
from engine.store.work_items import WorkItemRow
from tests.workflows.scenario import Scenario

TEXTS = (Kind.TEXT, Kind.TEXTAREA)
ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "srcdoc"}


class Shape(HTMLParser):
    """What a page is made of: elements with the names of their attributes, addresses, words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.parts: list[tuple[str, ...]] = []
        self.addresses: list[str] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append((tag, *sorted(name for name, _ in attrs)))
        self.addresses += [value or "" for name, value in attrs if name in ADDRESSES]
        self.words += "".join(value or "" for name, value in attrs if name == "value")

    def handle_endtag(self, tag: str) -> None:
        self.parts.append((f"/{tag}",))

    def handle_comment(self, data: str) -> None:
        self.parts.append(("comment",))

    def handle_data(self, data: str) -> None:
        self.words += data


@dataclass
class Typed(Scenario):
    """A scenario whose people type `text` wherever they can; `pages` is what they saw."""

    text: str = ""
    pages: list[tuple[str, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    @cached_property
    def app(self) -> FastAPI:
        """The application over the office, at the hour of the path."""
        return create_app(self.office.desk, Settings(demo=True), clock=lambda: self.now)

    def look_around(self) -> None:
        """Everybody looks at every page of the case, as programs do as well."""
        case, items = self.instance_id, [item.id for item in self._open()]
        paths = [f"/cases/{case}", f"/cases/{case}/trail", f"/api/v1/cases/{case}/trail",
                 f"/api/v1/appraisals/{case}", "/inbox", "/inbox?tab=done", "/team",
                 *[f"/work-items/{item}" for item in items]]  # fmt: skip
        for person in (self.subject, "division_head", "hr_officer", "auditor"):
            with self._sitting(person) as client:
                for path in paths:
                    self._keep(path.replace(case, "case"), client.get(path))

    def _filled(
        self, item: WorkItemRow, actor: Actor, given: Mapping[str, Any]
    ) -> Mapping[str, object]:
        """The path's answers with the text in every text field; first as a draft on its page."""
        desk = self.office.desk
        answers = dict(super()._filled(item, actor, given))
        form = open_form(desk, actor, item_id=item.id, language="id", now=self.now).form
        for name, found in form.fields.items():
            answers[name] = self._typed(found, answers.get(name))
        with desk.store.reading(self.office.agency_id) as tx:
            earlier = drafts.find(tx, item.id)
        revision = earlier.revision if earlier else 0
        draft = cleaned(form, answers)
        save_draft(desk, actor, item_id=item.id, values=draft, revision=revision, now=self.now)
        with self._sitting(actor.employee_id) as client:
            self._keep(item.element_id, client.get(f"/work-items/{item.id}"))
        return answers

    def _typed(self, found: Field, value: object) -> object:
        if found.kind in TEXTS and not found.read_only and "pattern" not in found.schema:
            return self.text[: int(str(found.schema.get("maxLength", 2000)))]
        if found.kind is Kind.EVIDENCE:
            return [{"kind": "paper", "number": self.text[:150], "note": self.text[:400]}]
        if found.kind is Kind.ROWS and isinstance(value, list):
            return [self._row(found, row) for row in value]
        return value

    def _row(self, table: Field, row: object) -> object:
        if not isinstance(row, Mapping):
            return row
        columns = {column.name: column for column in table.columns}
        kept = {"evidence": row.get("evidence")} if "evidence" in columns else {}
        return {
            name: self._typed(columns[name], value) if name in columns else value
            for name, value in {**kept, **row}.items()
        }

    def _keep(self, name: str, answer: Any) -> None:
        self.answers.append(answer.status_code)
        if answer.headers.get("content-type", "").startswith("text/html"):
            self.pages.append((name, answer.text))

    def _sitting(self, person: str) -> TestClient:
        token = new_token()
        open_session(
            self.office.desk, self.office.agency_id, employee_id=person,
            token_hash=token_hash(token), language="id", hours=9, now=self.now,
        )  # fmt: skip
        headers = {"cookie": f"{SESSION_COOKIE}={token}", "x-csrf-token": form_token(token)}
        return TestClient(self.app, headers=headers, follow_redirects=False)


def shapes(typed: Typed) -> Iterator[tuple[str, Shape]]:
    """The pages of a play, in order."""
    for name, html in typed.pages:
        yield name, Shape(html)
