"""The attack corpus of evidence files: refused by content, or an inert download."""

import io
import re
import zipfile
from collections.abc import Callable

import pytest

from engine.commands.evidence import MAX_BYTES
from tests.security.city import PDF, Visit

PNG = b"\x89PNG\r\n\x1a\n"
SCRIPT = b"<script>alert(1)</script>"
WORD = "word/document.xml"


def archive(*members: tuple[str, bytes], level: int = zipfile.ZIP_STORED) -> bytes:
    """A ZIP file of these members."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", level) as made:
        for name, data in members:
            made.writestr(name, data)
    return content.getvalue()


def bomb() -> bytes:
    """Small to send, 200 MB when unpacked."""
    return archive((WORD, b"\0" * 200_000_000), level=zipfile.ZIP_DEFLATED)


REFUSED: dict[str, Callable[[], bytes]] = {
    "html": lambda: b"<html>" + SCRIPT,
    "html_after_blanks": lambda: b"   \n" + SCRIPT,
    "svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "pdf_behind_html": lambda: SCRIPT + PDF,
    "pdf_with_mark_before": lambda: b"\xef\xbb\xbf" + PDF,
    "gif": lambda: b"GIF89a" + SCRIPT,
    "program": lambda: b"MZ\x90\x00",
    "elf": lambda: b"\x7fELF",
    "shell": lambda: b"#!/bin/sh\nid",
    "old_office": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "rar": lambda: b"Rar!\x1a\x07",
    "gzip": lambda: b"\x1f\x8b\x08",
    "eicar": lambda: b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
    "nothing_but_a_zip": lambda: archive(("a.txt", b"x")),
    "zip_slip": lambda: archive(("../../etc/cron.d/x", b"x"), (WORD, b"x")),
    "zip_absolute": lambda: archive(("/etc/passwd", b"x"), (WORD, b"x")),
    "zip_windows": lambda: archive(("..\\..\\x", b"x"), (WORD, b"x")),
    "macros": lambda: archive((WORD, b"x"), ("word/vbaProject.bin", b"x")),
    "zip_bomb": bomb,
    "cut_zip": lambda: archive((WORD, b"x"))[:40],
    "zip_of_many": lambda: archive((WORD, b"x"), *((f"f{n}", b"") for n in range(20_000))),
    "too_large": lambda: PDF + b"0" * MAX_BYTES,
}
NAMES = (
    "../../../etc/passwd", "..\\..\\x.pdf", "con.txt", "NUL", "a\x00.pdf", "x.html", "x.svg",
    "x.pdf.exe", "x\r\nSet-Cookie: a=b", '";filename="evil.html', ".htaccess", "a" * 3_000,
    "<img src=x onerror=alert(1)>.pdf", "\u202efdp.exe", "=HYPERLINK(1).pdf", ".", "/", "بهاس.pdf",
    "%2e%2e%2f", "x;y.pdf",
)  # fmt: skip


def upload(visit: Visit, name: str, content: bytes, media_type: str = "text/html"):
    """Send a file as evidence of the subject's open work, as a browser does."""
    path = f"/work-items/{visit.city.ids['own']['item_id']}"
    page = visit.ask("subject", "GET", path).text
    hidden = dict(re.findall(r'name="(_version|_revision|_key)" value="([^"]*)"', page))
    form = visit.form("subject", **hidden, _op="upload:rows.0.evidence")
    form |= {"rows.0._row": "1", "rows.0.realisation": "1"}
    files = {"rows.0.evidence.file": (name, content, media_type)}
    return visit.ask("subject", "POST", path, data=form, files=files)


@pytest.mark.parametrize("kind", REFUSED)
def test_a_file_that_could_harm_is_refused(kind: str, visit: Visit) -> None:
    answer = upload(visit, "laporan.pdf", REFUSED[kind](), "application/pdf")

    assert answer.status_code in {413, 422}
    assert "alert(1)" not in answer.text


def test_a_file_of_nothing_is_no_file(visit: Visit) -> None:
    before = evidence_of(visit)

    answer = upload(visit, "kosong.pdf", b"")

    assert answer.status_code in {303, 422}
    assert evidence_of(visit) == before


@pytest.mark.parametrize("name", NAMES)
def test_any_name_becomes_a_harmless_one(name: str, visit: Visit) -> None:
    before = evidence_of(visit)

    sent = upload(visit, name, PDF + name.encode("utf-8", "replace"))
    (added,) = evidence_of(visit) - before

    assert sent.status_code == 303
    file = visit.ask("subject", "GET", f"/evidence/{added}")
    shown = file.headers["content-disposition"]
    assert file.content.startswith(PDF)
    assert shown.startswith('attachment; filename="')
    assert shown.count('"') == 2
    assert not re.search(r"[\x00-\x1f<>/\\|]", shown.replace("UTF-8''", ""))
    assert re.search(r"\.pdf$", shown)
    assert len(shown) < 1_500
    assert "set-cookie" not in file.headers


@pytest.mark.parametrize(
    "content",
    [PDF + SCRIPT, PNG + SCRIPT, b"\xff\xd8\xff" + SCRIPT, PDF + b"/JS (app.alert(1))"],
)
def test_what_is_two_things_at_once_is_only_ever_downloaded(content: bytes, visit: Visit) -> None:
    before = evidence_of(visit)
    upload(visit, "dua.html", content)
    (added,) = evidence_of(visit) - before

    file = visit.ask("subject", "GET", f"/evidence/{added}")

    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["x-content-type-options"] == "nosniff"
    assert file.headers["content-type"] in {"application/pdf", "image/png", "image/jpeg"}
    assert "default-src 'self'" in file.headers["content-security-policy"]
    assert file.headers["cache-control"] == "no-store"


def test_files_are_stored_under_their_hash_outside_of_what_is_served(visit: Visit) -> None:
    names = [path.name for path in visit.desk.files.path.iterdir()]

    assert names
    assert all(re.fullmatch(r"[0-9a-f]{64}", name) for name in names)
    served = visit.ask("subject", "GET", f"/static/../{visit.desk.files.path.name}/{names[0]}")
    assert served.status_code == 404


def evidence_of(visit: Visit) -> set[str]:
    """The ids of the files of the subject's case, as its page links them."""
    path = f"/cases/{visit.city.ids['own']['instance_id']}"
    return set(re.findall(r'href="/evidence/([^"]+)"', visit.ask("subject", "GET", path).text))
