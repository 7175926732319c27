"""Settings of a system: its own, and where they are silent those that all systems share."""

from datetime import date
from decimal import Decimal

import pytest

from engine.domain.beside import Once, Opening
from engine.domain.bundle import Bundle
from engine.domain.citizen_survey import ELEMENTS, OF_PERSON
from engine.errors import InvalidDefinition
from engine.library import DEFAULTS, read_settings

SHARED = b"""
[deadlines]
sign = { days = 5 }
review = { days = 14, counting = "working" }
[roles.rater]
kind = "relation"
relation = "rater"
title = "Pejabat Penilai Kinerja"
[lanes]
"Penilai" = ["rater"]
[files]
kinds = ["pdf", "png"]
"""
OWN = b"""
[system]
title = "Kecil"
main_process = "small"
[deadlines]
review = { days = 7 }
[lanes]
"Pimpinan" = ["rater"]
[files]
kinds = ["pdf"]
"""
SHOWN = (
    '[processes.note]\ntitle = "C"\nby = ["rater"]\n'
    '[processes.note.shown]\ntitle = "D"\nwhen = "a.b"\nconsent = "a.c"\n'
)
READ_IN_CONFIDENCE = """
[roles.hr]
kind = "unit_function"
function = "hr"
title = "Pengelola Kinerja"
[processes.note]
title = "Catatan"
by = ["rater"]
readers = ["hr"]
confidential = true
"""


def settings_of(**files: bytes):
    return read_settings(Bundle("small", {"workflows/small/system.toml": OWN, **files}))


def test_what_a_system_writes_wins_and_the_rest_is_shared() -> None:
    settings = settings_of(**{DEFAULTS: SHARED})

    assert {key: deadline.days for key, deadline in settings.deadlines.items()} == {
        "sign": 5,
        "review": 7,
    }
    assert settings.lanes == {"Penilai": ("rater",), "Pimpinan": ("rater",)}
    assert settings.other["files"] == {"kinds": ["pdf"]}


def test_a_deadline_that_is_counted_otherwise_keeps_how_the_shared_one_counts() -> None:
    settings = settings_of(**{DEFAULTS: SHARED})

    assert settings.deadlines["review"].counting == "working"


def test_the_numbers_that_diagrams_name_are_exact() -> None:
    own = OWN + b"[limits]\nrounds = 3\nmutual_from = 4.8\n"

    settings = settings_of(**{"workflows/small/system.toml": own, DEFAULTS: SHARED})

    assert settings.limits == {"rounds": Decimal(3), "mutual_from": Decimal("4.8")}


@pytest.mark.parametrize("written", ["true", '"3"', "nan", "[3]"])
def test_what_is_no_number_is_refused_by_name(written: str) -> None:
    own = OWN + f"[limits]\nrounds = {written}\n".encode()

    with pytest.raises(InvalidDefinition) as refused:
        settings_of(**{"workflows/small/system.toml": own, DEFAULTS: SHARED})

    assert "limits.rounds" in refused.value.findings[0].params["detail"]


def test_a_bundle_holds_what_the_system_names_and_nothing_else_that_is_shared() -> None:
    files = {
        "workflows/small/system.toml": OWN,
        "workflows/small/small.bpmn": b'<callActivity calledElement="sp_a" />',
        "workflows/small/predicate.dmn": b"",
        "workflows/shared/sp_a.bpmn": b'<p value="ask-schema.json" />\n<t>predicate</t>',
        "workflows/shared/sp_b.bpmn": b'<callActivity calledElement="sp_a" />',
        "workflows/shared/predicate.dmn": b"",
        "forms/shared/ask-schema.json": b"{}",
        "forms/shared/tell-schema.json": b"{}",
        DEFAULTS: SHARED,
    }

    used = Bundle("small", files).without_unused()

    assert files.keys() - used.files.keys() == {
        "workflows/shared/sp_b.bpmn",
        "workflows/shared/predicate.dmn",
        "forms/shared/tell-schema.json",
    }


def beside(line: str) -> bytes:
    return OWN + b'[roles.subject]\nkind = "subject"\ntitle = "Pegawai"\n' + line.encode()


