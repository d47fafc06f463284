"""What starts a flow's live version by itself: calls to its webhooks, and the times of its schedules."""
