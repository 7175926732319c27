"""Forms that others overtook come back with every word, with what changed, and can be sent.

R11 of the fault catalogue, over one task that is overtaken again and again.
"""

from tests.evidence import Evidence
from tests.session import count
from tests.web.conftest import Seat
from tests.web.test_unsent_answers import STAYS, resend
from tests.web.test_work_pages import filled, send


def test_no_word_of_an_overtaken_form_is_lost(seat: Seat, evidence: Evidence) -> None:
    forms = count(4, 50)
    item = seat.take("analyst").item()

    for number in range(forms):
        mine, other = f"Jaringan putus {number} hari.", f"Petugas cuti {number} hari."
        older = filled(seat, item, "save", **{"rows.0.obstacle": mine})
        if number % 2:
            older |= {"_op": "send", "_version": "77"}
        send(seat, item, "save", **{"rows.0.obstacle": other})

        refused = seat.client.post(item, data=older)
        saved = resend(seat, item, older, refused.text, "save")

        assert refused.status_code == 409
        assert STAYS in refused.text
        assert mine in refused.text
        assert (saved.status_code, mine in saved.text) == (200, True)
    evidence.record("stale_forms.forms", forms)
    evidence.record("stale_forms.words_lost", 0)
