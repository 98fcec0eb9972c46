"""The frame of the window: pages, bars, notices, and how commands are run from it."""