def test_a_process_beside_the_appraisal_is_read_with_who_may_open_it() -> None:
    line = '[processes.note]\ntitle = "Catatan"\nby = ["rater", "subject"]\nconfidential = true'

    settings = settings_of(**{DEFAULTS: SHARED, "workflows/small/system.toml": beside(line)})

    note = settings.beside["note"]
    assert (note.by, note.confidential, note.once) == (("rater", "subject"), True, None)
    assert settings.processes == ("small", "note")
    assert settings.title_of("note") == {"id": "Catatan", "en": "Catatan"}
    assert settings.title_of("small")["id"] == "Kecil"


def test_what_each_month_opens_is_there_once_a_month() -> None:
    line = '[processes.report]\ntitle = "Laporan"\nstart = "month"'

    settings = settings_of(**{DEFAULTS: SHARED, "workflows/small/system.toml": beside(line)})

    report = settings.beside["report"]
    assert (report.start, report.once) == (Opening.MONTH, Once.MONTH)
    assert report.turn(date(2026, 3, 31), "x") == "2026-03"


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('[processes.note]\ntitle = "C"\nby = ["boss"]', "boss"),
        ('[processes.note]\ntitle = "C"', "nobody"),
        ('[processes.note]\ntitle = "C"\nby = ["rater"]\nstart = "yearly"', "yearly"),
        ('[processes.note]\ntitle = "C"\nby = ["rater"]\nwho = "x"', "table of"),
        ('[processes.small]\ntitle = "C"\nby = ["rater"]', "appraisal itself"),
        ('[processes.note]\ntitle = "C"\nby = ["rater"]\nreaders = ["boss"]', "boss"),
        ('[processes.note]\ntitle = "C"\nby = ["rater"]\nreaders = ["rater"]', "no function"),
        ('[processes.note]\ntitle = "C"\nby = ["rater"]\nreaders = "hr"', "list of roles"),
        (READ_IN_CONFIDENCE, "no readers"),
        (f"{SHOWN}fields = []", "list of paths"),
        (f'{SHOWN}fields = ["a.b"]\nwho = "x"', "table of"),
        (f'{SHOWN}fields = ["a.b"]'.replace("by =", "confidential = true\nby ="), "nobody"),
    ],
)
def test_a_process_beside_that_cannot_be_is_refused_with_what_is_wrong(
    line: str, named: str
) -> None:
    with pytest.raises(InvalidDefinition) as refused:
        settings_of(**{DEFAULTS: SHARED, "workflows/small/system.toml": beside(line)})

    assert named in str(refused.value.findings[0].params["detail"])


def test_one_about_a_unit_says_so() -> None:
    line = '[processes.unit]\ntitle = "Unit"\nby = ["rater"]\nof_head = true'

    settings = settings_of(**{DEFAULTS: SHARED, "workflows/small/system.toml": beside(line)})

    assert settings.beside["unit"].of_head


@pytest.mark.parametrize("relation", ["peer", "subordinate", "anyone"])
def test_no_lane_is_that_of_a_role_which_several_people_hold(relation: str) -> None:
    role = f'[roles.others]\nkind = "relation"\nrelation = "{relation}"\ntitle = "Lain"\n'
    lanes = OWN.replace(b'["rater"]', b'["rater", "others"]') + role.encode()

    with pytest.raises(InvalidDefinition) as refused:
        settings_of(**{DEFAULTS: SHARED, "workflows/small/system.toml": lanes})

    assert "others" in str(refused.value.findings[0].params["detail"])


def test_competence_and_behaviour_of_the_survey_count_for_a_person_unless_a_system_says_more():
    more = "\n".join(["[survey]", f"person_elements = {[e.value for e in ELEMENTS]}"]).encode()

    assert settings_of(**{DEFAULTS: SHARED}).person_elements == OF_PERSON
    assert settings_of(**{DEFAULTS: SHARED + more}).person_elements == ELEMENTS


@pytest.mark.parametrize("chosen", ['["mood"]', "[]", '["time", "time"]', "3"])
def test_elements_that_no_survey_asks_for_are_refused(chosen: str):
    with pytest.raises(InvalidDefinition):
        settings_of(**{DEFAULTS: SHARED + f"[survey]\nperson_elements = {chosen}\n".encode()})
