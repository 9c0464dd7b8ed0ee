"""Somebody can write into Redis: what no schedule and no page sends is refused, and the workers go on."""

import os
import pickle
from pathlib import Path
from typing import Any

import pytest

from accommodations.models import SyncRun
from tests.faults.checker import FaultFree, check_at_rest, check_nothing_left, check_reached
from tests.faults.lab import TASKS, Lab
from tests.services.stack import descendants

QUEUE = "celery"


class MakesFolder:
    """What makes a folder when somebody unpickles it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        """Name what to call: `os.mkdir`."""
        return os.mkdir, (str(self.folder),)


def put(lab: Lab, body: bytes, content_type: str, task: str) -> None:
    """Put a message of this kind where workers take theirs."""
    with lab.sender().connection_for_write() as broker, broker.channel() as channel:
        encoding = "binary" if "json" not in content_type else "utf-8"
        headers = {"task": task, "id": "f" * 32, "lang": "py", "argsrepr": "", "root_id": "f" * 32}
        message = channel.prepare_message(
            body,
            content_type=content_type,
            content_encoding=encoding,
            headers=headers,
            properties={"delivery_info": {}},
        )
        channel.basic_publish(message, exchange="", routing_key=QUEUE)


def check_as_without(lab: Lab, expected: FaultFree) -> None:
    """Check what holds after every fault, but for what Redis may hold: this message is not ours."""
    check_at_rest(lab)
    check_reached(lab, expected)
    check_nothing_left(lab, expected)


@pytest.mark.parametrize("content_type", ["application/x-python-serialize", "application/x-yaml"])
def test_b42_a_body_that_is_not_json_is_refused_and_told(
    content_type: str, lab: Lab, expected: FaultFree, tmp_path: Path
) -> None:
    """It is never even decoded: an unpickled one could do anything with the worker's token."""
    folder, worker = tmp_path / "made by a message", lab.workers[0]
    before = descendants(worker.pid)
    yaml = f'!!python/object/apply:os.mkdir ["{folder}"]'.encode()
    body = pickle.dumps(((MakesFolder(folder),), {}, {})) if "serialize" in content_type else yaml
    put(lab, body, content_type, f"{TASKS}.sweep")
    lab.wait_for(lambda: "Refusing to deserialize" in lab.logs(), "what the worker says of it")
    lab.sync()
    assert not folder.exists()
    assert descendants(worker.pid) == before
    check_as_without(lab, expected)


def test_b42_tasks_and_arguments_that_do_not_exist_do_nothing(lab: Lab, expected: FaultFree) -> None:
    """Somebody else's function, a run that is none, words for a number: told, and the next message is worked on."""
    worker = lab.workers[0]
    before = descendants(worker.pid)
    lab.sender().send_task("os.system", ["true"])
    for forged in ([], ["1 OR 1=1"], [{"pk": 1}], [-1], [10**30], [1, 2, 3]):
        for task in ("prepare_sync_run", "sync_course"):
            lab.sender().send_task(f"{TASKS}.{task}", forged)
    lab.wait_for(lambda: "unregistered task" in lab.logs(), "what the worker says of the unknown one")
    lab.sync()
    assert SyncRun.objects.count() == 1
    assert descendants(worker.pid) == before
    check_as_without(lab, expected)
