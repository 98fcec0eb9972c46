"""Finding goods over all gerai: an index beside the shops' tables, kept up with, and asked."""
