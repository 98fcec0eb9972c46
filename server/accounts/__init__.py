"""Who may see a shop's figures on the web: accounts, sign-in, sessions, roles."""
