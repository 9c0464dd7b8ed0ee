"""The institution's settings, each with what it changes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accommodations.forms.institution import InstitutionForm
from accommodations.models import InstitutionSettings
from accommodations.selectors.institution import state_of, warnings_of
from accommodations.services.institution import change_settings
from accommodations.views.access import SignedInRequest, requires

CHANGED_MEANWHILE = "Somebody else has changed a setting since you opened this page. Look at both, then save again."


@requires("change_institution")
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: SignedInRequest) -> HttpResponse:
    """Show and change the settings; what would hurt is said first, what changes is logged, and Canvas follows."""
    stored = InstitutionSettings.current()
    form = InstitutionForm(
        request.POST if request.method == "POST" else None,
        instance=InstitutionSettings.current(),
    )
    warnings: list[str] = []
    if form.is_valid():
        changes = {name: form.cleaned_data[name] for name in form.changed_data}
        warnings = [] if "confirmed" in request.POST else warnings_of(stored, changes, now=timezone.now())
        if request.POST.get("state", state_of(stored)) != state_of(stored):
            form.add_error(None, CHANGED_MEANWHILE)
        elif not warnings:
            change_settings(changed_by=request.user, changes=changes)
            messages.success(request, "Saved. Each course follows with its next sync, at most an hour from now.")
            return redirect("settings")
    context = {"form": form, "warnings": warnings, "state": state_of(stored), "stored": stored}
    return render(request, "accommodations/settings.html", context)
