"""What is promised: commitments, who owes and bears them, and when they fall due."""
