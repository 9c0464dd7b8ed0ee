"""A visitor without JavaScript: opens pages, fills in the forms that are on them, and submits by a button's words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests


@dataclass
class Form:
    """One form of a page: where it goes, what stands in it, and its buttons by their words."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)
    buttons: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def names(self) -> set[str]:
        """Return the names of everything that would be sent."""
        return {name for name, _ in self.values}


class _Reader(HTMLParser):
    """Collects forms, links and the text of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.text: list[str] = []
        self._open: dict[str, dict[str, str]] = {}
        self._words: dict[str, list[str]] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(values.get("action", ""), values.get("method", "get").lower()))
        elif tag in {"button", "a", "textarea"}:
            self._open[tag], self._words[tag] = values, []
        elif tag == "select":
            self._select = values.get("name", "")
        elif tag == "option" and "selected" in values and self.forms:
            self.forms[-1].values.append((self._select, values.get("value", "")))
        elif tag == "input" and self.forms:
            self._add_input(values)

    def _add_input(self, values: Mapping[str, str]) -> None:
        is_off = values.get("type") in {"checkbox", "radio"} and "checked" not in values
        if values.get("name") and values.get("type") != "submit" and not is_off and "disabled" not in values:
            self.forms[-1].values.append((values["name"], values.get("value", "on" if "checked" in values else "")))

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        for words in self._words.values():
            words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self._open:
            return
        attributes, words = self._open.pop(tag), " ".join("".join(self._words.pop(tag)).split())
        if tag == "a" and "href" in attributes:
            self.links.append((words, attributes["href"]))
        elif tag == "button" and self.forms and attributes.get("type", "submit") == "submit":
            self.forms[-1].buttons[words] = attributes
        elif tag == "textarea" and self.forms:
            self.forms[-1].values.append((attributes.get("name", ""), words))


@dataclass
class Visitor:
    """A browser without JavaScript, at one page at a time."""

    base_url: str
    session: requests.Session = field(default_factory=requests.Session)
    url: str = ""
    status: int = 0
    page: _Reader = field(default_factory=_Reader)

    @property
    def text(self) -> str:
        """Return the page's words with single spaces."""
        return " ".join(" ".join(self.page.text).split())

    def open(self, path: str) -> "Visitor":
        """Go to a path of the site."""
        return self._take(self.session.get(urljoin(self.base_url, path), timeout=60))

    def follow(self, words: str) -> "Visitor":
        """Follow the first link whose words contain `words`."""
        return self.open(urljoin(self.url, next(href for text, href in self.page.links if words in text)))

    def submit(self, button: str, values: Mapping[str, str | list[str]] | None = None) -> "Visitor":
        """Fill in the form that has a button with these words, and press it."""
        form, attributes = next(self._forms_with(button), (None, {}))
        assert form is not None, f"no button {button!r} on {self.url}: {self.text[:2000]}"
        typed = {name: [value] if isinstance(value, str) else value for name, value in (values or {}).items()}
        data = [(name, value) for name, value in form.values if name not in typed]
        data += [(name, value) for name, all_values in typed.items() for value in all_values]
        if attributes.get("name"):
            data.append((attributes["name"], attributes.get("value", "")))
        target = urljoin(self.url, attributes.get("formaction") or form.action or self.url)
        if form.method == "get":
            return self._take(self.session.get(target, params=data, timeout=60))
        return self._take(self.session.post(target, data=data, headers={"Referer": self.url}, timeout=60))

    def _forms_with(self, button: str) -> Iterator[tuple[Form, dict[str, str]]]:
        for form in self.page.forms:
            for words, attributes in form.buttons.items():
                if button in words:
                    yield form, attributes

    def _take(self, response: requests.Response) -> "Visitor":
        self.url, self.status, self.page = response.url, response.status_code, _Reader()
        self.page.feed(response.text)
        assert response.status_code < 500, f"{response.status_code} at {response.url}: {self.text[:500]}"
        return self


def signed_in(base_url: str, username: str, password: str) -> Visitor:
    """Return a visitor who has signed in by the form."""
    visitor = Visitor(base_url).open("/sign-in/")
    visitor.submit("Sign in", {"username": username, "password": password})
    assert "Sign out" in visitor.text, visitor.text[:1000]
    return visitor
