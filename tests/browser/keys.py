"""A person with a keyboard alone: every place is reached by Tab from where the focus is, and no mouse is there."""

from playwright.sync_api import Locator, Page

_FOCUSED = "document.activeElement"
_MARKED = """() => {
  const here = document.activeElement;
  const known = window.stopsOfTheFocus ||= [];
  if (!known.includes(here)) known.push(here);
  return known.indexOf(here);
}"""
MOST_STOPS = 200
"""More stops than any page of the jobs has: past it the focus goes round in a part of the page."""


class Keys:
    """The keyboard of one window; `tabs` counts how often Tab was pressed."""

    def __init__(self, page: Page) -> None:
        self.page, self.tabs = page, 0

    def reach(self, what: Locator, *, most: int) -> Locator:
        """Press Tab until the focus is on an element. Raises AssertionError after `most` presses."""
        what.wait_for()
        for _ in range(most):
            if what.evaluate(f"element => element === {_FOCUSED}"):
                return what
            self.page.keyboard.press("Tab")
            self.tabs += 1
        assert what.evaluate(f"element => element === {_FOCUSED}"), (
            f"{what} is not reached by {most} presses of Tab; the focus is on {self._focused()}"
        )
        return what

    def press(self, what: Locator, *, most: int = 60) -> None:
        """Reach a link or button and press Enter."""
        self.reach(what, most=most)
        self.page.keyboard.press("Enter")

    def check(self, what: Locator, *, most: int = 60) -> None:
        """Reach a checkbox and press Space."""
        self.reach(what, most=most)
        self.page.keyboard.press("Space")

    def choose(self, radio: Locator, *, most: int = 60) -> None:
        """Reach the group of a radio button, which is one stop, and go to it by arrows."""
        name = radio.get_attribute("name")
        is_in_group = f"{_FOCUSED}.type === 'radio' && {_FOCUSED}.name === {name!r}"
        for _ in range(most):
            if self.page.evaluate(is_in_group):
                break
            self.page.keyboard.press("Tab")
            self.tabs += 1
        size = self.page.locator(f"input[type=radio][name={name}]").count()
        for _ in range(size):
            if radio.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        assert radio.is_checked(), f"{radio} is not chosen; the focus is on {self._focused()}"

    def type(self, where: Locator, text: str, *, most: int = 60) -> None:
        """Reach a field and type over what stands in it."""
        self.reach(where, most=most)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def find_no_trap(self) -> None:
        """Go through the whole page and out of it at both ends. Raises AssertionError where the focus stays inside."""
        forwards, is_out = self._stops_until_the_end("Tab")
        assert is_out, f"Tab comes back to {self._focused()} and does not leave the page"
        # Backwards this browser goes from the first stop to the last without a moment outside.
        backwards, is_out = self._stops_until_the_end("Shift+Tab")
        assert is_out or backwards == forwards, f"Shift+Tab comes back to {self._focused()} before the page's beginning"

    def _stops_until_the_end(self, key: str) -> tuple[int, bool]:
        """Return how many stops there are until the focus leaves the page, or is where it was, and whether it left."""
        self.page.evaluate(f"() => {{ {_FOCUSED}.blur(); window.stopsOfTheFocus = []; }}")
        for stops in range(MOST_STOPS):
            self.page.keyboard.press(key)
            if self.page.evaluate(f"{_FOCUSED} === document.body"):
                return stops, True
            if self.page.evaluate(_MARKED) < stops:
                return stops, False
        raise AssertionError(f"{MOST_STOPS} presses of {key} do not leave the page; last: {self._focused()}")

    def _focused(self) -> str:
        found: str = self.page.evaluate(f"{_FOCUSED}.outerHTML.slice(0, 200)")
        return found
