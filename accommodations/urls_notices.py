"""URLs of what people are told and what they answer: notices, concerns, letters; the demo's outbox."""

from django.urls import path

from accommodations.views import concerns, letters, notices, outbox

urlpatterns = [
    path("notices/", notices.notice_list, name="notice_list"),
    path("notices/export/", notices.notice_export, name="notice_export"),
    path("notices/<int:pk>/", notices.notice_detail, name="notice_detail"),
    path("notices/<int:pk>/acknowledge/", notices.notice_acknowledge, name="notice_acknowledge"),
    path("notices/<int:pk>/send/", notices.notice_send, name="notice_send"),
    path("concerns/", concerns.concern_list, name="concern_list"),
    path("concerns/export/", concerns.concern_export, name="concern_export"),
    path("concerns/<int:pk>/", concerns.concern_detail, name="concern_detail"),
    path("courses/<int:pk>/concern/", concerns.concern_new, name="concern_new"),
    path("courses/<int:pk>/letter/", letters.letter_new, name="letter_new"),
    path("letters/", letters.letter_list, name="letter_list"),
    path("letters/<int:pk>/confirm/", letters.letter_confirm, name="letter_confirm"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<int:pk>/", outbox.outbox_mail, name="outbox_mail"),
]
