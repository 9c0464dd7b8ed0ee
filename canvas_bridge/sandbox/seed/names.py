"""Invented people with names from many cultures, each with a login and an SIS id of their own."""

import random
import re
import unicodedata
from dataclasses import dataclass

from canvas_bridge.sandbox.seed.name_lists import FAMILY_PREFIXES, GIVEN_AND_FAMILY

SHARE_OF_MIXED_NAMES = 0.15
"""Families cross borders: this share of people has a given name and a family name of different cultures."""


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person. `login_id` is made from the name, `sis_user_id` from their number alone."""

    given_name: str
    family_name: str
    login_id: str
    sis_user_id: str

    @property
    def name(self) -> str:
        """Return the name as spoken."""
        return f"{self.given_name} {self.family_name}"

    @property
    def sortable_name(self) -> str:
        """Return the name as lists sort it."""
        return f"{self.family_name}, {self.given_name}"


def invented_people(
    rng: random.Random, *, first: tuple[str, str], count: int, sis_prefix: str, taken: set[str]
) -> list[Person]:
    """Return `count` people with different names and logins; adds their logins to `taken`.

    The first one is always called `first` (given name, family name): the demo signs in as that person. `sis_prefix`
    and a number from 001 make the SIS id, so that the first student is S100001 under every seed.
    """
    people: list[Person] = []
    while len(people) < count:
        given_name, family_name = _name(rng) if people else first
        login_id = login_for(given_name, family_name)
        if login_id in taken:
            continue
        taken.add(login_id)
        people.append(Person(given_name, family_name, login_id, f"{sis_prefix}{len(people) + 1:03d}"))
    return people


def login_for(given_name: str, family_name: str) -> str:
    """Return a login of plain lower-case letters, such as "amina.dela-cruz"."""
    return f"{_plain(given_name)}.{_plain(family_name)}"


def _name(rng: random.Random) -> tuple[str, str]:
    culture = rng.choice(_CULTURES)
    family_culture = rng.choice(_CULTURES) if rng.random() < SHARE_OF_MIXED_NAMES else culture
    return rng.choice(_GIVEN[culture]), rng.choice(_FAMILY[family_culture])


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z]+", "-", letters).strip("-")


def _family_names(words: str) -> tuple[str, ...]:
    names: list[str] = []
    prefix = ""
    for word in words.split():
        if word in FAMILY_PREFIXES:
            prefix = f"{word} "
            continue
        names.append(prefix + word)
        prefix = ""
    return tuple(names)


_CULTURES = tuple(GIVEN_AND_FAMILY)
_GIVEN = {culture: tuple(given.split()) for culture, (given, _) in GIVEN_AND_FAMILY.items()}
_FAMILY = {culture: _family_names(family) for culture, (_, family) in GIVEN_AND_FAMILY.items()}
