"""Two questions of whoever watches the machines: does the process live, and can it work."""

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from api.deps import TheHouse
from engine.errors import AlurError

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
def alive() -> PlainTextResponse:
    """The process answers; nothing else is asked."""
    return PlainTextResponse("ok")


@router.get("/readyz")
def ready(house: TheHouse) -> PlainTextResponse:
    """Database reachable, tables of this program, guards of the trail in their places."""
    try:
        house.desk.store.check_ready()
    except AlurError as error:
        return PlainTextResponse(f"not ready: {type(error).__name__}", 503)
    return PlainTextResponse("ready")
