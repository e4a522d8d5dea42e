"""What a citizen looks for among the texts and the measures."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from assembly.factories import AppointmentFactory
from deliberations.factories import MeasureFactory, ProposalFactory, ReturnFactory
from deliberations.tests.test_pages import cost

pytestmark = pytest.mark.django_db
LIST = reverse("deliberations:proposal_list")


def test_the_secretariat_says_which_districts_a_public_text_concerns(client):
    text = ProposalFactory(transmitted=True, title="Un vœu du canal")
    ProposalFactory(transmitted=True, title="Un vœu de partout")
    client.force_login(AppointmentFactory(role="secretariat").user)

    client.post(reverse("deliberations:proposal_locate", args=[text.pk]), {"districts": ["19", "10"]})

    client.logout()
    text.refresh_from_db()
    assert text.districts == "10 19"
    found = client.get(LIST, {"district": "19"})
    assertContains(found, "Un vœu du canal")
    assertNotContains(found, "Un vœu de partout")
    assertContains(client.get(text.get_absolute_url()), "19e arrondissement")


def test_texts_are_found_by_subject_and_by_outcome(client):
    refused = ProposalFactory(refused=True, title="Le refusé")
    adopted = ProposalFactory(in_follow_up=True, title="L’adopté")

    assertNotContains(client.get(LIST, {"outcome": "refused"}), adopted.title)
    assertContains(client.get(LIST, {"outcome": "refused"}), refused.title)
    assertContains(client.get(LIST, {"subject": adopted.workshop_id}), adopted.title)
    assertNotContains(client.get(LIST, {"subject": adopted.workshop_id}), refused.title)


def test_measures_show_how_far_they_came_and_what_proves_it_in_one_round(client):
    text = ProposalFactory(in_follow_up=True)
    row = MeasureFactory(proposal=text, number=1, state="in_progress")
    ReturnFactory(measure=row, evidence="https://www.paris.fr/preuve")
    address = reverse("deliberations:measure_list")
    alone = cost(client, f"{address}?q=")

    for number in range(2, 8):
        MeasureFactory(proposal=text, number=number)

    assert cost(client, f"{address}?q=") == alone <= 10
    assertContains(client.get(address), "https://www.paris.fr/preuve")
    assertContains(client.get(address), "<span>50\u00a0%</span>", html=True)


def test_a_text_without_a_summary_in_plain_words_is_not_settled():
    text = ProposalFactory(co_drafted=True, plain_summary=" ")
    secretary = AppointmentFactory(role="secretariat").user

    with pytest.raises(ValidationError, match="mots simples"):
        text.settle(by=secretary)
