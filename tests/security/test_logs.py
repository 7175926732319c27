"""What the server logs tells of errors, never of people."""

from uuid import uuid4

import pytest
import structlog

from api.logs import configure_logs


def test_a_traceback_in_the_log_shows_no_value_of_a_variable(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(answer: str) -> None:
        raise RuntimeError(f"{len(answer)} letters")

    secret = str(uuid4())
    configure_logs()
    try:
        fail(secret)
    except RuntimeError as error:
        structlog.get_logger().error("request failed", path="/cases/x", exc_info=error)

    line = capsys.readouterr().err
    assert "RuntimeError: 36 letters" in line
    assert secret not in line
