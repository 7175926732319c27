"""The matrix of roles and results: words decide who serves what, and gaps are seen."""

from engine.domain.cascade import roles_matrix
from engine.domain.people import EmployeeId

ANI, BUDI, CITRA = EmployeeId("ani"), EmployeeId("budi"), EmployeeId("citra")
LEADER = [
    {"result_plan": "Izin cepat"},
    {"result_plan": "Izin cepat"},
    {"result_plan": "Arsip rapi"},
]


def line(result: str, serves: str = "") -> dict[str, object]:
    return {"result_plan": result, **({"superior_result": serves} if serves else {})}


def test_each_result_of_the_leader_stands_once_with_who_carries_it():
    found = roles_matrix(
        LEADER,
        {
            ANI: [line("Loket dibuka", "Izin cepat"), line("Loket dibuka", "Izin cepat")],
            BUDI: [line("Berkas diperiksa", "  izin   CEPAT. ")],
        },
    )

    assert [row.result for row in found.rows] == ["Izin cepat", "Arsip rapi"]
    assert found.rows[0].by == {ANI: ("Loket dibuka",), BUDI: ("Berkas diperiksa",)}
    assert [row.is_gap for row in found.rows] == [False, True]


def test_what_serves_none_of_them_stands_apart_and_who_has_no_plan_is_named():
    found = roles_matrix(
        LEADER,
        {ANI: [line("Rapat"), line("Pesta", "Hari jadi"), line("Loket", "Izin cepat")], CITRA: []},
    )

    assert found.apart == {ANI: ("Rapat", "Pesta"), CITRA: ()}
    assert found.without_plan == (CITRA,)


def test_a_leader_without_a_plan_has_no_row_and_no_gap():
    found = roles_matrix([], {ANI: [line("Loket", "Izin cepat")]})

    assert found.rows == ()
    assert found.apart == {ANI: ("Loket",)}
