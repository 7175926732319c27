"""What follows results: the list of a person, of his rater and of HR, and its file."""

from datetime import date
from hashlib import sha256
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from api.deps import Submitted, TheActor, TheForm, TheHouse, TheVisitor
from api.web.follow_up_words import STATES, TONES, owner_of, state_of, title_of
from api.web.phrasing import Phrasing
from api.web.rendering import Pages, pages
from api.workbooks import CSV, Cell, Column, SheetTable, csv_of
from engine.commands.exports import record_follow_up_export
from engine.domain.access import Verb
from engine.queries.cycle_views import require
from engine.queries.follow_ups import (
    FollowUpLine,
    FollowUpQuery,
    every_follow_up,
    follow_up_page,
)

router = APIRouter(prefix="/follow-ups")
ThePages = Annotated[Pages, Depends(pages)]
LONGEST = 80
FILE_NAME = "tindak-lanjut.csv"


@router.get("")
def follow_ups_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    q: str = "",
    kind: str = "",
    state: str = "",
    cycle: str = "",
    due: str = "",
    after: str = "",
) -> HTMLResponse:
    """What the visitor may know of, what is due first before the rest."""
    asked = FollowUpQuery(q[:LONGEST], kind, state, cycle, _behind(due, after))
    say = Phrasing(visitor.words, visitor.zone, visitor.now)
    with house.desk.store.reading(actor.agency_id) as tx:
        found = follow_up_page(tx, actor, asked, visitor.now)
        rows = [(line, title_of(say, tx, house.kinds_of, line)) for line in found.rows]
        kinds = {use.kind: title_of(say, tx, house.kinds_of, use) for use in found.kinds}
    return show.render(
        request, visitor, "follow_ups.html", page=found, rows=rows, asked=asked,
        kinds=sorted(kinds.items(), key=lambda named: named[1]), states=STATES, tones=TONES,
        state_of=state_of, owner_of=owner_of, next_page=_next(asked, found.after),
    )  # fmt: skip


def _behind(due: str, after: str) -> tuple[date, str] | None:
    """The row that the page goes on behind; a place that means nothing is the beginning."""
    try:
        return (date.fromisoformat(due), after) if after else None
    except ValueError:
        return None


def _next(asked: FollowUpQuery, after: tuple[date, str] | None) -> str | None:
    if after is None:
        return None
    values = {
        "q": asked.name, "kind": asked.kind, "state": asked.state, "cycle": asked.cycle_id,
        "due": after[0].isoformat(), "after": after[1],
    }  # fmt: skip
    return f"/follow-ups?{urlencode({name: value for name, value in values.items() if value})}"


@router.post("/export")
def export(house: TheHouse, visitor: TheVisitor, actor: TheActor, form: TheForm) -> Response:
    """What the filters left, as CSV; rows and hash are in the trail before it is sent."""
    require(actor, Verb.EXPORT_FOLLOW_UPS)
    say = Phrasing(visitor.words, visitor.zone, visitor.now)
    with house.desk.store.reading(actor.agency_id) as tx:
        rows = [
            _cells(say, line, title_of(say, tx, house.kinds_of, line))
            for line in every_follow_up(tx, actor, _asked(form), visitor.now)
        ]
    content = csv_of(SheetTable("tindak-lanjut", _columns(say), rows))
    digest = sha256(content).hexdigest()
    record_follow_up_export(house.desk, actor, rows=len(rows), sha256=digest, now=visitor.now)
    name = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return Response(content, media_type=CSV, headers=name)


def _asked(form: Submitted) -> FollowUpQuery:
    return FollowUpQuery(
        form.one("q")[:LONGEST], form.one("kind"), form.one("state"), form.one("cycle")
    )


def _columns(say: Phrasing) -> tuple[Column, ...]:
    _ = say.words
    titles = (
        "NIP", _("Employee"), _("Unit"), _("Appraisal period"), _("Follow-up"), _("State"),
        _("Who sees to it"), _("Due"), _("Recorded"), _("Ended"),
    )  # fmt: skip
    return tuple(Column(title) for title in titles)


def _cells(say: Phrasing, line: FollowUpLine, title: str) -> list[Cell]:
    return [
        line.person.nip, line.person.name, line.person.unit, line.period, title,
        say.words(STATES[state_of(line)]), owner_of(say, line), line.due_on,
        say.day_of(line.created_at), say.day_of(line.closed_at) if line.closed_at else None,
    ]  # fmt: skip
