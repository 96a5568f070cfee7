"""Who makes an image: the choice among providers, and who takes over from whom."""
