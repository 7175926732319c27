"""Errors as answers: problems for programs, pages in the visitor's language for everybody else."""

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from api.deps import Visitor, recognise, stranger
from api.house import House
from api.observing import route_of
from api.problems import Problem, problem_json, problem_of
from api.refusals import (
    BadRequest,
    BodyTooLarge,
    FormTokenWrong,
    NotSignedIn,
    OlderEdition,
    PreconditionFailed,
)
from api.rest.bad_requests import bad_request
from api.security import security_headers
from api.web.rendering import Pages
from engine.errors import AlurError, NotFound, Unavailable

REST_PREFIX = "/api/"
RETRY_AFTER_S = "10"
REFUSALS = (BadRequest, FormTokenWrong, BodyTooLarge, OlderEdition, PreconditionFailed)
log = structlog.get_logger(__name__)


def answer_errors(app: FastAPI) -> None:
    """Answer every error in the visitor's language, and as a program or a page asks."""
    for kind in (AlurError, *REFUSALS):
        app.add_exception_handler(kind, _answer)
    app.add_exception_handler(NotSignedIn, _to_the_door)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(RequestValidationError, _answer_not_understood)
    app.add_exception_handler(Exception, _answer_unknown)


def _answer(request: Request, error: Exception) -> Response:
    problem = problem_of(error, _whoever(request, error).words)
    if problem.status >= 500:
        number = request.scope.get("state", {}).get("request_id")
        log.error(
            "request failed", request_id=number, route=route_of(request.scope), exc_info=error
        )
    wants_json = _wants_json(request)
    answer = problem_json(problem) if wants_json else _page(request, problem)
    if isinstance(error, Unavailable):
        answer.headers["Retry-After"] = RETRY_AFTER_S
    return answer


def _whoever(request: Request, error: Exception) -> Visitor:
    """The visitor; a stranger while the database cannot be asked who he is."""
    house: House = request.app.state.house
    if isinstance(error, Unavailable):
        return stranger(request, house)
    try:
        return getattr(request.state, "visitor", None) or recognise(request, house)
    except Unavailable:
        return stranger(request, house)


def _page(request: Request, problem: Problem) -> Response:
    pages: Pages = request.app.state.pages
    visitor = request.state.visitor
    return pages.render(request, visitor, "problem.html", problem.status, problem=problem)


def _to_the_door(request: Request, _error: Exception) -> Response:
    if _wants_json(request):
        return Response(status_code=401)
    return RedirectResponse("/sign-in", 303)


def _answer_http(request: Request, error: Exception) -> Response:
    """Paths that no route knows look like objects that are not there."""
    status = error.status_code if isinstance(error, HTTPException) else 404
    if status in {404, 405}:
        return _answer(request, NotFound("page", request.url.path))
    return Response(status_code=status)


def _answer_not_understood(request: Request, error: Exception) -> Response:
    """Programs are told each place; for a page it is an address that leads nowhere."""
    if _wants_json(request) and isinstance(error, RequestValidationError):
        return _answer(request, bad_request(error))
    return _answer(request, NotFound("page", request.url.path))


def _answer_unknown(request: Request, error: Exception) -> Response:
    """The outermost edge: say that it is our fault, log it, keep the headers."""
    answer = _answer(request, error)
    answer.headers.update(security_headers(request.scope.get("state", {}).get("nonce", "")))
    return answer


def _wants_json(request: Request) -> bool:
    return request.url.path.startswith(REST_PREFIX)
