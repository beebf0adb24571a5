"""HiGHS with a model in it, always with the same settings, so that the same model gives the same answer."""

import math
from dataclasses import dataclass

import highspy
import numpy as np
from highspy._core import _Highs

from lending.shipping.rebalancing.rules.arrays import Floats, Ints
from lending.shipping.rebalancing.solving.model import Model


@dataclass(frozen=True, slots=True)
class Answer:
    """The columns found, if any, what they are worth in euros, and what nothing can exceed."""

    columns: Floats | None
    value: float
    bound: float


class Solver:
    """A model that may be solved again after small changes, from where the last answer ended."""

    def __init__(self, model: Model, is_whole: Ints, gap: float) -> None:
        """`is_whole` says which columns must be whole; none makes a linear program of it."""
        self._columns = len(model.cost)
        self._is_linear = not is_whole.any()
        # The public class around it writes two lines to the output that no option silences.
        self._highs = _Highs()
        for name, value in (
            ("output_flag", False),
            ("threads", 1),
            ("random_seed", 0),
            ("mip_rel_gap", gap),
            ("mip_abs_gap", 1e-6),
        ):
            self._highs.setOptionValue(name, value)
        self._pass(model, is_whole)

    def run(self, seconds: float) -> Answer:
        """The best in so many seconds."""
        # The limit counts from the first answer on.
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + max(seconds, 0.1))
        self._highs.run()
        info = self._highs.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return Answer(None, -math.inf, self._bound(info))
        columns = np.array(self._highs.getSolution().col_value)
        return Answer(columns, -info.objective_function_value, self._bound(info))

    def add_rows(self, columns: Ints, values: Floats) -> None:
        """Rows of two entries each that must stay at or below nothing."""
        count = len(columns)
        self._highs.addRows(
            count,
            np.full(count, -np.inf),
            np.zeros(count),
            2 * count,
            (2 * np.arange(count)).astype(np.int32),
            columns.ravel().astype(np.int32),
            values.ravel(),
        )

    def fix_last(self, values: Floats) -> None:
        """Hold the last columns at these values."""
        self.bound_last(values, values)

    def bound_last(self, lower: Floats, upper: Floats) -> None:
        """Keep the last columns between two values each."""
        last = np.arange(self._columns - len(upper), self._columns).astype(np.int32)
        self._highs.changeColsBounds(len(upper), last, lower, upper)

    def _bound(self, info: highspy.HighsInfo) -> float:
        """What nothing can exceed. A linear program that was not solved to its end bounds nothing."""
        if not self._is_linear:
            return -info.mip_dual_bound if math.isfinite(info.mip_dual_bound) else math.inf
        is_done = self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
        return -info.objective_function_value if is_done else math.inf

    def _pass(self, model: Model, is_whole: Ints) -> None:
        self._highs.passModel(
            len(model.cost),
            len(model.row_lower),
            len(model.values),
            int(highspy.MatrixFormat.kColwise),
            int(highspy.ObjSense.kMinimize),
            0.0,
            model.cost,
            np.zeros(len(model.cost)),
            model.upper,
            model.row_lower,
            model.row_upper,
            model.starts[:-1].astype(np.int32),
            model.rows.astype(np.int32),
            model.values,
            is_whole.astype(np.int32),
        )
