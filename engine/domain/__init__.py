"""Frozen types and pure functions of the appraisal; standard library only."""
