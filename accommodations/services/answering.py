"""An instructor's answer to a digest: seen and understood."""

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from accommodations.models import Notice
from accommodations.services import action_log


@transaction.atomic
def acknowledge(*, notice: Notice, acknowledged_by: User) -> Notice:
    """Note that the recipient has seen what was done. A second time changes nothing."""
    current = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if current.answered_at is not None:
        return current
    current.answer, current.answered_at = Notice.Answer.ACKNOWLEDGED, timezone.now()
    current.save(update_fields=["answer", "answered_at"])
    action_log.record(act="notice.acknowledged", actor=acknowledged_by, payload={"notice": current.pk})
    return current
