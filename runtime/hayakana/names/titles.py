"""Titles, degrees, forms of companies and shortened given names: rules 10 and 15 of docs/names.md. Tables, and pure.

``TITLES`` are read so in every name: no name is spelled like them. ``WITH_FULL_STOP`` are names too, so that the full
stop tells. ``degrees_in_capitals`` reads these behind a name, and ``dotted_degrees`` degrees with full stops.
"""

from itertools import takewhile

from hayakana.names.letters import spelled
from hayakana.names.parts import CanonicalName
from hayakana.syntax import table

_ENGLISH_TITLES = (
    "mr:ミスター mrs:ミセス ms:ミズ dr:ドクター sir:サー messrs:メサーズ prof:プロフェッサー sgt:サージェント"
    " ssgt:スタッフサージェント cpl:コーポラル pvt:プライベート pfc:ピーエフシー lt:ルーテナント"
    " ltc:ルーテナントカーネル capt:キャプテン cpt:キャプテン cmdr:コマンダー cdr:コマンダー cmdt:コマンダント"
    " brig:ブリガディア supt:スーパーインテンデント insp:インスペクター revd:レヴェレンド msgr:モンシニョール"
    " abp:アーチビショップ jr:ジュニア jnr:ジュニア sr:シニア snr:シニア esq:エスクワイア esqr:エスクワイア st:セント"
    " mt:マウント saint:セイント sainte:サント ste:サント sankt:ザンクト sint:シント ft:フォート"
    " feat:フィーチャリング"
)
_OTHER_TITLES = (
    "hr:ヘル dipl:ディプロム frhr:フライヘア mme:マダム mlle:マドモアゼル mlles:マドモアゼル mgr:モンセニョール"
    " sra:セニョーラ srta:セニョリータ srita:セニョリータ dra:ドクトーラ profa:プロフェッソーラ dott:ドットール"
    " dottssa:ドットレッサ avv:アヴォカート sigra:シニョーラ signa:シニョリーナ"
)
_DEGREES = (
    "phd:ピーエイチディー dphil:ディーフィル mphil:エムフィル psyd:サイディー pharmd:ファームディー msc:エムエスシー"
    " bsc:ビーエスシー llb:エルエルビー llm:エルエルエム lld:エルエルディー"
)
_COMPANIES = (
    "ltd:リミテッド ltda:リミターダ inc:インク corp:コーポレーション llc:エルエルシー llp:エルエルピー"
    " plc:ピーエルシー pty:プロプライエタリー intl:インターナショナル natl:ナショナル mfg:マニュファクチャリング"
    " assoc:アソシエイツ pte:プライベート gmbh:ゲーエムベーハー mbh:エムベーハー kgaa:カーゲーアーアー"
    " gbr:ゲーベーエル ohg:オーハーゲー srl:エスアールエル sarl:エスエーアールエル cie:コンパニー bros:ブラザーズ"
)
_GIVEN_NAMES = (
    "wm:ウィリアム thos:トーマス jno:ジョン robt:ロバート saml:サミュエル danl:ダニエル nathl:ナサニエル"
    " richd:リチャード fredk:フレデリック edw:エドワード edwd:エドワード margt:マーガレット patk:パトリック"
    " michl:マイケル nichs:ニコラス alexr:アレクサンダー archd:アーチボルド fco:フランシスコ fdo:フェルナンド"
    " gpe:グアダルーペ gmo:ギジェルモ hdez:エルナンデス hndz:エルナンデス fdez:フェルナンデス glez:ゴンサレス"
    " rguez:ロドリゲス rdguez:ロドリゲス mtz:マルティネス mtnez:マルティネス heinr:ハインリヒ friedr:フリードリヒ"
    " wilh:ヴィルヘルム"
)
_FULL_STOPS = (
    "gen:ジェネラル mag:マギスター col:カーネル maj:メイジャー adm:アドミラル rev:レヴェレンド hon:オナラブル"
    " gov:ガヴァナー sen:セネター rep:レプレゼンタティヴ pres:プレジデント det:ディテクティヴ bp:ビショップ"
    " ven:ヴェネラブル amb:アンバサダー sig:シニョール ing:インジェニア lic:リセンシアード arq:アルキテクト"
    " mons:モンシニョール mx:ミクス co:カンパニー assn:アソシエーション dept:デパートメント univ:ユニヴァーシティ"
    " bldg:ビルディング bro:ブラザー chs:チャールズ jms:ジェームズ hy:ヘンリー edm:エドマンド nath:ナサニエル"
    " nich:ニコラス barth:バーソロミュー chas:チャールズ geo:ジョージ jas:ジェームズ jos:ジョゼフ benj:ベンジャミン"
    " eliz:エリザベス joh:ヨハン chr:クリスティアン herm:ヘルマン ludw:ルートヴィヒ giov:ジョヴァンニ gius:ジュゼッペ"
    " ma:マリア sta:サンタ sto:サント"
)


