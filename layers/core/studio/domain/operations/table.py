"""The operations of the studio.

Names and ranges of inputs are the studio's own. They include the ranges of every provider, and
the catalogue has the narrower limits of a model.
"""

from collections.abc import Mapping
from decimal import Decimal

from studio.domain.operations.model import Operation, Option
from studio.errors import FieldError, OperationUnsupportedError

STYLE_PRESETS = (
    "enhance", "anime", "photographic", "digital-art", "comic-book", "fantasy-art", "line-art",
    "analog-film", "neon-punk", "isometric", "low-poly", "origami", "modeling-compound",
    "cinematic", "3d-model", "pixel-art", "tile-texture",
)  # fmt: skip
MOTION_PRESETS = ("still", "zoom-in", "zoom-out", "pan-left", "pan-right", "tilt-up", "orbit")
UPSCALE_PRESETS = ("web", "print", "social")


def _number(low: str, high: str, description: str) -> Option:
    return Option("number", description, Decimal(low), Decimal(high))


def _integer(low: int, high: int, description: str) -> Option:
    return Option("integer", description, Decimal(low), Decimal(high))


def _text(description: str, *, required: bool = False) -> Option:
    return Option("text", description, Decimal(1), Decimal(10_000), required=required)


def _word(choices: tuple[str, ...], description: str) -> Option:
    return Option("word", description, choices=choices)


_STYLE = _word(STYLE_PRESETS, "Look of the whole image")
_GROW = _integer(0, 100, "Pixels by which the edge of the mask is moved outwards and blurred")
_CREATIVITY = _number("0", "1", "How much new content the result may have")
_STRENGTH = _number("0", "1", "How closely the result follows the guiding image")
_PRESET = _word(UPSCALE_PRESETS, "The use of the result: sets its size, format and quality")
_VIDEO_SIZE = _word(("480p", "720p", "1080p"), "Height of the video")


