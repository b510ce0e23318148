"""What proves the record: Merkle tree, checkpoints, signed notes, proofs. Pure."""
