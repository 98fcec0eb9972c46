"""The counter's SQLite file: its tables, how it is opened, how facts are folded into it."""
