"""Settings of signed links.

``URL_SECONDS``: seconds for which a signed URL is valid.
"""

URL_SECONDS = 600
