"""Words that differ from place to place: one setting decides, sheets, files and roles say them."""

from pathlib import Path

import pytest

from api.i18n import load_words
from api.web.phrasing import Phrasing
from api.web.sheet_words import sheet_data
from engine.domain.bundle import Bundle
from engine.domain.place_words import PlaceWord
from engine.errors import InvalidDefinition
from engine.library import read_bundle, read_settings
from engine.queries.cases import case_view
from engine.queries.result_facts import sheet_facts
from tests.cases import NOW
from tests.office import ROOT
from tests.ready import Offices
from tests.workflows.copying import copied
from tests.workflows.scenario import Scenario, read_path

PLACES = {
    "national": ("Unit kerja", "Pimpinan unit kerja", "Unit"),
    "walesi": ("Distrik", "Kepala Distrik", "District"),
    "tanjungbalai": ("Kelurahan", "Lurah", "Urban village"),
    "gayungan": ("Kecamatan", "Camat", "Subdistrict"),
    "salatiga": ("Perangkat daerah", "Kepala perangkat daerah", "Regional office"),
    "jambi": ("Perangkat daerah", "Kepala perangkat daerah", "Regional office"),
}
WORDS = load_words()


@pytest.mark.parametrize("system", PLACES)
def test_each_place_has_its_own_words_and_who_heads_a_unit_is_called_by_them(system: str) -> None:
    unit, head, english = PLACES[system]

    settings = read_settings(read_bundle(ROOT, system))

    assert settings.words[PlaceWord.UNIT] == {"id": unit, "en": english}
    assert settings.roles["head_of_unit"].title["id"] == head


@pytest.mark.parametrize("system", PLACES)
def test_file_and_sheet_of_a_case_say_the_word_of_its_system(system: str, offices: Offices) -> None:
    unit, _, english = PLACES[system]
    office = offices.open(system)
    scenario = Scenario(office, read_path(ROOT / f"workflows/{system}/paths/plain.json"))
    scenario.run()
    auditor, known = office.actor("auditor", scenario.now), office.desk.definitions

    with office.desk.store.reading(office.agency_id) as tx:
        told = {"settings_of": lambda tx, one: known.get(tx, one).settings, "now": scenario.now}
        case = case_view(tx, auditor, scenario.instance_id, **told)
        facts = sheet_facts(tx, auditor, scenario.instance_id, **told)

    sheets = {
        language: sheet_data(
            Phrasing(WORDS[language], "Asia/Jakarta", scenario.now), facts, code="", address=""
        )["person"]
        for language in ("id", "en")
    }
    assert case.unit_word == {"id": unit, "en": english}
    assert [unit, facts.subject.unit] in sheets["id"]
    assert [english, facts.subject.unit] in sheets["en"]


def test_a_system_of_ones_own_sets_its_own_words(tmp_path: Path) -> None:
    made = copied(tmp_path, "walesi", "lembah")
    made.reword(
        "system.toml",
        **{
            'key = "walesi"': 'key = "lembah"',
            'title = "Distrik", title_en = "District"': 'title = "Kampung", title_en = "Village"',
            'title = "Kepala Distrik"': 'title = "Kepala Kampung"',
        },
    )

    settings = read_settings(read_bundle(tmp_path, "lembah"))

    assert settings.words[PlaceWord.UNIT] == {"id": "Kampung", "en": "Village"}
    assert settings.roles["head_of_unit"].title["id"] == "Kepala Kampung"


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('kota = { title = "Kota", title_en = "City" }', "words.kota"),
        ('head_of_unit = { title = "Bupati" }', "words.head_of_unit"),
        ('head_of_unit = "Bupati"', "words.head_of_unit"),
    ],
)
def test_a_word_nobody_says_or_in_one_language_is_refused(line: str, named: str) -> None:
    bundle = read_bundle(ROOT, "national")
    toml = "workflows/national/system.toml"
    more = bundle.files[toml] + f"\n[words]\n{line}\n".encode()

    with pytest.raises(InvalidDefinition) as refused:
        read_settings(Bundle("national", {**bundle.files, toml: more}))

    assert named in str(refused.value.findings[0].params["detail"])


def test_the_word_is_not_said_twice_where_a_name_begins_with_it() -> None:
    say = Phrasing(WORDS["id"], "Asia/Jakarta", NOW)
    word = {"id": "Distrik", "en": "District"}

    assert say.unit(word, "Distrik Air Jernih") == "Distrik Air Jernih"
    assert say.unit(word, "Bagian Umum") == "Distrik: Bagian Umum"
