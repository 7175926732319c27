"""Every page renders from values alone, in both languages, within the limits of a template."""

import re
from pathlib import Path
from statistics import median
from types import SimpleNamespace

import pytest
from starlette.requests import Request

from api.assets import Assets
from api.problems import problem_of
from api.web import trail_facts, trail_words
from api.web.beside_pages import BesidePart
from api.web.organisation_forms import NOTHING_REFUSED
from api.web.rendering import TEMPLATES, Pages
from api.web.session_pages import GROUPS
from engine.domain.people import UnitFunction
from engine.errors import NotFound
from engine.queries.inbox import Inbox
from engine.queries.inbox_asked import Tab
from tests.web import samples

FORBIDDEN = re.compile(
    r"\b(kasus|siklus|banding|insiden|token|migrasi|hash|merkle|checkpoint|eskalasi|PPK|bias)\b",
    re.IGNORECASE,
)
RECEIPT = SimpleNamespace(
    number="7F3K22AB", completed_at=samples.NOW, next_item_id="w2", keyed_in_by=None
)
WORK = SimpleNamespace(
    reads_case=True,
    item_id="w1", instance_id="i1", name="Penilaian diri", period="2026", subject=samples.YULIANA,
    state="running", open_work=(samples.open_work(mine=False),),
)  # fmt: skip

# What a receipt offers.
AFTER = {"recallable": True, "next_task": None, "tabs": (), "signed": ""}


def trail_values(kind: str = "") -> dict[str, object]:
    trail = samples.trail()
    return {
        "trail": trail,
        "kind": kind,
        "kinds": trail_words.kind_names(trail.actions),
        "sentence": trail_words.sentence,
        "facts": trail_facts.facts,
        "details": trail_facts.details,
    }


PERIODS = {"systems": {"national": "Nasional"}, "refused": NOTHING_REFUSED}
SEATS = {"group_titles": GROUPS, "kept": False, "query": "", "examples": ()}


def pages() -> dict[str, tuple[str, dict[str, object]]]:
    inbox, empty = samples.inbox(), Inbox()
    problem = problem_of(NotFound("case", "x"), samples.WORDS["id"])
    return {
        "seats": ("sign_in.html", {**SEATS, "groups": samples.groups()}),
        "no seats": ("sign_in.html", {**SEATS, "groups": ()}),
        "inbox": ("inbox.html", samples.listed(inbox)),
        "empty inbox": ("inbox.html", samples.listed(empty)),
        "filtered inbox": ("inbox.html", samples.listed(empty, search="Wenda")),
        "inbox with panel": ("inbox.html", samples.listed(inbox, panel=True)),
        "all open": ("inbox.html", samples.listed(inbox, tab=Tab.ALL)),
        "done": ("inbox.html", samples.listed(Inbox(samples.done()), tab=Tab.DONE)),
        "hand on": ("hand_on.html", samples.handed_on()),
        "reassign": ("inbox_reassign.html", samples.reassigned()),
        "results of an order": ("inbox_results.html", samples.ordered()),
        "case": (
            "case.html",
            {"case": samples.case(), "steps": (), "beside": samples.beside(), "remarks": ()},
        ),
        "empty case": (
            "case.html",
            {
                "case": samples.empty_case(),
                "steps": (),
                "beside": BesidePart("i2", (), {}),
                "remarks": (),
            },
        ),
        "trail": ("trail.html", trail_values()),
        "receipt": ("receipt.html", {"work": WORK, "receipt": RECEIPT, "again": False, **AFTER}),
        "sent twice": ("receipt.html", {"work": WORK, "receipt": RECEIPT, "again": True, **AFTER}),
        "achievements": (
            "achievements.html",
            samples.achieved(samples.achievements()),
        ),
        "no period": ("achievements.html", samples.achieved(None)),
        "incidents": ("incidents.html", {"incidents": samples.incidents(), "confidential": True}),
        "cycles": ("cycles.html", {"cycles": samples.cycles(), **PERIODS}),
        "cases": (
            "cases.html",
            {"title": "Berkas", "cases": samples.cases(), "searchable": True, "query": "we"},
        ),
        "own cases": (
            "cases.html",
            {"title": "Penilaian saya", "cases": (), "early": {"key": samples.early()}},
        ),
        "notes": ("notes.html", {"around": samples.around(), "typed": "1987", "is_open": True}),
        "no notes": ("notes.html", {"around": samples.around(), "typed": "", "is_open": False}),
        "notes about": (
            "notes_person.html",
            {"subject": samples.YULIANA, "offers": {"key": samples.early()}, "nip": ""},
        ),
        "matrix": ("matrix.html", {"page": samples.matrix()}),
        "no matrix": ("matrix.html", {"page": None}),
        "problem": ("problem.html", {"problem": problem}),
    }


