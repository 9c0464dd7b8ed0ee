"""Finding the student whom a letter names: by id, login or name, on record or in Canvas."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accommodations.errors import LeewayError
from accommodations.forms.people import StudentFindForm
from accommodations.models import Student
from accommodations.services import people, student_search
from accommodations.services.act_limits import ASK_CANVAS
from accommodations.views.access import SignedInRequest, requires
from accommodations.views.limits import limited
from accommodations.views.searches import remember_search, search_of

LONGEST_CANVAS_ID = 18


@requires("record_accommodation")
@require_http_methods(["GET", "HEAD", "POST"])
@limited(ASK_CANVAS, methods=("POST",))
def student_find(request: SignedInRequest) -> HttpResponse:
    """Find a student and go on to the record form. What is typed is posted: no name and no id reaches an address."""
    if request.method != "POST":
        return _people_found(request, search_of(request))
    if chosen := request.POST.get("person", ""):
        return _chosen(request, chosen)
    form = StudentFindForm(request.POST)
    if form.is_valid():
        query = form.cleaned_data["query"]
        try:
            student = student_search.student_by_id(query)
            if student is not None:
                return redirect("accommodation_new", student.pk)
            student_search.find_by_name(query)
        except LeewayError as error:
            form.add_error("query", error.message)
        else:
            return redirect(f"{reverse('student_find')}?find={remember_search(request, query)}")
    return _page(request, form)


def _people_found(request: SignedInRequest, text: str) -> HttpResponse:
    """Show whom the words of the search fit; Canvas is asked again, so that the back button shows what is so now."""
    if not text:
        return _page(request, StudentFindForm())
    form = StudentFindForm({"query": text})
    try:
        found = student_search.find_by_name(text)
    except LeewayError as error:
        form.is_valid()
        form.add_error("query", error.message)
        return _page(request, form)
    return _page(request, StudentFindForm(initial={"query": text}), found)


def _chosen(request: SignedInRequest, chosen: str) -> HttpResponse:
    """Go on with one person of the list, known by Canvas's number: on record already, or read from Canvas now."""
    form = StudentFindForm({"query": search_of(request)})
    if not chosen.isascii() or not chosen.isdigit() or len(chosen) > LONGEST_CANVAS_ID:
        form.add_error("query", "Choose somebody from the list.")
        return _page(request, form)
    student = Student.objects.filter(canvas_user_id=int(chosen)).first()
    try:
        student = student or people.student_of_canvas(canvas_user_id=int(chosen))
    except LeewayError as error:
        form.add_error("query", error.message)
        return _page(request, form)
    return redirect("accommodation_new", student.pk)


def _page(request: SignedInRequest, form: StudentFindForm, found: student_search.Found | None = None) -> HttpResponse:
    return render(request, "accommodations/student_find.html", {"form": form, "found": found})
