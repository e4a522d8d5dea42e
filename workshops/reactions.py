"""When this happens, do that."""

from assembly import jobs
from assembly.journal import when


@when("workshops.meeting.call", "workshops.meeting.move", "workshops.meeting.cancel")
def write_to_the_invited(entry):
    jobs.enqueue("send_notices", key=f"send_notices:{entry.pk}", about=entry.target_id, by=entry.by)


@when("workshops.allowancerun.close")
def issue_the_statements(entry):
    jobs.enqueue(
        "issue_statements", key=f"issue_statements:{entry.target_id}", about=entry.target_id, by=entry.by
    )


@when("workshops.allotment.publish")
def write_to_the_allotted(entry):
    jobs.enqueue("tell_the_allotted", key=f"tell_the_allotted:{entry.pk}", about=entry.target_id, by=entry.by)
