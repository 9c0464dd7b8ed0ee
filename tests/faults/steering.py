"""Doing something at a chosen request of a run, while it is under way."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests

from tests.faults import campus
from tests.faults.checker import SOMEBODY
from tests.faults.http_proxy import Exchange
from tests.faults.lab import Lab

WRITES_OF_THE_RUN = 21
"""So many writes the reference run surely makes, so the place of a fault is drawn from these."""


@dataclass
class AtOneRequest:
    """A hook that does something once, at the request that matches, and says whether the request goes on.

    `path` is a regular expression; without `method` only writes match.
    """

    act: Callable[[], object]
    skip: int = 0
    method: str = ""
    path: str = ""
    goes_on: bool = False
    done: threading.Event = field(default_factory=threading.Event)

    def __call__(self, exchange: Exchange) -> bool:
        """Act at the one request; let every other one pass."""
        is_write = exchange.method != "GET"
        matches = exchange.method == self.method if self.method else is_write
        if self.done.is_set() or not matches or not re.search(self.path, exchange.path):
            return True
        if self.skip:
            self.skip -= 1
            return True
        self.act()
        self.done.set()
        return self.goes_on


def at_a_write(lab: Lab, act: Callable[[], object], *, skip: int = 0, when: str = "before", **fields: str) -> None:
    """Queue a run over all courses, and do something at a write of it; return when that was done."""
    hook = AtOneRequest(act, skip=skip, **fields)
    setattr(lab.canvas.hooks, when, hook)
    lab.request_courses()
    lab.wait_for(hook.done.is_set, "the write", 60)


def hold_at_a_write(lab: Lab, *, skip: int = 0) -> None:
    """Queue a run over all courses and hold Canvas's next requests up once a write has been answered."""
    hook = AtOneRequest(lab.canvas.stall, skip=skip, goes_on=True)
    lab.canvas.hooks.after = hook
    lab.request_courses()
    lab.wait_for(hook.done.is_set, "the write", 60)


def once_at(lab: Lab, act: Callable[[], object], *, when: str = "before", **fields: str) -> AtOneRequest:
    """Do something in Canvas at one request of the next run, which goes on; the request waits until it is done."""
    hook = AtOneRequest(act, goes_on=True, **fields)
    setattr(lab.canvas.hooks, when, hook)
    return hook


def somebody(lab: Lab, method: str, path: str, body: object = None) -> Any:
    """Let somebody with every right do something in Canvas past the proxy, by its REST interface."""
    answer = requests.request(
        method,
        f"http://127.0.0.1:{lab.canvas_port}/api/v1/{path}",
        params=SOMEBODY,
        json=body,
        headers={"Authorization": f"Bearer {campus.TOKEN}"},
        timeout=30,
    )
    answer.raise_for_status()
    return answer.json()
