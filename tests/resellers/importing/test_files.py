"""Files as tables: CSV or XLSX by content, refused when they are anything else."""

import contextlib
import io
import zipfile
import zlib
from datetime import date, datetime

import openpyxl
import pytest

from resellers.errors.transfers import FileTooLarge, FileTooLong, FileUnreadable
from resellers.importing import files, workbooks
from resellers.importing.files import read_table
from tests.resellers.importing.books import (
    csv_file,
    plain_book,
    rebuilt,
    sheet_with,
    xlsx_file,
)

PDF = b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\n"
GIF = b"GIF89a\x01\x00\x01\x00\x80\x00\x00"


def at(*numbers):
    """A time as a workbook holds it: without a zone."""
    return datetime(*numbers)  # noqa: DTZ001 -- workbooks know none


def refused(content, refusal=FileUnreadable):
    with pytest.raises(refusal) as caught:
        read_table(content)
    return caught.value.detail


def test_csv_is_read_with_its_row_numbers():
    table = read_table(
        csv_file("email,city", "a@example.com,Exampleton", "", ",", "b,")
    )
    assert table.header == ["email", "city"]
    assert table.rows == [(2, ["a@example.com", "Exampleton"]), (5, ["b", ""])]
    assert (table.file_format, table.warnings) == ("csv", [])


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfemail;first_name\r\nm@example.com;M\xc3\xbcller, A.\r\n",
        b'email,first_name\nm@example.com,"M\xc3\xbcller, A."\n',
        b'"email";"first_name"\n"m@example.com";"M\xc3\xbcller, A."',
    ],
)
def test_mark_delimiter_and_line_end_are_found(content):
    table = read_table(content)
    assert table.header == ["email", "first_name"]
    assert table.rows == [(2, ["m@example.com", "Müller, A."])]


def test_a_cell_may_hold_lines():
    table = read_table(
        b'email,notes\r\na@example.com,"one\r\ntwo"\r\nb@example.com,\r\n'
    )
    assert table.rows == [
        (2, ["a@example.com", "one\r\ntwo"]),
        (3, ["b@example.com", ""]),
    ]


def test_workbook_is_read_as_texts():
    content = xlsx_file(
        [
            ["email", "zip_code", "rate", "on", "vip", "at", "notes"],
            [
                "a@example.com",
                33707,
                15.5,
                date(2024, 6, 15),
                True,
                at(2026, 3, 2, 9, 30),
                "'=1",
            ],
            [None] * 7,
            ["b@example.com", 1e3, 0.1, None, False, None, "x_x000D_\ny"],
        ]
    )
    table = read_table(content)
    assert table.header == ["email", "zip_code", "rate", "on", "vip", "at", "notes"]
    assert table.rows == [
        (
            2,
            [
                "a@example.com",
                "33707",
                "15.5",
                at(2024, 6, 15),
                "true",
                at(2026, 3, 2, 9, 30),
                "'=1",
            ],
        ),
        (4, ["b@example.com", "1000", "0.1", "", "false", "", "x\r\ny"]),
    ]
    assert table.file_format == "xlsx"


def test_formulas_are_read_as_the_values_they_last_had():
    cells = '<c t="str"><f>"a"&amp;"b"</f><v>ab</v></c><c><f>1+1</f><v>2</v></c>'
    content = sheet_with(
        f'<row r="1"><c t="inlineStr"><is><t>email</t></is></c>'
        f'<c t="inlineStr"><is><t>city</t></is></c></row><row r="2">{cells}</row>'
    )
    assert read_table(content).rows == [(2, ["ab", "2"])]


def test_error_in_a_cell_is_named():
    content = sheet_with(
        '<row r="1"><c t="str"><v>email</v></c></row>'
        '<row r="2"><c t="e"><v>#N/A</v></c></row>'
    )
    assert refused(content) == "Row 2 holds the error #N/A: correct it."


def test_second_sheet_is_not_read_and_that_is_said():
    book = openpyxl.Workbook()
    book.active.title = "People"
    book.active.append(["email"])
    book.active.append(["a@example.com"])
    book.create_sheet("More")
    stream = io.BytesIO()
    book.save(stream)
    table = read_table(stream.getvalue())
    assert table.warnings == ["Only the first sheet, “People”, was read."]


@pytest.mark.parametrize(
    "content", [b"", b" \r\n", b"email\r\n", b"\xef\xbb\xbf", b",\n,"]
)
def test_nothing_to_read(content):
    assert "empty" in refused(content) or "no rows" in refused(content)


@pytest.mark.parametrize(
    "content",
    [
        "email,größe\r\na@example.com,1".encode("latin-1"),
        "email\r\na@example.com".encode("utf-16"),
        b"email\r\na@exam\x00ple.com",
        b"email\r\na\x1b[31m@example.com",
        b"email\r\na@example.com\r\n" + plain_book(),
        GIF + b"email\r\na@example.com",
        PDF + plain_book(),
        plain_book() + b"email\r\na@example.com\r\n",
        plain_book() + plain_book(),
        b"PK\x03\x04 and nothing more",
        b'email,notes\r\na@example.com,"never ends',
        b'email\r\n"a"b',
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    ],
)
def test_what_is_no_table_or_two_things_at_once_is_refused(content):
    assert refused(content)


