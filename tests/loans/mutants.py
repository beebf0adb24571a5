"""Break the booking rules one way at a time; the tests must catch each break.

`python -m tests.loans.mutants [WORD …]` prints a table and exits with 1 if a mutant survives; words choose
mutants by their names. Each runs in a copy of the tree, so that nothing here is touched.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
COPIED = ("lending", "tests", "pyproject.toml")
MACHINE = ("tests/loans/test_machine.py", "-k", "sqlite")
RACE = ("tests/loans/test_race.py", "-k", "postgresql")
RULES = ("tests/loans/rules",)
DESK = ("tests/loans/test_desk.py", "-k", "not postgresql")
TIME = ("tests/loans/test_overdue.py", "-k", "not postgresql")
GUARD = ("tests/loans/test_guard.py",)
CHANGES = (
    *("tests/loans/test_changes.py", "tests/loans/test_overdue.py", "tests/loans/test_cases_of_time.py"),
    *("-k", "not postgresql"),
)
ORACLE = ("tests/loans/test_oracle.py", "-k", "not postgresql")
OCCUPANCY = ("tests/loans/rules/test_occupancy.py",)
WAITING = ("tests/loans/test_waiting.py", "tests/loans/test_basket.py", "-k", "not postgresql")
RESERVE = ("tests/loans/test_reserve.py", "-k", "not postgresql")
# The stories alone must catch what breaks the plan: more of them than in the daily run.
JOBS = 2
ENVIRONMENT = {"MACHINE_EXAMPLES": "400", "MACHINE_SHRINK": "0", "PYTHONDONTWRITEBYTECODE": "1"}
TIMEOUT_SECONDS = 320


@dataclass(frozen=True)
class Mutant:
    """One break: in `file`, `old` becomes `new`; `tests` must fail."""

    name: str
    file: str
    old: str
    new: str
    tests: Sequence[str] = MACHINE


PACKING = "lending/loans/rules/packing.py"
SHELF = "lending/loans/service/shelf.py"
POOLS = "lending/loans/queries/pools.py"
MUTANTS = (
    Mutant(
        "the check for a free copy is off",
        PACKING,
        "return [copy for copy in wanted if copy not in busy]",
        "return list(wanted) if busy is not None else []",
    ),
    Mutant(
        "buffers are forgotten",
        "lending/loans/rules/blocked.py",
        "        return Period(\n            self.calendar.before_open_days(",
        "        return period or Period(\n            self.calendar.before_open_days(",
    ),
    Mutant(
        "late loans do not grow",
        "lending/loans/rules/blocked.py",
        "        if period.ends_on > today:",
        "        if period is not None:",
    ),
    Mutant(
        "plans are never rearranged",
        PACKING,
        "    if plan is None:\n        return None\n    before",
        "    return None\n    before",
    ),
    Mutant(
        "copies that are not lendable are still used",
        POOLS,
        '.where(copy.title_id.in_(bindparam("title_ids", expanding=True)), copy.status == Status.LENDABLE.value)',
        '.where(copy.title_id.in_(bindparam("title_ids", expanding=True)), copy.status != Status.WITHDRAWN.value)',
    ),
    Mutant("loans are moved like plans", POOLS, "(booking.pinned or booking.state == State.OUT)", "booking.pinned"),
    Mutant(
        "pinned plans are moved", POOLS, "(booking.pinned or booking.state == State.OUT)", "booking.state == State.OUT"
    ),
    Mutant(
        "plans behind a late loan are left standing",
        SHELF,
        "self._set_aside([*self.stranded(), *self.behind(late)])",
        "self._set_aside([*self.stranded()])",
    ),
    Mutant(
        "plans on a copy that is gone are left standing",
        SHELF,
        "self._set_aside([*self.stranded(), *self.behind(late)])",
        "self._set_aside([*self.behind(late)])",
    ),
    Mutant(
        "who is at risk is never served again",
        SHELF,
        "        if self._serve_waiting() or lost or late or freed:",
        "        if lost or late or freed:",
    ),
    Mutant(
        "who could be served is left to wait",
        "lending/loans/service/standing.py",
        "or self.stranded() or self._may_be_served())",
        "or self.stranded())",
    ),
    Mutant(
        "who is at risk is not told",
        SHELF,
        "        for booking in self.at_risk():\n            key",
        "        for booking in []:\n            key",
    ),
    Mutant(
        "plans move without leaving their copies first",
        SHELF,
        "        for booking in moving:\n            booking.copy_id = None\n",
        "        for booking in moving[:0]:\n            booking.copy_id = None\n",
    ),
    Mutant(
        "a cancelled reservation keeps others waiting",
        "lending/loans/service/cancel.py",
        "    open_shelf(session, title, booking.depot_id, now)\n",
        "    assert open_shelf\n",
        RESERVE,
    ),
    Mutant(
        "an incomplete copy is lent on",
        "lending/loans/service/check_in.py",
        "        may_leave = is_complete or decision.lendable_though_incomplete\n",
        "        may_leave = is_complete or decision is not None\n",
    ),
    Mutant(
        "anything can be handed over again",
        "lending/loans/rules/states.py",
        "if not may_become(state, State.OUT):",
        "if not may_become(state, State.OUT) and reference == '':",
    ),
    Mutant(
        "anything can be cancelled",
        "lending/loans/rules/states.py",
        "if not may_become(state, State.CANCELLED):",
        "if not may_become(state, State.CANCELLED) and reference == '':",
    ),
    Mutant(
        "a copy collected early is not taken from its first day",
        "lending/loans/service/check_out.py",
        "blocked = Period(min(booking.blocked_starts_on, shelf.today), booking.blocked_ends_on)",
        "blocked = Period(booking.blocked_starts_on, booking.blocked_ends_on)",
        DESK,
    ),
    Mutant(
        "a promised copy is taken silently",
        "lending/loans/service/check_out.py",
        "    if not shelf.put(booking, blocked, copy.id):",
        "    if not shelf.put(booking, blocked, copy.id) and shelf.planned_on(copy.id, blocked) is None:",
        DESK,
    ),
    Mutant(
        "periods that touch overlap",
        "lending/loans/rules/periods.py",
        "self.starts_on < other.ends_on and other.starts_on < self.ends_on",
        "self.starts_on <= other.ends_on and other.starts_on <= self.ends_on",
        RULES,
    ),
    Mutant(
        "due today counts as late",
        "lending/loans/rules/reminders.py",
        "return today > due_on",
        "return today >= due_on",
        RULES,
    ),
    Mutant(
        "missed notices are all sent at once",
        "lending/loans/rules/reminders.py",
        "return reached[-1] if reached else None",
        "return reached[0] if reached else None",
        RULES,
    ),
    Mutant(
        "a repeated request is done again",
        "lending/loans/service/__init__.py",
        "            if done is not None:\n",
        "            if done is not None and key is None:\n",
        RESERVE,
    ),
    Mutant(
        "the title is not locked",
        "lending/loans/service/locking.py",
        'select(Title).where(Title.id == bindparam("title_id")).with_for_update()',
        'select(Title).where(Title.id == bindparam("title_id"))',
        RACE,
    ),
    Mutant(
        "the school is not locked",
        "lending/loans/service/locking.py",
        "    .with_for_update(key_share=True)\n",
        "",
        RACE,
    ),
    Mutant(
        "repetitions do not wait for the first time",
        "lending/core/idempotency.py",
        'if key and session.get_bind().dialect.name == "postgresql":',
        'if key and session.get_bind().dialect.name == "none":',
        RACE,
    ),
    Mutant(
        "an expired hold still keeps its copy from others",
        POOLS,
        "return booking.held_until_at is not None and booking.held_until_at <= now",
        "return booking.held_until_at is not None and booking.held_until_at < booking.held_until_at",
    ),
    Mutant(
        "a hold without a copy stays and waits",
        SHELF,
        "        self._end_holds([one for one in self.at_risk() if one.cause == Cause.HOLD])\n",
        "",
    ),
    Mutant(
        "counting days decides where something is fixed ahead",
        "lending/loans/rules/occupancy.py",
        "return self._is_kept and all(",
        "return self._is_kept or all(",
        OCCUPANCY,
    ),
    Mutant(
        "calendars look for room without preparation and turnaround",
        "lending/loans/rules/usual_loans.py",
        "blocked=table.around(period))",
        "blocked=period)",
        ORACLE,
    ),
    Mutant(
        "days offered instead forget preparation and turnaround",
        "lending/loans/queries/alternatives.py",
        "self._occupancy.has_room(self._table.around(period))",
        "self._occupancy.has_room(period)",
        RESERVE,
    ),
    Mutant(
        "what is thought lost is extended",
        "lending/loans/rules/changes.py",
        "Reason.THOUGHT_LOST: wish.is_thought_lost,",
        "Reason.THOUGHT_LOST: False,",
        CHANGES,
    ),
    Mutant(
        "a loan over the counter outlives the affiliation",
        "lending/loans/rules/loan_rules.py",
        "    return Period.through(period.starts_on, last)\n",
        "    return period if last else period\n",
        CHANGES,
    ),
    Mutant(
        "calendars show a late loan's copy as free",
        POOLS,
        "    if booking.state != State.OUT:\n        return job\n",
        "    if booking.state != State.OUT or pool:\n        return job\n",
        ORACLE,
    ),
    Mutant(
        "an extension ignores what is promised",
        SHELF,
        "!= booking.id]\n        job = Job(booking.id, blocked, booking.copy_id",
        "!= booking.id and not job.period]\n        job = Job(booking.id, blocked, booking.copy_id",
    ),
    Mutant(
        "an extension of staff takes promises too",
        "lending/loans/service/renew.py",
        "    if left or not case.shelf.move(case.booking, Period.through(case.loan.starts_on, due_on)):",
        "    if left and not case.shelf.move(case.booking, Period.through(case.loan.starts_on, due_on)):",
    ),
    Mutant(
        "a recall lengthens a loan",
        "lending/loans/rules/changes.py",
        "return min(loan.due_on, calendar.next_open_day(kept) or kept)",
        "return max(loan.due_on, calendar.next_open_day(kept) or kept)",
        CHANGES,
    ),
    Mutant(
        "a reservation lapses a day early",
        "lending/loans/rules/changes.py",
        "        day = (calendar.next_open_day(day) or day) + DAY\n    return day",
        "        day = (calendar.next_open_day(day) or day) + DAY\n    return day - DAY",
        CHANGES,
    ),
    Mutant(
        "the database has no guard against overlaps",
        "lending/loans/guards.py",
        "register(\n    Guard(NO_DOUBLE",
        'str.format(\n    "", Guard(NO_DOUBLE',
        GUARD,
    ),
    Mutant(
        "a wish that is paused is offered a copy",
        "lending/loans/service/waiting.py",
        "    return is_suspended or wish.depot_id not in",
        "    return (is_suspended and not wish.offers) and wish.depot_id not in",
        WAITING,
    ),
    Mutant(
        "an offer that nobody answered keeps its place",
        "lending/loans/service/waiting.py",
        "hold.held_until_at <= shelf.now:",
        "hold.held_until_at > shelf.now:",
        WAITING,
    ),
    Mutant(
        "an offer is not kept for who waits",
        "lending/loans/service/waiting.py",
        "        copy_id=copy_id,\n        association_id",
        "        copy_id=None if copy_id else copy_id,\n        association_id",
        WAITING,
    ),
    Mutant(
        "who waits is served after whoever asks",
        "lending/loans/service/open_shelf.py",
        "    serve_waiting(shelf)\n",
        "    _ = serve_waiting\n",
        WAITING,
    ),
    Mutant(
        "a basket confirms what its limit forbids",
        "lending/loans/service/baskets.py",
        "    except Conflict as refusal:\n        return RefusedLine",
        "    except LookupError as refusal:\n        return RefusedLine",
        WAITING,
    ),
)


def main(words: Sequence[str]) -> int:
    """Run the chosen mutants; the number of those that survived decides the exit code."""
    chosen = [one for one in MUTANTS if not words or any(word in one.name for word in words)]
    print(f"{'mutant':<62} {'result':<10} {'seconds':>7}  caught by")
    with ThreadPoolExecutor(JOBS) as pool:
        outcomes = [report(mutant, *result) for mutant, result in zip(chosen, pool.map(timed, chosen), strict=True)]
    caught = sum(outcomes)
    print(f"{caught} of {len(chosen)} mutants caught")
    return 0 if caught == len(chosen) else 1


def timed(mutant: Mutant) -> tuple[str | None, float]:
    """What caught the mutant, and after how many seconds; each in a folder of its own."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants") as folder:
        caught_by = catch(mutant, Path(folder))
    return caught_by, time.monotonic() - started


