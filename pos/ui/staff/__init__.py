"""Who works: lock, PIN, a manager's permission."""
