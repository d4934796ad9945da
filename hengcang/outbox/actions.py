"""Put a message into the outbox."""

from hengcang.outbox.models import OutboxMessage


def say_once(key: str, topic: str, **payload: object) -> None:
    """The message stands in the outbox exactly once, in the caller's transaction."""
    OutboxMessage.objects.bulk_create(
        [OutboxMessage(key=key, topic=topic, payload=payload)], ignore_conflicts=True
    )
