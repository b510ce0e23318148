"""The story of an append, in order: drafts, batch, facts, rules, and what is written."""
