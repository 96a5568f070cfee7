"""From a job body, whichever door it came through, to the order that the services understand."""
