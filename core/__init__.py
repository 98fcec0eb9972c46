"""The rules that counter and server agree on: pure, typed, without I/O."""
