"""The sheets of a finished case, for programs: made once, listed, and the same bytes each time."""

from hashlib import sha256

from tests.security.city import Visit

API = "/api/v1"


def test_a_sheet_is_made_once_and_its_file_has_the_digest_that_the_list_names(visit: Visit) -> None:
    path = f"{API}/cases/{visit.city.ids['closed']['instance_id']}/sheets"

    made = {visit.ask("hr", "POST", path).json()["id"] for _ in range(2)}
    listed = {one["id"]: one for one in visit.ask("closed_subject", "GET", path).json()["items"]}
    (sheet_id,) = made
    file = visit.ask("closed_subject", "GET", f"{API}/sheets/{sheet_id}")

    assert file.content.startswith(b"%PDF-")
    assert file.headers["content-type"] == "application/pdf"
    assert sha256(file.content).hexdigest() == listed[sheet_id]["sha256"]
    assert file.headers["etag"] == f'"{listed[sheet_id]["sha256"]}"'


def test_a_case_without_a_delivered_result_has_no_sheets(visit: Visit) -> None:
    path = f"{API}/cases/{visit.city.ids['own']['instance_id']}/sheets"

    assert visit.ask("hr", "POST", path).status_code == 404
    assert visit.ask("hr", "GET", path).json() == {"items": []}