def render(name: str, language: str = "id", path: str = "/inbox") -> str:
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": []}
    template, values = pages()[name]
    visitor = samples.visitor(language, UnitFunction.HR, UnitFunction.AUDITOR)
    answer = Pages(samples.WORDS, Assets()).render(Request(scope), visitor, template, **values)
    return answer.body.decode()


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("name", sorted(pages()))
def test_a_page_names_its_language_and_holds_one_heading(name: str, language: str) -> None:
    html = render(name, language)

    assert f'<html lang="{language}">' in html
    assert html.count("<h1") == 1
    assert "%(" not in html


@pytest.mark.parametrize("name", sorted(pages()))
def test_no_page_uses_a_word_that_means_something_else_to_staff(name: str) -> None:
    text = re.sub(r"<[^>]*>", " ", render(name))

    assert FORBIDDEN.findall(text) == []


@pytest.mark.parametrize("name", sorted(pages()))
def test_every_form_that_changes_something_carries_the_token(name: str) -> None:
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", render(name), re.DOTALL)

    assert forms
    assert all('name="csrf_token"' in form for form in forms)


def test_the_present_place_is_marked_in_the_navigation() -> None:
    assert '<a href="/inbox" aria-current="page">Tugas saya</a>' in render("inbox")


def test_a_late_task_is_said_and_marked() -> None:
    assert '<span class="tag bad">terlambat 3 hari</span>' in render("inbox")


def test_a_list_shows_no_birth_date() -> None:
    assert "19870412" not in render("inbox")
    assert "•••••••• 201001 2 003" in render("inbox")


def test_a_case_under_appeal_says_so_beside_the_result() -> None:
    assert render("case").count("dalam keberatan") == 2


def test_the_newest_result_comes_first_and_the_older_is_marked_as_replaced() -> None:
    html = render("case")

    assert html.index("Versi 2") < html.index("Versi 1") < html.index("diganti")


def test_the_kind_of_a_signature_is_printed_with_it() -> None:
    assert "persetujuan elektronik (klik)" in render("case")


def test_the_trail_tells_who_in_which_role_and_for_whom() -> None:
    told = "Yuliana Wenda (Pegawai) atas nama Dr. Markus Kogoya, M.Si. mengirim “Penilaian diri”."

    assert told in render("trail")


def test_the_trail_shows_numbers_before_and_after_in_words() -> None:
    html = render("trail")

    assert "Rating hasil kerja: <b>Sesuai ekspektasi → Di atas ekspektasi</b>" in html
    assert "Rating perilaku kerja: <b>Di atas ekspektasi (tetap)</b>" in html
    assert "Predikat kinerja: <b>belum ada → Baik</b>" in html


def test_the_trail_says_what_a_diagram_asked_and_what_a_table_was_given() -> None:
    html = render("trail")

    assert "Pertanyaan diagram “Hasil diubah?” dijawab “ya”." in html
    assert "Bagian: <b>93,5</b>" in html


def test_ids_and_fingerprints_of_the_trail_are_folded_away() -> None:
    open_to_all = re.sub(r"<details.*?</details>", "", render("trail"), flags=re.DOTALL)

    assert not re.search(r"changed_to_yes|hearing\.outcome|official_predicate|row_5", open_to_all)
    assert "changed_to_yes" in render("trail")


def test_a_second_send_gets_the_first_receipt() -> None:
    assert "Sudah terkirim 23 Nov 2026 10.42 WIT, nomor 7F3K22AB." in render("sent twice")


def lengths() -> list[int]:
    return [len(path.read_text().splitlines()) for path in Path(TEMPLATES).rglob("*.html")]


def test_half_of_the_templates_are_shorter_than_one_screen() -> None:
    assert median(lengths()) <= 40
