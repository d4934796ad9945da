"""What must agree about the files on documents."""

from hengcang.ledger.verify import Check

FILES = (
    Check(
        "附件内容 = 上传时的大小",
        """SELECT a.id || ' ' || a.name, coalesce(c.size, 0), s.size
        FROM documents_attachment a
        CROSS JOIN LATERAL (SELECT CASE WHEN a.is_kept THEN a.size ELSE 0 END AS size) s
        LEFT JOIN (SELECT attachment_id, sum(octet_length(content)) AS size
         FROM documents_attachmentchunk GROUP BY 1) c ON c.attachment_id = a.id
        WHERE coalesce(c.size, 0) <> s.size""",
    ),
)
