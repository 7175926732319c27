"""Values as the queries give them, for pages rendered without a database."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from api.deps import Visitor
from api.i18n import load_words
from api.web.achievement_pages import Asked as UnitsAsked
from api.web.achievement_pages import Attempt
from api.web.beside_pages import BesidePart
from api.web.inbox_query import Links
from api.web.organisation_forms import NOTHING_REFUSED
from engine.commands.bulk_work import ItemResult
from engine.commands.early import EarlyOffer
from engine.domain.appraisal import OrganisationAchievement
from engine.domain.beside import Beside, Opening
from engine.domain.cascade import roles_matrix
from engine.domain.drawing import Choice
from engine.domain.people import Actor, AgencyId, Duty, EmployeeId, UnitFunction, UnitId
from engine.domain.process import DefinitionId, InstanceId, WorkItemId
from engine.errors import Forbidden
from engine.queries.around import Around
from engine.queries.beside import BesideRow
from engine.queries.cascade import MatrixPage
from engine.queries.case_list import CaseRow
from engine.queries.case_views import (
    CaseView,
    EvidenceRow,
    FollowUpRow,
    OpenWork,
    ResultRow,
    StepLine,
    StepState,
)
from engine.queries.handing_on import ASKED, HandingOn, TaskLine
from engine.queries.inbox import Count, Inbox, InboxRow
from engine.queries.inbox_asked import Asked, Cursor, Tab
from engine.queries.inbox_choices import Choices, SavedFilter
from engine.queries.overviews import (
    AchievementPage,
    CycleRow,
    IncidentRow,
    StepCount,
    UnitAchievement,
)
from engine.queries.people import Person
from engine.queries.trail_views import Trail, TrailRow
from engine.queries.unit_proposals import Proposals
from engine.queries.visitors import Persona, PersonaGroup, Seat

NOW = datetime(2026, 11, 23, 1, 42, tzinfo=UTC)
WORDS = load_words()
YULIANA = Person(EmployeeId("e1"), "Yuliana Wenda", "198704122010012003", "Analis Pajak", "Bapenda")
MARKUS = Person(
    EmployeeId("e2"), "Dr. Markus Kogoya, M.Si.", "199003052014031002", "Kepala Bidang", "Bapenda"
)
RINI = Person(EmployeeId("e3"), "Rini Sartika", "198511232009022001", "Sekretaris Badan", "Bapenda")
ROLE = {"id": "Pejabat Penilai Kinerja", "en": "Performance rater"}
DUE = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)


def visitor(language: str = "id", *functions: UnitFunction) -> Visitor:
    actor = Actor(
        AgencyId("a"), MARKUS.id, frozenset(Duty(function, None) for function in functions)
    )
    seat = Seat(actor, MARKUS, "Pemerintah Kabupaten Jayawijaya", "Asia/Jayapura", language, True)
    return Visitor("token", WORDS[language], NOW, True, seat)


def row(number: int, person: Person, name: str, due_at: datetime, **more: object) -> InboxRow:
    return InboxRow(
        WorkItemId(f"w{number}"),
        InstanceId(f"i{number}"),
        "review",
        name,
        person,
        more.pop("own", False),
        "Penilaian tahunan 2026",
        due_at,
        **more,
    )


def inbox() -> Inbox:
    days = timedelta(days=1)
    rows = (
        row(1, YULIANA, "Nilai kinerja: Yuliana Wenda", DUE - 5 * days),
        row(2, RINI, "Nilai kinerja: Rini Sartika", DUE - 2 * days, has_draft=True),
        row(3, YULIANA, "Dialog kinerja", DUE),
        row(4, MARKUS, "Penilaian diri", DUE + 9 * days, own=True),
    )
    counts = {Tab.MINE: Count(4, 1, 2), Tab.WAITING: Count(1)}
    return Inbox(rows, counts, after=Cursor(DUE.isoformat(), "4"))


def listed(inbox: Inbox, *, panel: bool = False, **asked: object) -> dict[str, object]:
    """Everything that the page of a list names."""
    wanted = Asked(**asked)
    own = SavedFilter("f1", "Terlambat", "due=overdue", shared=False, own=True)
    return {
        "inbox": inbox, "asked": wanted, "links": Links(wanted), "saved": (own,), "panel": panel,
        "choices": Choices({"c1": "Tahun 2026"}, {"rate": "Nilai kinerja"}, {"u1": "Bapenda"}),
        "tabs": tuple(Tab), "functions": tuple(UnitFunction), "moves": True,
        "oversees": wanted.tab is Tab.ALL,
    }  # fmt: skip


def _line() -> TaskLine:
    return TaskLine("i1", "c1", "Nilai kinerja", YULIANA, "Tahun 2026", DUE)


def handed_on() -> dict[str, object]:
    """A task that everything can be done with."""
    task = HandingOn(_line(), frozenset(ASKED), MARKUS, RINI, "hr")
    typed = {"who": "a", "reason": "", "op": ""}
    return {"task": task, "people": (MARKUS, RINI), "typed": typed, "asked": True}


def reassigned() -> dict[str, object]:
    """An order that nobody meets."""
    typed = {"who": "Tidak Ada", "reason": ""}
    return {"lines": {"i1": _line()}, "people": (), "typed": typed, "asked": True}


def ordered() -> dict[str, object]:
    """One of each result."""
    results = (
        ItemResult("i1", True), ItemResult("i1", False),
        ItemResult("i1", False, Forbidden("reassign_work", "own_case")),
    )  # fmt: skip
    return {"op": "reassign", "lines": {"i1": _line()}, "done": results, "back": "/inbox"}


def done() -> tuple[InboxRow, ...]:
    return (
        row(
            5,
            YULIANA,
            "Dialog kinerja",
            DUE,
            completed_at=NOW - timedelta(days=3),
            receipt="AK-2026-7F3K-22",
        ),
    )


def open_work(*, mine: bool = True, offered: bool = False) -> OpenWork:
    return OpenWork(
        WorkItemId("w1"), "review", "Nilai kinerja", ROLE, (MARKUS,), DUE, mine, offered
    )


STEPS = (
    StepLine("plan", {"id": "Penilaian diri", "en": "Self-assessment"}, StepState.DONE,
             (YULIANA,), NOW - timedelta(days=9)),
    StepLine("explain", {"id": "Penjelasan", "en": "Explanation"}, StepState.SKIPPED),
    StepLine("review", {"id": "Penilaian atasan", "en": "Review"}, StepState.CURRENT,
             (MARKUS,), due_at=DUE),
    StepLine("dialogue", {"id": "Dialog kinerja", "en": "Dialogue"}, StepState.NEXT),
    StepLine("result", {"id": "Penetapan hasil", "en": "Result"}, StepState.NEXT),
)  # fmt: skip


def case() -> CaseView:
    first = ResultRow(
        1, "review", {"id": "evaluasi", "en": "evaluation"}, "as_expected", "as_expected", "good",
        Decimal("92.50"), MARKUS, NOW - timedelta(days=30), "click", NOW - timedelta(days=29),
        "opened",
    )  # fmt: skip
    second = ResultRow(
        2, "appeal", {"id": "keberatan", "en": "appeal"}, "above", "as_expected", "good",
        Decimal("92.50"), RINI, NOW - timedelta(days=3), "click", NOW - timedelta(days=2),
        "handed_over",
    )  # fmt: skip
    return CaseView(
        instance_id=InstanceId("i1"),
        definition_id=DefinitionId("d" * 64),
        subject=YULIANA,
        period="Penilaian tahunan 2026",
        system_title={"id": "Evaluasi tahunan nasional", "en": "National annual evaluation"},
        unit_word={"id": "Distrik", "en": "District"},
        state="running",
        steps=STEPS,
        open_work=(open_work(), open_work(mine=False, offered=True)),
        results=(first, second),
        under_appeal=True,
        may_withdraw_appeal=True,
        may_read_trail=True,
        evidence=(
            EvidenceRow("f1", "application/pdf", 1_345_678, NOW, YULIANA, "laporan.pdf"),
            EvidenceRow("f2", "image/png", 2_048, NOW, YULIANA),
        ),
        follow_ups=(
            FollowUpRow("training", {}, "open", NOW, date(2027, 3, 1), MARKUS),
            FollowUpRow("recognition", {}, "completed", NOW),
        ),
    )


def beside() -> BesidePart:
    kind = {"id": "Permintaan dukungan", "en": "Request for support"}
    row = BesideRow(InstanceId("i9"), "support", kind, "running", NOW, None, confidential=True)
    offer = Beside("support", kind, ("subject",), Opening.ANYTIME, confidential=True, once=None)
    return BesidePart("i1", (row,), {"key": offer})


def early() -> EarlyOffer:
    title = {"id": "Perencanaan kinerja", "en": "Performance planning"}
    planning = Beside(
        "planning", title, ("subject",), Opening.ANYTIME, confidential=False, once=None
    )
    return EarlyOffer("c1", "2026", planning)


def empty_case() -> CaseView:
    return CaseView(
        InstanceId("i2"), DefinitionId("d"), YULIANA, "2026", {"id": "Nasional"},
        {"id": "Unit kerja"}, "completed", STEPS[:1], (),
    )  # fmt: skip


def trail() -> Trail:
    rows = (
        TrailRow(1, "instance.started", NOW - timedelta(days=40), RINI, "9f" * 32,
                 role={"id": "Pengelola kepegawaian", "en": "HR"}, definition_id="ab" * 32),
        TrailRow(2, "work.completed", NOW - timedelta(days=9), YULIANA, "0a" * 32,
                 role={"id": "Pegawai", "en": "Employee"}, element_name="Penilaian diri",
                 on_behalf_of=MARKUS, values={"receipt": "AK-2026-7F3K-22"}),
        TrailRow(3, "decision.evaluated", NOW, None, "1b" * 32, element_name="Predikat resmi",
                 columns={"share": "Bagian"},
                 values={"table": "official_predicate", "rules": ["row_5"],
                         "inputs": {"result_rating": "above", "share": "93.50"},
                         "outputs": {"predicate": "good"}}),
        TrailRow(4, "result.versioned", NOW, None, "2c" * 32,
                 values={"version": 2, "result_rating": ["as_expected", "above"],
                         "behaviour_rating": ["above", "above"], "predicate": [None, "good"]}),
        TrailRow(5, "gateway.taken", NOW, None, "3d" * 32, element_id="changed",
                 choice=Choice("changed", "Hasil diubah?", "ya"),
                 values={"flow": "changed_to_yes", "condition": "hearing.outcome == 1"}),
    )  # fmt: skip
    actions = tuple(sorted({row.action for row in rows}))
    return Trail(InstanceId("i1"), YULIANA, "Penilaian tahunan 2026", rows, actions, 5)


def groups() -> tuple[PersonaGroup, ...]:
    return (
        PersonaGroup("employees", (Persona(YULIANA, 1), Persona(RINI))),
        PersonaGroup("raters", (Persona(MARKUS, 12),)),
    )


def cycles() -> tuple[CycleRow, ...]:
    steps = (StepCount("Nilai kinerja", 31, 4), StepCount("Dialog kinerja", 12, 0))
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    return (CycleRow("c", "Penilaian tahunan 2026", first, last, 1204, 310, 2, steps),)


def achievements() -> AchievementPage:
    return AchievementPage(
        "c",
        "Penilaian tahunan 2026",
        (
            UnitAchievement("u1", "Badan Pendapatan Daerah", 42, "good", RINI, NOW),
            UnitAchievement("u2", "Dinas Kesehatan", 380),
        ),
    )


def achieved(page: AchievementPage | None) -> dict[str, object]:
    """What the page of achievements shows, one unit refused."""
    return {
        "page": page,
        "rows": page.rows if page else (),
        "asked": UnitsAsked("dinas"),
        "levels": tuple(OrganisationAchievement),
        "attempt": Attempt(sentences={"u2": "Sudah ada hasil."}, stored=2),
        "refused": NOTHING_REFUSED,
        "unset": 1,
        "advised": Proposals({UnitId("u2"): YULIANA.id}, {UnitId("u1"): InstanceId("i8")})
        if page
        else None,
    }


def around() -> Around:
    return Around((YULIANA,), (MARKUS,), (RINI,))


def matrix() -> MatrixPage:
    """A leader with a gap, and one of the staff without a plan."""
    leader = [{"result_plan": "Izin cepat"}, {"result_plan": "Arsip rapi"}]
    own = [
        {"result_plan": "Loket buka", "superior_result": "Izin cepat"},
        {"result_plan": "Pesta hari jadi"},
    ]
    made = roles_matrix(leader, {YULIANA.id: own, MARKUS.id: []})
    periods = {"c": "Penilaian tahunan 2026", "b": "Penilaian tahunan 2025"}
    return MatrixPage("c", periods["c"], (YULIANA, MARKUS), made, has_plan=True, periods=periods)


def incidents() -> tuple[IncidentRow, ...]:
    return (
        IncidentRow(
            InstanceId("i1"), YULIANA, "2026", "official_predicate", "decision.no_row", 2, NOW
        ),
    )


def cases() -> tuple[CaseRow, ...]:
    return (
        CaseRow(InstanceId("i1"), YULIANA, "2026", "running", "Nilai kinerja", DUE, "good", True),
        CaseRow(InstanceId("i2"), RINI, "2026", "completed", predicate="very_good"),
    )
