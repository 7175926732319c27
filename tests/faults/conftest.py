"""Offices for tests of faults."""

from tests.ready import offices, session_folder

__all__ = ["offices", "session_folder"]
