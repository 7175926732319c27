"""Connections to PostgreSQL that give up: a line that is cut without a word keeps no thread."""

from collections.abc import Mapping
from typing import Any

import psycopg
from sqlalchemy import Engine, event

# Longer than the longest single statement of the product; then nobody is taken to be there.
ANSWER_S = 60.0
# A line whose other end is gone is found out by the system itself, also while nothing is sent.
LINE: Mapping[str, object] = {
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


def give_up_after(engine: Engine, answer_s: float) -> None:
    """Let every connection of an engine end when one statement is not answered in time."""

    class Impatient(psycopg.Connection[Any]):
        """A connection that ends when it is not answered."""

        def wait(self, gen: Any, *more: Any, **named: Any) -> Any:
            """Wait for what a statement gives, but not for ever."""
            try:
                return super().wait(gen, *more, **{"timeout": answer_s, **named})
            except psycopg.OperationalError as error:
                if error.sqlstate is None:
                    # What the server may still answer to this must not be taken for an answer to
                    # the next question.
                    self.pgconn.finish()
                raise

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: Any, _record: Any, given: Any, named: Any) -> Any:
        return Impatient.connect(*given, **named)
