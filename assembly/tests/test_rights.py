"""Every role × every address × every method, generated from the URL table.

What is expected is computed from `visible_to` and `rules.py` for the pages that create, edit or act;
for the others it is the table below. An address that stands in neither turns the test red.
"""

import logging
from functools import cache

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import Client
from django.urls import reverse

from assembly.demo.story import tell
from assembly.models import Appointment, Cycle, Member
from assembly.rules import permission_for
from assembly.tests.addresses import addresses
from assembly.views import ActView, EditView, FoundView

pytestmark = pytest.mark.django_db
ROLES = [role for role, _label in Appointment.GIVEN]
"""Who plays: a visitor, one person a role, a member of the running cycle and one of the past cycle."""
BOTH = ["visitor", "secretariat", "member"]
"""Those asked on both engines; between them they meet every query. The others' rights are the same rules."""
SHARED = [
    who if who in BOTH else pytest.param(who, marks=pytest.mark.once)
    for who in ["visitor", *ROLES, "member", "past member"]
]


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """The small story, told once; everything the cells do is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield tell(small=True)
        transaction.set_rollback(True)
        samples.cache_clear()


@pytest.fixture(autouse=True)
def quiet():
    """Thousands of refusals are expected here: they are not worth a line each."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(autouse=True)
def plain_refusals(settings, tmp_path):
    """A refusal of one word: how the refusals look is tested with the pages."""
    for name in ("403", "404"):
        (tmp_path / f"{name}.html").write_text(name)
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]


@pytest.fixture(scope="module")
def people(told):
    """{name: user}; each fresh from the database, as a request would find them."""
    everybody = {"visitor": AnonymousUser()}
    for role in ROLES:
        everybody[role] = Appointment.objects.current().filter(role=role).select_related("user").last().user
    running = Cycle.objects.under_way().latest("number")
    everybody["member"] = Member.objects.seated().filter(cycle=running, is_minor=False).first().user
    everybody["past member"] = Member.objects.exclude(cycle=running).first().user
    return everybody


def model_named(name):
    app, model = name.split(".")
    return apps.get_model(app, model)


OPEN = {
    "health",
    "robots",
    "sitemap",
    "home",
    "accessibility",
    "legal",
    "privacy",
    "components",
    "glossary",
    "search",
    "assembly:cycle_list",
    "assembly:document_list",
    "sortition:draw_list",
    "sortition:draw_explained",
    "sortition:respond",
    "workshops:workshop_list",
    "workshops:meeting_list",
    "workshops:meeting_calendar",
    "workshops:public_calendar",
    "workshops:question_list",
    "workshops:minutes_list",
    "workshops:notebook_list",
    "workshops:commitment_list",
    "workshops:hearing_list",
    "workshops:pressreview_list",
    "workshops:partner_list",
    "deliberations:proposal_list",
    "deliberations:workingmandate_list",
    "deliberations:measure_list",
    "deliberations:yearlyreport_list",
    "deliberations:request_list",
    "deliberations:pledge_list",
    "deliberations:goal_list",
    "deliberations:follow",
    "deliberations:follow_asked",
    "deliberations:feed_text",
    "deliberations:feed_return",
    "deliberations:feed_document",
    "deliberations:feed_meeting",
    "deliberations:feed_press",
    "open_data",
    "open_data_api",
    "open_data:root",
    "open_data:openapi",
    "open_data:catalogue",
    "open_data:catalogue_xml",
}
"""Everybody, always."""

LOGGED_IN = {
    "assembly:own_export",
    "close_sessions",
    "my_name",
    "my_page",
    "my_request",
    "my_space",
    "workshops:own_allowances",
    "workshops:own_record",
    "workshops:outing_list",
    "workshops:referral_list",
}
"""Whoever has an account (some are sent on to their own page)."""

