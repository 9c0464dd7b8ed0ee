"""Hypothesis strategies for dates and overrides: what instructors, sections, groups and modules put into Canvas."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from canvas_bridge.facts import Dates, DateSetting, ObservedOverride, OverrideTarget

NOW = datetime(2025, 10, 31, 16, 0, tzinfo=UTC)
"""A Friday, two days before the clocks go back in New York."""

HOUR = timedelta(hours=1)
WITH_RULES = (1, 2)
WITHOUT_RULES = 3
SECTIONS = (31, 32)
GROUPS = (41, 42)


def one_in(number: int) -> st.SearchStrategy[bool]:
    """Return True about once in so many times."""
    return st.sampled_from([False] * (number - 1) + [True])


instants = st.builds(
    lambda hours, minutes: NOW + timedelta(hours=hours, minutes=minutes),
    st.integers(min_value=-72, max_value=24 * 14),
    st.sampled_from([0, 0, 0, 15, 59]),
)
instants_ahead = instants.filter(lambda at: at > NOW + HOUR)


def _settings_of(at: st.SearchStrategy[datetime]) -> st.SearchStrategy[DateSetting]:
    return st.one_of(st.just(DateSetting()), st.builds(DateSetting, is_overridden=st.just(True), at=st.none() | at))


settings_of_dates = _settings_of(instants)
settings_of_dates_ahead = _settings_of(instants_ahead)


@st.composite
def dates(draw: st.DrawFn, *, is_future: bool = False) -> Dates:
    """Return dates in order; any may be missing."""
    start = (
        NOW
        + draw(st.sampled_from([2, 3, 5, 30]) if is_future else st.sampled_from([-72, -24, -1, 2, 26, 26, 50, 50]))
        * HOUR
    )
    offsets = sorted(draw(st.tuples(*[st.sampled_from([0, 2, 4, 8, 96, 97, 200, 500, 900])] * 3)))
    all_three = [start + timedelta(minutes=15 * offset) for offset in offsets]
    missing = draw(st.sampled_from(["", "", "", "", "due", "lock", "unlock", "due lock", "all"]))
    if draw(st.booleans()):  # a window as short as an exam's
        all_three[1] = all_three[2] = all_three[0] + timedelta(
            minutes=draw(st.sampled_from([30, 60, 61, 90, 180, 400]))
        )
    unlock = None if missing == "all" or (missing == "unlock" and not is_future) else all_three[0]
    return Dates(
        unlock,
        None if "due" in missing or missing == "all" else all_three[1],
        None if "lock" in missing or missing == "all" else all_three[2],
    )


NAMED = (
    *[()] * 4,
    *[((1,),), ((1, 2),), ((1, 2, 3),)] * 3,
    *[((1,), (2,)), ((1, 3),), ((2,), (1, 3)), ((1,), (2, 3)), ((3,),)],
)
"""Who is named by the ad-hoc overrides of an assessment: nobody, students of their own, or several in one."""

SHAPES = ("anything", "less", "more", "another sitting", "opens earlier")


@st.composite
def settings_of_override(draw: st.DrawFn, base: Dates, *, is_future: bool) -> dict[str, DateSetting]:
    """Return unlock, due and lock of an override: anything, or what instructors make of the class's dates."""
    shape = draw(st.sampled_from(SHAPES))
    if shape == "anything" or (base.due_at is None and base.lock_at is None):
        anything = settings_of_dates_ahead if is_future else settings_of_dates
        return {name: draw(anything) for name in ("unlock", "due", "lock")}
    by = draw(st.sampled_from([0.25, 1, 26, 100])) * HOUR
    ends = -by if shape == "less" else by
    opens = {"another sitting": by, "opens earlier": -by}.get(shape)
    return {
        "unlock": DateSetting() if opens is None else _moved(base.unlock_at or NOW + HOUR, opens, is_future=is_future),
        "due": _moved(base.due_at, ends, is_future=is_future),
        "lock": _moved(base.lock_at, ends, is_future=is_future),
    }


def _moved(at: datetime | None, by: timedelta, *, is_future: bool) -> DateSetting:
    """Return a date of the class, moved; what has to lie ahead stays ahead."""
    if at is None:
        return DateSetting()
    moved = at + by
    return DateSetting(is_overridden=True, at=max(moved, NOW + HOUR) if is_future else moved)


def is_of_assessment(override: ObservedOverride) -> bool:
    """Whether it is an ad-hoc override of the assessment's own: those of its modules are somebody else's."""
    return override.target is OverrideTarget.AD_HOC and override.canvas_module_id is None


@st.composite
def module_overrides(draw: st.DrawFn, number: int) -> tuple[ObservedOverride, ...]:
    """Return whom the module of an assessment is assigned to, which then nobody else has: they carry no dates."""
    chosen = draw(
        st.lists(
            st.sampled_from([(3,), (1,), (1, 2), (2, 3), (1, 2, 3), *SECTIONS, *GROUPS]),
            min_size=1,
            max_size=2,
            unique=True,
        )
    )
    return tuple(_of_module(100 * number + 50 + place, who) for place, who in enumerate(chosen))


def _of_module(override_id: int, who: tuple[int, ...] | int) -> ObservedOverride:
    of_module = ObservedOverride(override_id, "module", OverrideTarget.AD_HOC, canvas_module_id=9)
    if isinstance(who, tuple):
        return replace(of_module, canvas_user_ids=frozenset(who))
    target = OverrideTarget.SECTION if who in SECTIONS else OverrideTarget.GROUP
    return replace(of_module, target=target, canvas_target_id=who)


@st.composite
def overrides(draw: st.DrawFn, number: int, base: Dates, *, is_future: bool = False) -> tuple[ObservedOverride, ...]:
    """Return overrides as Canvas allows them: one ad-hoc for each student, one for each section, group and course."""
    targets: list[tuple[OverrideTarget, int | None, frozenset[int]]] = []
    targets += [(OverrideTarget.AD_HOC, None, frozenset(users)) for users in draw(st.sampled_from(NAMED))]
    for target, ids in (
        (OverrideTarget.SECTION, SECTIONS),
        (OverrideTarget.GROUP, GROUPS),
        (OverrideTarget.COURSE, (1,)),
    ):
        chosen = draw(st.sets(st.sampled_from(ids), max_size=len(ids))) if draw(one_in(4)) else set()
        targets += [(target, one, frozenset()) for one in sorted(chosen)]
    of_assessment = tuple(
        ObservedOverride(
            canvas_override_id=100 * number + place,
            title=f"override {place}",
            target=target,
            canvas_user_ids=users,
            canvas_target_id=target_id,
            unassigns=target is not OverrideTarget.COURSE and draw(one_in(12)),
            **draw(settings_of_override(base, is_future=is_future)),
        )
        for place, (target, target_id, users) in enumerate(targets)
    )
    return (*of_assessment, *draw(module_overrides(number))) if draw(one_in(5)) else of_assessment
