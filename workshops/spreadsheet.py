"""A run as a workbook for the finance department: one sheet by person, one by meeting."""

from io import BytesIO

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from sortition.engine.volunteers import escape_cell
from workshops import allowances

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def of_run(run):
    lines = list(run.lines.select_related("member__user", "meeting"))
    book = Workbook()
    write(book.active, _("By person"), *by_person(run, lines))
    write(book.create_sheet(), _("By meeting"), *by_meeting(lines))
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def by_person(run, lines):
    heads = [_("Number"), _("Person"), _("half-days"), _("Rate"), _("Amount")]
    rows = [
        [row["member"].pk, row["member"].user.name, row["half_days"], run.rate, row["amount"]]
        for row in allowances.by_member(lines)
    ]
    return heads, rows


def by_meeting(lines):
    heads = [_("Number"), _("Person"), _("Date"), _("Meeting"), _("half-days"), _("Amount"), _("Corrects")]
    rows = [
        [
            line.member_id,
            line.member.user.name,
            localdate(line.meeting.starts_at),
            line.meeting.title,
            line.half_days,
            line.amount,
            _("yes") if line.corrects else "",
        ]
        for line in lines
    ]
    return heads, rows


def write(sheet, title, heads, rows):
    sheet.title = title
    sheet.append([str(head) for head in heads])
    for row in rows:
        sheet.append([escape_cell(cell) if isinstance(cell, str) else cell for cell in row])
    for column, cell in enumerate(sheet[1], 1):
        cell.font = Font(bold=True)
        wide = bool(rows) and isinstance(rows[0][column - 1], str)
        sheet.column_dimensions[get_column_letter(column)].width = 34 if wide else 14
    sheet.freeze_panes = "A2"
