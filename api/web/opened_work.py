"""One work item as its pages need it: the frame, the form, and the tabs that lead around it."""

from dataclasses import dataclass
from enum import StrEnum

from api.deps import House, Visitor
from api.i18n import N_
from engine.commands.work_forms import OpenForm, open_form
from engine.domain.people import Actor
from engine.queries.work import WorkView, work_view

GO = "go:"


class Tab(StrEnum):
    """The pages of one work item; the value is the end of the address."""

    FORM = "form"
    CASE = "case"
    HISTORY = "history"
    DIAGRAM = "diagram"
    COMMENTS = "comments"


LABELS = {
    Tab.FORM: N_("Form"),
    Tab.CASE: N_("File so far"),
    Tab.HISTORY: N_("History"),
    Tab.DIAGRAM: N_("Diagram"),
    Tab.COMMENTS: N_("Notes"),
}


@dataclass(frozen=True)
class TabLink:
    """One tab; the button of the form that leads there saves what was typed first."""

    tab: Tab
    label: str
    address: str
    button: str


def tabs(work: WorkView) -> tuple[TabLink, ...]:
    """The tabs that this reader may open."""
    shown = [Tab.FORM] if work.receipt is None else []
    shown += [Tab.CASE, Tab.HISTORY] if work.reads_trail else [Tab.CASE] * work.reads_case
    shown += [Tab.DIAGRAM, Tab.COMMENTS] if work.reads_case else []
    return tuple(
        TabLink(tab, LABELS[tab], tab_address(work.item_id, tab), f"{GO}{tab.value}")
        for tab in shown
    )


def tab_address(item_id: str, tab: Tab) -> str:
    """Where a tab is found; the form has the address of the task itself."""
    return f"/work-items/{item_id}" if tab is Tab.FORM else f"/work-items/{item_id}/{tab.value}"


def work_frame(house: House, visitor: Visitor, actor: Actor, item_id: str) -> WorkView:
    """The frame of the pages. Raises NotFound."""
    with house.desk.store.reading(actor.agency_id) as tx:
        return work_view(
            tx,
            actor,
            item_id,
            settings_of=house.settings_of,
            now=visitor.now,
            language=visitor.language,
        )


def opened(house: House, visitor: Visitor, actor: Actor, item_id: str) -> OpenForm:
    """The form. Raises NotFound, Forbidden, WorkItemClosed or InstanceHeld."""
    return open_form(house.desk, actor, item_id=item_id, language=visitor.language, now=visitor.now)


def number(text: str) -> int | None:
    """A whole number of a hidden field, or nothing."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


def place_of(button: str) -> str:
    """The part of the form that a row or evidence button belongs to."""
    path = button.partition(":")[2]
    return (
        f"#f-{path.replace('.', '-')}" if path.replace(".", "").replace("_", "").isalnum() else ""
    )
