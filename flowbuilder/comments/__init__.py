"""What people say to each other about a flow: threads on its nodes, or on the flow itself."""