TITLES = table(f"{_ENGLISH_TITLES} {_OTHER_TITLES} {_DEGREES} {_COMPANIES} {_GIVEN_NAMES}")
"""Rule 10: in every name, in any case, with a full stop or without one."""

WITH_FULL_STOP = table(_FULL_STOPS)
"""Rule 15: with a full stop. Without one, these are names: Co, Gen, Geo."""

_AS_WRITTEN = table("SpA:エスピーエー EdD:エドディー MEd:エムエド MEng:エムエンジ BEng:ビーエンジ")
"""In any other case they are names."""

_SENOR, _FEATURING = "sr", "ft"
GO_BY_OTHERS = frozenset([_SENOR, _FEATURING, "ph", *map(str.lower, _AS_WRITTEN)])
"""Canonical words that ``title_at`` reads by their place or case, or ``TITLES`` elsewhere."""

_SUFFIXES = (
    "jr jnr jun junior sr snr sen senior esq esqr esquire phd dphil md dds dmd dvm jd llb llm ba bsc ma msc mba mph"
    " mp mep qc kc obe mbe cbe kbe dbe rn cpa usn usmc raf ret retd rev bart bt dsc dso vc sj osb op ofm inc ltd"
)
SUFFIXES = frozenset(_SUFFIXES.split())
"""They stand behind a name, after a comma or none, so that a numeral before them ends a name too."""

_CAPITALS = "mba mpa mph msw med obe mbe cbe kbe dbe ofm osb cpa cfa cfo ceo cto coo phr fca aca facs frcs md jd dds rn"
_CAPITALS_BEHIND_A_COMMA = "ba ma bs ms aa as bfa mfa ms med edd esq mp mep sj op"
_COMPANIES_IN_CAPITALS = {"ag": "アーゲー", "kg": "カーゲー", "bv": "ベーフェー", "nv": "エヌヴィ"}
_BEHIND_A_NAME = frozenset(_CAPITALS.split())
_DEGREES_IN_CAPITALS = _BEHIND_A_NAME | frozenset(_CAPITALS_BEHIND_A_COMMA.split())
IN_CAPITALS = _DEGREES_IN_CAPITALS | frozenset(_COMPANIES_IN_CAPITALS)
"""Degrees and forms of companies in capitals that ``degrees_in_capitals`` may read."""

_MAY_FOLLOW = IN_CAPITALS | SUFFIXES | {"&", "+", "co", "ohg", "kgaa"}
"""What stands behind a degree or a form of a company: others of them."""

_HEADS = {"ph": "ピーエイチ", "ll": "エルエル", "psy": "サイ", "pharm": "ファーム", "ed": "エド"}
_TAILS = {"sc": "エスシー", "phil": "フィル", "eng": "エンジ", "com": "コム", "ed": "エド", "litt": "リット"}
"""What stands before the D, B or M of a degree with full stops, and what stands behind it: Ph.D., B.Sc."""

_FEMININE = {
    ("sig", "ra"): ("シニョー", "ラ"),
    ("sig", "na"): ("シニョリー", "ナ"),
    ("dott", "ssa"): ("ドット", "レッサ"),
    ("prof", "ssa"): ("プロフェッソ", "レッサ"),
    ("sr", "a"): ("セニョー", "ラ"),
    ("dr", "a"): ("ドクトー", "ラ"),
    ("prof", "a"): ("プロフェッソー", "ラ"),
}
"""Titles of women with a full stop inside: Sig.ra, Dott.ssa."""

_DOTTED = "md jd dds dmd dvm ba bs ma ms mba mfa rn cpa dd qc kc mp obe mbe cbe sj op usn"
_DOTTED_DEGREES = frozenset(_DOTTED.split())


