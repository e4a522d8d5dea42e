"""Read a table handed over by somebody else, row by row, in constant memory, and fingerprint its bytes."""

import codecs
import contextlib
import csv
import datetime
import hashlib
import io
import itertools
import os
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sortition.engine.sentences import Unreadable

SAMPLE = 1 << 18
LONGEST_FIELD = 1_000_000
MOST_COLUMNS = 500
LARGEST_WORKBOOK = 1 << 30
LARGEST_SHARED_STRINGS = 1 << 27
MOST_RATIO = 250
DELIMITERS = ";,\t|"
HEADING_WITHIN = 30

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a_pdf"),
    (b"\x89PNG", "a_picture"),
    (b"\xff\xd8\xff", "a_picture"),
    (b"GIF8", "a_picture"),
    (b"\x1f\x8b", "a_compressed_file"),
    (b"BZh", "a_compressed_file"),
    (b"\xfd7zXZ", "a_compressed_file"),
    (b"7z\xbc\xaf", "a_compressed_file"),
    (b"Rar!", "a_compressed_file"),
    (b"SQLite format 3", "not_a_table"),
    (b"\x7fELF", "not_a_table"),
    (b"MZ\x90", "not_a_table"),
    (b"{\\rtf", "a_document"),
    (b"\xd0\xcf\x11\xe0", "old_workbook"),
)

Progress = Callable[[int], None]


class Table:
    """A table being read: its heading, then its rows once, then its fingerprint.

    `rows()` gives (line number in the file, cells); `records` gives the cells alone, faster, `line_of(row)` being
    the number of the row just read. `fingerprint` is the SHA-256 of the file's bytes, known once the rows are exhausted.
    Rows are given as they are: shorter or longer than the heading if the file is ragged; blank lines are passed over.
    """

    name: str
    format: str
    encoding: str = ""
    delimiter: str = ""
    header: list[str]
    header_line: int

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name or path.name
        self.size = path.stat().st_size
        self._digest: str | None = None

    @property
    def records(self) -> Iterator[list[str]]:
        raise NotImplementedError

    def line_of(self, row: Sequence[str]) -> int:
        """Where the row just read begins in the file, from 1."""
        raise NotImplementedError

    @property
    def fingerprint(self) -> str:
        if self._digest is None:
            raise ValueError("The fingerprint is known once every row has been read.")
        return self._digest

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        for row in self.records:
            if any(row):
                yield self.line_of(row), row

    def watch(self, progress: Progress) -> None:
        """Call this too, with the number of bytes read, as the reading goes on."""
        raise NotImplementedError

    def reopen(self) -> "Table":
        """The same table from its beginning."""
        return open_table(self.path, self.name)

    def close(self) -> None:
        pass


def open_table(path: str | Path, name: str = "", progress: Progress | None = None) -> Table:
    """Open a delimited text or an .xlsx workbook; its kind is told from its bytes, never from its name.

    `progress` is called with the number of bytes read so far. Raises `Unreadable`.
    """
    path = Path(path)
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    _refuse_strangers(sample)
    if sample[:4] == b"PK\x03\x04":
        return Workbook(path, name, progress)
    return Text(path, name, sample, progress)


