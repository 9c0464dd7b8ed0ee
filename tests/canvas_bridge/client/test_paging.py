"""All pages of a list, and none that Canvas did not mean (F17)."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import responses

from canvas_bridge.client.paging import MOST_PAGES, read_first_page, read_pages
from canvas_bridge.client.session import CanvasSession
from canvas_bridge.errors import CanvasContractError, CanvasUnavailable
from tests.canvas_bridge.client.conftest import CANVAS

PATH = "/api/v1/courses/1/assignments"


def link(page: str, base: str = CANVAS) -> dict[str, str]:
    first = f'<{base}{PATH}?page=first&per_page=100>; rel="current"'
    return {"Link": f'{first},<{base}{PATH}?page={page}&per_page=100>; rel="next"'}


def test_f17_pages_are_followed_by_their_next_link_alone(
    session: CanvasSession, canvas: responses.RequestsMock
) -> None:
    canvas.add("GET", CANVAS + PATH, json=[1, 2], headers=link("bookmark:WyJ4Il0"))
    canvas.add("GET", CANVAS + PATH, json=[3], headers={"Link": f'<{CANVAS}{PATH}?page=1>; rel="first"'})

    assert read_pages(session, PATH, [("include[]", "overrides")]) == [1, 2, 3]

    first, second = (parse_qs(urlsplit(call.request.url or "").query) for call in canvas.calls)
    assert first == {"include[]": ["overrides"], "per_page": ["100"]}
    assert second == {"page": ["bookmark:WyJ4Il0"], "per_page": ["100"]}


def test_an_empty_list_costs_one_request(session: CanvasSession, canvas: responses.RequestsMock) -> None:
    canvas.add("GET", CANVAS + PATH, json=[])

    assert read_pages(session, PATH) == []
    assert len(canvas.calls) == 1


def test_pages_inside_an_envelope_are_unwrapped(session: CanvasSession, canvas: responses.RequestsMock) -> None:
    canvas.add("GET", CANVAS + PATH, json={"quiz_submissions": [1]}, headers=link("2"))
    canvas.add("GET", CANVAS + PATH, json={"quiz_submissions": [2]})

    assert read_pages(session, PATH, envelope="quiz_submissions") == [1, 2]


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example.com",
        "https://canvas.example.edu.evil.example.com",
        "http://127.0.0.1",
        "ftp://canvas.example.edu",
    ],
)
def test_f17_a_link_to_another_host_is_never_followed(
    session: CanvasSession, canvas: responses.RequestsMock, elsewhere: str
) -> None:
    canvas.add("GET", CANVAS + PATH, json=[1], headers=link("2", base=elsewhere))

    with pytest.raises(CanvasContractError, match="another host"):
        read_pages(session, PATH)

    assert len(canvas.calls) == 1


def test_f17_a_link_out_of_the_api_is_not_followed(session: CanvasSession, canvas: responses.RequestsMock) -> None:
    canvas.add("GET", CANVAS + PATH, json=[1], headers={"Link": f'<{CANVAS}/logout>; rel="next"'})

    with pytest.raises(CanvasContractError, match="out of the API"):
        read_pages(session, PATH)


def test_a_proxy_that_hides_https_changes_nothing_about_where_we_ask(
    session: CanvasSession, canvas: responses.RequestsMock
) -> None:
    canvas.add("GET", CANVAS + PATH, json=[1], headers=link("2", base="http://canvas.example.edu:8080"))
    canvas.add("GET", CANVAS + PATH, json=[2])

    assert read_pages(session, PATH) == [1, 2]
    assert all((call.request.url or "").startswith(f"{CANVAS}/api/") for call in canvas.calls)


def test_f17_a_page_that_names_itself_as_the_next_one_is_an_error(
    session: CanvasSession, canvas: responses.RequestsMock
) -> None:
    canvas.add("GET", CANVAS + PATH, json=[1], headers=link("2"))

    with pytest.raises(CanvasContractError, match="twice"):
        read_pages(session, PATH)

    assert len(canvas.calls) == 2


def test_f17_ten_thousand_pages_are_not_read(session: CanvasSession, canvas: responses.RequestsMock) -> None:
    pages = iter(range(2, 10_001))

    def page(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        return 200, link(str(next(pages))), json.dumps([1])

    canvas.add_callback("GET", CANVAS + PATH, page)

    with pytest.raises(CanvasContractError, match="500 pages"):
        read_pages(session, PATH)

    assert len(canvas.calls) == MOST_PAGES


def test_f17_a_missing_second_page_gives_no_list_at_all(session: CanvasSession, canvas: responses.RequestsMock) -> None:
    canvas.add("GET", CANVAS + PATH, json=[1], headers=link("2"))
    canvas.add("GET", CANVAS + PATH, status=502)

    with pytest.raises(CanvasUnavailable):
        read_pages(session, PATH)


@pytest.mark.parametrize("body", [None, {}, {"errors": "x"}, "text", 5])
def test_f16_a_page_that_is_no_list_is_a_contract_error(
    session: CanvasSession, canvas: responses.RequestsMock, body: object
) -> None:
    canvas.add("GET", CANVAS + PATH, body=json.dumps(body))

    with pytest.raises(CanvasContractError, match="a list was due"):
        read_pages(session, PATH)


def test_f16_a_missing_envelope_is_a_contract_error(session: CanvasSession, canvas: responses.RequestsMock) -> None:
    canvas.add("GET", CANVAS + PATH, json=[])

    with pytest.raises(CanvasContractError, match="quiz_submissions"):
        read_pages(session, PATH, envelope="quiz_submissions")


def test_the_first_page_alone_is_one_request(session: CanvasSession, canvas: responses.RequestsMock) -> None:
    canvas.add("GET", CANVAS + PATH, json=[1], headers=link("2"))

    assert read_first_page(session, PATH) == [1]
    assert len(canvas.calls) == 1


@pytest.mark.parametrize(
    "header",
    [
        f'{CANVAS}{PATH}?page=2; rel="next"',
        f'<{CANVAS}{PATH}?page=2; rel="next"',
        f'<{CANVAS}{PATH}?page=2>; rel="next",<{CANVAS}{PATH}?page=3>; rel="next"',
    ],
)
def test_f17_a_next_link_that_cannot_be_read_is_not_the_end_of_the_list(
    session: CanvasSession, canvas: responses.RequestsMock, header: str
) -> None:
    canvas.add("GET", CANVAS + PATH, json=[1], headers={"Link": header})

    with pytest.raises(CanvasContractError, match="cannot be read"):
        read_pages(session, PATH)


def test_f17_marks_inside_a_link_do_not_end_it(session: CanvasSession, canvas: responses.RequestsMock) -> None:
    canvas.add("GET", CANVAS + PATH, json=[1], headers={"Link": f'<{CANVAS}{PATH}?page=a;b,c=d>; rel="next"'})
    canvas.add("GET", CANVAS + PATH, json=[2])

    assert read_pages(session, PATH) == [1, 2]
    assert (canvas.calls[1].request.url or "").endswith("?page=a;b,c=d")
