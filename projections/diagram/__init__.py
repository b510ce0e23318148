"""The alliance diagram: what is chosen, how it is ordered, laid out, labelled and drawn."""
