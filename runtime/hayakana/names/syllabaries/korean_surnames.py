"""Korean surnames, and how they are romanised. Pure.

The spellings are of passports, of Revised Romanization and of McCune–Reischauer. The surnames are of South Korea's
census of 2015: those that a thousand people or more bear, unless a more frequent surname has their spelling.
"""

_SPELLINGS = """
キム: kim gim ghim
イ: lee yi rhee rhie i ri
パク: park pak bak bahk
チェ: choi choe chae che chey
チョン: jung jeong chung chong chŏng joung jeung jeon chon jun cheon chun
カン: kang gang kahng
チョ: cho jo joh
ユン: yoon yun youn
チャン: jang chang jahng
イム: lim im yim rim rhim leem
ハン: han hahn
オ: oh o
ソ: seo suh sŏ so seoh
シン: shin sin shinn
クォン: kwon kwŏn gwon kwun kweon
ファン: hwang whang
アン: ahn an
ソン: song sohn son sung seong sŏng sun seon soun
ユ: yoo yu you
リュ: ryu ryoo rhyu lyu
ホン: hong
コ: ko koh go goh
ムン: moon mun
ヤン: yang ryang
ペ: bae pae bai
ペク: baek paik baik paek
ホ: heo hŏ hur huh hu
ナム: nam
シム: shim sim
ノ: noh roh no ro
ハ: ha hah
クァク: kwak gwak kwack
チャ: cha
チュ: joo ju chu choo
ウ: woo wu
ク: koo gu ku goo
ミン: min
チン: jin chin
ナ: na ra nah
チ: ji chi jee chee
オム: um eom uhm
ウォン: won weon
パン: bang pang ban pan bahn pahng
ポン: bong pong
ピョン: byun byeon pyun byon pyon
ト: do to doh
キル: gil kil
キ: ki gi kee
マ: ma mah
ピョ: pyo
ソク: seok suk sok
ソヌ: sunwoo seonu sunu seonwoo
ファンボ: hwangbo
ナムグン: namgung namkoong namkung
トッコ: dokgo dokko
チェガル: jegal chegal
サゴン: sagong sakong
ソムン: seomun
トンバン: dongbang
タク: tak
ヨム: yeom yŏm yum youm
ヨ: yeo yuh
ヨン: yeon
メン: maeng
ウィ: wi wee
イン: in
ミョン: myung myeong
ユク: yuk yook
メ: mae
モ: mo
オク: ok
ウン: eun
トク: deok
ピン: bin
コン: kong gong
ケ: gye kye
キュ: kyu
クク: kook guk kuk
テ: tae
ポク: bok
モク: mok
ハム: ham hahm
クム: keum geum kum
イェ: ye
キョン: kyung gyeong kyeong
サ: sa
ヨプ: yeop
チェ: che
ピ: pi
ソル: seol sul sol
ヒョン: hyun hyeon
カム: kam gam
ソプ: sub
プ: boo bu pu
"""

SURNAMES: dict[str, str] = {}
"""Canonical spelling → Katakana. Of surnames that are spelled alike, the more frequent one has it."""
for _line in _SPELLINGS.strip().splitlines():
    _katakana, _, _spellings = _line.partition(": ")
    for _spelling in _spellings.split():
        SURNAMES.setdefault(_spelling, _katakana)

_FREQUENT_TEXT = "kim lee park choi jung jeong chung kang cho jo yoon jang lim han oh seo shin kwon hwang ahn"
FREQUENT = frozenset(_FREQUENT_TEXT.split())
"""Spellings of the twenty most frequent: where both ends of a name are surnames, these are the surname."""

_SURE_TEXT = (
    "kim park pak bak choi choe jung jeong kwon gwon yoon youn jang shin seo suh hwang ahn ryu yoo jeon moon"
    " bae baek paik heo hur huh noh roh kwak gwak bong byun byeon pyo pyun seok hwangbo namgung sunwoo oh cho"
    " jo kang lim shim sohn nam bang gil koo joo woo ryoo uhm eom yeom yeo maeng myung pae rhee"
)
SURE = frozenset(_SURE_TEXT.split())
"""Spellings that surnames of China, in Pinyin or Wade–Giles, have not."""


def ends_unvoiced(surname: str) -> bool:
    """Whether one of ``SURNAMES`` ends in a stop, behind which a given name begins unvoiced: Park, Baek, Sub."""
    return surname[-1] in "kptb"
