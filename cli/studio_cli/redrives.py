"""Images that a redrive runs, as far as a client can tell."""

from collections.abc import Iterator, Sequence

from studio_cli.client import StudioClient
from studio_cli.errors import ApiError
from studio_cli.wire import Cost, Item, ItemStatus


def estimates(
    client: StudioClient, job_id: str, only: ItemStatus, numbers: Sequence[int]
) -> list[Cost]:
    """Return the estimates of the images that a redrive selects and does not leave out.

    Args:
        client: The client.
        job_id: The job.
        only: The status of the images, if no numbers are given.
        numbers: Numbers of images.
    """
    selected = [
        item
        for item in client.items(job_id)
        if (item["item"] in numbers if numbers else item["status"] == only)
    ]
    made = set(_made_since(client, selected))
    return [item["estimate"] for item in selected if item["content_image_id"] not in made]


def _made_since(client: StudioClient, items: Sequence[Item]) -> Iterator[str]:
    """Yield the ids of content images that another job has made.

    A cancelled image says nothing of that: its order may have been to make the image again.
    """
    wanted = [item["content_image_id"] for item in items if item["status"] != "cancelled"]
    for content_id in dict.fromkeys(_content_of(one) for one in wanted if one is not None):
        try:
            found = client.get(f"/v1/contents/{content_id}")
        except ApiError as error:
            if error.status != 404:
                raise
            continue
        generated = {one["id"] for one in found["images"] if one["status"] == "generated"}
        yield from (one for one in wanted if one is not None and one in generated)


def _content_of(image_id: str) -> str:
    return f"cnt_{image_id.removeprefix('img_').rpartition('_')[0]}"