SEEN = {
    "assembly:cycle_detail": "assembly.Cycle",
    "assembly:cycle_composition": "assembly.Cycle",
    "assembly:snapshot_detail": "assembly.Snapshot",
    "assembly:observation_list": "assembly.Cycle",
    "assembly:document_detail": "assembly.Document",
    "assembly:document_pdf": "assembly.Document",
    "assembly:job_detail": "assembly.Job",
    "assembly:elimination_detail": "assembly.Elimination",
    "assembly:rightsrequest_detail": "assembly.RightsRequest",
    "assembly:export_detail": "assembly.PersonalExport",
    "sortition:register_detail": "sortition.Register",
    "sortition:register_refusals": "sortition.Register",
    "sortition:letterbatch_detail": "sortition.LetterBatch",
    "sortition:letterbatch_specimen": "sortition.LetterBatch",
    "sortition:draw_detail": "sortition.Draw",
    "sortition:draw_archive": "sortition.Draw",
    "sortition:seatoffer_detail": "sortition.SeatOffer",
    "sortition:authorisation_file": "sortition.Authorisation",
    "workshops:workshop_detail": "workshops.Workshop",
    "workshops:meeting_detail": "workshops.Meeting",
    "workshops:minutes_detail": "workshops.Minutes",
    "workshops:notebook_detail": "workshops.Notebook",
    "workshops:notebooksection_detail": "workshops.NotebookSection",
    "workshops:commitment_detail": "workshops.Commitment",
    "workshops:allowancerun_detail": "workshops.AllowanceRun",
    "workshops:allowancerun_table": "workshops.AllowanceRun",
    "workshops:hearing_detail": "workshops.Hearing",
    "workshops:piece_file": "workshops.Piece",
    "workshops:watchitem_detail": "workshops.WatchItem",
    "workshops:pressreview_detail": "workshops.PressReview",
    "workshops:cycle_priorities": "assembly.Cycle",
    "workshops:survey_list": "assembly.Cycle",
    "workshops:survey_detail": "workshops.Survey",
    "workshops:prioritysubject_detail": "workshops.PrioritySubject",
    "workshops:priorityvote_detail": "workshops.PriorityVote",
    "workshops:outing_detail": "workshops.Outing",
    "workshops:partner_detail": "workshops.Partner",
    "workshops:referral_detail": "workshops.Referral",
    "workshops:allotment_detail": "workshops.Allotment",
    "workshops:thread_detail": "workshops.Thread",
    "workshops:tableplan_detail": "workshops.TablePlan",
    "workshops:paper_file": "workshops.Paper",
    "deliberations:proposal_detail": "deliberations.Proposal",
    "deliberations:proposal_versions": "deliberations.Proposal",
    "deliberations:proposal_amendments": "deliberations.Proposal",
    "deliberations:proposal_card": "deliberations.Proposal",
    "deliberations:proposal_word": "deliberations.Proposal",
    "deliberations:proposal_akoma": "deliberations.Proposal",
    "deliberations:amendment_detail": "deliberations.Amendment",
    "deliberations:review_detail": "deliberations.Review",
    "deliberations:proposal_texts": "deliberations.Proposal",
    "deliberations:workingmandate_detail": "deliberations.WorkingMandate",
    "deliberations:ballot_detail": "deliberations.Ballot",
    "deliberations:measure_detail": "deliberations.Measure",
    "deliberations:pledge_detail": "deliberations.Pledge",
    "deliberations:cycle_fiche": "assembly.Cycle",
    "deliberations:cycle_fiche_oidp": "assembly.Cycle",
    "deliberations:cycle_fiche_oecd": "assembly.Cycle",
    "deliberations:yearlyreport_detail": "deliberations.YearlyReport",
    "deliberations:recommendation_list": "workshops.Workshop",
    "deliberations:request_detail": "deliberations.Request",
    "deliberations:cycle_feed_text": "assembly.Cycle",
    "deliberations:cycle_feed_return": "assembly.Cycle",
    "deliberations:cycle_feed_document": "assembly.Cycle",
    "deliberations:cycle_feed_meeting": "assembly.Cycle",
    "deliberations:cycle_feed_press": "assembly.Cycle",
}
"""Who may know the object: `visible_to`."""

