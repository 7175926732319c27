"""Demonstration data: an invented piece of a regency whose cases are really worked on."""
