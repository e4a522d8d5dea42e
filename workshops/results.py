"""What a survey gave, as everybody may read it: small counts protected, averages from what is shown."""

from dataclasses import dataclass

from assembly.composition.discretion import blurred
from assembly.composition.sheet import middle, said
from assembly.lines import lines
from workshops.models import SurveyQuestion
from workshops.questionnaire import FEWEST


@dataclass(frozen=True)
class Answers:
    """The answers to one question; `cells` empty when too few answered to break them down."""

    question: SurveyQuestion
    number: int
    cells: list

    @property
    def average(self):
        """Of a scale, from 1 to 5, worked out from the counts as they are shown."""
        if self.question.kind != SurveyQuestion.Kind.SCALE or not self.cells:
            return None
        total = sum(cell["middle"] for cell in self.cells)
        weighted = sum(int(cell["value"]) * cell["middle"] for cell in self.cells)
        return round(float(weighted / total), 1)


def answers_to(question, results):
    counts = {value: results.get(question.key, {}).get(value, 0) for value, _words in question.options}
    number = sum(counts.values())
    if number < FEWEST:
        return Answers(question, number, [])
    shown = blurred(counts)
    most = max(middle(cell) for cell in shown.values())
    cells = [
        {
            "value": value,
            "label": words,
            "text": said(*shown[value]),
            "middle": middle(shown[value]),
            "width": f"{float(100 * middle(shown[value]) / most):.1f}%",
            "blurred": shown[value][0] != shown[value][1],
        }
        for value, words in question.options
    ]
    return Answers(question, number, cells)


def by_theme(survey):
    """[(theme, scales, choices)] of the questions asked, in order."""
    asked = [question for question in survey.questions.all() if question.asked and question.counts]
    found = []
    for theme in SurveyQuestion.Theme:
        mine = [answers_to(question, survey.results) for question in asked if question.theme == theme]
        scales = [one for one in mine if one.question.kind == SurveyQuestion.Kind.SCALE]
        choices = [one for one in mine if one.question.kind == SurveyQuestion.Kind.CHOICE]
        if mine:
            found.append({"label": theme.label, "scales": scales, "choices": choices})
    return found


def compared(surveys):
    """By theme, the average of each scale from one moment to the next; nothing until there are two moments."""
    surveys = list(surveys)
    if len(surveys) < 2:
        return []
    texts, averages, themes = {}, {}, {}
    for survey in surveys:
        for theme in by_theme(survey):
            for one in theme["scales"]:
                key = one.question.key
                texts[key] = one.question.text
                themes.setdefault(theme["label"], []).append(key)
                averages.setdefault(key, {})[survey.pk] = one.average
    moments = [survey.get_moment_display() for survey in surveys]
    return [
        {
            "label": label,
            "lines": lines(
                moments,
                [
                    (texts[key], [averages[key].get(survey.pk) for survey in surveys])
                    for key in dict.fromkeys(keys)
                ],
            ),
        }
        for label, keys in themes.items()
    ]
