"""Links of a citizen survey on paper: QR codes to cut, as a page or as a PDF."""

from dataclasses import dataclass
from datetime import date

from fastapi.responses import Response

from api.pdf import typeset
from api.web.phrasing import Phrasing
from api.web.qr import qr_picture, qr_svg

AS_FILE = {"Content-Disposition": 'attachment; filename="tautan-survei.pdf"'}


@dataclass(frozen=True)
class Printed:
    """The whole addresses that are printed for the survey of a unit, good until a day."""

    survey_id: str
    unit: str
    until: date
    addresses: tuple[str, ...]

    @property
    def pictures(self) -> tuple[tuple[str, str], ...]:
        """Each address with its QR code for a page."""
        return tuple((address, qr_picture(address, scale=3)) for address in self.addresses)


def links_pdf(say: Phrasing, printed: Printed) -> Response:
    """The sheet as a PDF."""
    _, day = say.words, say.day_of(say.now)
    words = {
        "title": _("Public satisfaction survey"),
        "unit": printed.unit,
        "how": _("Scan this code with your phone. No name, about two minutes, works once."),
        "until": _("Good until %(day)s", day=say.date(printed.until)),
        "qr_alt": _("QR code of the survey"),
    }
    links = [{"address": one, "qr": qr_svg(one)} for one in printed.addresses]
    made_on = [day.year, day.month, day.day]
    shown = {"language": _.language, "made_on": made_on, "words": words, "links": links}
    content = typeset("survey_links", shown, made_at=say.now)
    return Response(content, media_type="application/pdf", headers=AS_FILE)
