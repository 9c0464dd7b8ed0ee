"""The tables of `make bench`, as one page in Markdown."""

import os
import platform
import sys
import time
from collections.abc import Iterable, Sequence

from benchmarks import action_log, planning
from benchmarks.planning import Planned

LINEAR_UP_TO = 1.5
"""A pair of the largest size may cost so much more than one of the smallest before it is called worse than linear."""


def text(*, smallest: bool = False) -> str:
    """Measure everything and return the page."""
    # Django must be set up before its models are imported.
    from benchmarks import board, budget, latency, schedule
    from benchmarks.leeway import running
    from benchmarks.term import simulated

    _say("planning")
    planned = planning.measured((50, 500) if smallest else planning.SIZES)
    _say("the rate budget")
    rates = budget.measured(seconds=0.5, warm_up=0.5) if smallest else budget.measured()
    _say("requests of syncs")
    students, courses = (2, 3) if smallest else (12, 12)
    start = time.perf_counter()
    with running(students=students, courses=courses) as bench:
        bench.approve()
        requests = [bench.first_sync(), bench.nightly(), bench.one_more(), bench.one_due_date()]
        queries = bench.queries()
    seconds = time.perf_counter() - start
    _say("a simulated term")
    term = simulated(days=1 if smallest else 7)
    _say("how soon a recorded accommodation is in Canvas, on real processes")
    soon = latency.measured(changes=1, others=2) if smallest else latency.measured()
    _say("the board by tier")
    boards = board.measured((board.Size("smallest", 5, board.COURSES_OF_A_STUDENT),)) if smallest else board.measured()
    _say("the action log")
    log = action_log.measured((500, 1000), 200, 20) if smallest else action_log.measured()
    return "\n".join(
        [
            "# Benchmarks",
            "",
            "Printed by `make bench`; `python -m benchmarks --write` writes this page. Counts are gates of the tests;",
            f"times are only shown. {platform.python_implementation()} {platform.python_version()}, "
            f"{os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}.",
            "",
            "## Planning",
            "",
            *_table(
                ("pairs", "actions", "seconds of one core", "µs a pair", "against the smallest"),
                ((one.pairs, one.actions, f"{one.seconds:.3f}", f"{one.microseconds_each:.0f}", _ratio(one, planned))
                 for one in planned),
            ),
            "",
            _growth(planned),
            "",
            f"## Requests: {students} students, {courses} courses of the assumed mix",
            "",
            *_table(
                ("case", "asked", "bound", "ratio", "looks, apart", "writes"),
                ((one.case, one.asked, one.bound, f"{one.asked / one.bound:.2f}", one.apart, one.writes)
                 for one in requests),
            ),
            "",
            f"Everything in this section together took {seconds:.1f} s, Canvas answering in process.",
            "",
            "## Rate budget: 16 threads, 250 ms a request",
            "",
            *_table(
                ("case", "requests a second", "bound", "ratio", "refused", "of", "most in flight"),
                ((one.case, f"{one.rate:.1f}", f"{one.bound:.1f}", f"{one.rate / one.bound:.2f}", one.refused,
                  one.refused + one.answered, one.most_in_flight) for one in rates),
            ),
            "",
            "## Q03: how soon a recorded accommodation is in Canvas",
            "",
            "Real processes: Redis, a worker of two, the sandbox Canvas with 250 ms more for each request. A nightly",
            "sync is under way. Seconds, of this machine, with all of it on its cores.",
            "",
            *_table(
                ("accommodations", "courses, at most", "median", "95 %", "longest", "target"),
                [(soon.changes, soon.courses, *(f"{one:.1f}" for one in (soon.median, soon.p95, soon.longest)),
                  "60 at 95 %")],
            ),
            "",
            "## Q09: a simulated term",
            "",
            *_table(
                ("days", "openings in time", "covered when they open", "too late for it", "settled", "after at most"),
                [(term.days, term.openings, term.covered, term.late, term.late_settled,
                  f"{term.longest_lack.total_seconds() / 60:.0f} min")],
            ),
            "",
            "In time: it existed, in its last form, 75 minutes before it opened. Settled: Canvas holds the grant,",
            "or the pair says that it does not.",
            "",
            "## What the schedule needs",
            "",
            "Each course counted as a sync with nothing to change; 5 % of them with exams ahead, 20 % in exam weeks.",
            "Last column: all rounds fit while a request costs so many units on average (10 flow out a second). Where",
            "they do not, a round begins when the one before it is over: exams go first, the hourly one takes longer.",
            "",
            *_table(
                ("tier", "every 15 minutes", "hourly", "nightly", "requests a second, all", "fit up to a mean cost of"),
                ((one.tier, *(each.requests for each in one.rounds), f"{one.a_second:.2f}", f"{one.most_cost:.1f}")
                 for one in schedule.scheduled()),
            ),
            "",
            "## SQL queries",
            "",
            "A look at one student is written into the action log: two of these queries. Tests leave them out.",
            "",
            *_table(("case", "queries"), ((one.case, one.queries) for one in queries)),
            "",
            "## Q06: the coverage board by tier, on SQLite",
            "",
            "Rows: what the database hands over for one page of at most 50 students and 25 assessments.",
            "",
            *_table(
                ("tier", "pairs", "page", "queries", "rows", "seconds"),
                ((one.tier, one.pairs, one.case, one.queries, one.rows, f"{one.seconds:.2f}") for one in boards),
            ),
            "",
            "## Action log, on SQLite",
            "",
            *_table(
                ("case", "rows", "seconds", "of them this process", "rows a second"),
                ((one.case, one.rows, f"{one.seconds:.2f}", f"{one.cpu_seconds:.2f}", f"{one.rows_a_second:.0f}")
                 for one in log),
            ),
            "",
        ]
    )  # fmt: skip


def _say(what: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {what} …\n")


def _ratio(one: Planned, planned: Sequence[Planned]) -> str:
    return f"{one.microseconds_each / planned[0].microseconds_each:.2f}"


def _growth(planned: Sequence[Planned]) -> str:
    ratio = planned[-1].microseconds_each / planned[0].microseconds_each
    word = "linear" if ratio <= LINEAR_UP_TO else "worse than linear"
    return f"From {planned[0].pairs} to {planned[-1].pairs} pairs one pair costs {ratio:.2f} times as much: {word}."


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [head, *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    shown = [" | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines]
    return [
        f"| {shown[0]} |",
        "|" + "|".join("-" * (width + 2) for width in widths) + "|",
        *(f"| {one} |" for one in shown[1:]),
    ]
