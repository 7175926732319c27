"""A city of two agencies with open, closed and foreign cases, and texts planted to be found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from starlette.testclient import TestClient

from api.deps import House
from api.i18n import load_words
from api.security import SESSION_COOKIE, form_token, new_token, token_hash
from api.settings import Settings
from api.web.phrasing import Phrasing
from api.web.sheet_pages import new_sheet
from engine.commands.desk import Desk
from engine.commands.drafts import save_draft
from engine.commands.evidence import store_evidence
from engine.commands.notices import NewNotice, tell
from engine.commands.organisation import Organisation
from engine.commands.people import founder, import_people
from engine.commands.prepared_drafts import hand_over_facts, save_facts
from engine.commands.preparers import allow_preparer
from engine.commands.result_sheets import record_sheet
from engine.commands.sessions import open_session
from engine.commands.uploads import begin_upload
from engine.domain.notices import NoticeKind
from engine.domain.people import EmployeeId, PositionId, UnitFunction, UnitId
from engine.queries.result_facts import sheet_facts
from engine.store import follow_ups, notices, work_items
from engine.store import tables as t
from engine.store.drafts import Edition
from engine.store.follow_ups import FollowUpRow
from engine.store.ids import new_id
from engine.store.people import AssignmentRow, DutyRow, EmployeeRow, PositionRow
from tests.office import (
    DIVISION,
    FOUNDED,
    ROOT,
    SECRETARIAT,
    SINCE,
    Office,
    found_office,
    open_desk,
)
from tests.postgres import TestDatabase
from tests.ready import store_system
from tests.security.planted import KEEPERS, plant
from tests.teams import describe, open_item
from tests.workflows.scenario import Scenario, read_path

DATABASE = "city.sqlite"
PDF = b"%PDF-1.7 KANARI-BERKAS"
# Whom a door can meet: role -> (which agency, employee id).
ROLES = {
    "subject": ("own", "analyst"),
    "rater": ("own", "division_head"),
    "rater_superior": ("own", "department_head"),
    "uninvolved": ("own", "guest"),
    "hr": ("own", "hr_officer"),
    "auditor": ("own", "auditor"),
    "operator": ("own", "operator"),
    "administrator": ("own", "administrator"),
    "foreign_hr": ("foreign", "hr_officer"),
    "closed_subject": ("own", "clerk"),
}
ANONYMOUS = "anonymous"
MISSING = "0199f1c2-7b3a-7c11-8c55-000000000000"
# Every person of both agencies has a name and a number that stand nowhere else.
RATING_STEP = "supervisor_review"
CANARY, FOREIGN_CANARY = "KANARI", "KENARI-LUAR"
OPEN_CASES = {"own": "analyst", "other_unit": "hr_colleague"}
# Who waits for the rating: one by the rater who lets the operator prepare it, one by another.
RATED_CASES = {"own": "trainee", "other_unit": "assistant"}


@dataclass(frozen=True)
class City:
    """The finished template and the ids of what is in it, by kind and by whose it is."""

    folder: Path
    offices: Mapping[str, Office]
    ids: Mapping[str, Mapping[str, str]]
    now: datetime


@dataclass
class Visit:
    """Sends people of every role to the doors of the application."""

    city: City
    desk: Desk
    client: TestClient
    tokens: dict[str, str] = field(default_factory=dict)

    def ask(self, role: str, method: str, path: str, **more: Any):
        """One request of a role, with the right tokens for pages and programs."""
        self.client.cookies.clear()
        headers = dict(more.pop("headers", {}))
        if role != ANONYMOUS:
            token = self.token(role)
            headers |= {"cookie": f"{SESSION_COOKIE}={token}", "x-csrf-token": form_token(token)}
        return self.client.request(method, path, headers=headers, **more)

    def token(self, role: str) -> str:
        """The session of a role; it opens when first asked for."""
        return self.tokens.get(role) or self.sign_in(role)

    def sign_in(self, role: str) -> str:
        """A new session of a role."""
        agency, person = ROLES[role]
        self.tokens[role] = token = new_token()
        open_session(
            self.desk,
            self.city.offices[agency].agency_id,
            employee_id=EmployeeId(person),
            token_hash=token_hash(token),
            language="id",
            hours=12,
            now=self.city.now,
        )
        return token

    def form(self, role: str, **fields: str) -> dict[str, str]:
        """The fields of a form with the token of the role's session."""
        return {"csrf_token": form_token(self.token(role)) if role != ANONYMOUS else "", **fields}


