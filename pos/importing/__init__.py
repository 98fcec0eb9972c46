"""Reading a shop's goods list in any form and planning what it would change."""
