"""The file from the case system: uploaded, mapped, checked, taken as a whole, looked at again, undone."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accommodations.errors import NotPossible, PlanChanged, ValuesRefused
from accommodations.forms.imports import (
    ColumnsForm,
    ConfirmEndingForm,
    SourceForm,
    TakeForm,
    UndoImportForm,
    UploadForm,
)
from accommodations.htmx import zone_of
from accommodations.importing import columns, samples
from accommodations.importing.table import MOST_ROWS, FileRefused
from accommodations.models import ImportFile, ImportSource
from accommodations.permissions import has
from accommodations.services import import_lookups, import_taking, imports
from accommodations.services.import_checking import WAITING, check_file
from accommodations.tasks import look_up_students, prepare_sync_run
from accommodations.tasks.wake import wake
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.import_sections import HEADINGS, sections
from accommodations.views.lists import page_number, page_of

RECORD = "record_accommodation"
DIRECT = "confirm_guard"
SHOWN_CHANGES = 50
READ_NEXT = " You now read the plan, before anything goes to Canvas."


@requires(RECORD)
@require_safe
def import_list(request: SignedInRequest) -> HttpResponse:
    """Show every import: who, when, what it did."""
    files = ImportFile.objects.select_related("source", "uploaded_by", "decided_by")
    return render(request, "imports/list.html", {"page": page_of(request, files)})


@requires(RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: SignedInRequest) -> HttpResponse:
    """Upload a file; one with headers that were mapped before goes straight to the check."""
    sources = list(ImportSource.objects.values_list("name", flat=True)[:50])
    initial = {"source": _last_source()}
    is_post = request.method == "POST"
    form = UploadForm(request.POST if is_post else None, request.FILES if is_post else None, initial=initial)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            file = imports.upload_file(
                content=upload.read(),
                name=upload.name or "",
                source=form.cleaned_data["source"],
                uploaded_by=request.user,
            )
        except FileRefused as refused:
            form.add_error("file", refused.message)
        else:
            if not file.is_mapped:
                return redirect("import_columns", file.pk)
            return _to_check(request, file)
    return render(request, "imports/new.html", {"form": form, "sources": sources})


def _last_source() -> str:
    last = ImportFile.objects.select_related("source").first()
    return last.source.name if last is not None else "Case system"


def _to_check(request: SignedInRequest, file: ImportFile) -> HttpResponse:
    """Ask for the students whom nobody knows, a few at once and many by a worker, and go on to the check."""
    waiting = import_lookups.ask_for_students(file=file, asked_by=request.user)
    if waiting > import_lookups.MOST_WHILE_WAITING:
        wake(look_up_students, file.pk)
    elif waiting:
        import_lookups.look_up_some(file.pk)
    return redirect("import_detail", file.pk)


@requires(RECORD)
@require_safe
def import_sample_csv(request: SignedInRequest) -> HttpResponse:
    """Return the sample as CSV."""
    return _download(samples.sample_csv(), "text/csv; charset=utf-8", "leeway-sample.csv")


@requires(RECORD)
@require_safe
def import_sample_workbook(request: SignedInRequest) -> HttpResponse:
    """Return the sample as an Excel workbook."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _download(samples.sample_workbook(), kind, "leeway-sample.xlsx")


