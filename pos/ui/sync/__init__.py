"""The window's side of keeping in step with the shop's server: a page, a word in the status bar."""