HELD = {
    "assembly:board_list": ("", "assembly.view_board"),
    "assembly:cycle_board": ("assembly.Cycle", "assembly.view_board"),
    "assembly:cycle_setup": ("assembly.Cycle", "assembly.edit_cycle"),
    "assembly:cycle_set_phases": ("assembly.Cycle", "assembly.set_phases_cycle"),
    "assembly:cycle_set_pools": ("assembly.Cycle", "assembly.set_pools_cycle"),
    "assembly:cycle_set_targets": ("assembly.Cycle", "assembly.set_targets_cycle"),
    "assembly:composition_day": ("assembly.Cycle", "assembly.view_composition"),
    "assembly:cycle_journal": ("assembly.Cycle", "assembly.view_journal"),
    "assembly:member_list": ("assembly.Cycle", "assembly.view_members"),
    "assembly:member_detail": ("assembly.Member", "assembly.view_member"),
    "assembly:appointment_list": ("", "assembly.add_appointment"),
    "assembly:privacy_desk": ("", "assembly.view_privacy"),
    "assembly:privacy_register": ("", "assembly.view_privacy"),
    "assembly:privacy_openings": ("", "assembly.view_privacy"),
    "assembly:privacy_register_print": ("", "assembly.view_people"),
    "assembly:person_search": ("", "assembly.view_people"),
    "assembly:elimination_add": ("assembly.Cycle", "assembly.add_elimination"),
    "assembly:rightsrequest_list": ("", "assembly.view_people"),
    "assembly:rightsrequest_name_person": ("assembly.RightsRequest", "assembly.view_people"),
    "assembly:rightsrequest_export": ("assembly.RightsRequest", "assembly.view_people"),
    "sortition:recruitment": ("assembly.Cycle", "sortition.view_recruitment"),
    "sortition:response_rates": ("assembly.Cycle", "sortition.view_recruitment"),
    "sortition:reminders": ("assembly.Cycle", "sortition.view_silent"),
    "sortition:register_add": ("assembly.Cycle", "sortition.add_register"),
    "sortition:letters_returned": ("assembly.Cycle", "sortition.come_back_invitation"),
    "sortition:volunteer_list": ("assembly.Cycle", "sortition.view_recruitment"),
    "sortition:answers_upload": ("assembly.Cycle", "sortition.add_volunteer"),
    "sortition:answer_type": ("assembly.Cycle", "sortition.add_volunteer"),
    "sortition:answer_trial": ("assembly.Cycle", "sortition.add_volunteer"),
    "sortition:to_decide": ("assembly.Cycle", "sortition.view_decisions"),
    "sortition:draw_add": ("assembly.Cycle", "sortition.add_draw"),
    "sortition:complement_add": ("assembly.Cycle", "sortition.add_draw"),
    "sortition:draw_room": ("sortition.Draw", "sortition.view_recruitment"),
    "sortition:draw_try": ("sortition.Draw", "sortition.view_recruitment"),
    "sortition:seat_list": ("assembly.Cycle", "sortition.view_seatoffer"),
    "workshops:enrolment_pin": ("assembly.Cycle", "workshops.pin_enrolment"),
    "workshops:allowancerun_list": ("assembly.Cycle", "workshops.view_allowances"),
    "workshops:enrolment_list": ("assembly.Cycle", "workshops.view_enrolments"),
    "workshops:meeting_copy_month": ("assembly.Cycle", "workshops.add_meeting"),
    "workshops:workshop_year": ("workshops.Workshop", "workshops.view_year"),
    "deliberations:proposal_board": ("", "assembly.view_board"),
    "deliberations:fiche_complete": ("assembly.Cycle", "deliberations.complete_fiche"),
    "deliberations:fiche_print_sheet": ("assembly.Cycle", "deliberations.print_sheet_fiche"),
    "deliberations:instrument_limits": ("assembly.Cycle", "deliberations.edit_instrumentlimit"),
    "deliberations:proposal_save_version": ("deliberations.Proposal", "deliberations.save_version_proposal"),
}
"""Who may know the object and holds the permission ("" when there is no object)."""

