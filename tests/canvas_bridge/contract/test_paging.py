"""Pages and their Link headers: section 1.4 of the contract."""

import base64
import re

import pytest


@pytest.fixture
def courses(state):
    return [state.add_course(f"Course {number:03}") for number in range(101)]


@pytest.mark.parametrize(
    ("per_page", "size"),
    [("200", 100), ("101", 100), ("0", 1), ("-4", 1), ("many", 1), ("", 1), ("7abc", 7), ("1_0", 1), (None, 10)],
)
@pytest.mark.usefixtures("courses")
def test_contract_1_4_per_page_is_clamped_silently(admin, per_page, size):
    query = "" if per_page is None else f"?per_page={per_page}"
    assert len(admin.get(f"/accounts/self/courses{query}").json()) == size


# page of 11 pages of 10: rels in the order of the header
RELS = {
    "1": ["current", "next", "first", "last"],
    "2": ["current", "next", "prev", "first", "last"],
    "11": ["current", "prev", "first", "last"],
    "12": ["current", "prev", "first", "last"],
}


@pytest.mark.parametrize("page", RELS)
@pytest.mark.usefixtures("courses")
def test_contract_1_4_links_come_in_order_and_irrelevant_ones_are_left_out(admin, page):
    answer = admin.get(f"/accounts/self/courses?page={page}")
    assert re.findall(r'rel="(\w+)"', answer.headers["Link"]) == RELS[page]
    assert answer.links["last"]["url"].endswith("page=11&per_page=10")
    assert len(answer.json()) == {"11": 1, "12": 0}.get(page, 10)


@pytest.mark.usefixtures("courses")
def test_contract_1_4_the_query_is_kept_but_for_four_keys(admin):
    dropped = "page=2&per_page=10&access_token=secret&api_key=secret"
    answer = admin.get(f"/accounts/self/courses?sort=sis_course_id&{dropped}&include[]=term&include[]=teachers")
    path, _, query = answer.links["next"]["url"].partition("?")
    assert path == "http://canvas.test/api/v1/accounts/self/courses"
    assert query == "sort=sis_course_id&include%5B%5D=term&include%5B%5D=teachers&page=3&per_page=10"
    assert "secret" not in answer.headers["Link"]


@pytest.mark.usefixtures("courses")
def test_contract_1_4_links_lead_to_every_row_once(admin):
    answer = admin.get("/accounts/self/courses?per_page=30")
    seen = [one["id"] for one in answer.json()]
    while "next" in answer.links:
        answer = admin.get(answer.links["next"]["url"].removeprefix("http://canvas.test"))
        seen += [one["id"] for one in answer.json()]
    assert (len(seen), len(set(seen))) == (101, 101)


@pytest.mark.parametrize("page", ["0", "x", "-1", "", "1.5", "²", "bookmark:abc"])
def test_contract_1_4_a_nonsense_page_is_not_found(admin, page):
    assert admin.get(f"/accounts/self/courses?page={page}").status_code == 404


@pytest.mark.parametrize(
    ("length", "rels"),
    [
        (100, ["current", "next", "prev", "first", "last"]),
        (1250, ["current", "next", "prev", "last"]),
        (1500, ["next", "prev", "last"]),
        (2000, ["next", "last"]),
        (4000, ["next"]),
    ],
)
@pytest.mark.usefixtures("courses")
def test_contract_1_4_a_long_header_keeps_the_next_page_longest(admin, length, rels):
    answer = admin.get(f"/accounts/self/courses?page=2&note={'x' * length}")
    assert re.findall(r'rel="(\w+)"', answer.headers["Link"]) == rels
    assert len(answer.headers["Link"]) <= 6 * 1024


@pytest.mark.parametrize("path", ["/courses/{course}/enrollments", "/sections/{section}/enrollments"])
def test_contract_1_4_enrollments_are_paged_by_bookmarks_without_a_last_page(admin, campus, path):
    address = path.format(course=campus.course.id, section=campus.morning.id)
    answer = admin.get(f"{address}?per_page=1")
    seen = [answer.json()[0]["user_id"]]
    while "next" in answer.links:
        assert {"last", "prev"}.isdisjoint(answer.links)
        assert "page=bookmark:" in answer.links["next"]["url"]
        answer = admin.get(answer.links["next"]["url"].removeprefix("http://canvas.test"))
        seen += [row["user_id"] for row in answer.json()]
    chidi = [campus.chidi.id] if path.startswith("/courses") else []
    assert seen == [campus.bao.id, *chidi, campus.ana.id, campus.teacher.id]


def bookmark(text):
    return "bookmark:" + base64.urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "page",
    [
        "2",
        "0",
        "bookmark:",
        "bookmark:%%%",
        bookmark("no json"),
        bookmark("5"),
        bookmark("{}"),
        bookmark("[[], 1]"),
    ],
)
def test_contract_1_4_a_page_that_is_no_bookmark_is_not_found(admin, campus, page):
    answer = admin.get(f"/courses/{campus.course.id}/enrollments", params={"page": page})
    assert answer.status_code == 404


def test_contract_1_4_a_row_added_behind_the_bookmark_moves_no_other(state, admin, campus):
    first = admin.get(f"/courses/{campus.course.id}/enrollments?per_page=2")
    state.enroll(state.add_user("Aaron Abara"), campus.course)
    rest = admin.get(first.links["next"]["url"].removeprefix("http://canvas.test"))
    assert [row["user_id"] for row in rest.json()] == [campus.ana.id, campus.teacher.id]
