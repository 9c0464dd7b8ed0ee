"""F29: what the release before left behind (plans, ledger, statuses, task messages) is read and finished by this one.

`releases/` keeps, for each release, what it stored. When a release is made, a new file joins; none is ever edited.
"""

import inspect
import json
from pathlib import Path
from typing import Any

import pytest
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import AddField
from django.db.models import NOT_PROVIDED

from accommodations.celery import app
from accommodations.codec import change_from_stored, change_to_stored, from_stored, to_stored
from accommodations.planning.plan import LedgerExtension, LedgerOverride, PairOutcome, PlannedAction
from canvas_bridge.facts import CourseFacts

FILES = sorted((Path(__file__).parent / "releases").glob("*.json"))
ROOT = Path(__file__).resolve().parents[2]
DESTRUCTIVE = ("RemoveField", "DeleteModel", "RenameField", "RenameModel")


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def left(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return what one release has left behind."""
    stored: dict[str, Any] = json.loads(request.param.read_text())
    return stored


def test_f29_planned_actions_of_the_release_before_are_read_and_mean_the_same(left: dict[str, Any]) -> None:
    """Each sort of change, those sent and never heard of too: they are settled by what they say."""
    assert len({one["change"]["type"] for one in left["actions"]}) == 7
    for stored in left["actions"]:
        read = from_stored(PlannedAction, stored)
        assert from_stored(PlannedAction, to_stored(read)) == read
        assert change_to_stored(change_from_stored(stored["change"])).items() >= stored["change"].items()


def test_f29_ledger_statuses_and_snapshots_of_the_release_before_are_read(left: dict[str, Any]) -> None:
    """Without them nobody would know what is ours."""
    assert from_stored(LedgerExtension, left["ledger"]["extension"]).put_minutes
    assert from_stored(LedgerOverride, left["ledger"]["override"]).put
    assert from_stored(CourseFacts, left["snapshot"]).assessments
    assert all(from_stored(PairOutcome, one) for one in left["outcomes"])


def test_f29_messages_of_the_release_before_still_find_their_tasks(left: dict[str, Any]) -> None:
    """A message waits in Redis while a deploy goes on: its task must be there, and take its numbers."""
    app.loader.import_default_modules()
    for message in left["messages"]:
        task = app.tasks[message["task"]]
        positional, named, _ = message["body"]
        inspect.signature(task.run).bind(*positional, **named)


def test_f29_migrations_only_add() -> None:
    """Servers of the release before go on working while this one migrates."""
    for file in (ROOT / "accommodations" / "migrations").glob("[0-9]*.py"):
        found = [word for word in DESTRUCTIVE if f"migrations.{word}(" in file.read_text()]
        assert not found, (file.name, found)


def test_f29_a_column_that_was_added_and_may_not_be_empty_has_a_default_in_the_database() -> None:
    """A server of the release before does not name it when it inserts a row: PostgreSQL would refuse that row."""
    loader = MigrationLoader(None)
    models = loader.project_state().models
    added = [
        (operation.model_name_lower, operation.name)
        for (app_label, _), migration in loader.disk_migrations.items()
        if app_label == "accommodations"
        for operation in migration.operations
        if isinstance(operation, AddField)
    ]
    assert added
    fields = {(model, name): models["accommodations", model].get_field(name) for model, name in added}
    assert [
        place
        for place, field in fields.items()
        if not (field.null or field.many_to_many or field.db_default is not NOT_PROVIDED)
    ] == []
