"""Files from case systems: uploaded, mapped, rows left out, discarded. What taking one does is in `import_taking`."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accommodations.errors import NotPossible, Problem, ValuesRefused
from accommodations.importing import cells, columns
from accommodations.importing.reading import read_table
from accommodations.importing.table import Table
from accommodations.models import ImportFile, ImportRow, ImportSource
from accommodations.services import action_log

KEPT_UNDECIDED = timedelta(days=14)
LONGEST_NAME = 120


def clean_name(name: str) -> str:
    """Return a file's name without folders, signs that cannot be seen, and most of what makes it long."""
    last = re.split(r"[\\/]", name)[-1]
    visible = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    return visible.strip()[-LONGEST_NAME:] or "file"


@transaction.atomic
def upload_file(*, content: bytes, name: str, source: str, uploaded_by: User) -> ImportFile:
    """Read a file and keep its rows for the check; nothing is taken yet. Raises FileRefused: then nothing is kept.

    A file with the same headers as one before is mapped as that one was.
    """
    table = read_table(content)
    columns.check_headers(table.headers)
    row, _ = ImportSource.objects.get_or_create(name=source)
    mapping, order, is_mapped = _mapping_for(table)
    file = ImportFile.objects.create(
        source=row,
        name=clean_name(name),
        digest=sha256(content).hexdigest(),
        byte_size=len(content),
        form=table.form,
        headers=list(table.headers),
        headers_digest=columns.digest_of(table.headers),
        mapping=mapping,
        is_mapped=is_mapped,
        day_order=order,
        row_count=len(table.rows),
        uploaded_by=uploaded_by,
    )
    ImportRow.objects.bulk_create(
        [ImportRow(file=file, number=one.number, cells=list(one.cells)) for one in table.rows], batch_size=500
    )
    log_act("import.uploaded", file, actor=uploaded_by)
    return file


def _mapping_for(table: Table) -> tuple[dict[str, int], str, bool]:
    """Return the mapping that a person confirmed for the same headers last, else what the headers tell."""
    digest = columns.digest_of(table.headers)
    before = ImportFile.objects.filter(headers_digest=digest, is_mapped=True).order_by("-pk").first()
    if before is not None:
        return dict(before.mapping), before.day_order, True
    mapping = columns.guess(table.headers)
    days = [mapping[name] for name in ("effective_from", "effective_until") if name in mapping]
    return mapping, cells.guess_order([row.cells[at] for row in table.rows for at in days]), False


def log_act(act: str, file: ImportFile, *, actor: User | None, **more: object) -> None:
    """Log an act with the file's name, digest and counts; never with what stands in it."""
    facts = {"import": file.pk, "file": file.name, "digest": file.digest, "source": file.source.name}
    action_log.record(act=act, actor=actor, payload={**facts, "rows": file.row_count, **more})


def locked(file: ImportFile) -> ImportFile:
    """Return the file as it stands, locked, while it is being checked. Raises NotPossible where it is decided."""
    current = ImportFile.objects.select_for_update(of=("self",)).select_related("source").get(pk=file.pk)
    if current.status != ImportFile.Status.OPEN:
        raise NotPossible(f"This file is not being checked any more: {current.get_status_display().lower()}.")
    return current


@transaction.atomic
def map_columns(*, file: ImportFile, mapping: Mapping[str, int], day_order: str) -> ImportFile:
    """Set which column holds what. Raises ValuesRefused where something is missing, NotPossible where it is decided."""
    current = locked(file)
    if problem := columns.mapping_problem(mapping):
        raise ValuesRefused((Problem("student", "import.mapping", problem),))
    current.mapping, current.day_order, current.is_mapped = dict(mapping), day_order, True
    current.save(update_fields=["mapping", "day_order", "is_mapped"])
    return current


@transaction.atomic
def leave_out(*, file: ImportFile, rows: Sequence[int], is_left_out: bool) -> int:
    """Leave rows out, or take them in again; return how many. Raises NotPossible where the file is decided."""
    current = locked(file)
    return current.rows.filter(number__in=rows).update(is_left_out=is_left_out)


@transaction.atomic
def discard_file(*, file: ImportFile, discarded_by: User | None) -> ImportFile:
    """End the check without taking anything: the rows are deleted. Raises NotPossible where the file is decided."""
    current = locked(file)
    close(current, status=ImportFile.Status.DISCARDED, by=discarded_by)
    log_act("import.discarded", current, actor=discarded_by)
    return current


def close(file: ImportFile, *, status: ImportFile.Status, by: User | None) -> None:
    """Set what became of a file and forget its rows."""
    file.rows.all().delete()
    file.status, file.decided_by, file.decided_at, file.lookups = status, by, timezone.now(), {}
    file.save()


def discard_undecided(*, now: datetime) -> int:
    """Discard what nobody has decided for two weeks, since its rows are personal; return how many files."""
    old = ImportFile.objects.filter(status=ImportFile.Status.OPEN, uploaded_at__lt=now - KEPT_UNDECIDED)
    return len([discard_file(file=file, discarded_by=None) for file in old])


@transaction.atomic
def change_source(*, source: ImportSource, changed_by: User, shrink_percent: int, shrink_number: int) -> ImportSource:
    """Set how many of a source's accommodations may be missing from a file before a director is asked."""
    current = ImportSource.objects.select_for_update().get(pk=source.pk)
    current.shrink_percent, current.shrink_number = shrink_percent, shrink_number
    current.save()
    limits = {"source": current.name, "shrink_percent": shrink_percent, "shrink_number": shrink_number}
    action_log.record(act="import.source_changed", actor=changed_by, payload=limits)
    return current
