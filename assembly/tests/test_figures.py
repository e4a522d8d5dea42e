"""Figures: what is drawn says what was counted."""

import page
import pytest
from django.template import Context, Template
from django.utils import translation

from assembly import charts, districts, documents
from assembly.templatetags import house


def rendered(source, **context):
    with translation.override("en"):
        return Template("{% load house %}" + source).render(Context(context))


@pytest.mark.parametrize("seats", [1, 2, 5, 17, 49, 100, 163])
def test_a_hemicycle_has_as_many_dots_as_seats(seats):
    drawn = charts.hemicycle(seats, lit=min(seats, 3))

    assert len(drawn["seats"]) == seats
    assert sum(seat.lit for seat in drawn["seats"]) == min(seats, 3)


def test_a_category_outside_its_target_is_marked():
    rows = [{"label": "a", "minimum": 4, "maximum": 6, "value": v, "share": 0.5} for v in (3, 4, 6, 7)]

    assert [row["off"] for row in charts.composition(rows)["rows"]] == [True, False, False, True]


def test_a_category_without_figures_is_still_drawn():
    assert charts.composition([{"label": "a"}])["rows"][0]["value"] == 0
    assert charts.composition([])["rows"] == []


def test_the_segments_of_a_vote_fill_the_bar():
    drawn = charts.votes({"for": 60, "against": 20, "abstention": 15, "absent": 5})

    assert sum(float(segment["width"].rstrip("%")) for segment in drawn["segments"]) == pytest.approx(100)


def test_a_vote_nobody_took_part_in_is_drawn_empty():
    assert charts.votes({})["total"] == 0


@pytest.mark.parametrize("values", [{}, {"a": 0}, {"a": 3, "b": 4}, {"a": 0.4}, {"a": 12345, "b": 1}])
def test_columns_and_lines_take_any_figures(values):
    for drawn in (charts.histogram(values), charts.line(values)):
        assert drawn["ticks"][-1]["value"] >= max(values.values(), default=0)


def test_columns_lie_down_when_their_labels_are_long():
    words = {"partly done": 3, "under study": 2, "dropped, with reasons": 1, "in progress": 4}

    assert [row["value"] for row in charts.histogram(words)["lying"]["rows"]] == [3, 2, 1, 4]
    assert "lying" not in charts.histogram({"16–24": 3, "25–39": 2})


@pytest.mark.parametrize("key", [5, "5", "05", "5e", "75105", "5e arrondissement"])
def test_a_district_is_known_by_any_of_its_names(key):
    assert districts.code(key) == "05"


def test_a_map_joins_the_first_four_districts_when_its_figures_do():
    assert len(districts.shaded({"PC": 5, "05": 3})["areas"]) == 17
    assert len(districts.shaded({"01": 5, "05": 3})["areas"]) == 20
    assert len(districts.shaded({})["areas"]) == 20


@pytest.mark.parametrize("most", [1, 4, 5, 11, 20, 21, 110, 1234, 68143])
def test_at_most_five_shades_reach_the_greatest_value(most):
    drawn = districts.shaded({"05": most, "06": 1})

    assert drawn["legend"][-1]["low"] <= most <= drawn["legend"][-1]["high"]
    assert len(drawn["legend"]) <= 6


def test_a_map_credits_its_outlines():
    assert "ODbL" in rendered("{% district_map values %}", values={"05": 3})


@pytest.mark.parametrize(
    ("tag", "values"),
    [
        ("composition_chart", [{"label": "<b>", "share": 0.5, "minimum": 1, "maximum": 2, "value": 1}]),
        ("district_map", {"05": 3}),
        ("funnel", [{"label": "<b>", "value": 3}]),
        ("vote_bar", {"for": 3}),
        ("histogram", {"<b>": 3}),
        ("line_chart", {"<b>": 3}),
    ],
)
def test_every_figure_has_a_title_and_a_table(tag, values):
    html = rendered("{% " + tag + " values title='What is shown' %}", values=values)

    assert "<title>What is shown" in html
    assert "<caption" in html
    assert "<b>" not in html


def test_the_french_say_first_of_the_month():
    with translation.override("fr"):
        template = Template("{% load house %}{{ '2023-03-01'|day }}, {{ '2023-03-16T18:30:00'|hour }}")
        assert template.render(Context()) == "1er\u00a0mars 2023, 18\u00a0h\u00a030"


def test_a_sheet_with_every_element_is_a_valid_tagged_pdf():
    figures = Template(
        """{% load house %}{% load samples %}{% samples as made %}<!doctype html>
        <html lang="en"><head><title>Elements</title></head><body>
        {% include "components/_cover.html" with title="Elements" kicker="Sample" only %}
        <main><h2 id="one">One</h2><nav class="toc"><ol><li><a href="#one">One</a></li></ol></nav>
        {% composition_chart made.composition %}{% district_map made.sectors %}{% funnel made.funnel %}
        {% vote_bar made.tally %}{% histogram made.ages %}{% line_chart made.presence %}
        {% include "components/_facts.html" with facts=made.facts only %}
        {% include "components/_journey.html" with entries=made.journey only %}
        {% include "components/_people.html" with people=made.people only %}
        <ol><li><p>First</p><p>Still first</p></li></ol><ul><li>One</li></ul>
        </main></body></html>"""
    )
    with translation.override("en"):
        sheet = documents.to_pdf(figures.render(Context()))

    report = page.validate_pdf_bytes(sheet, profile=page.ValidationProfile.PDF_UA_1)
    assert [failure.message for failure in report.failures] == []


def test_the_beginning_of_a_text_keeps_its_no_break_spaces():
    assert house.beginning("Où aller\u00a0? Partout, vraiment partout.", 22) == "Où aller\u00a0? Partout…"
    assert house.beginning("Court.", 22) == "Court."
    assert house.beginning(None) == ""
