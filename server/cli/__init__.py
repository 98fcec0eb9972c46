"""The command line, `huyula-server`."""