def _download(content: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@requires(RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show and change which column holds what."""
    file = _file(pk)
    if file.status != ImportFile.Status.OPEN:
        return redirect("import_detail", file.pk)
    initial = {"day_order": file.day_order, **{name: str(at) for name, at in file.mapping.items()}}
    form = ColumnsForm(request.POST if request.method == "POST" else None, headers=file.headers, initial=initial)
    if form.is_valid():
        try:
            mapped = imports.map_columns(file=file, mapping=form.mapping(), day_order=form.cleaned_data["day_order"])
        except ValuesRefused as refused:
            for problem in refused.problems:
                form.add_error(problem.field, problem.message)
        except NotPossible as refused:
            messages.error(request, refused.message)
            return redirect("import_detail", file.pk)
        else:
            return _to_check(request, mapped)
    first = [row.cells for row in file.rows.all()[:3]]
    examples = list(zip(file.headers, zip(*first, strict=True), strict=True)) if first else []
    return render(request, "imports/columns.html", {"file": file, "form": form, "examples": examples})


@requires(RECORD)
@require_safe
def import_detail(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show the check of a file, or what became of it."""
    file = _file(pk)
    if file.status != ImportFile.Status.OPEN:
        return _record_page(request, file)
    if not file.is_mapped:
        return redirect("import_columns", file.pk)
    return _check_page(request, file)


def _check_page(
    request: SignedInRequest, file: ImportFile, *, form: TakeForm | None = None, number_form: Any = None
) -> HttpResponse:
    checked = check_file(file, today=timezone.now().astimezone(zone_of(request)).date())
    only, page = _shown_part(request)
    shown = sections(checked, only=only, page=page)
    if only and not shown:  # its last row was decided
        only, shown = "", sections(checked)
    waits = checked.has_shrunk and file.confirmed_ending != len(checked.difference.ended)
    form = form or TakeForm(
        # Who is not known may be the very student whose accommodation is missing: nothing ends without a choice.
        initial={"digest": checked.digest, "keeps_missing": bool(checked.unknown_keys)}
    )
    context = {
        "file": file,
        "checked": checked,
        "counts": checked.counts,
        "unused": columns.unused(file.headers, file.mapping),
        "sections": shown,
        "only": only,
        "form": form,
        "number_form": number_form or ConfirmEndingForm(),
        "waits_for_director": waits,
        "may_confirm": has(request.user, DIRECT),
        "progress": _progress(file),
        "before": ImportFile.objects.filter(
            digest=file.digest, status=ImportFile.Status.TAKEN, source=file.source
        ).first(),
    }
    return render(request, "imports/check.html", context)


def _shown_part(request: SignedInRequest) -> tuple[str, int]:
    """Return which part alone is asked for, by its name, and which page of it; without one, a few rows of each."""
    only = request.GET.get("list", "")
    return (only if only in HEADINGS else "", page_number(request.GET.get("page")))


def _progress(file: ImportFile) -> dict[str, int] | None:
    """Return how far the lookups in Canvas are; None where none waits."""
    waiting = sum(state == WAITING for state in file.lookups.values())
    return {"done": len(file.lookups) - waiting, "all": len(file.lookups)} if waiting else None


def _record_page(request: SignedInRequest, file: ImportFile) -> HttpResponse:
    changes = file.changes.select_related(
        "accommodation__student", "accommodation__course", "accommodation__term", "accommodation__assessment"
    )
    page = Paginator(changes, SHOWN_CHANGES).get_page(page_number(request.GET.get("page")))
    return render(request, "imports/record.html", {"file": file, "page": page})


@requires(RECORD)
@require_safe
def import_progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show how far the lookups are; when they are done, the page loads itself anew."""
    file = _file(pk)
    progress = _progress(file)
    response = render(request, "imports/_progress.html", {"file": file, "progress": progress})
    if progress is None:
        response.headers["HX-Refresh"] = "true"
    return response


@requires(RECORD)
@require_POST
def import_look_up(request: SignedInRequest, pk: int) -> HttpResponse:
    """Ask Canvas again for the students whom nobody knows."""
    file = _file(pk)
    try:
        return _to_check(request, file)
    except NotPossible as refused:
        messages.error(request, refused.message)
    return redirect("import_detail", file.pk)


@requires(RECORD)
@require_POST
def import_rows(request: SignedInRequest, pk: int) -> HttpResponse:
    """Leave rows out, or take them in again: one by its button, or all that need a decision.

    After one row, the page comes back to where its list is.
    """
    file, place = _file(pk), ""
    try:
        if request.POST.get("all") == "troubles":
            rows, is_left_out = sorted(check_file(file).trouble_rows), True
        else:
            is_left_out = "leave_out" in request.POST
            rows = _numbers(request.POST.getlist("leave_out") or request.POST.getlist("take_in"))
            only, page = _shown_part(request)
            place = f"?list={only}&page={page}" if only else ""
            place += "#troubles" if is_left_out else "#left_out"
        number = imports.leave_out(file=file, rows=rows, is_left_out=is_left_out)
    except NotPossible as refused:
        messages.error(request, refused.message)
    else:
        words = "left out" if is_left_out else "taken in again"
        messages.success(request, f"{number:,} row{'' if number == 1 else 's'} {words}.")
    return redirect(reverse("import_detail", args=[file.pk]) + place)


def _numbers(texts: list[str]) -> list[int]:
    return [int(text) for text in texts[: MOST_ROWS + 1] if text.isascii() and text.isdigit() and len(text) < 10]


@requires(RECORD)
@require_POST
def import_take(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take exactly the difference that the page showed, all at once or not at all."""
    file = _file(pk)
    form = TakeForm(request.POST)
    if not form.is_valid():
        return redirect("import_detail", file.pk)
    try:
        taken = import_taking.take_file(
            file=file,
            taken_by=request.user,
            digest=form.cleaned_data["digest"],
            only_valid=form.cleaned_data["only_valid"],
            keeps_missing=form.cleaned_data["keeps_missing"],
        )
    except ValuesRefused as refused:
        form.add_error(refused.problems[0].field, refused.message)
        return _check_page(request, file, form=form)
    except PlanChanged as changed:
        messages.warning(request, changed.message)
    except NotPossible as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"Taken.{READ_NEXT if taken.run else ''}")
        if taken.run is not None:
            wake(prepare_sync_run, taken.run.pk)
    return redirect("import_detail", file.pk)


@requires(DIRECT)
@require_POST
def import_confirm(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let a director confirm how many accommodations may end."""
    file = _file(pk)
    form = ConfirmEndingForm(request.POST)
    if file.status != ImportFile.Status.OPEN:
        return redirect("import_detail", file.pk)
    if form.is_valid():
        try:
            import_taking.confirm_ending(file=file, confirmed_by=request.user, number=form.cleaned_data["number"])
        except ValuesRefused as refused:
            form.add_error("number", refused.message)
        else:
            messages.success(request, "Confirmed. The file can be taken now.")
            return redirect("import_detail", file.pk)
    return _check_page(request, file, number_form=form)


@requires(RECORD)
@require_POST
def import_discard(request: SignedInRequest, pk: int) -> HttpResponse:
    """End the check without taking anything."""
    file = _file(pk)
    try:
        imports.discard_file(file=file, discarded_by=request.user)
    except NotPossible as refused:
        messages.error(request, refused.message)
        return redirect("import_detail", file.pk)
    messages.success(request, "Discarded. Nothing was taken, and its rows are deleted.")
    return redirect("import_list")


@requires(RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def import_undo(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show what undoing an import would do, and do exactly that."""
    file = _file(pk)
    if file.status != ImportFile.Status.TAKEN:
        messages.info(request, "Only an import that was taken can be undone.")
        return redirect("import_detail", file.pk)
    form = UndoImportForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            undone = import_taking.undo_file(file=file, undone_by=request.user, number=form.cleaned_data["number"])
        except (PlanChanged, NotPossible) as refused:
            messages.warning(request, refused.message)
        else:
            messages.success(request, f"Undone.{READ_NEXT if undone.run else ''}")
            if undone.run is not None:
                wake(prepare_sync_run, undone.run.pk)
            return redirect("import_detail", file.pk)
    steps = import_taking.undo_steps(file)
    number = sum(step.what != import_taking.LEAVE for step in steps)
    return render(request, "imports/undo.html", {"file": file, "steps": steps, "number": number})


@requires(DIRECT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_source(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show and change how much a source's file may shrink before a director is asked."""
    source = get_object_or_404(ImportSource, pk=pk)
    initial = {"shrink_percent": source.shrink_percent, "shrink_number": source.shrink_number}
    form = SourceForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        imports.change_source(source=source, changed_by=request.user, **form.cleaned_data)
        messages.success(request, "Saved.")
        return redirect("import_list")
    return render(request, "imports/source.html", {"source": source, "form": form})


def _file(pk: int) -> ImportFile:
    """Return the file; `taken_before` is the import of the very same file, if it was taken already."""
    same = ImportFile.objects.filter(
        digest=OuterRef("digest"), source=OuterRef("source"), status=ImportFile.Status.TAKEN
    ).exclude(pk=OuterRef("pk"))
    rows = ImportFile.objects.select_related("source", "uploaded_by", "decided_by", "undone_by", "confirmed_by", "run")
    return get_object_or_404(rows.annotate(taken_before=Subquery(same.values("pk")[:1])), pk=pk)
