"""Owns tables as files: CSV that spreadsheets read as UTF-8, and XLSX."""

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from backend.fairness.tables import Table, Value

BOM = "\ufeff"
"""Without it spreadsheets take UTF-8 for a local encoding."""

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

CODE = "code"
"""Heading of the rows' codes, in every language."""

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_FORMATS = {"krw": "#,##0", "count": "#,##0", "share": "0.0%", "rate": "0.00"}
_WIDEST = 48


def write_csv(tables: Sequence[Table]) -> bytes:
    """Write one table as it is, or several as rows of table, code, name, measure and value."""
    if len(tables) == 1:
        (table,) = tables
        head = ["code", *(column.key for column in table.columns)]
        return write_rows(head, ([row.code, *row.values] for row in table.rows))
    measures = (line for table in tables for line in _measures(table))
    return write_rows(["table", "code", "name", "measure", "value"], measures)


def write_rows(head: Sequence[str], rows: Iterable[Sequence[Value]]) -> bytes:
    """Write a CSV that spreadsheets read as UTF-8.

    Text that a spreadsheet would take for a formula is led by an apostrophe (OWASP, CSV injection).
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(head)
    writer.writerows([_text(value) for value in row] for row in rows)
    return (BOM + out.getvalue()).encode()


def write_xlsx(tables: Iterable[Table], *, title: str) -> bytes:
    """Write a workbook with a sheet for each table.

    :param title: of the workbook.
    """
    book = Workbook()
    book.remove(book.active)
    book.properties.title = title
    book.properties.creator = "Dongne"
    for table in tables:
        sheet = book.create_sheet(table.title)
        lines = _facts(table) if table.is_facts else _lines(table)
        for at, line in enumerate(lines, start=1):
            for column, (value, kind) in enumerate(line, start=1):
                _fill(sheet.cell(at, column), value, kind, bold=at == 1 and not table.is_facts)
        if not table.is_facts:
            sheet.freeze_panes = "C2"
        for column, cells in enumerate(sheet.iter_cols(), start=1):
            widest = max((_width(cell.value) for cell in cells), default=8)
            sheet.column_dimensions[get_column_letter(column)].width = min(widest + 2, _WIDEST)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _measures(table: Table) -> Iterable[list[Value]]:
    texts = [column.kind == "text" for column in table.columns]
    for row in table.rows:
        name = next(
            (value for value, is_text in zip(row.values, texts, strict=True) if is_text), ""
        )
        for column, value in zip(table.columns, row.values, strict=True):
            if value is not None and value != name:
                yield [table.key, row.code, name, column.key, value]


def _lines(table: Table) -> Iterable[list[tuple[Value, str]]]:
    yield [(CODE, "text"), *((column.label, "text") for column in table.columns)]
    for row in table.rows:
        kinds = [column.kind for column in table.columns]
        yield [(row.code, "text"), *zip(row.values, kinds, strict=True)]


def _facts(table: Table) -> Iterable[list[tuple[Value, str]]]:
    (row,) = table.rows
    for column, value in zip(table.columns, row.values, strict=True):
        yield [(column.label, "text"), (value, column.kind)]


def _fill(cell: Cell, value: Value, kind: str, *, bold: bool) -> None:
    cell.value = value
    if isinstance(value, str):
        # A name that begins like a formula stays a name.
        cell.data_type = "s"
    elif kind in _FORMATS:
        cell.number_format = _FORMATS[kind]
    if bold:
        cell.font = Font(bold=True)


def _text(value: Value) -> Value:
    if isinstance(value, str) and value.startswith(_DANGEROUS):
        return f"'{value}"
    return value


def _width(value: object) -> int:
    return sum(2 if ord(character) > 0x1100 else 1 for character in str(value or ""))
