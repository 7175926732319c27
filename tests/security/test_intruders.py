"""Nobody gets a foreign name, number or text by changing ids, and nobody sets what is not asked."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import select

from engine.store import tables as t
from tests.evidence import Evidence
from tests.security.city import CANARY, FOREIGN_CANARY, MISSING, Visit
from tests.security.test_matrix import (
    OBJECTS,
    ROUTES,
    ids_of,
    is_let_in,
    objects_of,
    sent,
)

# What tells of the cases of others: names, numbers, texts of drafts, names and content of files.
SECRETS = (f"{CANARY} analyst", f"{CANARY} hr_colleague", FOREIGN_CANARY, "KANARI-DRAF", "KANARI-")
STRANGE = (
    "1", "0", "-1", "9" * 30, "null", "None", "undefined", "true", "NaN", "*", "%", "_", "''",
    "' OR '1'='1", "1;DROP TABLE session", "[]", "{}", '["analyst"]', "analyst", "hr_officer",
    "bidang", "0199f1c2-7b3a-7c11-8c55", "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "%00",
    "a%00b", "%ff%fe", "%ed%a0%80", "%0d%0aSet-Cookie:x=1", "１", "ａnalyst", "a" * 81, "a" * 5000,
    "${7*7}", "{{7*7}}", "<script>alert(1)</script>",
)  # fmt: skip
QUERIES = ("q", "name", "after", "tab", "kind", "cursor", "limit", "sort", "relation", "action",
           "stored", "again", "agency_id", "employee_id", "instance_id")  # fmt: skip
EXTRA = {
    "role": "hr", "actor": "hr_officer", "actor_id": "hr_officer", "agency_id": "x",
    "at": "2020-01-01T00:00:00+00:00", "now": "2020-01-01T00:00:00+00:00", "is_final": True,
    "result_rating": "above", "predicate": "very_good", "local_score": "120", "version": 99,
    "state": "completed", "decision": {"predicate": "very_good"}, "case": {"subject_id": "x"},
    "expected_version": 0, "on_behalf_of": "sekda", "__proto__": {"role": "hr"}, "typename": "x",
}  # fmt: skip
# The door of the demonstration names the people of the first agency on purpose, and a page of
# notes those whom somebody works with.
NAMING = {"GET /sign-in", "GET /notes"}
READING = [route for route in ROUTES if route.startswith("GET ") and route not in NAMING]
SENDING = [route for route in ROUTES if not route.startswith("GET ")]


def secrets_in(answer: Any) -> list[str]:
    """Secrets in the body or the headers of an answer."""
    seen = answer.text + json.dumps(dict(answer.headers))
    return [secret for secret in SECRETS if secret in seen]


def swapped(visit: Visit, route: str) -> Iterator[str]:
    """The path of a route with each id of it replaced by every other word.

    The words are whatever others have of what it asks for, and one thing of every other kind.
    """
    path = route.split()[1]
    asked = re.findall(r"\{(\w+)\}", path)
    if not asked:
        return
    same_kind = [ids[name] for ids in visit.city.ids.values() for name in asked]
    for word in dict.fromkeys((*same_kind, *ids_of(visit, "foreign").values(), *STRANGE)):
        yield path.format_map(dict.fromkeys(ids_of(visit, "own"), word))


@pytest.mark.parametrize("route", ROUTES)
def test_no_id_of_others_gives_a_foreign_byte(route: str, visit: Visit, evidence: Evidence) -> None:
    method, row = route.split(maxsplit=1)[0], ROUTES[route]
    paths = list(swapped(visit, route))

    answers = [
        visit.ask("uninvolved", method, path, **body(visit, row, method, path)) for path in paths
    ]

    evidence.record(f"idor.swaps.{route}", len(answers))
    assert [path for path, got in zip(paths, answers, strict=True) if secrets_in(got)] == []
    # A public form is the same page for every word; of the words, one is a colleague's id.
    shown = {200} if row["rule"] in {"anybody", "around"} else set()
    refusing = {303, 307, 400, 404, 405, 422} | shown
    assert [a.status_code for a in answers if a.status_code not in refusing] == []


def body(visit: Visit, row: Mapping[str, Any], method: str, path: str) -> dict[str, Any]:
    """What the table says is sent, as it is."""
    if method == "GET":
        return {}
    if path.startswith("/api/"):
        return sent(row)
    return {"data": visit.form("uninvolved", **row.get("form", {}))}


@pytest.mark.parametrize("route", READING)
def test_no_question_of_a_stranger_gives_a_foreign_byte(route: str, visit: Visit) -> None:
    path = route.split()[1].format(**ids_of(visit, "own"))
    words = (*visit.city.ids["foreign"].values(), *visit.city.ids["own"].values(), *STRANGE[:12])

    answers = [
        visit.ask("uninvolved", "GET", path, params=dict.fromkeys(QUERIES, word)) for word in words
    ]

    assert [answer.url for answer in answers if secrets_in(answer)] == []
    assert {answer.status_code for answer in answers} <= {200, 303, 404, 422}


def test_lists_of_an_agency_hold_nothing_of_another(visit: Visit) -> None:
    lists = [route for route in READING if objects_of(route) == ("agency",)]

    for route in lists:
        path = route.split()[1]
        assert FOREIGN_CANARY not in visit.ask("hr", "GET", path).text
        assert f"{CANARY} " not in visit.ask("foreign_hr", "GET", path).text.replace(
            FOREIGN_CANARY, ""
        )


def test_an_id_in_the_answers_of_a_form_opens_no_foreign_file(visit: Visit) -> None:
    own, item = visit.city.ids["own"], visit.city.ids["own"]["item_id"]
    words = [ids["attachment_id"] for name, ids in visit.city.ids.items() if name != "own"]
    words += [MISSING, "", "a" * 5000, ["x"], {"x": 1}, None, -1]

    for word in words:
        evidence = [{"kind": "file", "file_id": word, "note": ""}]
        answers = {"rows": [{"realisation": 1, "evidence": evidence}], "confirmed": True}
        sent = visit.ask(
            "subject", "POST", f"/api/v1/work-items/{item}/completion", json={"answers": answers}
        )

        assert sent.status_code == 422
        assert FOREIGN_CANARY not in sent.text
    assert own["attachment_id"] not in words


def stored(visit: Visit) -> dict[str, list[str]]:
    """Everything in the database, but for sessions, who was refused, and the state of the engine.

    A refused withdrawal may have let due timers fire, which rewrites the same state.
    """
    free = {"session", "audit_event", "audit_pending", "audit_chain", "instance", "instance_state"}
    with visit.desk.store.reading(visit.city.offices["own"].agency_id) as tx:
        return {
            table.name: [repr(row) for row in tx.connection.execute(select(table))]
            for table in t.metadata.sorted_tables
            if table.name not in free
        }


@pytest.mark.parametrize("route", [route for route in SENDING if "/api/" in route])
def test_a_field_that_nobody_asked_for_is_refused_and_nothing_is_stored(
    route: str, visit: Visit
) -> None:
    before, path = stored(visit), route.split()[1].format(**ids_of(visit, "own"))
    sent = json.loads(json.dumps(ROUTES[route].get("json", {})).replace("{cycle_id}", MISSING))

    for role in ("subject", "hr"):
        for name, value in EXTRA.items():
            answer = visit.ask(role, route.split(maxsplit=1)[0], path, json={**sent, name: value})

            assert answer.status_code in {403, 404, 409, 422}
            if sent:
                assert answer.status_code == 422
                assert answer.json()["findings"][0]["place"] == f"body.{name}"[:45]
    assert stored(visit) == before


FORMS = [route for route in SENDING if objects_of(route) == OBJECTS and "/api/" not in route]


@pytest.mark.parametrize("route", FORMS)
def test_extra_fields_of_a_form_change_nothing(route: str, visit: Visit) -> None:
    method, path = route.split()
    holder = "subject" if is_let_in(route, "subject", "own") else "uninvolved"
    before = stored(visit)
    extra = {name: str(value) for name, value in EXTRA.items()}

    answer = visit.ask(
        holder,
        method,
        path.format(**ids_of(visit, "own")),
        data={**extra, **visit.form(holder), "_op": "send"},
    )

    assert answer.status_code in {303, 403, 404, 409, 422}
    assert stored(visit) == before
