"""Ask the function register_upload to register an upload, and wait for it."""

from studio.errors import UnavailableError, UploadProcessingError
from studio.ports.functions import FunctionInvoker


def request_registration(register_upload: FunctionInvoker, key: str) -> None:
    """Have the object at a key registered.

    Raises:
        UploadProcessingError: the function gave no answer; the bucket's event calls it again.
    """
    try:
        register_upload.call({"key": key})
    except UnavailableError as error:
        raise UploadProcessingError("the upload is not checked yet; ask again") from error
