"""The page: one file for a browser, or the same over a live ledger, with the answers of all."""
