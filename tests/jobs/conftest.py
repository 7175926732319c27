"""Offices for background work."""

from tests.ready import offices, session_folder

__all__ = ["offices", "session_folder"]
