"""How long a keystroke waits for suggestions among 100,000 items."""

import json
import random
import statistics
import time
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction

from hengcang.books.models import Book
from hengcang.catalog import actions, queries
from hengcang.catalog.drafts import ItemDraft, UomDraft
from hengcang.kernel.actor import SYSTEM

ITEMS = 100_000
CHUNK = 5_000
BUDGET_MS = 40
WORDS = """
得力 晨光 公牛 世达 史丹利 正泰 德力西 雷士 欧普 美的 苏泊尔 九阳 立白 蓝月亮 心相印 维达
农夫山泉 康师傅 统一 海天 李锦记 老干妈 三只松鼠 重庆长安 长城 博世 飞利浦 西门子 海尔 小米

不锈钢 304不锈钢 镀锌 黄铜 铝合金 塑料 尼龙 实木 竹制 玻璃 陶瓷 硅胶 橡胶 纯棉 涤纶 牛皮 帆布
加厚 一次性 家用 工业级 防水 静音 可调节 便携 折叠 超薄 耐高温 食品级 进口

六角螺栓 平垫圈 自攻螺丝 膨胀螺栓 角磨机 电钻 卷尺 活动扳手 套筒 钢丝钳 插座 开关 电线 灯泡
吸顶灯 台灯 复印纸 中性笔 订书机 文件夹 记事本 胶带 剪刀 计算器 炒锅 汤锅 保鲜盒 菜刀 砧板
筷子 保温杯 水壶 拖把 扫帚 垃圾袋 洗衣液 洗洁精 抽纸 卷纸 毛巾 牙刷 香皂 洗发水 矿泉水 方便面
酱油 食用油 大米 饼干 音乐盒 行李箱 雨伞 拖鞋 T恤 衬衫 工作服 手套 安全帽 口罩

M6×20 M8×30 M10×50 5m 10m 220V 12W A4/70g 0.5mm 黑色 500ml 1.5L 大号 中号 小号 XL 24支装
100只/包
"""
BRANDS, MATERIALS, THINGS, SPECS = (part.split() for part in WORDS.split("\n\n"))
# What people type, one after the other; _ stands for a space.
TYPED = """
b bx bxg bxgl bxglj d dl dla4 c cq zq z 不 不锈 不锈钢 不锈钢螺栓 螺栓 六角 得力 得力复印纸
音乐 长城 1 10 100 1000 69 6930 693012345 0042 04217 SP00 SP00421 SP004217 sp09 5m m8 a4 xl t
t恤 304 304不锈钢 卷尺 家用 没有的东西 qqq 220v,雷士 jiao lsxdd yyh xlx ylsj 500 ml 大号 号
电 × / 袋 得力_复印纸 不锈钢_螺栓 1_0 得力_a4
"""


def drafts(first: int, dice: random.Random) -> list[ItemDraft]:
    made = []
    for n in range(first, first + CHUNK):
        name = dice.choice(BRANDS) + dice.choice(MATERIALS) + dice.choice(THINGS)
        barcode = f"69301{n:08d}"
        uoms = (UomDraft("箱", dice.choice((10, 12, 24)), barcodes=("1" + barcode,)),)
        made.append(
            ItemDraft(
                f"SP{n:06d}",
                f"{name} {dice.choice(SPECS)}" if n % 3 == 0 else name,
                dice.choice("个只件包瓶"),
                spec=dice.choice(SPECS),
                category=f"大类{n % 9}/小类{n % 40}",
                sale_price=Decimal(dice.randrange(100, 90_000)) / 100,
                barcodes=(barcode,),
                uoms=uoms if n % 4 == 0 else (),
            )
        )
    return made


@pytest.fixture
def full_book(fresh_book: Book) -> float:
    """A book of 100,000 items; the seconds their import took."""
    dice = random.Random(42)
    spent = 0.0
    for first in range(0, ITEMS, CHUNK):
        chunk = drafts(first, dice)
        begun = time.perf_counter()
        actions.import_items(chunk, actor=SYSTEM)
        spent += time.perf_counter() - begun
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE catalog_item")
        cursor.execute("ANALYZE")
    return spent


@pytest.mark.benchmark
@pytest.mark.timeout(900)
def test_a_keystroke_among_100_000_items(full_book: float, capsys: pytest.CaptureFixture) -> None:
    times: dict[str, list[float]] = {}
    words = [word.replace("_", " ") for word in TYPED.split()]
    with transaction.atomic():
        for _ in range(5):
            for typed in words:
                begun = time.perf_counter()
                queries.suggest_items(SYSTEM, typed)
                times.setdefault(typed, []).append((time.perf_counter() - begun) * 1000)
    every = sorted(t for spent in times.values() for t in spent)
    p95 = every[int(len(every) * 0.95)]
    slowest = sorted(((statistics.median(t), w) for w, t in times.items()), reverse=True)[:8]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_size_pretty(pg_relation_size('item_tokens')),"
            " pg_size_pretty(pg_total_relation_size('catalog_item'))"
        )
        sizes = cursor.fetchone()
    with capsys.disabled():
        for name, value, unit, budget in (
            ("typeahead_p95_100k_items", p95, "ms", BUDGET_MS),
            ("typeahead_median_100k_items", statistics.median(every), "ms", BUDGET_MS),
            ("import_100k_items", full_book, "s", 30),
        ):
            line = {
                "bench": name,
                "value": round(value, 2),
                "unit": unit,
                "budget": budget,
                "ok": value <= budget,
            }
            print(json.dumps(line, ensure_ascii=False))  # noqa: T201
        print(f"slowest: {[(w, round(ms, 1)) for ms, w in slowest]}; index, table: {sizes}")  # noqa: T201
