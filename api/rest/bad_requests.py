"""Says which parts of a request are not understood, in words."""

from collections.abc import Mapping

from fastapi.exceptions import RequestValidationError

from api.i18n import N_
from api.refusals import BadRequest

NOT_ALLOWED = N_("This value is not allowed here.")
NO_BODY = N_("This request has no body.")
NOT_A_FILE = N_("A file is sent as application/octet-stream.")
SENTENCES: Mapping[str, str] = {
    "missing": N_("This is missing."),
    "extra_forbidden": N_("This is not known here."),
    "json_invalid": N_("This is not exact JSON."),
}


def bad_request(error: RequestValidationError) -> BadRequest:
    """The refusal with every place; what was sent is not repeated."""
    return BadRequest(
        *(
            (_place(found["loc"]), SENTENCES.get(found["type"], NOT_ALLOWED))
            for found in error.errors()
        )
    )


def _place(location: tuple[str | int, ...]) -> str:
    """The place without names that the sender made up at length."""
    return ".".join(str(part)[:40] for part in location[:6])
