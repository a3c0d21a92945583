"""The action plan as a workbook; nothing in it is a formula."""

import io
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from clm.core.models import User
from clm.core.tables.writing import neutral
from journeys import selectors, words
from journeys.models import MappingProject


def plan(*, project: MappingProject, actor: User, language: str, at: datetime) -> bytes:
    """Two sheets: the actions, and the opportunities they come from."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with Workbook(out, options) as book:
        book.set_properties({"title": neutral(project.title)})
        actions = [
            [
                one.title, one.opportunity, one.owner, one.due_on, one.done_on, one.expected,
                one.measured, one.rests_on,
            ]
            for one in words.plan_rows(project=project, actor=actor, at=at)
        ]  # fmt: skip
        headers = [
            _("Action"), _("Opportunity"), _("Owner"), _("Due"), _("Done"), _("Expected"),
            _("Measured"), _("Rests on"),
        ]  # fmt: skip
        _write(book, _("Action plan"), headers, actions, (40, 30, 20, 12, 12, 40, 50, 60))
        ranked = [
            [
                one.place, one.opportunity.title, one.opportunity.worth, one.opportunity.effort,
                None if one.money is None else float(one.money),
            ]
            for one in selectors.ranked_opportunities(project=project)
        ]  # fmt: skip
        headers = [_("No."), _("Opportunity"), _("Value"), _("Effort"), _("Cost a year")]
        _write(book, _("Opportunities"), headers, ranked, (6, 60, 10, 10, 16))
    return out.getvalue()


def _write(
    book: Any, name: str, headers: list[str], rows: list[list[Any]], widths: tuple[int, ...]
) -> None:
    sheet = book.add_worksheet(name[:31])
    bold = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})
    amount = book.add_format({"num_format": "#,##0.##", "valign": "top"})
    sheet.freeze_panes(1, 0)
    for column, (text, width) in enumerate(zip(headers, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, text, bold)
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(line, column, value, day)
            elif isinstance(value, int | float):
                sheet.write_number(line, column, value, amount)
            elif value:
                sheet.write_string(line, column, neutral(str(value)), wrapped)
