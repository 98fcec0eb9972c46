"""Shifts and the drawer: opened, cash in and out, counted blind, closed with a Z report."""
