"""Money that goes round: circulations, cycles and indexes of them."""
