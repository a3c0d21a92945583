"""The pages' kit: frame, menu, staff views, transitions, components and charts."""