def test_sizes_are_bounded():
    assert len(read_table(b"email\n" + b"a@example.com\n" * files.ROWS).rows) == 10_000
    refused(b"email\n" + b"a@example.com\n" * (files.ROWS + 1), FileTooLong)
    refused(b"a" * (files.FILE_BYTES + 1), FileTooLarge)
    refused(",".join(f"c{number}" for number in range(1001)).encode() + b"\n1")


def test_long_workbook_is_refused_and_none_of_it_is_dropped():
    filled = "".join(f"<row><c><v>{n}</v></c></row>" for n in range(files.ROWS + 1))
    blank = '<row><c t="str"><v> </v></c></row>' * 50
    head = '<row r="1"><c t="str"><v>email</v></c></row>'
    refused(sheet_with(head + filled + "<row><c><v>1</v></c></row>"), FileTooLong)
    rows = head + blank + filled.removesuffix("<row><c><v>10000</v></c></row>")
    table = read_table(sheet_with(rows))
    assert len(table.rows) == files.ROWS
    assert table.rows[0][0] == 52


class TestBombs:
    def test_is_refused_before_it_is_unpacked(self, monkeypatch):
        bomb = rebuilt(add={"xl/bomb.xml": b"0" * (workbooks.UNPACKED_BYTES + 1)})
        assert len(bomb) < files.FILE_BYTES

        def never(*_: object, **__: object) -> None:
            raise AssertionError("it was unpacked")

        monkeypatch.setattr(zipfile.ZipFile, "open", never)
        assert "100 MB" in refused(bomb, FileTooLarge)

    def test_that_lies_about_its_size(self):
        """The directory says ten bytes; no more are read, and the sum is wrong."""
        bomb = bytearray(rebuilt(add={"xl/bomb.xml": b"0" * 1_000_000}))
        directory = bomb.rindex(b"PK\x01\x02")
        bomb[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
        refused(bytes(bomb))

    def test_of_entities(self):
        def change(name, content):
            if not name.endswith("sheet1.xml"):
                return content
            text = '<!DOCTYPE x [<!ENTITY a "aaaa">]>'
            return content.replace(b"<worksheet", text.encode() + b"<worksheet", 1)

        refused(rebuilt(change))

    def test_of_entities_in_another_encoding(self):
        def change(name, content):
            if not name.endswith("sheet1.xml"):
                return content
            text = content.decode().replace("UTF-8", "UTF-16")
            return text.replace("<worksheet", "<!DOCTYPE x><worksheet", 1).encode(
                "utf-16"
            )

        refused(rebuilt(change))

    def test_of_columns_far_away(self):
        head = '<row r="1"><c r="A1" t="str"><v>email</v></c></row>'
        far = '<row r="{n}"><c r="A{n}"><v>1</v></c><c r="XFD{n}">{value}</c></row>'
        filled = "".join(far.format(n=n, value="<v>1</v>") for n in range(2, 10_000))
        assert "columns" in refused(sheet_with(head + filled))
        blank = "".join(far.format(n=n, value="") for n in range(2, 1_000))
        rows = read_table(sheet_with(head + blank)).rows
        assert rows == [(number, ["1"]) for number in range(2, 1_000)]

    def test_of_rows_far_away(self):
        head = '<row r="1"><c r="A1" t="str"><v>email</v></c></row>'
        far = '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
        assert read_table(sheet_with(head + far)).rows == [(1_048_576, ["1"])]

    def test_of_many_parts(self):
        refused(rebuilt(add={f"xl/{n}.xml": b"" for n in range(workbooks.PARTS)}))


class TestStrangePackages:
    def test_rebuilt_one_is_read(self):
        """The control: what follows is refused for its one difference."""
        assert read_table(rebuilt()).rows == [(2, ["avery@example.com"])]

    def test_macros(self):
        assert "macros" in refused(rebuilt(add={"xl/vbaProject.bin": b"x"}))

    def test_same_part_twice(self):
        with pytest.warns(UserWarning, match="Duplicate"):
            twice = rebuilt(add={"xl/workbook.xml": b"<workbook/>"})
        refused(twice)

    def test_encrypted(self):
        locked = bytearray(rebuilt())
        for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            start = locked.find(mark)
            while start >= 0:
                locked[start + place] |= 1
                start = locked.find(mark, start + 4)
        refused(bytes(locked))

    def test_other_packages(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as other:
            other.writestr("word/document.xml", b"<document/>")
        refused(stream.getvalue())

    def test_something_between_the_parts(self):
        """A part that the directory does not name."""
        book = rebuilt()
        hidden = b"<script>hidden</script>" * 4
        directory = book.index(b"PK\x01\x02")
        end = book.rindex(b"PK\x05\x06")
        moved = (directory + len(hidden)).to_bytes(4, "little")
        content = book[:directory] + hidden + book[directory:end]
        content += book[end : end + 16] + moved + book[end + 20 :]
        assert zipfile.is_zipfile(io.BytesIO(content))
        refused(content)

    def test_comment_at_the_end(self):
        stream = io.BytesIO(rebuilt())
        with zipfile.ZipFile(stream, "a") as book:
            book.comment = b"email,first_name\r\n"
        refused(stream.getvalue())

    @pytest.mark.parametrize("seed", range(40))
    def test_broken_anywhere(self, seed):
        """Never another exception than a refusal."""
        book = bytearray(plain_book())
        book[zlib.crc32(bytes([seed])) % len(book)] ^= 0xFF
        with contextlib.suppress(FileUnreadable, FileTooLarge):
            assert read_table(bytes(book)).header
