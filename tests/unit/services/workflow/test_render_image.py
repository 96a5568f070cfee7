"""What an order makes of an image's bytes: the picture, its files, and what they say."""

from dataclasses import replace
from io import BytesIO
from random import Random
from typing import Any

import pytest
from PIL import Image

from studio.domain.jobs.image_spec import ImageSpec, SourceRef
from studio.domain.jobs.provenance import source_type_of
from studio.domain.platforms.catalogue import format_of
from studio.domain.renditions.model import Framing, OutputPlan, RenditionSpec
from studio.services.orders.output import export_spec
from studio.services.orders.output_body import OutputBody
from studio.services.workflow.render_image import RenderedImage, render_image
from studio_imaging.rights import Rights, read_rights
from studio_imaging.xmp import read_packet
from tests.support.builders import a_spec
from tests.support.imaging.camera_files import photo_of, upright
from tests.support.imaging.manifests import STORE, in_jpeg

PHOTO = photo_of(900, 600)
STORED = SourceRef(asset_id="ast_1", key="k", media_type="image/jpeg", bytes=1, width=9, height=9)


def exports(*names: str) -> tuple[RenditionSpec, ...]:
    body = OutputBody()
    return tuple(export_spec(format_of(name), body, None, name) for name in names)


def an_order(**changes: Any) -> ImageSpec:
    return a_spec(**{"width": 300, "height": 200, "output_format": "jpg", **changes})


def social(*names: str, **plan: Any) -> ImageSpec:
    return an_order(
        operation="social.optimize",
        provider="builtin",
        model="files-1",
        prompt=None,
        width=None,
        height=None,
        sources=(STORED,),
        output=OutputPlan(renditions=exports(*names), **plan),
    )


def size_of(data: bytes) -> tuple[int, int]:
    with Image.open(BytesIO(data)) as picture:
        return picture.size


def files(picture: RenderedImage) -> dict[str, tuple[int, int]]:
    return {one.rendition.name: size_of(one.encoded.data) for one in picture.files if one.encoded}


def test_an_order_without_files_is_the_image_and_its_thumbnail() -> None:
    made = render_image(an_order(provider="builtin"), PHOTO)
    assert size_of(made.image.data) == (300, 200)
    assert size_of(made.thumbnail.data) == (256, 171)
    assert (made.files, made.notes, made.signed_by) == ((), (), None)


def test_files_of_an_image_are_made_in_their_sizes_and_types() -> None:
    plan = OutputPlan(
        renditions=(
            RenditionSpec("desktop", 800, 300, "webp"),
            RenditionSpec("mobile", 300, 450, "jpg", framing=Framing(gravity="west")),
            RenditionSpec("narrow", 120, None, "png"),
        )
    )
    made = render_image(an_order(output=plan), PHOTO)
    assert files(made) == {"desktop": (800, 300), "mobile": (300, 450), "narrow": (120, 80)}
    types = [one.encoded.format for one in made.files if one.encoded]
    assert types == ["webp", "jpg", "png"]
    mobile = made.files[1].rendition
    assert mobile.window == pytest.approx((0, 0, 400 / 900, 1), abs=1e-3)
    assert mobile.focus is not None and (mobile.focus.x, mobile.focus.method) == (0, "given")


def test_an_image_that_is_passed_on_keeps_its_bytes() -> None:
    made = render_image(social("ig_post_square"), PHOTO)
    assert made.image.data == PHOTO
    assert (made.image.width, made.image.height) == (900, 600)
    assert files(made) == {"ig_post_square": (1080, 1080)}
    other = render_image(replace(social("ig_post_square"), output_format="png"), PHOTO)
    assert other.image.format == "png"
    assert size_of(other.image.data) == (900, 600)


def test_an_image_that_is_passed_on_is_made_anew_where_the_order_wants_it_otherwise() -> None:
    small = render_image(social("x_profile", max_bytes=12_000), PHOTO)
    assert len(small.image.data) <= 12_000 < len(PHOTO)
    sized = render_image(replace(social("x_profile"), width=300, height=200), PHOTO)
    assert size_of(sized.image.data) == (300, 200)
    told = render_image(social("x_profile", embed_recipe=True), PHOTO)
    packet = read_packet(told.image.data)
    assert packet is not None and packet.recipe is not None


def test_the_contact_sheet_tells_formats_of_one_name_apart() -> None:
    pages = [
        render_image(social(name, contact_sheet=True), PHOTO).files[-1].encoded
        for name in ("ig_post_square", "fb_post_square")
    ]
    assert pages[0] != pages[1]


