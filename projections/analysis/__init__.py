"""What the web of deals means: functions of a Web, the amounts between parties in order."""
