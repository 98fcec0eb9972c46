"""The server's fold: what facts do to a shop's tables, a step of the feed at a time.

It gives the same stock, pools, debts, cash and sales as the counter's, since both store what
`core.movements` says; it differs in how: everything a step touches is loaded once and written once.
"""
