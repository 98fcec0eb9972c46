"""What a request is to the areas: a call with its data, an answer, a table of routes."""
