"""Offices whose letters and events leave by real connections to this machine."""

from tests.ready import offices, session_folder

__all__ = ["offices", "session_folder"]
