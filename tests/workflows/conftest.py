"""Offices on both databases for the scenario paths."""

from tests.ready import offices, session_folder

__all__ = ["offices", "session_folder"]
