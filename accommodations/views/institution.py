"""The institution's settings, each with what it changes."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accommodations.forms.institution import InstitutionForm
from accommodations.models import InstitutionSettings
from accommodations.services.institution import change_settings
from accommodations.views.access import SignedInRequest, requires


@requires("change_institution")
@require_http_methods(["GET", "POST"])
def settings(request: SignedInRequest) -> HttpResponse:
    """Show and change the settings; what changes is logged, and Canvas follows with the next syncs."""
    form = InstitutionForm(request.POST if request.method == "POST" else None, instance=InstitutionSettings.current())
    if form.is_valid():
        change_settings(changed_by=request.user, changes={name: form.cleaned_data[name] for name in form.changed_data})
        messages.success(request, "Saved. Each course follows with its next sync, at most an hour from now.")
        return redirect("settings")
    return render(request, "accommodations/settings.html", {"form": form})
