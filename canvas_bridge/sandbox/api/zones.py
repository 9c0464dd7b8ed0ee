"""Time zones that a caller sends: IANA names, and the friendlier ones of Rails (contract 1.7)."""

from functools import cache
from zoneinfo import available_timezones

from canvas_bridge.sandbox.api.fields import Fields
from canvas_bridge.sandbox.http.answers import invalid, model_error

# The names under which Rails knows zones, beside the IANA ones: the commonest, and those with half hours.
RAILS_ZONES = {
    "Hawaii": "Pacific/Honolulu",
    "Alaska": "America/Juneau",
    "Pacific Time (US & Canada)": "America/Los_Angeles",
    "Arizona": "America/Phoenix",
    "Mountain Time (US & Canada)": "America/Denver",
    "Central Time (US & Canada)": "America/Chicago",
    "Eastern Time (US & Canada)": "America/New_York",
    "Atlantic Time (Canada)": "America/Halifax",
    "Newfoundland": "America/St_Johns",
    "London": "Europe/London",
    "Berlin": "Europe/Berlin",
    "Madrid": "Europe/Madrid",
    "Paris": "Europe/Paris",
    "Tehran": "Asia/Tehran",
    "Kabul": "Asia/Kabul",
    "Chennai": "Asia/Kolkata",
    "Kolkata": "Asia/Kolkata",
    "Mumbai": "Asia/Kolkata",
    "New Delhi": "Asia/Kolkata",
    "Kathmandu": "Asia/Kathmandu",
    "Tokyo": "Asia/Tokyo",
    "Darwin": "Australia/Darwin",
    "Adelaide": "Australia/Adelaide",
    "Sydney": "Australia/Sydney",
    "Auckland": "Pacific/Auckland",
    "Chatham Is.": "Pacific/Chatham",
    "UTC": "UTC",
}


def zone_in(values: Fields, name: str) -> str | None:
    """Return the IANA name of a zone that was sent, None where none was. Refuses a zone that nobody knows."""
    sent = values.text(name)
    if sent is None:
        return None
    zone = RAILS_ZONES.get(sent, sent)
    if zone not in _known_zones():
        raise invalid({name: [model_error(name, "inclusion")]})
    return zone


@cache
def _known_zones() -> frozenset[str]:
    return frozenset(available_timezones())
