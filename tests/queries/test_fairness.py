"""Rating patterns of a period: who may read them, and what is shown of whom."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, event

from engine.domain.appraisal import OrganisationAchievement, Predicate
from engine.domain.distribution import DistributionCheck
from engine.domain.fairness import Gap, Pattern
from engine.domain.fairness_tables import Attribute
from engine.domain.people import Duty, EmployeeId, UnitFunction
from engine.errors import Forbidden, NotFound
from engine.queries.fairness import FairnessPage, fairness
from engine.store import cycles
from engine.store.cycles import AchievementRow
from tests.cases import NOW
from tests.office import DEPARTMENT, DIVISION, SECRETARIAT, Office
from tests.rated import Rated, add_rated
from tests.ready import Offices

GOOD, VERY_GOOD = "good", "very_good"
STRICT, KIND, FEW = "division_head", "department_head", "assistant"


def crowd() -> list[Rated]:
    """Twelve of a division and twelve of a department under one rater each, three under a third."""
    division = [
        Rated(f"d{n}", DIVISION, STRICT, GOOD, ("2", "3") if n % 2 else ("3", "3"), woman=n < 6)
        for n in range(12)
    ]
    department = [
        Rated(
            f"p{n}",
            DEPARTMENT,
            KIND,
            VERY_GOOD if n < 8 else GOOD,
            ("4", "5") if n % 2 else ("4", "4"),
        )
        for n in range(12)
    ]
    few = [Rated(f"s{n}", SECRETARIAT, FEW, GOOD, ("5", "5")) for n in range(3)]
    return [*division, *department, *few]


def page_of(office: Office, person: str = "hr_officer", **more: object) -> FairnessPage | None:
    with office.desk.store.reading(office.agency_id) as tx:
        return fairness(
            tx, office.actor(person, NOW),
            settings_of=lambda tx, key: office.desk.definitions.get(tx, key).settings,
            now=NOW, **more,
        )  # fmt: skip


def rated(offices: Offices, *people: Rated) -> Office:
    office = offices.open("relay")
    add_rated(office.desk.store, office.agency_id, office.cycle_id, people or crowd())
    return office


def test_raters_stand_beside_each_other_and_one_of_three_people_is_not_shown(offices: Offices):
    tables = page_of(rated(offices)).tables

    assert set(tables.raters) == {STRICT, KIND}
    assert tables.small_raters == 1
    assert tables.raters[EmployeeId(KIND)].patterns[0] is Pattern.LENIENT
    assert tables.raters[EmployeeId(STRICT)].patterns[0] is Pattern.SEVERE


def test_a_rater_who_is_not_shown_changes_no_shown_figure(offices: Offices):
    shown = page_of(rated(offices)).tables.raters
    others = [replace(one, ratings=("1", "1")) if one.rater == FEW else one for one in crowd()]

    assert page_of(rated(offices, *others)).tables.raters == shown


def test_a_unit_of_three_is_hidden_and_another_line_with_it(offices: Offices):
    tables = page_of(rated(offices)).tables
    lines = {line.unit_id: line.shown for line in tables.units}

    assert lines[SECRETARIAT].total is None
    assert [line.total for line in lines.values()].count(None) == 2
    assert tables.whole.total == 27


def test_the_pattern_of_a_unit_stands_beside_the_guide(offices: Offices):
    office = rated(offices)
    with office.desk.store.transaction(office.agency_id) as tx:
        row = AchievementRow(
            office.cycle_id, DIVISION, OrganisationAchievement.GOOD.value,
            EmployeeId("hr_officer"), NOW,
        )  # fmt: skip
        cycles.set_achievement(tx, row)

    checks = {line.unit_id: line.check for line in page_of(office).tables.units}

    assert checks == {DIVISION: DistributionCheck.OUTSIDE, DEPARTMENT: None, SECRETARIAT: None}


def test_a_gap_of_views_is_shown_of_five_people_and_of_no_fewer(offices: Offices):
    gaps = [{"peers": "24.00"}] * 5 + [{"self": "-3.00"}] * 4 + [{}] * 3
    people = [replace(one, gaps=gap) for one, gap in zip(crowd(), gaps, strict=False)]

    (line,) = page_of(rated(offices, *people)).tables.gaps

    assert (line.view, line.unit_id, line.people, str(line.mean)) == (
        Gap.PEERS,
        DIVISION,
        5,
        "24.00",
    )
    assert line.stands_out


def test_the_score_of_an_indicator_is_shown_of_the_units_where_five_people_have_one(
    offices: Offices,
):
    office = offices.open("tanjungbalai")
    known = [{"attitude": "75.00"}] * 6 + [{"attitude": "100.00"}] * 6
    people = [replace(one, scores=scores) for one, scores in zip(crowd(), known, strict=False)]
    people += [replace(one, scores={"attitude": "110.00"}) for one in crowd()[12:17]]
    people += [replace(one, scores={"attitude": "45.00"}) for one in crowd()[24:]]
    add_rated(office.desk.store, office.agency_id, office.cycle_id, people)

    page = page_of(office)

    attitude, information = (page.tables.scores[key] for key in ("attitude", "information"))
    lines = [(one.unit_id, one.people, str(one.mean)) for one in attitude.lines]
    assert lines == [
        (None, 17, "94.12"), (DIVISION, 12, "87.50"), (DEPARTMENT, 5, "110.00"),
    ]  # fmt: skip
    assert (attitude.small, information.lines, information.small) == (1, (), 0)
    assert page.indicators["attitude"]["id"] == "Sikap menghadapi pengaduan"


def test_a_system_that_names_no_indicator_shows_none_by_unit(offices: Offices):
    people = [replace(one, scores={"attitude": "75.00"}) for one in crowd()]

    page = page_of(rated(offices, *people))

    assert (page.tables.scores, page.indicators) == ({}, {})


def test_groups_of_ten_are_held_against_each_other(offices: Offices):
    people = [replace(one, woman=n % 2 == 0, predicate=VERY_GOOD if n % 4 == 1 or n == 0 else GOOD)
              for n, one in enumerate(crowd())]  # fmt: skip

    sexes = page_of(rated(offices, *people)).tables.groups[Attribute.SEX]

    assert {group: found.people for group, found in sexes.items()} == {"female": 14, "male": 13}
    assert sexes["female"].stands_back
    assert not sexes["male"].stands_back


def test_groups_tell_nothing_of_predicates_that_are_hidden_of_all(offices: Offices):
    people = [replace(one, woman=n % 2 == 0, predicate=VERY_GOOD if n < 3 else GOOD)
              for n, one in enumerate(crowd())]  # fmt: skip

    tables = page_of(rated(offices, *people)).tables

    assert tables.whole.cells[list(Predicate).index(Predicate.VERY_GOOD)] is None
    assert tables.groups == {}


@pytest.mark.parametrize(
    ("asked", "is_mutual", "told"), [(4, True, None), (5, False, False), (5, True, True)]
)
def test_of_colleagues_it_is_only_told_whether(offices: Offices, asked, is_mutual, told):
    people = [
        replace(one, gaps={"peers": "0"} if n < asked else {}, is_mutual=is_mutual and n == 0)
        for n, one in enumerate(crowd())
    ]

    assert page_of(rated(offices, *people)).tables.is_mutual is told


@pytest.mark.parametrize("function", [UnitFunction.TEAM, UnitFunction.HR, UnitFunction.AUDITOR])
def test_whoever_serves_the_whole_agency_reads_them(offices: Offices, function: UnitFunction):
    office = rated(offices)
    actor = replace(office.actor("analyst", NOW), duties=frozenset({Duty(function, None)}))

    with office.desk.store.reading(office.agency_id) as tx:
        found = fairness(
            tx, actor, settings_of=lambda tx, key: office.desk.definitions.get(tx, key).settings,
            now=NOW,
        )  # fmt: skip

    assert found.tables.raters


def test_raters_employees_and_servants_of_one_unit_do_not(offices: Offices):
    office = rated(offices)

    for person in ("analyst", "division_head", "department_head"):
        with pytest.raises(Forbidden):
            page_of(office, person)


def test_a_period_that_does_not_exist_is_not_found(offices: Offices):
    with pytest.raises(NotFound):
        page_of(offices.open("relay"), cycle_id="other")


def test_the_number_of_statements_does_not_grow_with_the_people(offices: Offices):
    office = rated(offices)
    page_of(office)
    few = statements(office)
    more = [replace(one, person=f"again-{one.person}") for one in crowd()]
    add_rated(office.desk.store, office.agency_id, office.cycle_id, more)

    assert statements(office) == few


def statements(office: Office) -> int:
    """How many statements the page costs."""
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    page_of(office)
    event.remove(Engine, "before_cursor_execute", note)
    return len(asked)
