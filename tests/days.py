"""The day that it is at the institution: beside it, the day of UTC is tomorrow for some hours of each night."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from accommodations.models import InstitutionSettings


def institution_day(moment: datetime) -> date:
    """Return the day that it is then where an institution stands that has set no time zone of its own."""
    return moment.astimezone(ZoneInfo(InstitutionSettings().time_zone)).date()


TODAY = institution_day(datetime.now(UTC))
"""As the tests were collected: a long run may end on the day after it."""
