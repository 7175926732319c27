"""A unit is appraised by its own system, or by that of the nearest unit above."""

from engine.domain.people import UnitId
from engine.domain.unit_systems import unit_systems

CITY, DISTRICT, OFFICE, LAKE = (UnitId(key) for key in ("city", "district", "office", "lake"))


def tree(**own: str) -> list[tuple[UnitId, UnitId | None, str | None]]:
    above = {CITY: None, DISTRICT: CITY, OFFICE: DISTRICT, LAKE: CITY}
    return [(unit, parent, own.get(unit)) for unit, parent in above.items()]


def test_the_nearest_above_decides() -> None:
    found = unit_systems(tree(city="national", district="gayungan"), ["gayungan", "national"])

    assert {unit: found.of(unit) for unit in (CITY, DISTRICT, OFFICE, LAKE)} == {
        CITY: "national", DISTRICT: "gayungan", OFFICE: "gayungan", LAKE: "national",
    }  # fmt: skip
    assert found.takes("gayungan", OFFICE)
    assert not found.takes("national", OFFICE)


def test_before_anybody_decides_every_system_is_for_everybody() -> None:
    found = unit_systems(tree(), ["gayungan", "national"])

    assert found.takes("gayungan", OFFICE)
    assert found.takes("national", OFFICE)
    assert found.of(OFFICE) is None


def test_after_the_first_decision_the_others_have_the_only_published_one_or_none() -> None:
    one = unit_systems(tree(district="gayungan"), ["gayungan"])
    two = unit_systems(tree(district="gayungan"), ["gayungan", "national"])

    assert one.takes("gayungan", LAKE)
    assert not two.takes("gayungan", LAKE)
    assert not two.takes("national", LAKE)


def test_units_in_a_circle_end() -> None:
    assert unit_systems([(CITY, LAKE, None), (LAKE, CITY, None)], []).of(CITY) is None
