"""What the tests of questions share."""

from tests.ready import offices, session_folder

__all__ = ["offices", "session_folder"]
