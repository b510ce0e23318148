"""Who owns whom: stakes from statements, rounds and shares, and how certain they are."""
