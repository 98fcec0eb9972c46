"""The protocol over HTTP: signatures, bodies, refusals, and the long poll."""
