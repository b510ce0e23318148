"""Whose money a payment carries: rules that trace it, and what follows for revenue."""
