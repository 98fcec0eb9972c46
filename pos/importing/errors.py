"""Why a file as a whole cannot be imported."""

from __future__ import annotations

from core.errors import Refused


class FileMissing(Refused):
    """There is no such file. Details: `file`."""

    code = "file_missing"


class FileIsFolder(Refused):
    """A folder was named where a file is wanted. Details: `file`."""

    code = "file_is_folder"


class FileUnreadable(Refused):
    """The file is damaged, cut short, or may not be opened. Details: `file`."""

    code = "file_unreadable"


class FileEmpty(Refused):
    """The file holds no cell with anything in it. Details: `file`."""

    code = "file_empty"


class FileTooLarge(Refused):
    """The file passes a limit. Details: `file`, `limit` (bytes, rows, columns, cell, ...)."""

    code = "file_too_large"


class FileProtected(Refused):
    """The file opens only with a password. Details: `file`."""

    code = "file_protected"


class FileNotTable(Refused):
    """The file is something else: a picture, a letter, a web page. Details: `file`."""

    code = "file_not_table"


class NoHeading(Refused):
    """No row of headings with a column of names was found. Details: `file`."""

    code = "no_heading"


class NoGoods(Refused):
    """There is a heading row and nothing below it. Details: `file`."""

    code = "no_goods"


class MappingWrong(Refused):
    """A column or sheet that the file does not have, or no column for the name. `field`."""

    code = "mapping_wrong"


class ImportCancelled(Refused):
    """The person stopped it. Nothing was changed."""

    code = "import_cancelled"
