"""What the doors of the web refuse before any command is asked; `problems` says it in words."""


class BadRequest(Exception):
    """Parts of a request are not understood; `places` pairs each with a msgid."""

    def __init__(self, *places: tuple[str, str]) -> None:
        super().__init__(", ".join(place for place, _ in places))
        self.places = places


class BodyTooLarge(Exception):
    """The body is longer than allowed; `limit` in bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"body longer than {limit} bytes")
        self.limit = limit


class PreconditionFailed(Exception):
    """What was read before is not what is stored any more; `actual` is the version now."""

    def __init__(self, actual: int | None) -> None:
        super().__init__(f"the stored version is {actual}")
        self.actual = actual


class OlderEdition(Exception):
    """A sheet was set in a form of before and cannot be shown byte for byte."""


class FormTokenWrong(Exception):
    """The form does not carry the token of this session."""


class TypedBefore(Exception):
    """Answers arrived when their sign-in had ended; they come back to who typed them."""


class NotSignedIn(Exception):
    """The page needs a sign-in."""
