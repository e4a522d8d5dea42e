"""What the deliberations show on the page of a workshop."""

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast
from django.urls import reverse

from assembly.models import Cycle
from assembly.panels import panel
from deliberations.models import Ballot, Proposal, Recommendation, WorkingMandate

OVER = (Cycle.State.PREPARATION, Cycle.State.FOLLOW_UP, Cycle.State.ARCHIVED)
KINDS = {"mandate": WorkingMandate, "text": Proposal, "ballot": Ballot, "recommendation": Recommendation}


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
    """{what, key, said, now_in, label, url} of everything of this workshop this person may know."""
    of_it = Q(workshop=workshop)
    about_it = Q(proposal__workshop=workshop) | Q(mandate__workshop=workshop)
    parts = [
        plain("mandate", WorkingMandate.objects.visible_to(user).filter(of_it), "sentence"),
        plain("text", Proposal.objects.visible_to(user).filter(of_it), "title"),
        plain("ballot", Ballot.objects.visible_to(user).open().filter(about_it), "question"),
        plain("recommendation", Recommendation.objects.visible_to(user).filter(of_it), None),
    ]
    rows = parts[0].union(*parts[1:], all=True)
    return [described(row) for row in sorted(rows, key=lambda row: (row["what"], row["key"]))]


def plain(kind, rows, words):
    """Rows of any model in the same four columns, so that one query brings them all."""
    return (
        rows.order_by()
        .annotate(
            what=Value(kind, output_field=CharField()),
            key=F("pk"),
            said=Cast(words, CharField(max_length=500)) if words else Value("", output_field=CharField()),
            now_in=F("state") if words else Value("", output_field=CharField()),
        )
        .values("what", "key", "said", "now_in")
    )


def described(row):
    model = KINDS[row["what"]]
    if row["what"] == "recommendation":
        return row
    name = f"deliberations:{model._meta.model_name}_detail"
    return row | {"label": model.State(row["now_in"]).label, "url": reverse(name, args=[row["key"]])}