def test_an_image_over_its_limit_is_no_better_than_was_ordered() -> None:
    plain = render_image(an_order(provider="builtin", output_quality=10), PHOTO)
    limited = an_order(
        provider="builtin",
        output_quality=10,
        output=OutputPlan(max_bytes=len(plain.image.data) - 1),
    )
    made = render_image(limited, PHOTO)
    assert made.notes
    assert made.image.data == plain.image.data


def test_each_export_says_which_rules_it_keeps() -> None:
    made = render_image(social("ig_story", "tt_profile"), PHOTO)
    story, profile = (one.rendition for one in made.files)
    assert (story.kind, story.spec.export) == ("export", "ig_story")
    verdicts = {rule.rule: rule.holds for rule in story.rules}
    assert verdicts == {
        "pixels": True,
        "type": True,
        "bytes": True,
        "colours": True,
        "not_enlarged": False,
        "focal_point_in_safe_area": True,
    }
    assert {rule.rule: rule.holds for rule in profile.rules}["not_enlarged"] is True


def test_an_export_that_cannot_be_made_stops_no_other() -> None:
    hard, easy = exports("ig_story", "x_profile")
    plan = OutputPlan(renditions=(replace(hard, max_bytes=1_000), easy), contact_sheet=True)
    made = render_image(replace(social(), output=plan), PHOTO)
    assert made.files[0].encoded is None
    assert made.files[0].rendition.problem == "byte-limit"
    assert files(made).keys() == {"x_profile", "contact-sheet"}


def test_safe_zones_are_shown_beside_the_exports_that_have_some() -> None:
    made = render_image(social("ig_story", "x_post_square", safe_zones=True), PHOTO)
    assert files(made).keys() == {"ig_story", "x_post_square", "ig_story-safe-zones"}
    clean, preview = made.files[0].encoded, made.files[2].encoded
    assert clean and preview and clean.data != preview.data
    assert (preview.width, preview.height) == (1080, 1920)
    assert made.files[2].rendition.kind == "preview"


def test_a_transparent_image_stays_so_where_the_platform_lets_it() -> None:
    cut_out = upright().convert("RGBA")
    seen = Image.new("L", cut_out.size, 0)
    seen.paste(255, (0, 0, cut_out.width // 2, cut_out.height))
    cut_out.putalpha(seen)
    target = BytesIO()
    cut_out.save(target, "PNG")
    made = render_image(social("ig_post_square", "tt_photo_square"), target.getvalue())
    types = [one.encoded.format for one in made.files if one.encoded]
    assert types == ["png", "webp"]


GENERATED = replace(STORED, source_type="trainedAlgorithmicMedia")
PLATES = (RenditionSpec("small", 90, 60, "webp"),)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "trainedAlgorithmicMedia"),
        ({"provider": "builtin", "model": "preview-1"}, "algorithmicMedia"),
        ({"sources": (STORED,)}, "compositeWithTrainedAlgorithmicMedia"),
        ({"sources": (GENERATED,)}, "trainedAlgorithmicMedia"),
        ({"sources": (replace(STORED, role="style_image"),)}, "trainedAlgorithmicMedia"),
        (
            {"provider": "builtin", "model": "classic-1", "sources": (STORED,)},
            "algorithmicallyEnhanced",
        ),
        (
            {"provider": "builtin", "model": "classic-1", "sources": (GENERATED,)},
            "trainedAlgorithmicMedia",
        ),
        ({"provider": "builtin", "model": "files-1", "sources": (STORED,)}, None),
    ],
)
@pytest.mark.parametrize("output_format", ["jpg", "png", "webp", "avif"])
def test_every_file_says_where_it_comes_from(
    changes: dict[str, Any], said: str | None, output_format: str
) -> None:
    spec = an_order(**changes, output_format=output_format, output=OutputPlan(renditions=PLATES))
    made = render_image(spec, PHOTO)
    for file in (made.image, made.files[0].encoded):
        assert file is not None
        packet = read_packet(file.data)
        assert (packet.source_type if packet else None) == said
    assert read_packet(made.thumbnail.data) is None


def test_the_recipe_is_written_into_the_files_when_asked() -> None:
    plan = OutputPlan(renditions=PLATES, embed_recipe=True)
    spec = an_order(prompt="Ein Fuchs <&> 🦊", seed=7, title="Füchse", output=plan)
    made = render_image(spec, PHOTO)
    for file in (made.image, made.files[0].encoded):
        packet = read_packet(file.data) if file else None
        assert packet is not None and packet.recipe is not None
        assert packet.recipe["prompt"] == "Ein Fuchs <&> 🦊"
        assert (packet.recipe["seed"], packet.description) == (7, "Füchse")
    plain = render_image(replace(spec, output=OutputPlan(renditions=PLATES)), PHOTO)
    packet = read_packet(plain.image.data)
    assert packet is not None and packet.recipe is None


