"""Says which links and pictures of the Markdown documents lead nowhere."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_NOT_OURS = {".venv", ".git", "build", "node_modules"}


def dead_links(root: Path) -> Iterator[str]:
    """Yield `file: target` for each relative link under `root` whose file is not there.

    Links to other sites and to headings of the same page are not followed.
    """
    for page in sorted(root.rglob("*.md")):
        if _NOT_OURS & set(page.relative_to(root).parts):
            continue
        for target in _LINK.findall(page.read_text(encoding="utf-8")):
            path = target.partition("#")[0]
            ours = path and "://" not in path and not path.startswith("mailto:")
            if ours and not (page.parent / path).exists():
                yield f"{page.relative_to(root)}: {target}"


def main() -> int:
    """Print each dead link of this repository; 1 if there is one."""
    dead = list(dead_links(Path(__file__).resolve().parent.parent))
    for line in dead:
        print(line)
    return 1 if dead else 0


if __name__ == "__main__":
    sys.exit(main())
