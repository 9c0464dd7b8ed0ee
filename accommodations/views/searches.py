"""What people type into a search box is kept in the session, so that no name reaches an address, a log or a referrer.

A search has a number; the address carries that number. Typing replaces nothing that another window still shows.
"""

from django.http import HttpRequest

SESSION_KEY = "searches"
MOST_KEPT = 30
LONGEST = 200


def remember_search(request: HttpRequest, text: str) -> str:
    """Keep the text and return its number; an empty text has none."""
    text = " ".join(text.replace("\x00", " ").split())[:LONGEST]
    if not text:
        return ""
    searches: dict[str, str] = dict(request.session.get(SESSION_KEY, {}))
    for number, known in searches.items():
        if known == text:
            return number
    number = str(max((int(each) for each in searches), default=0) + 1)
    searches[number] = text
    request.session[SESSION_KEY] = dict(list(searches.items())[-MOST_KEPT:])
    return number


def search_of(request: HttpRequest) -> str:
    """Return the text of the search whose number the address carries; empty where there is none."""
    searches: dict[str, str] = request.session.get(SESSION_KEY, {})
    return searches.get(request.GET.get("find", ""), "")
