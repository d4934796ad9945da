"""The words of single pieces: what is in them, what a count found of them."""

OF_PIECES = {
    "rejected_serials": "不合格序列号",
    "tracks_serials": "序列号管理",
    "serial_no": "序列号",
    "serials": "序列号",
    "product_serials": "成品序列号",
    "serial_id": "序列号编号",
    "pieces": "件数",
    "is_inside": "还装在里面",
    "products": "装成的成品",
    "finding": "结果",
    "finding_label": "结果",
    "book_place": "账上位置",
}
