"""The office's usual sets: the list, and a page to add, change and retire one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accommodations import permissions
from accommodations.errors import EditedMeanwhile, ValuesRefused
from accommodations.forms.usual_sets import UsualSetForm
from accommodations.models import UsualSet
from accommodations.selectors.usual_sets import lines_of_set
from accommodations.services import usual_sets
from accommodations.views.access import SignedInRequest, requires

CHANGE = "change_usual_sets"


@requires("record_accommodation")
@require_safe
def usual_set_list(request: SignedInRequest) -> HttpResponse:
    """List the sets that are offered, and those that were."""
    rows = [(row, lines_of_set(row)) for row in UsualSet.objects.all()]
    context = {
        "offered": [one for one in rows if one[0].retired_at is None],
        "retired": [one for one in rows if one[0].retired_at is not None],
        "may_change": permissions.has(request.user, CHANGE),
    }
    return render(request, "accommodations/usual_set_list.html", context)


@requires(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def usual_set_new(request: SignedInRequest) -> HttpResponse:
    """Add a set."""
    form = UsualSetForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            row = usual_sets.record_usual_set(recorded_by=request.user, **_values(form))
        except ValuesRefused as refused:
            form.show_problems(refused.problems)
        else:
            messages.success(request, f"Saved. “{row.name}” is offered when an accommodation is recorded.")
            return redirect("usual_set_list")
    return render(request, "accommodations/usual_set_form.html", {"form": form})


@requires(CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def usual_set_edit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Change what a set holds from now on; where somebody else saved first, say so and lose nothing."""
    row = get_object_or_404(UsualSet, pk=pk)
    form = UsualSetForm(request.POST if request.method == "POST" else None, usual_set=row)
    if form.is_bound and form.is_valid():
        try:
            version = form.cleaned_data.get("version") or 0
            usual_sets.change_usual_set(usual_set=row, version=version, changed_by=request.user, **_values(form))
        except EditedMeanwhile:
            form.add_error(
                None,
                "Somebody else has changed this set since you opened it. Open it again to see theirs. Nothing of "
                "yours is saved; it still stands below.",
            )
        except ValuesRefused as refused:
            form.show_problems(refused.problems)
        else:
            messages.success(request, "Saved. What was recorded from it before stays as it is.")
            return redirect("usual_set_list")
    return render(request, "accommodations/usual_set_form.html", {"form": form, "usual_set": row})


def _values(form: UsualSetForm) -> dict[str, Any]:
    return {"name": form.cleaned_data["name"], "provisions": form.stored(), "period": form.cleaned_data["period"]}


@requires(CHANGE)
@require_POST
def usual_set_retire(request: SignedInRequest, pk: int) -> HttpResponse:
    """Offer a set no longer, or again."""
    row = get_object_or_404(UsualSet, pk=pk)
    is_retired = request.POST.get("offer") != "again"
    try:
        usual_sets.retire_usual_set(usual_set=row, changed_by=request.user, is_retired=is_retired)
    except ValuesRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "It is not offered any more." if is_retired else "It is offered again.")
    return redirect("usual_set_list")
