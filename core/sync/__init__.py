"""What counter and server agree on when they speak: messages, hashes, rules, limits.

Pure, like all of `core`: bytes and values in, bytes and values out. Who signs, sends, stores
and waits is decided in `pos.sync` and `server.sync`.
"""
