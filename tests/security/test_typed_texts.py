"""What people type stays what it is: words on every page, never markup, code or a formula."""

import json

import pytest
import rfc8785

from engine.store import tables as t
from engine.store import verification
from tests.evidence import Evidence
from tests.office import ROOT
from tests.ready import Offices
from tests.security.typed import Typed, shapes
from tests.session import is_full
from tests.workflows.scenario import read_path

PATH = ROOT / "workflows/national/paths/appeal_changed.json"
HARMLESS = "Bukti layanan di luar kantor belum diperhitungkan oleh penilai pada triwulan kedua. "
MARKUP = (
    "<script>alert(1)</script>\"><img src=x onerror=alert(1)>'><svg/onload=alert(1)></textarea>"
    '</title><!--]]>{{7*7}}{% raw %}${7*7}#{7*7}javascript:alert(1)&lt;b&gt;%3Cb%3E" autofocus '
)
UNUSUAL = {
    "formula": '=HYPERLINK("http://x";"y")+@SUM(1)|cmd \'/c calc\'!A0 ＝1+1 -1 \t=1',
    "zalgo": "Z" + "\u0335\u0321\u0353\u0318\u0345" * 20 + "algo bukti layanan keliling kantor",
    "bidi": "bukti \u202egnp.exe\u202c \u2066layanan\u2069 \u200b\u200d\ufeff keliling",
    "composed": "Rékap é e\u0301 Å A\u030a ﬁ ﷺ laporan layanan keliling",
    "scripts": "ꦲꦏ꧀ꦱꦫꦗꦮ بهاس ملايو 👩🏽‍⚖️🇮🇩 laporan layanan keliling",
    "controls": "bukti\x00\x01\x08\x0b\x1b[31m\x7f layanan \ud800 keliling \udfff kantor",
    "look_alike": "１９８００１０１２０１００１１００１ О0 Іl bukti layanan keliling kantor",
}

# All in one text and one long word every time; one by one under `make test-full`.
TEXTS = {"together": " ".join(UNUSUAL.values()) + "m" * 1200, **(UNUSUAL if is_full() else {})}


def played(offices: Offices, text: str) -> Typed:
    """The whole path with a text in every field, and a last look at everything."""
    typed = Typed(offices.open("national"), read_path(PATH), text=text.ljust(160, "."))
    typed.run()
    typed.look_around()
    return typed


def canonical(typed: Typed) -> bool:
    """Whether every event of the trail is stored in its one canonical form."""
    with typed.office.desk.store.reading(typed.office.agency_id) as tx:
        bodies = tx.connection.execute(t.audit_event.select()).all()
    texts = [row.body if isinstance(row.body, bytes) else row.body.encode() for row in bodies]
    return all(rfc8785.dumps(json.loads(text)) == text for text in texts)


def test_markup_adds_no_element_and_no_attribute_to_any_page(
    offices: Offices, evidence: Evidence
) -> None:
    plain, attacked = played(offices, HARMLESS), played(offices, MARKUP)

    pairs = list(zip(shapes(plain), shapes(attacked), strict=True))

    evidence.record("typed.pages_alike", len(pairs))
    assert len(pairs) > 30
    assert [name for (name, one), (_, other) in pairs if one.parts != other.parts] == []
    addresses = [address for _, (_, page) in pairs for address in page.addresses]
    assert [a for a in addresses if not a.startswith(("/", "#", "https://"))] == []
    assert sum("<script>alert(1)</script>" in page.words for _, (_, page) in pairs) > 10
    assert sum("{{7*7}}" in page.words for _, (_, page) in pairs) > 10


@pytest.mark.parametrize("kind", TEXTS)
def test_unusual_texts_pass_through_every_step_and_page(kind: str, offices: Offices) -> None:
    typed = played(offices, TEXTS[kind])

    assert set(typed.answers) <= {200, 303, 404}
    assert canonical(typed)
    with typed.office.desk.store.reading(typed.office.agency_id) as tx:
        assert list(verification.verify(tx)) == []