def build_city(folder: Path) -> City:
    """Found both agencies, play one case to its end, open the others, plant the texts."""
    url = f"sqlite:///{folder / DATABASE}"
    desk = open_desk(TestDatabase(url=url, migration_url=url), folder)
    own = found_office(desk, deploy=store_system)
    foreign = found_office(desk, deploy=store_system, now=FOUNDED + timedelta(hours=1))
    import_people(desk, founder(own.agency_id), people=_more_people(), now=FOUNDED)
    closed = Scenario(own, read_path(ROOT / "workflows/national/paths/achievement_first.json"))
    ids = {"closed": _things(own, closed.instance_id, "clerk", closed.now)}
    closed.run()
    ids["closed"]["sheet_id"] = _sheet(own, closed)
    ids["closed"]["rating_id"] = _rating_of(own, closed.instance_id)
    for whose, person in OPEN_CASES.items():
        ids[whose] = _things(own, own.start(person, closed.now), person, closed.now)
    _let_prepare(own, closed.now)
    for whose, person in RATED_CASES.items():
        ids[whose]["rating_id"] = _rating(own, person, closed.now)
    _prepare(own, ids["own"]["rating_id"], closed.now)
    ids["foreign"] = _things(foreign, foreign.start("analyst", closed.now), "analyst", closed.now)
    for whose in ids:
        ids[whose] |= plant(foreign if whose == "foreign" else own, KEEPERS[whose], closed.now)
    _plant_names(own, CANARY)
    _plant_names(foreign, FOREIGN_CANARY)
    desk.store.close()
    return City(folder, {"own": own, "foreign": foreign}, ids, closed.now + timedelta(hours=1))


def _sheet(office: Office, closed: Scenario) -> str:
    """The result sheet of the finished case."""
    actor, words = office.actor("hr_officer", closed.now), load_words()["id"]
    with office.desk.store.reading(office.agency_id) as tx:
        settings_of = House(office.desk, Settings(), {}, lambda: closed.now).settings_of
        facts = sheet_facts(tx, actor, closed.instance_id, settings_of=settings_of, now=closed.now)
    sheet = new_sheet(Phrasing(words, "Asia/Jayapura", closed.now), facts, "http://testserver")
    case = closed.instance_id
    return record_sheet(office.desk, actor, instance_id=case, sheet=sheet, now=closed.now)


def _let_prepare(office: Office, now: datetime) -> None:
    """The rater lets the operator of his unit prepare drafts, from today on."""
    today = now.date()
    allow_preparer(
        office.desk, office.actor("division_head", now), operator_id=EmployeeId("operator"),
        starts=today, ends=today + timedelta(days=30), now=now,
    )  # fmt: skip


def _prepare(office: Office, item_id: str, now: datetime) -> None:
    """What the operator handed over to the rater, who has read that it is there."""
    operator = office.actor("operator", now)
    values = {"strengths": "KANARI-SIAPAN"}
    save_facts(office.desk, operator, item_id=item_id, values=values, edition=Edition(0), now=now)
    hand_over_facts(office.desk, operator, item_id=item_id, now=now)
    with office.desk.store.transaction(office.agency_id) as tx:
        notices.read_all(tx, EmployeeId("division_head"), now=now)


def _rating(office: Office, person: str, now: datetime) -> str:
    """The open rating of somebody who described the own year."""
    case = office.start(person, now)
    describe(office, person, case, now)
    return open_item(office, case, RATING_STEP).id


def _rating_of(office: Office, instance_id: str) -> str:
    """The rating of a case, open or long done."""
    item = t.work_item.c
    of_case = select(item.id).where(item.instance_id == instance_id, item.element_id == RATING_STEP)
    with office.desk.store.reading(office.agency_id) as tx:
        return tx.connection.execute(of_case).scalars().first() or MISSING


