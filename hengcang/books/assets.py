"""Static files with their hash in the name, so that a browser may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """A page never fails for want of a file: an unknown name is served as it is."""

    manifest_strict = False