def report(mutant: Mutant, caught_by: str | None, seconds: float) -> bool:
    """Print a line; whether the mutant was caught."""
    result = "SURVIVED" if caught_by is None else "caught"
    print(f"{mutant.name:<62} {result:<10} {seconds:7.1f}  {caught_by or ''}", flush=True)
    return caught_by is not None


def catch(mutant: Mutant, folder: Path) -> str | None:
    """The first test that fails on the mutant; None when all pass. Raises ValueError for a mutant out of date."""
    copy_tree(folder)
    path = folder / mutant.file
    source = path.read_text()
    if source.count(mutant.old) != 1:
        message = f"{mutant.name}: its place in {mutant.file} is not there exactly once"
        raise ValueError(message)
    path.write_text(source.replace(mutant.old, mutant.new))
    return first_failure(folder, mutant.tests)


def copy_tree(folder: Path) -> None:
    """A fresh copy of the code and its tests."""
    for name in COPIED:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)


def first_failure(folder: Path, tests: Sequence[str]) -> str | None:
    """Run tests in a copy of the tree; the name of the first that fails."""
    options = ["-x", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "--tb=no", "-rfE", "--timeout=300"]
    command = [sys.executable, "-m", "pytest", *options, *tests]
    try:
        run = subprocess.run(
            command,
            cwd=folder,
            env=os.environ | ENVIRONMENT | {"PYTHONPATH": str(folder)},
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "(time ran out)"  # a plan search without end is a failure too
    if run.returncode == 0:
        return None
    lines = [line for line in run.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    if run.returncode != 1 or not lines:
        message = f"the tests did not run:\n{run.stdout[-2000:]}{run.stderr[-2000:]}"
        raise RuntimeError(message)
    return lines[0].split("::", 1)[-1].split(" - ")[0][:60]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
