"""QR codes as pictures inside the page: no other site ever sees what they hold."""

from io import BytesIO

import segno


def qr_picture(text: str, *, scale: int = 5) -> str:
    """A data address of an SVG picture; `scale` is the size of one module in pixels."""
    return str(segno.make(text, error="m").svg_data_uri(scale=scale, border=4))


def qr_svg(text: str) -> str:
    """The picture alone, for a document."""
    drawn = BytesIO()
    segno.make(text, error="m").save(drawn, kind="svg", xmldecl=False, border=2)
    return drawn.getvalue().decode()