def test_the_rights_of_the_sources_are_written_into_the_files_when_asked() -> None:
    sources = (
        SourceRef(asset_id="ast_1", creator="Ann", copyright="© 2026"),
        SourceRef(asset_id="ast_2", creator="Bo", copyright="© 2026"),
        SourceRef(asset_id="ast_3", creator="mask", role="mask"),
    )
    for named in ({"provider": "builtin", "model": "classic-1"}, {}):
        plan = OutputPlan(renditions=PLATES, keep_rights=True)
        spec = an_order(**named, output=plan, sources=sources)
        made = render_image(spec, PHOTO)
        for file in (made.image, made.files[0].encoded):
            assert file is not None
            assert read_rights(file.data) == Rights("Ann; Bo", "© 2026")
        assert read_rights(made.thumbnail.data) == Rights()
        packet = read_packet(made.image.data)
        assert packet is not None
        assert packet.source_type == source_type_of(spec)
        plain = replace(spec, output=OutputPlan(renditions=PLATES))
        assert read_rights(render_image(plain, PHOTO).image.data) == Rights()


def test_an_image_that_is_passed_on_is_made_anew_to_keep_its_rights() -> None:
    source = SourceRef(asset_id="ast_1", copyright="© 2026")
    spec = replace(social("x_profile", keep_rights=True), sources=(source,))
    assert read_rights(render_image(spec, PHOTO).image.data) == Rights(None, "© 2026")
    silent = replace(spec, sources=(SourceRef(asset_id="ast_1"),))
    assert render_image(silent, PHOTO).image.data == PHOTO


def test_rights_stay_where_a_recipe_does_not_fit() -> None:
    plan = OutputPlan(embed_recipe=True, keep_rights=True)
    source = SourceRef(asset_id="ast_1", creator="Ann")
    spec = an_order(prompt="é" * 32_000, negative_prompt="é" * 4_000, output=plan)
    made = render_image(replace(spec, sources=(source,)), PHOTO)
    assert read_rights(made.image.data) == Rights("Ann", None)


def test_a_recipe_that_no_file_holds_is_said_and_the_image_made() -> None:
    plan = OutputPlan(embed_recipe=True)
    made = render_image(
        an_order(prompt="é" * 32_000, negative_prompt="é" * 4_000, output=plan), PHOTO
    )
    packet = read_packet(made.image.data)
    assert packet is not None and packet.recipe is None
    assert packet.source_type == "trainedAlgorithmicMedia"
    assert len(made.notes) == 1


def test_a_paid_image_that_cannot_keep_its_limit_is_made_all_the_same() -> None:
    made = render_image(an_order(output=OutputPlan(max_bytes=1_000)), PHOTO)
    assert size_of(made.image.data) == (300, 200)
    assert "1000 bytes" in made.notes[0]
    kept = render_image(an_order(output=OutputPlan(max_bytes=12_000)), PHOTO)
    assert len(kept.image.data) <= 9_000
    assert kept.notes == ()


def test_a_signed_file_is_kept_beside_the_image_made_of_it() -> None:
    signed = in_jpeg(STORE)
    made = render_image(an_order(), signed)
    (original,) = made.files
    assert original.encoded is not None
    assert (original.rendition.kind, original.rendition.name) == ("original", "original")
    assert original.encoded.data == signed
    assert made.signed_by == "Painter/2.1"


def test_a_preset_bounds_the_image_and_enlarges_nothing() -> None:
    spec = an_order(width=None, height=None, options={"preset": "social"})
    assert size_of(render_image(spec, photo_of(2_400, 1_600)).image.data) == (2048, 1365)
    assert size_of(render_image(spec, PHOTO).image.data) == (900, 600)


def test_a_crop_around_a_guess_is_said() -> None:
    data = Random(1).randbytes(100 * 40)  # noqa: S311 - a picture, not a secret
    blots = Image.frombytes("L", (100, 40), data).resize((500, 200), Image.Resampling.BICUBIC)
    file = BytesIO()
    blots.convert("RGB").save(file, "PNG")
    smart, given = Framing(gravity="smart"), Framing(gravity="smart", focal_point=(0.2, 0.2))
    plan = OutputPlan(
        renditions=(
            RenditionSpec("square", 90, 90, "webp", framing=smart),
            RenditionSpec("pointed", 80, 80, "webp", framing=given),
            RenditionSpec("whole", 100, 40, "webp", framing=smart),
        )
    )

    (note,) = render_image(an_order(output=plan), file.getvalue()).notes

    assert note.startswith("The smart crop is not sure what to keep in square. ")
