"""What the sheets of cycles count: in the database with the cycle itself, as many queries for one as for fifty."""

from django.db.models import Count, Max, Min, OuterRef, Subquery, Sum

from assembly.models import Category, Document, Member
from deliberations.models.measures import Measure
from deliberations.models.proposals import Proposal
from deliberations.models.recommendations import Recommendation
from deliberations.models.stages import VOTED_BY_COUNCIL
from sortition.models import Invitation, Volunteer
from workshops.models import Hearing, Meeting, Workshop

LETTERS_OUT = ("sent", "volunteered", "declined", "undelivered", "silent", "opposed")


def of_cycle(rows, what, way="cycle"):
    """One figure by cycle, asked with the cycle itself."""
    own = rows.filter(**{way: OuterRef("pk")}).order_by().values(way)
    return Subquery(own.annotate(figure=what).values("figure"))


def with_figures(cycles):
    """Each cycle with everything its sheet counts."""
    held = Meeting.objects.held()
    sat = Member.objects.exclude(state=Member.State.EXPECTED)
    texts, measures = Proposal.objects.public(), Measure.objects.public()
    whole_city = Category.objects.filter(criterion__key="district")
    recommended = Recommendation.objects.public()
    return (
        cycles.annotate(
            inhabitants=of_cycle(whole_city, Sum("population"), "criterion__cycle"),
            letters_sent=of_cycle(
                Invitation.objects.filter(state__in=LETTERS_OUT), Count("pk"), "pool__cycle"
            ),
            volunteers_found=of_cycle(Volunteer.objects.all(), Count("pk")),
            sat_count=of_cycle(sat, Count("pk")),
            meeting_total=of_cycle(held, Count("pk")),
            half_day_total=of_cycle(held, Sum("half_days")),
            first_meeting=of_cycle(held, Min("starts_at")),
            last_meeting=of_cycle(held, Max("ends_at")),
            workshop_total=of_cycle(Workshop.objects.all(), Count("pk")),
            hearing_total=of_cycle(Hearing.objects.public(), Count("pk"), "meeting__cycle"),
            recommendation_total=of_cycle(recommended, Count("pk"), "workshop__cycle"),
            text_total=of_cycle(texts, Count("pk")),
            adopted_total=of_cycle(texts.filter(council_item__outcome__in=VOTED_BY_COUNCIL), Count("pk")),
            measure_total=of_cycle(measures, Count("pk"), "proposal__cycle"),
            done_total=of_cycle(measures.filter(state=Measure.State.DONE), Count("pk"), "proposal__cycle"),
            document_total=of_cycle(Document.objects.public(), Count("pk")),
        )
        .select_related("fiche", "parent")
        .prefetch_related("pools", "phases", "criteria")
    )
