"""How Django writes dates where nothing else is said: as the rest of Consign does."""
