"""How the rater of a case rates: over his people of the cycle, beside the others of the unit."""

from engine.commands.rating_figures import Data, given_ratings
from engine.domain.fairness import RaterFigures, crowd_of, rater_figures
from engine.domain.people import EmployeeId
from engine.domain.rating_figures import figures_from
from engine.domain.settings import SystemSettings
from engine.store import populations, results
from engine.store.database import Transaction
from engine.store.instances import InstanceRow


def rater_patterns(
    tx: Transaction, run: InstanceRow, rater: EmployeeId, data: Data, settings: SystemSettings
) -> RaterFigures | None:
    """The rater's figures with this case in them, beside the others of the unit.

    None while he has rated fewer people than the floor. One statement.
    """
    found = results.rated_figures(
        tx, cycle_id=run.cycle_id, unit_id=run.unit_id, rater_id=rater, without=run.id
    )
    rated = [(row.rater_id == rater, figures_from(row.figures).ratings) for row in found]
    own = [ratings for is_own, ratings in rated if is_own]
    others = crowd_of(ratings for is_own, ratings in rated if not is_own)
    return rater_figures([given_ratings(data, settings), *own], others, settings.fairness.limits)


def is_related(tx: Transaction, one: EmployeeId, other: EmployeeId) -> bool:
    """Whether a conflict of these two was declared to HR."""
    return frozenset({one, other}) in populations.conflicting_pairs(tx)
