"""The demonstration: invented people and a simulated month, made by the real actions."""
