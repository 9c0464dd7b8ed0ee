"""Building discussions, pages, modules and checkpoints."""

import re
from datetime import datetime

from canvas_bridge.sandbox.builders.courses import CourseBuilders
from canvas_bridge.sandbox.records.assessments import Assignment
from canvas_bridge.sandbox.records.content import Checkpoint, Discussion, Item, Module, ModuleItem, Page
from canvas_bridge.sandbox.records.courses import Course
from canvas_bridge.sandbox.rules.midnight import set_dates

CHECKPOINT_NAMES = {"reply_to_topic": "Reply to Topic", "reply_to_entry": "Required Replies"}


class ContentBuilders(CourseBuilders):
    """Adds what has dates or overrides without being an assignment or a quiz."""

    def add_discussion(
        self,
        course: Course,
        title: str,
        *,
        assignment: Assignment | None = None,
        message: str = "",
        published: bool = True,
        unlock_at: datetime | None = None,
        lock_at: datetime | None = None,
    ) -> Discussion:
        """Add a discussion; with an assignment it is graded, and its dates are the assignment's."""
        now = self.now()
        topic = Discussion(
            id=self.discussions.take_id(),
            course_id=course.id,
            title=title,
            message=message,
            assignment_id=assignment.id if assignment else None,
            published=published,
            unlock_at=unlock_at,
            lock_at=lock_at,
            created_at=now,
            updated_at=now,
        )
        if assignment:
            assignment.discussion_topic_id = topic.id
        return self.discussions.add(topic)

    def add_page(self, course: Course, title: str, *, body: str = "", published: bool = True) -> Page:
        """Add a page; its `url` is made of the title, with a number where that is taken."""
        now = self.now()
        taken = {one.url for one in self.pages.where("course", course.id)}
        stem = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "page"
        url = next(one for number in range(1, 10_000) if (one := _numbered(stem, number)) not in taken)
        page = Page(
            id=self.pages.take_id(),
            course_id=course.id,
            title=title,
            url=url,
            body=body,
            published=published,
            created_at=now,
            updated_at=now,
        )
        return self.pages.add(page)

    def add_module(self, course: Course, name: str, *items: Item, published: bool = True) -> Module:
        """Add a module with its items."""
        now = self.now()
        module = Module(
            id=self.modules.take_id(),
            course_id=course.id,
            name=name,
            position=len(self.modules.where("course", course.id)) + 1,
            published=published,
            created_at=now,
            updated_at=now,
        )
        self.modules.add(module)
        for item in items:
            title = str(getattr(item, "name", None) or getattr(item, "title", ""))
            self.add_module_item(module, type(item).__name__, item.id, title)
        return module

    def add_module_item(self, module: Module, type_name: str, content_id: int | None, title: str = "") -> ModuleItem:
        """Add an item to a module; `type_name` is Canvas's word, such as Assignment."""
        row = ModuleItem(
            id=self.module_items.take_id(),
            module_id=module.id,
            course_id=module.course_id,
            type=type_name,
            content_id=content_id,
            title=title,
            position=len(self.module_items.where("module", module.id)) + 1,
        )
        return self.module_items.add(row)

    def add_checkpoints(
        self,
        assignment: Assignment,
        *,
        reply_to_topic_due_at: datetime | None = None,
        required_replies_due_at: datetime | None = None,
    ) -> list[Checkpoint]:
        """Make a graded discussion's assignment a checkpointed one, with its two hidden parts."""
        assignment.has_checkpoints = True
        dates = {"reply_to_topic": reply_to_topic_due_at, "reply_to_entry": required_replies_due_at}
        return [self._add_checkpoint(assignment, tag, due_at) for tag, due_at in dates.items()]

    def _add_checkpoint(self, assignment: Assignment, tag: str, due_at: datetime | None) -> Checkpoint:
        now = self.now()
        checkpoint = Checkpoint(
            id=self.checkpoints.take_id(),
            course_id=assignment.course_id,
            assignment_id=assignment.id,
            tag=tag,
            name=f"{assignment.name} {CHECKPOINT_NAMES[tag]}",
            points_possible=assignment.points_possible / 2,
            created_at=now,
            updated_at=now,
        )
        zone = self.account.time_zone
        set_dates(checkpoint, zone, due_at=due_at, unlock_at=assignment.unlock_at, lock_at=assignment.lock_at)
        return self.checkpoints.add(checkpoint)


def _numbered(stem: str, number: int) -> str:
    return stem if number == 1 else f"{stem}-{number}"
