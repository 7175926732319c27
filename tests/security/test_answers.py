"""Answers of every shape that JSON and forms can carry: refused by place, never a failure."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.rest.exact_json import exact_json
from api.settings import Settings
from tests.office import FOUNDED, Office
from tests.ready import Offices
from tests.security.city import City, Visit

DEEP = 100_000
REFUSED = {200, 303, 400, 404, 422}
REFUSED_TEXTS = {
    "not_a_number": b'{"answers": {"x": NaN}}',
    "infinite": b'{"answers": {"x": -Infinity}}',
    "repeated_name": b'{"answers": {}, "answers": {"confirmed": true}}',
    "long_number": b'{"answers": {"x": ' + b"9" * 5_000 + b"}}",
    "long_fraction": b'{"answers": {"x": 0.' + b"1" * 5_000 + b"}}",
    "nul": b'{"answers": {"x": "a\\u0000b"}}',
    "nul_in_list": b'{"answers": {"x": [["\\u0000"]]}}',
    "half_letter": b'{"answers": {"x": "\\ud800"}}',
    "half_letter_name": b'{"answers": {"\\udfff": 1}}',
    "nul_name": b'{"answers": {"\\u0000": 1}}',
    "deep_list": b'{"answers": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    "deep_object": b'{"answers": ' + b'{"a":' * DEEP + b"1" + b"}" * DEEP + b"}",
    "bytes": b"\xff\xfe{}",
    "utf16": '{"answers": {}}'.encode("utf-16"),
    "cut": b'{"answers": {',
    "two": b'{"answers": {}} {}',
    "list": b"[]",
    "text": b'"answers"',
    "nothing": b"",
}
STRANGE: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 1e40, "", "x", [], [[]], {}, {"": ""}, {"$decimal": "1e9"},
    {"$decimal": "NaN"}, {"$decimal": "1", "x": 1}, {"typename": "x"}, {"__proto__": 1},
    ["x"] * 500,
    [None], [{"evidence": "x"}], [{"evidence": [1]}], [{"evidence": [{"kind": "file"}]}],
    [{"evidence": [{"kind": "file", "file_id": {"x": 1}}]}], "１", "1,5", "²", "m" * 1_000_000,
    {"0": {"realisation": 1}}, {"²": 1}, "=1+1", "1_000", "0x10", "٣",
)  # fmt: skip
NAMES = ("rows", "confirmed", "5", "²", "rows.0", "", ".", "case", "__class__", "acting_as", "row")


def completion(visit: Visit) -> str:
    return f"/api/v1/work-items/{visit.city.ids['own']['item_id']}/completion"


@pytest.mark.parametrize("kind", REFUSED_TEXTS)
def test_what_is_not_exact_json_is_refused(kind: str, visit: Visit) -> None:
    headers = {"content-type": "application/json"}

    answer = visit.ask(
        "subject", "POST", completion(visit), content=REFUSED_TEXTS[kind], headers=headers
    )

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["findings"][0]["place"].startswith("body")


def test_numbers_are_read_as_they_are_written() -> None:
    found = exact_json(b'{"a": 0.1, "b": 1.10, "c": 12345678901234567890.123, "d": 1E2}')

    assert {key: str(value) for key, value in found.items()} == {
        "a": "0.1", "b": "1.10", "c": "12345678901234567890.123", "d": "1E+2",
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_answers_of_any_shape_are_refused_by_place(name: str, visit: Visit) -> None:
    for value in STRANGE:
        text = json.dumps({"answers": {name: value, "confirmed": True}})

        answer = visit.ask(
            "subject", "POST", completion(visit), content=text,
            headers={"content-type": "application/json", "idempotency-key": f"k{len(text)}"},
        )  # fmt: skip

        assert answer.status_code in {409, 422}, (name, str(value)[:80])
        assert all(len(found["place"]) < 200 for found in answer.json()["findings"])


BUTTONS = (
    "save", "send", "add:rows", "del:rows.0", "del:rows.²", "add:", "del:", "del:.", "x" * 9_000,
    "upload:rows.0.evidence", "add:confirmed", "del:rows.-1", "del:rows.99999999999999999",
)  # fmt: skip
FIELDS = (
    "rows.0.realisation", "rows.²._row", "rows.99999.realisation", "rows..", "_key", "_version",
    "_revision", "confirmed", "rows.0.evidence.0.kind",
)  # fmt: skip


@pytest.mark.parametrize("button", BUTTONS)
def test_a_form_with_any_field_and_button_is_answered(button: str, visit: Visit) -> None:
    path = f"/work-items/{visit.city.ids['own']['item_id']}"
    values = ("%ED%A0%80", "%00", "%FF", "９", "x" * 3_000)
    raw = "&".join(f"{name}={value}" for name in FIELDS for value in values)
    token = visit.form("subject")["csrf_token"]

    answer = visit.ask(
        "subject", "POST", path, content=f"csrf_token={token}&_op={button}&{raw}".encode(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )  # fmt: skip

    assert answer.status_code in {303, 409, 422}


@pytest.mark.parametrize(
    ("path", "fields"),
    [("/sign-in", {"employee_id": "\x00"}), ("/sign-in", {"employee_id": "x" * 100_000}),
     ("/language", {"language": "\x00", "back": "/\r\nset-cookie: x=1"}),
     ("/achievements", {"level.bidang": "\x00", "reason": "\x00"})],
)  # fmt: skip
def test_the_other_forms_take_any_text(path: str, fields: dict[str, str], visit: Visit) -> None:
    answer = visit.ask("hr", "POST", path, data=visit.form("hr", **fields))

    assert answer.status_code in {303, 404, 422}
    assert "x=1" not in answer.headers.get("set-cookie", "")


ADDRESSES = (
    "/cases/%00", "/cases/a%00b/trail", "/work-items/%00", "/work-items/%00/receipt",
    "/evidence/%00",
    "/cases?q=%00", "/cases?name=%00&after=x", "/cases?name=x&after=%00", "/inbox?tab=%00",
    "/api/v1/cases/%00", "/api/v1/cases?q=a%00", "/api/v1/work-items/%00", "/static/%00",
    "/api/v1/work-items?cursor=WyJcdTAwMDAiLCAieCJd", "/cases/%ed%a0%80", "/cases?q=%ed%a0%80",
)  # fmt: skip


def test_no_database_meets_a_nul(offices: Offices) -> None:
    office = offices.open("national")
    typed = Visit(
        City(offices.folder, {"own": office}, {}, FOUNDED), office.desk, client_of(office)
    )

    got = {address: typed.ask("hr", "GET", address).status_code for address in ADDRESSES}
    got |= {
        path: typed.ask("hr", "POST", path, data=typed.form("hr", **fields)).status_code
        for path, fields in (
            ("/sign-in", {"employee_id": "a\x00"}),
            ("/work-items/%00", {"_op": "send"}),
            ("/achievements", {"level.bidang": "good", "reason": "\x00"}),
        )
    }

    assert {address: status for address, status in got.items() if status not in REFUSED} == {}


def client_of(office: Office) -> TestClient:
    app = create_app(office.desk, Settings(demo=True), clock=lambda: FOUNDED)
    return TestClient(app, follow_redirects=False, raise_server_exceptions=False)
