"""Measurements of Deal Ledger beside its peers and limits, each pair in the same run."""