_ALL = (
    Operation(
        "generate", "create", "Generate images",
        "One prompt in up to ten variations, or up to fifty images of their own.",
        prompt="required", files={"image": "optional"}, options={"style_preset": _STYLE},
        sized=True,
    ),
    Operation(
        "edit.remove_background", "edit", "Remove the background",
        "The subject alone on a transparent background, as PNG or WebP.",
        prompt=None, files={"image": "required"}, options={}, transparent=True,
    ),
    Operation(
        "edit.inpaint", "edit", "Inpaint",
        "Redraws the masked area from a prompt; the rest stays as it is.",
        prompt="required", files={"image": "required", "mask": "required"},
        options={"grow_mask": _GROW, "style_preset": _STYLE},
    ),
    Operation(
        "edit.outpaint", "edit", "Outpaint",
        "Widens the image on any of its sides.",
        prompt="optional", files={"image": "required"},
        options={
            **{
                side: _integer(0, 2000, f"Pixels to add at this side ({side})")
                for side in ("left", "right", "up", "down")
            },
            "creativity": _CREATIVITY,
            "style_preset": _STYLE,
        },
        one_of=("left", "right", "up", "down"),
    ),
    Operation(
        "edit.search_replace", "edit", "Search and replace",
        "Finds an object by its description and replaces it.",
        prompt="required", files={"image": "required", "mask": "optional"},
        options={
            "search_prompt": _text("What to find", required=True),
            "grow_mask": _GROW,
            "style_preset": _STYLE,
        },
    ),
    Operation(
        "edit.search_recolor", "edit", "Search and recolour",
        "Finds an object by its description and recolours it; the prompt names the colour.",
        prompt="required", files={"image": "required", "mask": "optional"},
        options={
            "search_prompt": _text("What to find", required=True),
            "grow_mask": _GROW,
            "style_preset": _STYLE,
        },
    ),
    Operation(
        "edit.replace_background_relight", "edit", "Replace the background and relight",
        "Puts the subject before another background, from a prompt or image, and relights it.",
        prompt="optional",
        files={"image": "required", "background": "optional", "lighting": "optional"},
        options={
            "foreground_prompt": _text("What the subject is"),
            "light_direction": _word(
                ("left", "right", "above", "below"), "Where the light comes from"
            ),
            "light_strength": _number("0", "1", "How strong that light is"),
            "preserve_subject": _number("0", "1", "How closely the subject is kept"),
            "background_depth": _number("0", "1", "How closely the old background's depth is kept"),
            "keep_background": Option("flag", "Keep the background and only relight"),
        },
        one_of=("prompt", "background", "keep_background"),
    ),
    Operation(
        "edit.general", "edit", "Edit by words",
        "Changes the image as the prompt says; with a mask, only the masked area.",
        prompt="required", files={"image": "required", "mask": "optional"},
        options={"style_preset": _STYLE},
    ),
    Operation(
        "upscale.fast", "upscale", "Upscale fast",
        "Four times as wide and as high, in about a second.",
        prompt=None, files={"image": "required"}, options={"preset": _PRESET},
    ),
    Operation(
        "upscale.conservative", "upscale", "Upscale conservatively",
        "Up to about 4K, with as little change as possible.",
        prompt="optional", files={"image": "required"},
        options={"preset": _PRESET, "creativity": _CREATIVITY},
    ),
    Operation(
        "upscale.creative", "upscale", "Upscale creatively",
        "Up to about 4K, with new details.",
        prompt="optional", files={"image": "required"},
        options={"preset": _PRESET, "creativity": _CREATIVITY, "style_preset": _STYLE},
    ),
    Operation(
        "control.sketch", "control", "From a sketch",
        "An image from a prompt that follows a drawing.",
        prompt="required", files={"image": "required"},
        options={"control_strength": _STRENGTH, "style_preset": _STYLE},
    ),
    Operation(
        "control.structure", "control", "From a structure",
        "An image from a prompt that keeps the shapes of another image.",
        prompt="required", files={"image": "required"},
        options={"control_strength": _STRENGTH, "style_preset": _STYLE},
    ),
    Operation(
        "control.style", "control", "In a style",
        "An image from a prompt in the style of another image.",
        prompt="required", files={"image": "required"},
        options={"control_strength": _STRENGTH, "style_preset": _STYLE},
        sized=True,
    ),
    Operation(
        "control.style_transfer", "control", "Transfer a style",
        "An image redrawn in the style of another image.",
        prompt="optional", files={"image": "required", "style_image": "required"},
        options={
            "control_strength": _STRENGTH,
            "composition_fidelity": _number("0", "1", "How closely the composition is kept"),
            "change_strength": _number("0.1", "1", "How much the result may differ"),
        },
    ),
    Operation(
        "transform.image_to_video", "transform", "Image to video",
        "Makes a video of an image, from a prompt.",
        prompt="required", files={"image": "required", "audio": "optional"},
        options={
            "duration": _integer(3, 10, "Seconds"),
            "resolution": _VIDEO_SIZE,
            "motion_preset": _word(MOTION_PRESETS, "How the camera moves"),
        },
        produces="video",
    ),
    Operation(
        "transform.avatar", "transform", "Talking avatar",
        "Lets a portrait speak a recording (audio, WAV or MP3). It takes no script: "
        "the prompt is not read out, it says how the video looks.",
        prompt="optional", files={"image": "required", "audio": "required"},
        options={"resolution": _VIDEO_SIZE},
        produces="video",
    ),
    Operation(
        "transform.image_to_3d", "transform", "Image to 3D",
        "Makes a 3D model of an image, as binary glTF (GLB).",
        prompt=None, files={"image": "required"},
        options={
            "texture_resolution": Option(
                "integer", "Side of the texture in pixels", choices=("512", "1024", "2048")
            ),
            "foreground_ratio": _number("0.1", "2", "How much of the frame the object fills"),
            "remesh": _word(("none", "triangle", "quad"), "How the mesh is rebuilt"),
            "vertex_count": _integer(-1, 20_000, "About how many vertices; -1 for no limit"),
        },
        produces="model",
    ),
    Operation(
        "social.optimize", "social", "Optimise for platforms",
        "One image in the formats of social platforms, each checked against its rules; "
        "output.formats names them.",
        prompt=None, files={"image": "required"}, options={}, passthrough=True,
    ),
    Operation(
        "render", "edit", "Render",
        "The image in another size, shape or file format, and its renditions.",
        prompt=None, files={"image": "required"}, options={}, passthrough=True,
    ),
)  # fmt: skip

OPERATIONS: Mapping[str, Operation] = {operation.id: operation for operation in _ALL}
"""All operations by id, in the order of the documentation."""


def operation_of(operation_id: str) -> Operation:
    """Return an operation.

    Raises:
        OperationUnsupportedError: the studio has no such operation.
    """
    if operation_id not in OPERATIONS:
        known = ", ".join(OPERATIONS)
        detail = f"unknown operation; known: {known}"
        raise OperationUnsupportedError(
            FieldError("/operation", OperationUnsupportedError.code, detail)
        )
    return OPERATIONS[operation_id]
