"""A form was opened, and somebody was faster: refused with the reason, and every word comes back.

R11 of the fault catalogue on each database; what pages say of it: `web/test_unsent_answers.py`.
"""

from collections.abc import Callable
from itertools import cycle, islice

from starlette.testclient import TestClient

from api.app import create_app
from api.security import SESSION_COOKIE, new_token, token_hash
from api.settings import Settings
from engine.commands.drafts import save_draft
from engine.commands.sessions import open_session
from engine.commands.work_forms import any_form
from engine.domain.bundle import Bundle
from engine.domain.people import EmployeeId
from engine.library import read_bundle
from engine.store import definitions
from tests.cases import NOW, Case, problems
from tests.commands.contests import WORDS
from tests.commands.holding import act, give_to, hand_to
from tests.evidence import Evidence
from tests.faults.test_inbox_races import begin_case, next_cycle
from tests.office import Office
from tests.ready import Offices
from tests.session import count
from tests.web.test_work_pages import hidden

OFFICER, COLLEAGUE = "hr_officer", "hr_colleague"
KEPT = ("_version", "_revision", "_key", "csrf_token")


Way = Callable[[Office, Case, str], object]


def saved(office: Office, _case: Case, item: str) -> None:
    """The same person saved in another window."""
    values = {"text": "Jendela lain."}
    actor = office.actor(OFFICER, NOW)
    save_draft(office.desk, actor, item_id=item, values=values, revision=0, now=NOW)


# What happened meanwhile, the button that is pressed then, and what the page answers.
WAYS: dict[str, tuple[Way, str, int]] = {
    "saved": (saved, "save", 409),
    "claimed": (lambda _, case, item: act(case, OFFICER, "claim", item), "send", 409),
    "handed on": (lambda _, case, item: hand_to(case, OFFICER, item, "clerk"), "send", 409),
    "sent": (lambda _, case, item: case.complete(COLLEAGUE, "check", WORDS), "send", 409),
    "claimed by another": (
        lambda _, case, item: act(case, COLLEAGUE, "claim", item), "send", 403,
    ),
    "given to another": (
        lambda _, case, item: give_to(case, OFFICER, item, COLLEAGUE), "send", 404,
    ),
    # Running cases keep their definition, so nobody is overtaken.
    "published": (lambda office, _case, _item: publish(office), "send", 303),
}  # fmt: skip


def publish(office: Office) -> None:
    """Another version of the system is the active one from now on."""
    found = read_bundle(office.desk.library, "counter")
    files = {**found.files, "workflows/counter/note.md": office.cycle_id.encode()}
    with office.desk.store.transaction(office.agency_id) as tx:
        bundle, by = Bundle(found.system, files), EmployeeId(OFFICER)
        definitions.deploy(tx, bundle, deployed_by=by, now=NOW)


def test_no_word_of_an_overtaken_form_is_lost(offices: Offices, evidence: Evidence):
    forms, office, lost = count(7, 70), offices.open("counter"), 0
    browser = browser_of(office)

    for number, (way, button, status) in enumerate(islice(cycle(WAYS.values()), forms)):
        office, typed = next_cycle(office), f"Jaringan putus {number} hari."
        case, item = begin_case(office)
        page = f"/work-items/{item}"
        html = browser.get(page).text
        form = {name: hidden(html, name) for name in KEPT}
        way(office, case, item)

        answer = browser.post(page, data={**form, "text": typed, "_op": button})

        assert answer.status_code == status, (number, answer.text)
        lost += typed not in (stored(office, item) if status == 303 else answer.text)

    assert lost == 0
    assert problems(office) == []
    evidence.record(f"stale_forms.{offices.kind}.forms", forms)
    evidence.record(f"stale_forms.{offices.kind}.words_lost", lost)


def stored(office: Office, item: str) -> str:
    """What was sent."""
    found = any_form(office.desk, office.actor(OFFICER, NOW), item_id=item)
    return str(found.sent["text"])


def browser_of(office: Office) -> TestClient:
    """The browser of an officer who is signed in."""
    token = new_token()
    open_session(
        office.desk, office.agency_id, employee_id=EmployeeId(OFFICER),
        token_hash=token_hash(token), language="id", hours=12, now=NOW,
    )  # fmt: skip
    app = create_app(office.desk, Settings(), clock=lambda: NOW)
    return TestClient(app, cookies={SESSION_COOKIE: token}, follow_redirects=False)
