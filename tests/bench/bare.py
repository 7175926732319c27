"""The least that a server can do: a handler that stores nothing, a page whose data are ready.

`python -m tests.bench.bare PORT DATABASE TOKEN` serves it behind the uvicorn of the product.
"""

import gc
import sys

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse

from api.app import utc_now
from api.assets import Assets
from api.deps import House, Visitor
from api.i18n import load_words
from api.rest.work_item_resources import Completed, Completion
from api.security import token_hash
from api.settings import Settings
from api.web.inbox_pages import read_inbox
from api.web.inbox_query import Links
from api.web.navigation import links_for
from api.web.phrasing import Phrasing
from api.web.rendering import Pages
from engine.commands.desk import Desk
from engine.queries.inbox import tabs
from engine.queries.inbox_asked import Asked
from engine.queries.visitors import seat_of_session
from engine.store.database import ANY_AGENCY, Store
from engine.store.vault import Folder
from tests.office import ROOT


def ready_values(url: str, token: str) -> dict[str, object]:
    """All that the inbox page of a session shows, read once."""
    words, now, asked = load_words(), utc_now(), Asked()
    house = House(Desk(Store(url), ROOT, Folder(ROOT)), Settings(), words, utc_now)
    with house.desk.store.reading(ANY_AGENCY) as tx:
        seat = seat_of_session(tx, token_hash(token), now)
    if seat is None:
        raise SystemExit("nobody has this session")
    visitor = Visitor(token, words[seat.language], now, demo=False, seat=seat)
    with house.desk.store.reading(seat.actor.agency_id) as tx:
        found = read_inbox(house, visitor, seat.actor, asked, tx)
    say = Phrasing(visitor.words, visitor.zone, now)
    shown = {"inbox": found, "asked": asked, "links": Links(asked), "tabs": tabs(seat.actor)}
    frame = {"visitor": visitor, "nav_links": links_for(seat), "say": say, "nonce": ""}
    place = {"place": "/inbox", "section": "/inbox", "back": "/inbox"}
    rest = {"saved": (), "choices": None, "panel": False, "oversees": False, "moves": False}
    return {**shown, **frame, **place, **rest}


def bare_app(values: dict[str, object]) -> FastAPI:
    """A completion that completes nothing, and the inbox from ready data."""
    app, now = FastAPI(), utc_now()
    pages = Pages(load_words(), Assets())
    template = pages.template("id", "inbox.html")

    @app.post("/complete")
    def complete(completion: Completion) -> Completed:
        size = str(len(completion.answers))
        return Completed(id=size, case_id=size, receipt=size, completed_at=now, held=False)

    @app.get("/inbox")
    def inbox() -> HTMLResponse:
        return HTMLResponse(template.render(values))

    @app.get("/healthz")
    def healthz() -> None:
        return None

    return app


if __name__ == "__main__":
    made = bare_app(ready_values(*sys.argv[2:4]))
    gc.freeze()
    uvicorn.run(made, host="127.0.0.1", port=int(sys.argv[1]), log_config=None)
