"""Staff: who may do what at the counter, PINs, lock-out, a manager's permission."""