def _more_people() -> Organisation:
    posts = {
        "guest": (SECRETARIAT, "sekda"), "operator": (DIVISION, "sekda"),
        "administrator": (SECRETARIAT, "sekda"), "trainee": (DIVISION, "division_head"),
    }  # fmt: skip
    return Organisation(
        positions=tuple(
            PositionRow(PositionId(key), unit, "Pelaksana", PositionId(above), None, False, None)
            for key, (unit, above) in posts.items()
        ),
        employees=tuple(
            EmployeeRow(EmployeeId(key), f"19800101201001{1 + n % 2}{n:03}", f"Nama {key}", "pns")
            for n, key in enumerate(posts, start=50)
        ),
        assignments=tuple(
            AssignmentRow(f"a-{key}", EmployeeId(key), PositionId(key), unit, "definitive", SINCE)
            for key, (unit, _) in posts.items()
        ),
        duties=(
            _duty("operator", UnitFunction.OPERATOR, DIVISION),
            _duty("administrator", UnitFunction.ADMINISTRATOR, None),
        ),
    )


def _duty(person: str, function: UnitFunction, unit_id: UnitId | None) -> DutyRow:
    return DutyRow(f"d-{person}", EmployeeId(person), function.value, unit_id, SINCE)


def _things(office: Office, instance_id: str, person: str, now: datetime) -> dict[str, str]:
    """The case of a person with a file and a draft; their ids."""
    with office.desk.store.reading(office.agency_id) as tx:
        (item,) = work_items.open_of_instance(tx, instance_id)
    actor = office.actor(person, now)
    name = f"KANARI-{office.agency_id[-4:]}.pdf"
    attachment = store_evidence(
        office.desk, actor, item_id=item.id, name=name, content=PDF, now=now
    )
    draft = {"rows": [{"realisation_text": "KANARI-DRAF", "evidence": []}], "confirmed": False}
    save_draft(office.desk, actor, item_id=item.id, values=draft, revision=0, now=now)
    upload = begin_upload(office.desk, actor, item_id=item.id, name="x", size=9, now=now)
    return {
        "instance_id": instance_id,
        "follow_up_id": _follow_up(office, instance_id, now),
        "notice_id": _notice(office, person, item.id, instance_id, now),
        "sheet_id": MISSING,
        "code": MISSING,
        "link": MISSING,
        "digest": MISSING,
        "entry_id": MISSING,
        "unmasking_id": MISSING,
        "place": MISSING,
        "item_id": item.id,
        "rating_id": item.id,
        "attachment_id": attachment,
        "cycle_id": office.cycle_id,
        "unit_id": "bidang",
        "duty_id": "d-hr_colleague",
        "position_id": "clerk",
        "provider_key": MISSING,
        "employee_id": "clerk",
        "upload_id": upload.upload_id,
        "assignment_id": "a-clerk",
    }


def _follow_up(office: Office, instance_id: str, now: datetime) -> str:
    """What HR is to do about the result of the case, as it is stored."""
    row = FollowUpRow(new_id(), instance_id, "discipline_review", now, function="hr")
    with office.desk.store.transaction(office.agency_id) as tx:
        follow_ups.add_many(tx, [row])
    return row.id


def _notice(office: Office, person: str, item_id: str, instance_id: str, now: datetime) -> str:
    """A notice of the person about his work, read already so that the bell keeps still."""
    new = NewNotice(EmployeeId(person), NoticeKind.NEW_WORK, item_id, item_id, instance_id)
    with office.desk.store.transaction(office.agency_id) as tx:
        tell(tx, [new], now=now)
        notices.read_all(tx, EmployeeId(person), now=now)
        own = (t.notice.c.agency_id == tx.agency_id, t.notice.c.dedup_key == item_id)
        return tx.connection.execute(select(t.notice.c.id).where(*own)).scalar_one()


def _plant_names(office: Office, canary: str) -> None:
    rows = t.employee
    with office.desk.store.transaction(office.agency_id) as tx:
        own = rows.c.agency_id == tx.agency_id
        tx.connection.execute(update(rows).where(own).values(name=f"{canary} " + rows.c.id))
