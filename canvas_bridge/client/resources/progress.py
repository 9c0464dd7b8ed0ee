"""Jobs that Canvas does in the background."""

from canvas_bridge.client.endpoints import Endpoint
from canvas_bridge.client.resources.resource import Resource
from canvas_bridge.errors import CanvasOutcomeUnknown
from canvas_bridge.wire.progress import Progress
from canvas_bridge.wire.reading import read

GET = Endpoint("GET", "/api/v1/progress/:id")
CANCEL = Endpoint("POST", "/api/v1/progress/:id/cancel")

MOST_SECONDS = 300.0
_FIRST_WAIT_SECONDS = 0.5
_LONGEST_WAIT_SECONDS = 10.0


class ProgressOfJobs(Resource):
    """How far jobs are (contract 9.7)."""

    def get(self, progress_id: int) -> Progress:
        """`GET /api/v1/progress/:id`: how far one job is."""
        return self._get(Progress, GET.at(progress_id))

    def cancel(self, progress_id: int) -> Progress:
        """`POST /api/v1/progress/:id/cancel`: ask a job to stop; what it has done stays. Idempotent."""
        return read(Progress, self._write(CANCEL.at(progress_id), {}))

    def follow(self, job: Progress, *, most_seconds: float = MOST_SECONDS) -> Progress:
        """`GET /api/v1/progress/:id`, again and again until the job has completed or failed: see `has_failed`.

        Waits between readings grow from half a second to ten, and add up to `most_seconds` at most. Raises
        CanvasOutcomeUnknown where the job is still not over then.
        """
        waited, wait = 0.0, _FIRST_WAIT_SECONDS
        while not job.is_over:
            if waited >= most_seconds:
                raise CanvasOutcomeUnknown(f"job {job.id} was not over after {most_seconds:.0f} s", method="GET")
            wait = min(wait, most_seconds - waited)
            self._session.wait(wait)
            waited, wait = waited + wait, min(wait * 2, _LONGEST_WAIT_SECONDS)
            job = self.get(job.id)
        return job
