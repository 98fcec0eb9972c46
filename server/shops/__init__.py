"""Shops of this server: adding one, finding one."""
