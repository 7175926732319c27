"""A small government office for tests: enough people for every role of an appraisal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from engine.commands.cycles import open_cycle, start_appraisal
from engine.commands.desk import Desk
from engine.commands.organisation import Organisation
from engine.commands.people import found_agency, founder, import_people
from engine.commands.plan_sheet import PlanLine
from engine.commands.plans import import_plan
from engine.commands.systems import deploy_system
from engine.domain.people import Actor, AgencyId, EmployeeId, PositionId, UnitFunction, UnitId
from engine.rules.deadlines import local_date
from engine.store import staffing
from engine.store.database import Store
from engine.store.people import AssignmentRow, DutyRow, EmployeeRow, PositionRow, UnitRow
from engine.store.vault import Folder
from tests.postgres import TestDatabase

ROOT = Path(__file__).parent.parent
FOUNDED = datetime(2026, 1, 2, 1, tzinfo=UTC)
SINCE = date(2020, 1, 1)
SECRETARIAT, DEPARTMENT, DIVISION = UnitId("setda"), UnitId("dinas"), UnitId("bidang")
# Position, unit, title, superior, office, heads its unit, functional level.
POSITIONS = (
    ("sekda", SECRETARIAT, "Sekretaris Daerah", None, "sekretaris_daerah", True, None),
    ("assistant", SECRETARIAT, "Asisten", "sekda", None, False, None),
    ("department_head", DEPARTMENT, "Kepala Dinas", "assistant", None, True, None),
    ("division_head", DIVISION, "Kepala Bidang", "department_head", None, True, None),
    ("analyst", DIVISION, "Analis", "division_head", None, False, "ahli_pertama"),
    ("clerk", DIVISION, "Pengelola Data", "division_head", None, False, None),
    ("hr_officer", SECRETARIAT, "Pengelola Kinerja", "sekda", None, False, None),
    ("hr_colleague", SECRETARIAT, "Pengelola Kinerja", "sekda", None, False, None),
    ("auditor", SECRETARIAT, "Auditor", "sekda", None, False, None),
)
DUTIES = (
    ("hr_officer", UnitFunction.HR),
    ("hr_colleague", UnitFunction.HR),
    ("auditor", UnitFunction.AUDITOR),
)
PLAN = (
    PlanLine("Layanan izin tepat waktu", "main", "Izin selesai", Decimal(100), "", "%"),
    PlanLine("Aduan ditanggapi", "main", "Hari menanggapi", Decimal(3), "", "hari", inverse=True),
    PlanLine("Panitia hari jadi", "additional", "Laporan", None, "1 laporan", "laporan"),
)


@dataclass(frozen=True)
class Office:
    """The office with its desk and an open cycle."""

    desk: Desk
    agency_id: AgencyId
    cycle_id: str

    def actor(self, person: str, now: datetime) -> Actor:
        """A person of the office as the actor of a command."""
        with self.desk.store.reading(self.agency_id) as tx:
            on = local_date(now, self.desk.calendar(tx, now))
            return staffing.actor(tx, EmployeeId(person), on)

    def start(self, person: str, now: datetime, *, plan: tuple[PlanLine, ...] = PLAN) -> str:
        """Start a person's appraisal with a plan; the instance's id."""
        hr = self.actor("hr_officer", now)
        employee = EmployeeId(person)
        import_plan(
            self.desk, hr, cycle_id=self.cycle_id, employee_id=employee, lines=plan, now=now
        )
        return start_appraisal(self.desk, hr, cycle_id=self.cycle_id, employee_id=employee, now=now)


def open_desk(database: TestDatabase, folder: Path, *, library: Path = ROOT) -> Desk:
    """A migrated store with an empty file vault."""
    store = Store(database.url, migration_url=database.migration_url)
    store.migrate()
    return Desk(store, library, Folder(folder / "files"))


def found_office(
    desk: Desk,
    *,
    system: str = "national",
    zone: str = "Asia/Jakarta",
    now: datetime = FOUNDED,
    starts: date = date(2025, 1, 1),
    deploy: Callable[..., object] = deploy_system,
) -> Office:
    """An office with its people, the system deployed and a cycle of one year open."""
    agency_id = found_agency(desk, name="Kabupaten Uji", zone=zone, now=now)
    import_people(desk, founder(agency_id), people=_people(), now=now)
    office = Office(desk, agency_id, "")
    hr = office.actor("hr_officer", now)
    deploy(desk, hr, system=system, now=now)
    cycle_id = open_cycle(
        desk,
        hr,
        system=system,
        name=f"Tahun {starts.year}",
        starts=starts,
        ends=date(starts.year, 12, 31),
        now=now,
    )
    return Office(desk, agency_id, cycle_id)


def _people() -> Organisation:
    units = (
        UnitRow(SECRETARIAT, None, "Sekretariat Daerah", "secretariat"),
        UnitRow(DEPARTMENT, None, "Dinas Pelayanan", "department"),
        UnitRow(DIVISION, DEPARTMENT, "Bidang Perizinan", "division"),
    )
    positions = tuple(
        PositionRow(PositionId(key), unit, title, superior and PositionId(superior), *rest)
        for key, unit, title, superior, *rest in POSITIONS
    )
    employees = tuple(
        EmployeeRow(EmployeeId(key), f"19800101201001{1 + n % 2}{n:03}", f"Nama {key}", "pns")
        for n, (key, *_) in enumerate(POSITIONS, start=1)
    )
    assignments = tuple(
        AssignmentRow(f"a-{key}", EmployeeId(key), PositionId(key), unit, "definitive", SINCE)
        for key, unit, *_ in POSITIONS
    )
    duties = tuple(
        DutyRow(f"d-{key}", EmployeeId(key), function.value, None, SINCE)
        for key, function in DUTIES
    )
    return Organisation(
        units=units,
        positions=positions,
        employees=employees,
        assignments=assignments,
        duties=duties,
    )
