"""Decision tables: DMN 1.3 files become checked tables, and values become a traced evaluation."""

from engine.rules.dmn.checks import check_table
from engine.rules.dmn.evaluation import Evaluation, evaluate
from engine.rules.dmn.reader import parse_table
from engine.rules.dmn.table import Aggregation, DecisionTable, HitPolicy, Input, Output, Rule

__all__ = [
    "Aggregation",
    "DecisionTable",
    "Evaluation",
    "HitPolicy",
    "Input",
    "Output",
    "Rule",
    "check_table",
    "evaluate",
    "parse_table",
]
