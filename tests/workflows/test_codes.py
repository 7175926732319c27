"""Nobody reads a code: each has its words in the settings of its system, in both languages."""

from dataclasses import replace

import pytest

from api.i18n import load_words
from api.web import labels
from api.web.phrasing import Phrasing
from api.web.trail_facts import facts
from engine.bpmn.lint.bundle import read_checked
from engine.bpmn.lint.codes import check_codes, codes_of
from engine.commands.drawings import read_drawing
from engine.domain.bundle import Bundle
from engine.domain.code_words import EVERY_TABLE, CodeWords
from engine.domain.wording import finding_sentence
from engine.errors import InvalidDefinition
from engine.library import read_bundle, read_settings, systems
from engine.queries.trail import trail
from tests.office import ROOT
from tests.ready import Offices
from tests.workflows.scenario import Scenario, read_path

SYSTEMS = systems(ROOT)
WORDS = load_words()


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_code_of_every_table_and_record_has_words_in_both_languages(system: str) -> None:
    bundle = read_bundle(ROOT, system)
    settings = read_settings(bundle)
    read = read_checked(bundle, settings, {})

    without = list(check_codes(read.tables, read.diagrams.values(), settings.codes))
    words = [
        settings.codes.of(table.id)[code]
        for table in read.tables.values()
        for code in codes_of(table)
    ]

    assert without == []
    assert len(words) > 20
    assert all(said["id"] and said["en"] for said in words)


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_column_of_every_table_has_a_label_and_an_english_one(system: str) -> None:
    bundle = read_bundle(ROOT, system)
    settings = read_settings(bundle)
    tables = read_checked(bundle, settings, {}).tables.values()

    drawn = read_drawing(bundle, settings.main_process, tables)
    english = drawn.renamed(settings.names_in("en")).columns

    named = {f"{table.id}.{output.name}": output for table in tables for output in table.outputs}
    assert [key for key, output in named.items() if output.label == output.name] == []
    assert [key for key, label in drawn.columns.items() if english[key] == label] == []


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_answer_to_choose_from_has_words_in_both_languages(system: str) -> None:
    bundle = read_bundle(ROOT, system)
    forms = read_checked(bundle, read_settings(bundle), {}).forms

    options = [
        (name, path, option)
        for name, form in forms.items()
        for path, field in form.fields.items()
        for option in field.options
    ]

    assert options
    assert [
        (form, path, option.value)
        for form, path, option in options
        if not option.label.indonesian or not option.label.english
    ] == []


def test_a_table_with_a_code_without_words_is_refused_with_the_place_to_write_them() -> None:
    bundle = read_bundle(ROOT, "jambi")
    settings = read_settings(bundle)
    read = read_checked(bundle, settings, {})
    kept = {
        owner: {code: said for code, said in codes.items() if code not in ("passed", "criteria")}
        for owner, codes in settings.codes.by_owner.items()
    }

    found = read_checked(bundle, replace(settings, codes=CodeWords(kept)), {}).findings

    ours = [finding for finding in found if finding.rule == "system.code_without_words"]
    assert [(finding.file, finding.params["code"]) for finding in ours] == [
        ("workflows/jambi/certification_result.dmn", "passed"),
        ("workflows/jambi/jam_criteria_forum.bpmn", "criteria"),
    ]
    assert "[codes.certification_result]" in finding_sentence(ours[0], "id")
    assert "[codes.records]" in finding_sentence(ours[1], "en")
    assert not [finding for finding in read.findings if finding.rule == ours[0].rule]


def test_a_word_in_one_language_is_refused() -> None:
    bundle = read_bundle(ROOT, "jambi")
    toml = "workflows/jambi/system.toml"
    half = bundle.files[toml] + b'\n[codes.half]\nhalf = { title = "Setengah" }\n'

    with pytest.raises(InvalidDefinition) as refused:
        read_settings(Bundle("jambi", {**bundle.files, toml: half}))

    assert "codes.half.half" in str(refused.value.findings[0].params["detail"])


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", ["rating", "predicate"])
def test_the_words_of_the_law_are_the_same_in_tables_as_on_every_page(
    kind: str, language: str
) -> None:
    shared = read_settings(read_bundle(ROOT, "national")).codes.of(EVERY_TABLE)

    said = {code: WORDS[language](text) for code, text in labels.LABELS[kind].items()}

    assert {code: shared[code][language] for code in said} == said


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("id", {("Sebutan", "Baik"), ("Pokok dialog", "Tidak ada selisih yang berarti")}),
        ("en", {("Words for the score", "Good"), ("Topic of the discussion", "No notable gap")}),
    ],
)
def test_the_trail_says_what_a_table_of_a_region_gave_in_the_words_of_the_region(
    offices: Offices, language: str, told: set[tuple[str, str]]
) -> None:
    office = offices.open("tanjungbalai")
    scenario = Scenario(office, read_path(ROOT / "workflows/tanjungbalai/paths/plain.json"))
    scenario.run()
    known = office.desk.definitions
    say = Phrasing(WORDS[language], "Asia/Jakarta", scenario.now)

    with office.desk.store.reading(office.agency_id) as tx:
        shown = trail(
            tx, office.actor("auditor", scenario.now), scenario.instance_id, now=scenario.now,
            settings_of=lambda tx, one: known.get(tx, one).settings,
            drawing_of=lambda tx, one: known.get(tx, one).drawing.renamed(
                known.get(tx, one).settings.names_in(language)
            ),
        )  # fmt: skip

    assert told <= {fact for row in shown.rows for fact in facts(say, row)}
