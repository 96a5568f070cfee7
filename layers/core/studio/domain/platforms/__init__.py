"""What social platforms show and take: formats, their safe zones and limits, and sets of them."""
