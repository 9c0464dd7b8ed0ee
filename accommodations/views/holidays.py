"""Terms, as Canvas has them, and holidays, as the institution has them: what each changes is shown first."""

from datetime import date, datetime

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accommodations.errors import NotPossible
from accommodations.forms.holidays import HolidayForm, HolidayNameForm
from accommodations.htmx import institution_of
from accommodations.models import CanvasConnection
from accommodations.selectors import holidays as selectors
from accommodations.services import holidays
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.lists import page_of

CHANGES = "change_institution"
FOLLOWS = "Each course follows with its next sync, at most an hour from now."


@requires(CHANGES)
@require_safe
def term_list(request: SignedInRequest) -> HttpResponse:
    """List the terms: Canvas has them, and they are changed there alone."""
    connection = CanvasConnection.objects.first()
    return render(
        request,
        "settings/terms.html",
        {"page": page_of(request, selectors.terms_listed()), "connection": connection, "now": timezone.now()},
    )


@requires(CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def holiday_list(request: SignedInRequest) -> HttpResponse:
    """List the holidays; add a day or a break, after a look at whose dates that moves."""
    form = HolidayForm(request.POST if request.method == "POST" else None)
    effect = None
    if form.is_valid():
        if request.POST.get("step") == "add" and _added(request, form):
            return redirect("holiday_list")
        if not form.errors:
            effect = selectors.effect_of(_new_days(request, form), now=timezone.now())
    context = {
        "form": form,
        "effect": effect,
        "years": selectors.by_year(selectors.holidays_of(institution_of(request))),
        "this_year": timezone.now().year,
    }
    return render(request, "settings/holidays.html", context)


def _added(request: SignedInRequest, form: HolidayForm) -> bool:
    try:
        holidays.add_holidays(days=form.days, name=form.cleaned_data["name"], changed_by=request.user)
    except NotPossible as refused:
        form.add_error(refused.field, refused.message)
        return False
    messages.success(request, f"Added. {FOLLOWS}")
    return True


def _new_days(request: SignedInRequest, form: HolidayForm) -> list[date]:
    known = {one.day for one in selectors.holidays_of(institution_of(request))}
    return [day for day in form.days if day not in known]


@requires(CHANGES)
@require_http_methods(["GET", "HEAD", "POST"])
def holiday_detail(request: SignedInRequest, day: int) -> HttpResponse:
    """Name one holiday, or remove it after a look at whose dates that moves."""
    holiday = _holiday(request, day)
    form = HolidayNameForm(request.POST if request.method == "POST" else None, initial={"name": holiday.name})
    if request.method == "POST" and request.POST.get("step") == "remove":
        holidays.remove_holiday(day=holiday.day, changed_by=request.user)
        messages.success(request, f"Removed. {FOLLOWS}")
        return redirect("holiday_list")
    if form.is_valid():
        holidays.add_holidays(days=[holiday.day], name=form.cleaned_data["name"], changed_by=request.user)
        messages.success(request, "Saved.")
        return redirect("holiday_list")
    effect = selectors.effect_of([holiday.day], now=timezone.now())
    return render(request, "settings/holiday.html", {"form": form, "holiday": holiday, "effect": effect})


def _holiday(request: SignedInRequest, number: int) -> selectors.Holiday:
    try:
        day = datetime.strptime(str(number), "%Y%m%d").date()  # noqa: DTZ007  # a day, not an instant
    except ValueError as error:
        raise Http404 from error
    found = [one for one in selectors.holidays_of(institution_of(request)) if one.day == day]
    if not found:
        raise Http404
    return found[0]
