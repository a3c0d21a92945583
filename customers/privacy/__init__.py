"""What the customer may ask of their own data: to see it, and to know what becomes of it."""
