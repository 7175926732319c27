"""The monthly recap for programs of payroll: a month as it stands or was frozen, corrections."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from api.deps import TheActor, TheHouse, TheVisitor
from api.rest.cursors import cursor_of, key_of
from api.rest.resources import Id, resource_router
from engine.commands.monthly_recap import corrections, recap_page
from engine.domain.monthly_recap import Month, RecapLine
from engine.queries.monthly_recap import PersonOfMonth

router = resource_router()
A_MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"


class MonthLine(BaseModel):
    """One person: what was known of him and what HR's table makes of it; no decision to pay."""

    nip: str
    name: str
    unit: str
    predicate: str = Field(examples=["good"])
    under_appeal: bool
    period_id: Id | None
    version: int
    figures: Mapping[str, str] = Field(examples=[{"late_reports": "0", "attendance": "97.5"}])
    recorded: list[str]
    outcome: Mapping[str, str] = Field(examples=[{"percent": "100"}])


class RecapMonth(BaseModel):
    """People by name; `seal` and `frozen_at` once the month is frozen."""

    month: str
    frozen_at: datetime | None
    seal: str | None
    items: list[MonthLine]
    next: str | None = None


class Corrected(BaseModel):
    """Somebody of whom payroll would be told otherwise today; None where nothing was told."""

    nip: str
    name: str
    told: MonthLine | None
    today: MonthLine | None


class RecapCorrections(BaseModel):
    """The corrections to a frozen month by name."""

    month: str
    items: list[Corrected]


class RecapQuery(BaseModel):
    """Which month, and from where on."""

    model_config = ConfigDict(extra="forbid")

    month: str = Field(pattern=A_MONTH, examples=["2026-01"])
    cursor: str = Field("", max_length=600, description="`next` of the page before.")


class CorrectionsQuery(BaseModel):
    """Which month."""

    model_config = ConfigDict(extra="forbid")

    month: str = Field(pattern=A_MONTH, examples=["2026-01"])


@router.get("/recap")
def get_recap(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, asked: Annotated[RecapQuery, Query()]
) -> RecapMonth:
    """The recap of a month, 50 people a page."""
    month = Month.of(asked.month)
    key = key_of(asked.cursor, 2)
    after = (key[0] or "", key[1] or "") if key else None
    with house.desk.store.reading(actor.agency_id) as tx:
        page = recap_page(house.desk, tx, actor, month, now=visitor.now, after=after)
    return RecapMonth(
        month=month.code,
        frozen_at=page.frozen.frozen_at if page.frozen else None,
        seal=page.frozen.sha256 if page.frozen else None,
        items=[_line(person, line) for person, line in page.rows],
        next=cursor_of(*page.after) if page.after else None,
    )


@router.get("/recap/corrections")
def get_recap_corrections(
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    asked: Annotated[CorrectionsQuery, Query()],
) -> RecapCorrections:
    """Where payroll would be told otherwise today than when the month was frozen."""
    month = Month.of(asked.month)
    with house.desk.store.reading(actor.agency_id) as tx:
        found = corrections(house.desk, tx, actor, month, now=visitor.now)
    items = [
        Corrected(
            nip=one.person.nip,
            name=one.person.name,
            told=_line(one.person, one.told) if one.told else None,
            today=_line(one.person, one.today) if one.today else None,
        )
        for one in found
    ]
    return RecapCorrections(month=month.code, items=items)


def _line(person: PersonOfMonth, line: RecapLine) -> MonthLine:
    return MonthLine(
        nip=person.nip,
        name=person.name,
        unit=person.unit,
        predicate=line.predicate,
        under_appeal=line.under_appeal,
        period_id=line.cycle_id,
        version=line.version,
        figures=line.figures,
        recorded=list(line.recorded),
        outcome=line.outcome,
    )