ELSEWHERE = {
    **dict.fromkeys(
        ["open_data_set", "open_data:csv", "open_data:json", "open_data:list", "open_data:object"],
        "the name of a dataset, open to all: assembly/tests/test_open_data.py",
    ),
    "deliberations:proposal_follow": "public texts only: deliberations/tests/test_following.py",
    "deliberations:follow_confirm": "needs the token of a letter: deliberations/tests/test_following.py",
    "deliberations:follow_stop": "needs the token of a letter: deliberations/tests/test_following.py",
    "open_data:archive": "once it is made, open to all: assembly/tests/test_open_data.py",
    "open_data_rebuild": "takes POST only: assembly/tests/test_open_data.py",
    "my_contact": "whose contact is still kept: assembly/tests/test_my_page.py",
    "workshops:picture_file": "needs the name of a picture: workshops/tests",
    "workshops:watchitem_picture": "for items that hold a picture: workshops/tests",
    "sortition:respond_form": "needs a code in the session: sortition/tests",
    "sortition:respond_draft": "needs a code in the session: sortition/tests",
    "sortition:respond_leave": "needs a code in the session: sortition/tests",
    "sortition:respond_done": "needs a code in the session: sortition/tests",
    "sortition:my_place": "needs a frozen draw: sortition/tests",
    "sortition:my_place_shown": "needs a code in the session: sortition/tests",
    "sortition:my_proof": "needs a code in the session: sortition/tests",
    "sortition:reserve_in": "juries only: deliberations/tests/test_requests.py",
    "sortition:answers_columns": "needs the token of an upload: sortition/tests",
    "sortition:answers_refusals": "needs the token of an upload: sortition/tests",
    "sortition:answers_preview": "needs the token of an upload: sortition/tests",
    "assembly:retention_set_days": "needs a category: assembly/tests/test_privacy.py",
    "assembly:export_json": "needs an export that is ready: assembly/tests/test_privacy.py",
    "assembly:job_retry": "takes POST only: assembly/tests/test_pages.py",
    "sortition:draw_file": "one name among the published files: sortition/tests",
    "workshops:workshop_section": "one of the registered sections: workshops/tests/test_space.py",
    "workshops:needs_tell": "who sits today: workshops/tests/test_needs.py",
    "workshops:support_list": "the support team: workshops/tests/test_needs.py",
    "workshops:calendar": "needs a secret: workshops/tests/test_letters.py",
    "workshops:subscription": "one’s own: workshops/tests/test_letters.py",
    "workshops:subscription_renew": "one’s own: workshops/tests/test_letters.py",
    "workshops:subscription_revoke": "one’s own: workshops/tests/test_letters.py",
    "workshops:enrolment_choose": "who sits in a cycle that allots: workshops/tests",
}
"""Tried one by one in the tests of their room."""


def kind_of(name, view):
    """(model, permission) of an address; permission None where seeing is enough."""
    kind = getattr(view, "view_class", None)
    if name in SEEN:
        return model_named(SEEN[name]), None
    if name in HELD:
        model, permission = HELD[name]
        return model and model_named(model), permission
    model = view.view_initkwargs.get("model") or kind.model
    if issubclass(kind, FoundView):
        return kind.parent_model, permission_for("add", model)
    if issubclass(kind, ActView | EditView):
        return model, permission_for(view.view_initkwargs.get("act") or kind.act, model)
    raise LookupError(name)


def cells():
    """(name, view, model, permission) of every address that is tried here."""
    for name, view, _parameters in addresses():
        if name not in OPEN | LOGGED_IN and name not in ELSEWHERE:
            yield (name, view, *kind_of(name, view))


