"""The sample article of the demo and the prompts of its images."""

TITLE = "A slow weekend between city and coast"

IMAGES: tuple[dict[str, object], ...] = (
    {
        "label": "Featured image",
        "type": "featured",
        "position": 0,
        "size": "1536x1024",
        "prompt": (
            "Wide editorial photograph of an old hillside city seen from a rooftop terrace at "
            "dusk, skyline of tiled roofs and one bell tower, first street lights glowing warm, "
            "calm violet sky in the upper third for a headline, 35 mm, fine grain"
        ),
    },
    {
        "label": "In-article image 1",
        "type": "in_article",
        "position": 1,
        "size": "1024x1024",
        "prompt": (
            "Still life of a late breakfast on a weathered oak table: ceramic cup of coffee with "
            "rising steam, custard tart, linen napkin, soft window light from the left, muted "
            "cream and brown tones, shallow depth of field"
        ),
    },
    {
        "label": "In-article image 2",
        "type": "in_article",
        "position": 2,
        "size": "1024x1024",
        "prompt": (
            "Morning fog lifting from a pine valley, layered mountain ridges fading into pale "
            "green, a narrow trail in the foreground, quiet and cool, landscape photograph"
        ),
    },
    {
        "label": "Mobile image",
        "type": "mobile",
        "position": 3,
        "size": "1024x1536",
        "prompt": (
            "Vertical view of a quiet Atlantic beach in bright morning light, a single sail boat "
            "near the horizon, generous clear sky above for text, minimal composition, airy pastel "
            "palette"
        ),
    },
)
