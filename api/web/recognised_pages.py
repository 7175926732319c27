"""What was recognised beside appraisals, for everybody; its person may take the consent back."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.deps import TheActor, TheForm, TheHouse, TheVisitor
from api.web.form_answers import answers_view
from api.web.rendering import Pages, pages
from engine.commands.recognised import end_showing, recognised

router = APIRouter()
ThePages = Annotated[Pages, Depends(pages)]
HERE = "/recognised"


@router.get(HERE)
def recognised_page(
    request: Request,
    house: TheHouse,
    visitor: TheVisitor,
    actor: TheActor,
    show: ThePages,
    before: str = "",
    ended: str = "",
) -> HTMLResponse:
    """A page of them, the newest first; `before` is the last of the page before."""
    page = recognised(house.desk, actor, before=before[:80], now=visitor.now)
    rows = [
        (row, [answers_view(form, values, visitor.language) for form, values in row.answers])
        for row in page.rows
    ]
    older = f"{HERE}?{urlencode({'before': page.after})}" if page.after else ""
    return show.render(
        request, visitor, "recognised.html", titles=page.titles, rows=rows, older=older,
        begins=not before, ended=bool(ended),
    )  # fmt: skip


@router.post("/recognised/{instance_id}/end")
def end(
    house: TheHouse, visitor: TheVisitor, actor: TheActor, _form: TheForm, instance_id: str
) -> Response:
    """The person takes the own consent back."""
    end_showing(house.desk, actor, instance_id=instance_id, now=visitor.now)
    return RedirectResponse(f"{HERE}?ended=1", 303)
