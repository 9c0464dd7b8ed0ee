"""URLs of the settings: the institution's, terms and holidays, users and invitations."""

from django.urls import path

from accommodations.views import holidays, invitations, users

urlpatterns = [
    path("settings/terms/", holidays.term_list, name="term_list"),
    path("settings/holidays/", holidays.holiday_list, name="holiday_list"),
    path("settings/holidays/<int:day>/", holidays.holiday_detail, name="holiday_detail"),
    path("users/", users.user_list, name="user_list"),
    path("users/invite/", users.user_invite, name="user_invite"),
    path("users/<int:pk>/", users.user_detail, name="user_detail"),
    path("users/<int:pk>/switch/", users.user_switch, name="user_switch"),
    path("users/<int:pk>/new-link/", users.user_new_link, name="user_new_link"),
    path("users/invitations/<int:pk>/revoke/", users.invitation_revoke, name="invitation_revoke"),
    path("invitation/", invitations.invitation_accept, name="invitation_accept"),
    path("invitation/<str:token>/", invitations.invitation_open, name="invitation_open"),
]
