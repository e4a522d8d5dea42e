"""What the deliberations show on the page of a workshop."""

from django.db.models import Q

from assembly.models import Cycle
from assembly.panels import panel
from deliberations.models import Ballot, Proposal, Recommendation, WorkingMandate
from deliberations.together import brought, plain

OVER = (Cycle.State.PREPARATION, Cycle.State.FOLLOW_UP, Cycle.State.ARCHIVED)


@panel("workshops.workshop")
def deliberations_of(request, workshop):
    """Its mandate, its texts, its recommendations, the votes that are open: one query."""
    user, rows = request.user, papers_of(request.user, workshop)
    under_way = workshop.cycle.state not in OVER

    def may_add(model):
        return under_way and user.is_authenticated and user.has_perm(f"deliberations.add_{model}", workshop)

    return "deliberations/_of_workshop.html", {
        "workshop": workshop,
        "mandates": [row for row in rows if row["what"] == "mandate"],
        "texts": [row for row in rows if row["what"] == "text"],
        "open_ballots": [row for row in rows if row["what"] == "ballot"],
        "recommended": sum(row["what"] == "recommendation" for row in rows),
        "may_draft": may_add("proposal"),
        "may_mandate": may_add("workingmandate"),
        "may_recommend": may_add("recommendation"),
    }


def papers_of(user, workshop):
    """Everything of this workshop this person may know: one query."""
    of_it = Q(workshop=workshop)
    about_it = Q(proposal__workshop=workshop) | Q(mandate__workshop=workshop)
    mandates = WorkingMandate.objects.visible_to(user).filter(of_it)
    return brought(
        plain("mandate", mandates, said="sentence", standing="state"),
        plain("text", Proposal.objects.visible_to(user).filter(of_it), said="title", standing="state"),
        plain(
            "ballot",
            Ballot.objects.visible_to(user).open().filter(about_it),
            said="question",
            standing="state",
        ),
        plain("recommendation", Recommendation.objects.visible_to(user).filter(of_it)),
    )
