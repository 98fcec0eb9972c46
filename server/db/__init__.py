"""Tables, transactions and migrations of the server, on PostgreSQL and on SQLite."""
