"""Ideas of Salatiga: submitted by who is appraised, answered by the rater."""

from datetime import datetime

from engine.commands.beside import open_beside
from engine.domain.people import EmployeeId
from tests.cases import NOW, Case
from tests.office import Office

IDEA = {
    "title": "Loket antar berkas",
    "problem": "Warga lanjut usia menunggu lebih dari dua jam di loket.",
    "idea": "Berkas warga lanjut usia diantar petugas setiap Selasa.",
    "effect": "Waktu tunggu turun dari dua jam menjadi dua puluh menit.",
    "evidence": [{"kind": "paper", "number": "DOK-12/2025"}],
    "publish_consent": True,
}
REASON = "Dampaknya belum diukur sepanjang tahun."


def submitted_idea(
    office: Office, person: str = "analyst", *, now: datetime = NOW, **more: object
) -> Case:
    """An idea of a person whose appraisal runs, waiting for the rater."""
    case = Case(
        office,
        open_beside(
            office.desk, office.actor(person, now), cycle_id=office.cycle_id,
            subject_id=EmployeeId(person), process_id="sal_idea", now=now,
        ),
    )  # fmt: skip
    case.complete(person, "submit_idea", {**IDEA, **more}, now=now)
    return case


def answered_idea(office: Office, *, endorsed: bool = True, **more: object) -> Case:
    """An idea of the analyst with the answer of the rater."""
    case = submitted_idea(office, **more)
    answer = {"endorsed": True} if endorsed else {"endorsed": False, "reason": REASON}
    case.complete("division_head", "endorse_idea", answer)
    return case


def recognised_idea(office: Office) -> Case:
    """The first idea of the analyst, endorsed and open to everybody."""
    Case.start(office)
    return answered_idea(office)
