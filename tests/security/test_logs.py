"""What the server logs tells of errors, never of people."""

import logging
from collections.abc import Iterator
from uuid import uuid4

import pytest
import structlog

from api.logs import configure_logs
from engine.errors import NotFound


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    configure_logs()
    yield capsys
    root.handlers[:], root.level = before
    structlog.reset_defaults()


def test_an_error_in_the_log_shows_its_place_and_no_value(lines: pytest.CaptureFixture[str]):
    def fail(answer: str) -> None:
        raise RuntimeError(f"cannot read {answer}")

    secret = str(uuid4())
    try:
        fail(secret)
    except RuntimeError as error:
        structlog.get_logger().error("request failed", route="/cases/{id}", exc_info=error)

    line = lines.readouterr().err
    assert '"error": "RuntimeError"' in line
    assert "test_logs.py" in line
    assert secret not in line


def test_what_libraries_log_goes_through_the_same_words(lines: pytest.CaptureFixture[str]):
    secret = str(uuid4())
    try:
        int(secret)
    except ValueError:
        logging.getLogger("uvicorn.error").exception("failed for %s", secret)

    line = lines.readouterr().err
    assert '"error": "ValueError"' in line
    assert secret not in line


def test_numbers_of_people_are_left_out_of_our_own_sentences(lines: pytest.CaptureFixture[str]):
    error = NotFound("employee", "198001012010011001")
    structlog.get_logger().error("request failed", exc_info=error)

    line = lines.readouterr().err
    assert "employee" in line
    assert "1980" not in line
