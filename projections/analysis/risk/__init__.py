"""What a party's trouble does to the others: exposure, extraction, DebtRank, clearing."""
