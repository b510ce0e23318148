"""What looks through a ledger: verify, doctor, backup."""
