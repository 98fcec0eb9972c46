"""The keyboard: telling scans from typing."""
