"""Files of the pages: addressed by content, compressed, and nothing else of the folder."""

import gzip
import json
import re
from pathlib import Path

import pytest

from api.assets import OWN, STATIC, Assets, accepted
from api.security import form_token, is_form_token, new_token
from tests.web.conftest import Seat


def stylesheet(seat: Seat) -> str:
    return re.search(r'href="(/static/app-[0-9a-f]{12}\.css)"', seat.client.get("/sign-in").text)[1]


def test_pages_name_the_stylesheet_by_its_content(seat: Seat) -> None:
    answer = seat.client.get(stylesheet(seat))

    assert answer.content == (STATIC / "app.css").read_bytes()
    assert answer.headers["content-type"].startswith("text/css")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_plain_name_is_asked_for_again_and_answered_by_its_tag(seat: Seat) -> None:
    first = seat.client.get("/static/app.css")

    again = seat.client.get("/static/app.css", headers={"if-none-match": first.headers["etag"]})

    assert first.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_a_file_comes_in_a_coding_that_the_visitor_takes(seat: Seat, coding: str) -> None:
    address, headers = stylesheet(seat), {"accept-encoding": coding}

    with seat.client.stream("GET", address, headers=headers) as answer:
        raw = b"".join(answer.iter_raw())

    content = gzip.decompress(raw) if coding == "gzip" else raw
    assert content == (STATIC / "app.css").read_bytes()
    assert answer.headers.get("content-encoding", "identity") == coding
    assert answer.headers["vary"] == "Accept-Encoding"


def test_codings_are_offered_in_the_order_of_what_they_save() -> None:
    assert accepted("gzip, deflate, br;q=0.5") == ("br", "gzip")
    assert accepted("br;q=0, gzip") == ("gzip",)
    assert accepted("identity") == accepted("") == ()


@pytest.mark.parametrize(
    "path",
    [
        "/static/dist/manifest.json", "/static/", "/static/../app.py", "/static/%2e%2e/app.py",
        "/static//etc/passwd", "/static/app-000000000000.css", "/static/app.css/", "/static/.",
    ],
)  # fmt: skip
def test_only_known_names_are_served(seat: Seat, path: str) -> None:
    assert seat.client.get(path).status_code == 404


def test_a_file_takes_no_other_method(seat: Seat) -> None:
    assert seat.client.post("/static/app.css").status_code == 404


def test_what_was_not_built_has_no_address(tmp_path: Path) -> None:
    for name in OWN:
        (tmp_path / name).write_text("x")

    assets = Assets(tmp_path)

    assert assets.address("viewer.js") is None
    assert assets.address("app.css") == "/static/app-2d711642b726.css"


def test_a_build_of_an_older_look_is_passed_over(tmp_path: Path) -> None:
    for name in OWN:
        (tmp_path / name).write_text("x" * 1000)
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "app-000000000000.css").write_text("older")
    built = {"app.css": "app-000000000000.css"}
    (tmp_path / "dist" / "manifest.json").write_text(json.dumps(built))

    assets = Assets(tmp_path)

    assert assets.address("app.css") != "/static/app-000000000000.css"
    assert assets.size("app.css", "gzip") < 1000


def test_pages_are_compressed_for_this_site_only(seat: Seat) -> None:
    own = seat.client.get("/sign-in", headers={"accept-encoding": "gzip"})
    foreign = {"accept-encoding": "gzip", "sec-fetch-site": "cross-site"}

    asked_by_another = seat.client.get("/sign-in", headers=foreign)

    assert own.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in own.headers["vary"]
    assert "content-encoding" not in asked_by_another.headers
    assert asked_by_another.text.count("<html") == own.text.count("<html") == 1


def test_the_form_token_looks_different_each_time_and_fits_one_session_only() -> None:
    session, other = new_token(), new_token()

    first, second = form_token(session), form_token(session)

    assert first != second
    assert is_form_token(session, first)
    assert is_form_token(session, second)
    assert not is_form_token(other, first)
    for wrong in ("", first[:-1], first.upper(), first[:64], "0" * 128, first + "00", "é" * 128):
        assert not is_form_token(session, wrong)


def test_a_form_with_all_that_it_loads_is_light(seat: Seat) -> None:
    seat.take("analyst")
    page = seat.client.get(seat.item(), headers={"accept-encoding": "identity"}).text

    loaded = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
    files = [seat.client.get(address).content for address in loaded]

    assert len(loaded) >= 3
    assert sum(len(gzip.compress(content, 6)) for content in (page.encode(), *files)) <= 25 * 1024