def _refuse_strangers(sample: bytes) -> None:
    if not sample.strip(b" \t\r\n\xef\xbb\xbf\x1a"):
        raise Unreadable("empty_file")
    if sample[:4] in (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff"):
        raise Unreadable("utf_32")
    for magic, code in MAGIC:
        if sample.startswith(magic):
            raise Unreadable(code)
    start = sample.lstrip(b"\xef\xbb\xbf \r\n\t")[:64].lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<svg")):
        raise Unreadable("a_web_page")


# ---- delimited text


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are not UTF-8 in a text taken for UTF-8 are read as Windows-1252."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error("windows1252", _as_windows_1252)


class _Hashing(io.RawIOBase):
    """Bytes of a file, hashed and counted as they pass."""

    def __init__(self, path: Path, progress: Progress | None, zero_bytes_allowed: bool) -> None:
        self.path, self.progress, self.zero_bytes_allowed = path, progress, zero_bytes_allowed
        self.hash = hashlib.sha256()
        self.count = 0
        self.descriptor = os.open(path, os.O_RDONLY)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        size = os.readv(self.descriptor, [buffer])
        piece = bytes(memoryview(buffer)[:size])
        self.hash.update(piece)
        if b"\0" in piece and not self.zero_bytes_allowed:
            raise Unreadable("null_bytes", line=_line_of_zero_byte(self.path))
        self.count += size
        if self.progress is not None and size:
            self.progress(self.count)
        return size

    def close(self) -> None:
        if not self.closed:
            os.close(self.descriptor)
        super().close()


def _line_of_zero_byte(path: Path) -> int:
    with path.open("rb") as file:
        lines = 1
        while b"\0" not in (piece := file.read(1 << 20)):
            lines += piece.count(b"\n")
        return lines + piece[: piece.index(b"\0")].count(b"\n")


def encoding_of(sample: bytes) -> str:
    """BOM first, then UTF-8 if it is, else Windows-1252."""
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def delimiter_of(text: str) -> str:
    """The separator that cuts the most lines into the same number of cells."""
    lines = text.splitlines(keepends=True)[:200]

    def score(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1)
        if not widths:
            return (0, 0)
        width, times = max(widths.items(), key=lambda item: (item[1] * item[0], item[0]))
        return (times * width, -DELIMITERS.index(delimiter))

    best = max(DELIMITERS, key=score)
    return best if score(best)[0] else ";"


class Text(Table):
    """A text whose cells are separated by ; , tab or |."""

    def __init__(self, path: Path, name: str, sample: bytes, progress: Progress | None) -> None:
        super().__init__(path, name)
        csv.field_size_limit(LONGEST_FIELD)
        codec = encoding_of(sample)
        self.encoding = {"utf-8-sig": "utf-8"}.get(codec, codec)
        if codec != "utf-16" and b"\0" in sample:
            raise Unreadable("null_bytes", line=sample[: sample.index(b"\0")].count(b"\n") + 1)
        self.delimiter = delimiter_of(self._sample_text(sample, codec))
        self.format = {"\t": "tab"}.get(self.delimiter, self.delimiter)
        self._raw = _Hashing(path, progress, zero_bytes_allowed=codec == "utf-16")
        stream = io.TextIOWrapper(
            io.BufferedReader(self._raw, 1 << 20),
            encoding=codec,
            errors="windows1252" if codec.startswith("utf-8") else "replace",
            newline="",
        )
        stream._CHUNK_SIZE = 1 << 18  # type: ignore[attr-defined]
        self._stream = stream
        self._reader = csv.reader(stream, delimiter=self.delimiter)
        self._ahead: list[tuple[int, list[str]]] = []
        self._ahead_line = 0
        try:
            self._find_heading()
        except Unreadable:
            self.close()
            raise

    @staticmethod
    def _sample_text(sample: bytes, codec: str) -> str:
        text = codecs.getincrementaldecoder(codec)("replace").decode(sample)
        return text[: text.rfind("\n") + 1 or None] if len(sample) == SAMPLE else text

    def _find_heading(self) -> None:
        ahead: list[tuple[int, list[str]]] = []
        for row in self._read():
            ahead.append((self._reader.line_num - _breaks(row), row))
            if len(ahead) > HEADING_WITHIN:
                break
        index = heading_index([row for _, row in ahead])
        self.header_line, self.header = ahead[index][0], [cell.strip() for cell in ahead[index][1]]
        self._ahead = ahead[index + 1 :]

    def watch(self, progress: Progress) -> None:
        self._raw.progress = _both(self._raw.progress, progress)

    def line_of(self, row: Sequence[str]) -> int:
        return self._ahead_line or self._reader.line_num - _breaks(row)

    @property
    def records(self) -> Iterator[list[str]]:
        for line, row in self._ahead:
            self._ahead_line = line
            yield row
        self._ahead, self._ahead_line = [], 0
        yield from self._read()
        self._digest = self._raw.hash.hexdigest()
        self.close()

    def _read(self) -> Iterator[list[str]]:
        try:
            yield from self._reader
        except csv.Error as error:
            raise self._translated(error) from error
        except UnicodeError as error:
            raise Unreadable("unreadable_line", line=self._reader.line_num + 1, reason=str(error)) from error

    def _translated(self, error: csv.Error) -> Unreadable:
        self.close()
        line = self._first_unreadable_line()
        if "field larger" in str(error):
            return Unreadable("field_too_long", line=line)
        return Unreadable("unreadable_line", line=line, reason=str(error))

    def _first_unreadable_line(self) -> int:
        """Where the row that cannot be read begins, found by reading again."""
        line = 1
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as file:
            reader = csv.reader(file, delimiter=self.delimiter)
            with contextlib.suppress(csv.Error):
                for _ in reader:
                    line = reader.line_num + 1
        return line

    def close(self) -> None:
        self._stream.close()


def _both(first: Progress | None, second: Progress) -> Progress:
    if first is None:
        return second

    def both(count: int) -> None:
        first(count)
        second(count)

    return both


def _breaks(row: Sequence[str]) -> int:
    """Line breaks inside the cells of a row, so that its first line can be named."""
    return "".join(row).count("\n")


def heading_index(rows: Sequence[Sequence[str]]) -> int:
    """The first row that fills at least half the width of the table; titles and blank lines come before."""
    widths = [len([cell for cell in row if cell.strip()]) for row in rows]
    if not any(widths):
        raise Unreadable("empty_file")
    widest = max(widths)
    if widest > MOST_COLUMNS:
        line = next(index for index, width in enumerate(widths) if width > MOST_COLUMNS) + 1
        raise Unreadable("too_many_columns", line=line, count=widest, limit=MOST_COLUMNS)
    return next(index for index, width in enumerate(widths) if width * 2 >= widest)


# ---- workbooks


class Workbook(Table):
    """The first sheet of an .xlsx that holds a table; numbers and dates become the text a person would read."""

    format = "xlsx"
    encoding = "utf-8"

    def __init__(self, path: Path, name: str, progress: Progress | None) -> None:
        super().__init__(path, name)
        refuse_zip_bombs(path)
        self._progress = progress
        self._line = 0
        self._book = self._open()
        self._cells, self.header_line, self.header = self._first_table()

    def _open(self) -> Any:
        import openpyxl

        try:
            # a file, not a path: openpyxl would judge a path by its ending, and ours may have none
            self._file = self.path.open("rb")
            return openpyxl.load_workbook(self._file, read_only=True, data_only=True)
        except Exception as error:  # openpyxl lets many kinds of errors through on damaged files
            self._file.close()
            raise Unreadable("corrupt_workbook") from error

    def _first_table(self) -> tuple[Iterator[list[str]], int, list[str]]:
        for sheet in self._book.worksheets:
            if hasattr(sheet, "reset_dimensions"):
                sheet.reset_dimensions()
                ahead = _take(self._texts(sheet), HEADING_WITHIN)
                if any(any(row) for row in ahead):
                    index = heading_index(ahead)
                    cells = self._texts(sheet)
                    _take(cells, index + 1)
                    self._line = index + 1
                    return cells, index + 1, ahead[index]
        raise Unreadable("empty_file")

    def _texts(self, sheet: Any) -> Iterator[list[str]]:
        try:
            for row in sheet.iter_rows(values_only=True):
                if len(row) > 16_384:
                    raise Unreadable("too_many_columns", line=self._line, count=len(row), limit=MOST_COLUMNS)
                yield [as_text(value) for value in row]
        except Unreadable:
            raise
        except Exception as error:
            raise Unreadable("corrupt_workbook") from error

    def watch(self, progress: Progress) -> None:
        self._progress = _both(self._progress, progress)

    def line_of(self, row: Sequence[str]) -> int:
        return self._line

    @property
    def records(self) -> Iterator[list[str]]:
        width = len(self.header)
        for row in self._cells:
            self._line += 1
            if self._progress is not None and self._line % 1000 == 0:
                self._progress(min(self.size, self._line * 100))
            yield row + [""] * (width - len(row))
        self.close()
        self._digest = fingerprint_of(self.path)
        if self._progress is not None:
            self._progress(self.size)

    def close(self) -> None:
        self._book.close()
        self._file.close()


def _take(rows: Iterable[list[str]], count: int) -> list[list[str]]:
    return list(itertools.islice(rows, count))


def as_text(value: object) -> str:
    """A cell as a person reads it: 75011 and not 75011.0, 12/03/1980 and not a serial number."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime | datetime.date):
        return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
    return str(value).strip() if not isinstance(value, str) else value


def refuse_zip_bombs(path: Path) -> None:
    """Look at the directory of the zip, never at its content, before anything is unfolded."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _refuse_unlike_workbooks(entries)
            _refuse_doctypes(archive, entries)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise Unreadable("corrupt_workbook") from error


def _refuse_unlike_workbooks(entries: Sequence[zipfile.ZipInfo]) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable("encrypted")
    names = {entry.filename for entry in entries}
    if "xl/workbook.xml" not in names:
        raise Unreadable("a_document" if "word/document.xml" in names else "a_compressed_file")
    total = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    shared = sum(entry.file_size for entry in entries if entry.filename.endswith("sharedStrings.xml"))
    swollen = total > 1 << 24 and total > MOST_RATIO * max(packed, 1)
    if total > LARGEST_WORKBOOK or shared > LARGEST_SHARED_STRINGS or swollen or len(entries) > 10_000:
        raise Unreadable("workbook_too_large", megabytes=total >> 20)


def _refuse_doctypes(archive: zipfile.ZipFile, entries: Sequence[zipfile.ZipInfo]) -> None:
    """A workbook never declares entities; one that does means to swell in memory."""
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")):
            with archive.open(entry) as file:
                if b"<!DOCTYPE" in file.read(4096):
                    raise Unreadable("corrupt_workbook")


def fingerprint_of(path: str | Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
