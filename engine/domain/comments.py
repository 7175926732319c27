"""Who reads a note on a case."""

from enum import StrEnum


class Audience(StrEnum):
    """Everybody who may open the case, or at first those who handle it.

    Nobody appeals blind: what officials wrote among themselves is the appraised person's to read
    from the delivery of the result on.
    """

    EVERYBODY = "everybody"
    OFFICIALS = "officials"
