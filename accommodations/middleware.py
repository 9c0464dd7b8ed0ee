"""What every answer to a signed-in person has in common."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers


class PrivatePagesMiddleware:
    """Keeps pages of signed-in people out of every cache, and parts of a page apart from the page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with `no-store` where a session is known, and `Vary: HX-Request` on HTML.

        The cookie is asked, not the user: asking the user would cost static files and probes a query.
        """
        response = self.get_response(request)
        if request.session.session_key is not None and not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "no-store"
        if response.headers.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["HX-Request"])
        return response
