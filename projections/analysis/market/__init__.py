"""Who depends on whom in a market: concentration, rivals, owners, look-through."""
