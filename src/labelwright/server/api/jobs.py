"""Jobs: how far they are; stop one, try one again."""

from __future__ import annotations

from typing import Any

from labelwright.server import wire_jobs
from labelwright.server.access import Record, find_job, job_for_members, project_for_members
from labelwright.server.actions.enqueue_job import cancel_job, retry_job
from labelwright.server.api.routing import Answer, Call, Route, json_answer, route
from labelwright.server.api.schemas.models import Job
from labelwright.server.db.queries.jobs import jobs_of


@route("GET", "/api/projects/{project_id:int}/jobs", allow=project_for_members, answer=list[Job])
def list_jobs(call: Call, project: Record) -> Answer:
    """The project's newest jobs, at most 50, the newest first."""
    return json_answer([wire_jobs.job(row, call.services.job_titles) for row in jobs_of(call.conn, project.id)])


@route("GET", "/api/jobs/{job_id:int}", allow=job_for_members, answer=Job)
def read(call: Call, job: Record) -> Answer:
    """One job with its progress."""
    return json_answer(wire_jobs.job(job, call.services.job_titles))


@route("POST", "/api/jobs/{job_id:int}/cancel", allow=job_for_members, status=200, answer=Job)
def cancel(call: Call, job: Record) -> Answer:
    """Stop a job; what it did stays. 400 for one that is over."""
    cancel_job(call.conn, job)
    return json_answer(wire_jobs.job(find_job(call, call.conn, job.id), call.services.job_titles))


@route("POST", "/api/jobs/{job_id:int}/retry", allow=job_for_members, status=200, answer=Job)
def retry(call: Call, job: Record) -> Answer:
    """Go on with a job that failed or was cancelled, from where it stopped. 400 for any other."""
    retry_job(call.conn, job)
    return json_answer(wire_jobs.job(find_job(call, call.conn, job.id), call.services.job_titles))


routes: list[Route[Any]] = [list_jobs, read, cancel, retry]
