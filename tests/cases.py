"""One running case of a test: its open work, its events, and completing its steps."""

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine.commands.complete import CompletedStep, complete_work_item
from engine.domain.audit import Problem
from engine.domain.people import EmployeeId
from engine.rules.deadlines import local_date
from engine.store import audit, instances, tables, verification, work_items
from engine.store.instances import InstanceRow
from engine.store.work_items import WorkItemRow
from tests.office import Office

NOW = datetime(2026, 1, 5, 1, tzinfo=UTC)
WORDS = ("layanan", "izin", "selesai", "berkat", "antrean", "petugas", "aduan", "warga", "rapat")


def story(seed: str, *, letters: int) -> str:
    """A made-up report, always the same for a seed; packs no better than text does."""
    rng = random.Random(seed)
    return " ".join(f"{rng.choice(WORDS)} {rng.randrange(1000)}" for _ in range(letters))[:letters]


# About 3 KB as it is stored.
REPORT = {
    "story": story("story", letters=2400),
    "remark": story("remark", letters=500),
    "amount": Decimal("120.5"),
    "agreed": True,
}
VERDICT = {**REPORT, "result_rating": "above", "behaviour_rating": "as_expected"}
# What tests write as free text, as names and as numbers of people.
SECRET = "RAHASIA"
PLANTED = (SECRET, "Nama ", "19800101201001")
WORKING_TABLES = {"employee", "agency", "org_unit", "definition_file", "performance_plan"}
# A whole case of the small system "relay": element, person, answers.
RELAY = (
    ("draft", "analyst", REPORT),
    ("review", "division_head", VERDICT),
    ("advise", "department_head", REPORT),
    ("discuss", "analyst", {**REPORT, "agreed": False}),
    ("explain", "division_head", REPORT),
    ("sign", "division_head", REPORT),
)


@dataclass(frozen=True)
class Case:
    """One case of an office."""

    office: Office
    id: str

    @classmethod
    def start(cls, office: Office, person: str = "analyst", *, now: datetime = NOW) -> "Case":
        """Start the case of a person."""
        return cls(office, office.start(person, now))

    @property
    def row(self) -> InstanceRow:
        """The instance as it is stored."""
        with self.office.desk.store.reading(self.office.agency_id) as tx:
            return instances.get(tx, self.id)

    @property
    def open(self) -> dict[str, WorkItemRow]:
        """The open work by element."""
        with self.office.desk.store.reading(self.office.agency_id) as tx:
            items = work_items.open_of_instance(tx, self.id)
        return {item.element_id: item for item in items}

    def item(self, item_id: str) -> WorkItemRow:
        """A work item, open or closed."""
        with self.office.desk.store.reading(self.office.agency_id) as tx:
            return work_items.get(tx, item_id)

    def complete(
        self,
        person: str,
        element: str,
        answers: Mapping[str, object],
        *,
        now: datetime = NOW,
        **more: Any,
    ) -> CompletedStep:
        """Complete the open work of an element as a person."""
        return complete_work_item(
            self.office.desk,
            self.office.actor(person, now),
            item_id=self.open[element].id,
            answers=answers,
            now=now,
            **more,
        )

    @property
    def actions(self) -> list[str]:
        """The actions of the case's trail in order."""
        return [str(event["action"]) for event in self.events]

    @property
    def events(self) -> list[dict[str, Any]]:
        """The bodies of the case's trail in order."""
        return trail(self.office, self.id)


def personal_text(office: Office, *planted: str) -> list[str]:
    """Where planted text stands in clear outside the tables of people and definitions."""
    found = []
    with office.desk.store.reading(office.agency_id) as tx:
        for table in tables.metadata.sorted_tables:
            if table.name not in WORKING_TABLES:
                rows = tx.connection.execute(select(table)).all()
                found += [
                    table.name for row in rows for text in planted if text in repr(tuple(row))
                ]
    return found


def trail(office: Office, chain: str) -> list[dict[str, Any]]:
    """The bodies of a chain in order."""
    with office.desk.store.reading(office.agency_id) as tx:
        return [json.loads(event.body) for event in audit.events_of(tx, chain)]


def refusals(office: Office, person: str, *, now: datetime = NOW) -> list[str]:
    """Why a person was refused on the day, in order."""
    with office.desk.store.reading(office.agency_id) as tx:
        day = local_date(now, office.desk.calendar(tx, now))
    events = trail(office, audit.actor_day(EmployeeId(person), day))
    return [event["values"]["reason"] for event in events if event["action"] == "access.refused"]


def problems(office: Office) -> list[Problem]:
    """What `alur audit verify` finds wrong with the office's trail."""
    with office.desk.store.reading(office.agency_id) as tx:
        return list(verification.verify(tx))
