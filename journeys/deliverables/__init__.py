"""What a mapping project hands over: insights, the action plan, workshop materials, the impact."""
