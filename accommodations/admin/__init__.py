"""The Django admin: operators look here; what the app owns is shown, not edited."""