def title_at(name: CanonicalName, index: int) -> str | None:
    """Return the Katakana of the part at ``index`` where its form or its place tells a title; None elsewhere."""
    part, last = name.parts[index], len(name.parts) - 1
    if part == _SENOR:
        return "セニョール" if index == 0 < last else None
    if part == _FEATURING:
        return "フィーチャリング" if 0 < index < last and name.written[index].islower() else None
    if name.written[index] in _AS_WRITTEN and index:
        return _AS_WRITTEN[name.written[index]]
    return WITH_FULL_STOP.get(part) if name.runs[index + 1].startswith((".", "．")) else None


def degrees_in_capitals(name: CanonicalName) -> dict[int, str]:
    """Return the Katakana of parts in capitals that are degrees or forms of companies behind a name, by their index.

    They stand behind a comma and two parts. Or they stand at the end of three parts, two for a company, that are not
    all in capitals.
    """
    places = [index for index, part in enumerate(name.parts) if index and part in IN_CAPITALS]
    if not places:
        return {}
    others = [index for index, part in enumerate(name.parts) if part not in _MAY_FOLLOW]
    behind_a_comma, has_small = _are_behind_a_comma(name), any(map(str.islower, "".join(name.written)))
    found = {}
    for index in places:
        part = name.parts[index]
        if not all(map(str.isupper, name.written[index])) or (others and others[-1] > index):
            continue
        if part in _DEGREES_IN_CAPITALS and behind_a_comma[index]:
            found[index] = spelled(part)
        elif has_small and part in _COMPANIES_IN_CAPITALS:
            found[index] = _COMPANIES_IN_CAPITALS[part]
        elif has_small and part in _BEHIND_A_NAME and index > 1:
            found[index] = spelled(part)
    return found


def dotted_degrees(name: CanonicalName) -> list[dict[int, str | None]]:
    """Return the degrees with full stops, each as index of a part → its Katakana, None for a letter.

    Nothing stands between the parts of a degree.
    """
    found: list[dict[int, str | None]] = []
    parts, runs, behind_a_comma = name.parts, name.runs, _are_behind_a_comma(name)
    for index in range(len(parts) - 1):
        part, following, run = parts[index], parts[index + 1], runs[index + 1]
        if run == "." and (feminine := _FEMININE.get((part, following))):
            found.append(dict(zip((index, index + 1), feminine, strict=True)))
        elif part in _HEADS and following in ("d", "b", "m") and _runs_on(part, run, is_last=index + 2 == len(parts)):
            found.append({index: _HEADS[part], index + 1: None})
        elif part in ("d", "b", "m") and following in _TAILS and run == ".":
            found.append({index: None, index + 1: _TAILS[following]})
        elif len(part) == 1 and run == "." and runs[index] != "." and behind_a_comma[index]:
            end = index + 1
            while end < len(parts) and len(parts[end]) == 1 and runs[end] == ".":
                end += 1
            if "".join(parts[index:end]) in _DOTTED_DEGREES:
                found.append(dict.fromkeys(range(index, end)))
    return found


def _runs_on(head: str, run: str, *, is_last: bool) -> bool:
    """Whether a head and its letter are one degree by what stands between them; Ph D is at the end of a name alone."""
    return run == "." or (head == "ph" and (run == ". " or (run == " " and is_last)))


def may_be_dotted(name: CanonicalName) -> bool:
    """Whether a word begins with a degree with full stops, or ends with a piece of one, and does not stand alone."""
    letters = "".join(takewhile(lambda part: len(part) == 1, name.parts))
    return name.parts[-1] in _HEADS or any(letters.startswith(degree) for degree in _DOTTED_DEGREES)


def _are_behind_a_comma(name: CanonicalName) -> list[bool]:
    """Return of each part whether a comma behind two parts or more stands before it, and but degrees between."""
    found = [False] * len(name.parts)
    for index in range(2, len(name.parts)):
        before, run = name.parts[index - 1], name.runs[index]
        is_degree = before in _DEGREES_IN_CAPITALS or before in SUFFIXES or (len(before) == 1 and run == ".")
        found[index] = "," in run or (is_degree and found[index - 1])
    return found