@cache
def samples(model):
    """What the public may not know in each cycle, and one object it may know."""
    if not model:
        return [None]
    public = set(model.objects.visible_to(AnonymousUser()).values_list("pk", flat=True))
    found = {}
    for obj in model._base_manager.all():
        known = obj.pk in public
        found.setdefault(known or getattr(getattr(obj, "cycle", None), "pk", None), obj)
    assert found, f"the story holds no {model.__name__}"
    return list(found.values())


def address_of(name, parameters, obj):
    known = {"pk": getattr(obj, "pk", None), "number": getattr(obj, "number", None), "slug": "x"}
    if "key" in parameters:
        known["key"] = obj.pools.first().key
    return reverse(name, kwargs={parameter: known[parameter] for parameter in parameters})


def known_to(user):
    """A function: the numbers of the rows of a model this person may know, asked once a model."""
    return cache(lambda model: set(model.objects.visible_to(user).values_list("pk", flat=True)))


def expected(user, known, view, model, permission, obj):
    closed = getattr(view, "login_required", True)
    if closed and not user.is_authenticated:
        return "door"
    if obj is not None and obj.pk not in known(model):
        return 404
    if permission and not user.has_perm(permission, obj):
        return 403 if user.is_authenticated else "door"
    return "open"


def verdict(response):
    if response.status_code == 302 and "/compte/login" in response.url:
        return "door"
    return "open" if response.status_code < 400 else response.status_code


def afresh(user):
    """The person as the next request would find them."""
    return type(user).objects.get(pk=user.pk) if user.pk else user


def client_of(user, **options):
    client = Client(**options)
    if user.is_authenticated:
        client.force_login(user)
    return client


def tries():
    parameters = {name: parameters for name, _view, parameters in addresses()}
    for name, view, model, permission in cells():
        for obj in samples(model):
            yield name, view, model, permission, obj, address_of(name, parameters[name], obj)


def test_every_address_is_in_the_test():
    known = OPEN | LOGGED_IN | set(ELSEWHERE) | {name for name, *_rest in cells()}
    assert known >= {name for name, _view, _parameters in addresses()}


ASKED_BY_HEAD = {"visitor", "department"}
"""Between them, they find every door closed and most doors open."""


def undone(ask, *words):
    """The verdict of a request that leaves nothing behind."""
    with transaction.atomic():
        response = ask(*words)
        if response.streaming:
            list(response.streaming_content)  # read to its end, a file is closed
        transaction.set_rollback(True)
    return verdict(response)


def takes_forms(view):
    """A page that takes none answers any form with a 405 of Django's own."""
    return hasattr(getattr(view, "view_class", view), "post") or not hasattr(view, "view_class")


def surprises(client, who, wanted, view, address):
    """What a request says that the rules do not: by reading, by a glance, by sending a form without the right to."""
    asked = [("get", undone(client.get, address), {wanted})]
    if who in ASKED_BY_HEAD:
        asked.append(("head", undone(client.head, address), {wanted}))
    if wanted != "open" and takes_forms(view):
        asked.append(("post", undone(client.post, address, {"reason": "x"}), {wanted, 405}))
    return [
        (method, address, f"wanted {wanted}", f"got {got}") for method, got, good in asked if got not in good
    ]


@pytest.mark.parametrize("who", SHARED)
def test_each_address_opens_to_whom_the_rules_say(people, who):
    user, wrong = afresh(people[who]), []
    client, known = client_of(user), known_to(user)
    for _name, view, model, permission, obj, address in tries():
        wanted = expected(user, known, view, model, permission, obj)
        wrong += surprises(client, who, wanted, view, address)
    assert wrong == []


@pytest.mark.once
@pytest.mark.parametrize("who", ["visitor", "secretariat", "member"])
def test_no_form_is_taken_without_its_token(people, who):
    client = client_of(people[who], enforce_csrf_checks=True)
    taken = [address for *_rest, address in tries() if client.post(address).status_code != 403]
    assert taken == []


@pytest.mark.parametrize("who", SHARED)
def test_open_pages_are_open_to_all(people, who):
    client = client_of(people[who])
    for name in sorted(OPEN - {"health"}):
        assert client.get(reverse(name)).status_code == 200, name
