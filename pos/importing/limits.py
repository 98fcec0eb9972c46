"""How much of a file is taken: enough for any shop, too little to choke the counter."""

from __future__ import annotations

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_UNPACKED_BYTES = 512 * 1024 * 1024
MAX_ROWS = 250_000
MAX_COLUMNS = 256
MAX_CELLS = 8_000_000
MAX_CELL_CHARS = 32_767
"""What a spreadsheet program itself takes in one cell."""
MAX_READER_BYTES = 2 * 1024 * 1024 * 1024
"""Address space of the reading process: a file that wants more ends that process alone."""
MAX_READING_SECONDS = 120
HEADING_ROWS = 200
"""The heading row is looked for this far down a sheet."""
