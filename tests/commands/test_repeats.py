"""A request that is sent again is not executed again, whatever happened to the first one."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.commands.repeats import give_key_back, reserve_key, settle_key
from engine.errors import Conflict, KeyReused, OutcomeUnknown
from tests.cases import NOW
from tests.office import Office
from tests.ready import Offices

REQUEST, OTHER = "1" * 64, "2" * 64
TOGETHER = 4


@pytest.fixture
def office(offices: Offices) -> Office:
    """An agency whose people send requests."""
    return offices.open("window")


def reserve(office: Office, person: str = "analyst", request: str = REQUEST) -> str | None:
    actor = office.actor(person, NOW)
    return reserve_key(office.desk, actor, key="k", request_sha256=request, now=NOW)


def settle(office: Office, answer: str = "{}") -> None:
    settle_key(office.desk, office.actor("analyst", NOW), key="k", answer=answer)


def test_the_same_request_gets_the_first_answer(office: Office) -> None:
    first = reserve(office)
    settle(office, '{"id": 1}')

    assert first is None
    assert [reserve(office), reserve(office)] == ['{"id": 1}'] * 2


def test_a_kept_answer_is_never_replaced(office: Office) -> None:
    reserve(office)
    settle(office, "first")

    settle(office, "second")

    assert reserve(office) == "first"


def test_another_request_under_the_same_key_is_refused(office: Office) -> None:
    reserve(office)
    settle(office)

    with pytest.raises(KeyReused):
        reserve(office, request=OTHER)


def test_what_broke_off_is_not_done_again_and_its_end_is_called_unknown(office: Office) -> None:
    reserve(office)

    with pytest.raises(OutcomeUnknown):
        reserve(office)


def test_a_refused_request_leaves_its_key_free_also_for_another(office: Office) -> None:
    reserve(office)

    give_key_back(office.desk, office.actor("analyst", NOW), key="k")

    assert reserve(office, request=OTHER) is None


def test_an_answered_key_is_not_given_back(office: Office) -> None:
    reserve(office)
    settle(office, "kept")

    give_key_back(office.desk, office.actor("analyst", NOW), key="k")

    assert reserve(office) == "kept"


def test_everybody_has_keys_of_his_own(office: Office) -> None:
    reserve(office)
    settle(office)

    assert reserve(office, "hr_officer", OTHER) is None


def test_of_requests_at_the_same_moment_one_is_executed(office: Office) -> None:
    def tried(_number: int) -> str:
        try:
            return "executed" if reserve(office) is None else "answered"
        except Conflict:
            return "refused"

    with ThreadPoolExecutor(TOGETHER) as pool:
        ends = sorted(pool.map(tried, range(TOGETHER)))

    assert ends == ["executed"] + ["refused"] * (TOGETHER - 1)
