"""Commands that run the server and bring its tables up to date."""

from __future__ import annotations

from typing import Any

from server.cli.arguments import command
from server.cli.session import Session
from server.db.migrate import HEAD_REVISION, migrate


def add_commands(commands: Any) -> None:
    """Add this module's commands."""
    serve = command(commands, "serve", "Jalankan server / run the server", run_serve)
    serve.add_argument("--host", metavar="H")
    serve.add_argument("--port", metavar="P")
    serve.add_argument("--workers", metavar="N", help="proses di satu port / processes on one port")
    command(
        commands,
        "migrate",
        "Sesuaikan tabel dengan program ini / bring the tables up to date",
        run_migrate,
    )


def run_serve(session: Session) -> None:
    """Serve until told to stop."""
    from server.app.serving import serve
    from server.app.workers import check_workers, serve_together
    from server.sync.restoring import check_not_restored
    from server.sync.upgrading import fold_known_kinds

    check_workers(session.config)
    check_not_restored(session.services)
    fold_known_kinds(session.services)

    def announce(host: str, port: int) -> None:
        shown = f"[{host}]" if ":" in host else host
        session.say({"url": f"http://{shown}:{port}", "port": port}, f"http://{shown}:{port}")

    if session.config.workers == 1:
        serve(session.services, session.config, announce)
    else:
        session.services.store.close()
        serve_together(session.config, announce)


def run_migrate(session: Session) -> None:
    """Upgrade the tables as their owner, and grant the service's role what it needs."""
    config = session.config
    address = session.options.db or config.owner_address
    before = migrate(address, role=config.db_role)
    session.say(
        {"from": before or None, "revision": HEAD_REVISION}, f"{before or '-'} -> {HEAD_REVISION}"
    )
