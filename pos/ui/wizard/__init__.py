"""The first start, from an empty folder to the first sale."""
