"""Commands about accounts and duties, ready to be carried out."""

from collections.abc import Callable
from functools import partial

from engine.commands.activation import NewSecrets, issue_code, use_code
from engine.commands.credentials import set_pin
from engine.commands.duties import decide_duty, end_duty, propose_duty
from engine.commands.people import founder
from engine.commands.program_keys import give_key
from engine.domain.people import EmployeeId, UnitFunction
from engine.store import people
from tests.cases import NOW
from tests.commands.accounts import PASSWORD, PIN, door
from tests.office import SINCE, Office
from tests.ready import Offices

Deed = tuple[Office, Callable[[], object]]
SECRETS = NewSecrets(PASSWORD, PASSWORD)
CLERK = EmployeeId("clerk")


def _issue(offices: Offices) -> Deed:
    office = offices.open("window")
    hr = office.actor("hr_officer", NOW)
    return office, partial(issue_code, office.desk, hr, employee_id=CLERK, now=NOW)


def _use(offices: Offices) -> Deed:
    office = offices.open("window")
    code = issue_code(office.desk, founder(office.agency_id), employee_id=CLERK, now=NOW).code
    with office.desk.store.reading(office.agency_id) as tx:
        nip = people.employee(tx, CLERK).nip
    return office, partial(
        use_code, office.desk, nip=nip, code=code, secrets=SECRETS, door=door(), now=NOW
    )


def _pin(offices: Offices) -> Deed:
    office, activate = _use(offices)
    activate()
    clerk = office.actor("clerk", NOW)
    return office, partial(set_pin, office.desk, clerk, pin=PIN, password=PASSWORD, now=NOW)


def _key(offices: Offices) -> Deed:
    office, activate = _use(offices)
    activate()
    return office, partial(
        give_key, office.desk, office.actor("clerk", NOW), token_hash="0" * 64,
        name="Loket", days=90, password=PASSWORD, language="id", now=NOW,
    )  # fmt: skip


def _propose(offices: Offices) -> Deed:
    office = offices.open("window")
    return office, partial(
        propose_duty, office.desk, office.actor("hr_officer", NOW), employee_id=CLERK,
        function=UnitFunction.AUDITOR, unit_id=None, starts=SINCE, now=NOW,
    )  # fmt: skip


def _confirm(offices: Offices) -> Deed:
    office, propose = _propose(offices)
    proposal = propose()
    second = office.actor("hr_colleague", NOW)
    return office, partial(
        decide_duty, office.desk, second, proposal_id=proposal, confirmed=True, now=NOW
    )


def _end(offices: Offices) -> Deed:
    office = offices.open("window")
    hr = office.actor("hr_officer", NOW)
    return office, partial(end_duty, office.desk, hr, duty_id="d-auditor", now=NOW)


WHOLE = {
    "issue a code": _issue,
    "propose a duty": _propose,
    "confirm a duty": _confirm,
    "end a duty": _end,
}
# These count every try, so that nobody can repeat them at will.
GUARDED = {"use a code": _use, "set a PIN": _pin, "make a key": _key}
