"""Codes of languages and countries, as tables: ISO 639-1 with ISO 639-2, and ISO 3166-1 with the language of names."""

_LANGUAGES = (
    "aa:aar ab:abk ae:ave af:afr ak:aka am:amh an:arg ar:ara as:asm av:ava ay:aym az:aze ba:bak be:bel bg:bul bi:bis"
    " bm:bam bn:ben bo:bod:tib br:bre bs:bos ca:cat ce:che ch:cha co:cos cr:cre cs:ces:cze cu:chu cv:chv cy:cym:wel"
    " da:dan de:deu:ger dv:div dz:dzo ee:ewe el:ell:gre en:eng eo:epo es:spa et:est eu:eus:baq fa:fas:per ff:ful fi:fin"
    " fj:fij fo:fao fr:fra:fre fy:fry ga:gle gd:gla gl:glg gn:grn gu:guj gv:glv ha:hau he:heb:iw hi:hin ho:hmo hr:hrv"
    " ht:hat hu:hun hy:hye:arm hz:her ia:ina id:ind:in ie:ile ig:ibo ii:iii ik:ipk io:ido is:isl:ice it:ita iu:iku"
    " ja:jpn jv:jav ka:kat:geo kg:kon ki:kik kj:kua kk:kaz kl:kal km:khm kn:kan ko:kor kr:kau ks:kas ku:kur kv:kom"
    " kw:cor ky:kir la:lat lb:ltz lg:lug li:lim ln:lin lo:lao lt:lit lu:lub lv:lav mg:mlg mh:mah mi:mri:mao mk:mkd:mac"
    " ml:mal mn:mon mr:mar ms:msa:may mt:mlt my:mya:bur na:nau nd:nde ne:nep ng:ndo nl:nld:dut no:nor:nb:nob:nn:nno"
    " nr:nbl nv:nav ny:nya oc:oci oj:oji om:orm or:ori os:oss pa:pan pi:pli pl:pol ps:pus pt:por qu:que rm:roh rn:run"
    " ro:ron:rum:mo ru:rus rw:kin sa:san sc:srd sd:snd se:sme sg:sag si:sin sk:slk:slo sl:slv sm:smo sn:sna so:som"
    " sq:sqi:alb sr:srp:sh:hbs ss:ssw st:sot su:sun sv:swe sw:swa ta:tam te:tel tg:tgk th:tha ti:tir tk:tuk tl:tgl:fil"
    " tn:tsn to:ton tr:tur ts:tso tt:tat tw:twi ty:tah ug:uig uk:ukr ur:urd uz:uzb ve:ven vi:vie vo:vol wa:wln wo:wol"
    " xh:xho yi:yid:ji yo:yor za:zha zh:zho:chi:cmn:yue zu:zul"
)
LANGUAGES = {code: codes[:2] for codes in _LANGUAGES.split() for code in codes.split(":")}
"""Code of a language → ISO 639-1. Both forms of Norwegian are ``no``, and codes that were withdrawn are there too."""

_ONE_COUNTRY_EACH = (
    "da:DK:DNK nl:NL:NLD am:ET:ETH az:AZ:AZE be:BY:BLR bg:BG:BGR bn:BD:BGD bs:BA:BIH ca:AD:AND cs:CZ:CZE dv:MV:MDV"
    " dz:BT:BTN et:EE:EST fa:IR:IRN fi:FI:FIN fo:FO:FRO he:IL:ISR hr:HR:HRV hu:HU:HUN hy:AM:ARM id:ID:IDN is:IS:ISL"
    " ja:JP:JPN ka:GE:GEO kk:KZ:KAZ kl:GL:GRL km:KH:KHM ky:KG:KGZ lo:LA:LAO lt:LT:LTU lv:LV:LVA mg:MG:MDG mk:MK:MKD"
    " mn:MN:MNG ms:BN:BRN mt:MT:MLT my:MM:MMR ne:NP:NPL pl:PL:POL ru:RU:RUS sk:SK:SVK sl:SI:SVN sm:WS:WSM so:SO:SOM"
    " tg:TJ:TJK th:TH:THA tk:TM:TKM to:TO:TON tr:TR:TUR uk:UA:UKR ur:PK:PAK uz:UZ:UZB vi:VN:VNM"
)
_COUNTRIES = {
    "ar": "AE:ARE BH:BHR DZ:DZA EG:EGY EH:ESH IQ:IRQ JO:JOR KW:KWT LB:LBN LY:LBY MA:MAR MR:MRT OM:OMN PS:PSE QA:QAT"
    " SA:SAU SD:SDN SY:SYR TN:TUN YE:YEM",
    "de": "AT:AUT DE:DEU LI:LIE",
    "el": "CY:CYP GR:GRC",
    "en": "AG:ATG AI:AIA AU:AUS BB:BRB BM:BMU BS:BHS DM:DMA FK:FLK GB:GBR:UK GD:GRD GG:GGY IE:IRL IM:IMN JE:JEY JM:JAM"
    " KN:KNA KY:CYM LC:LCA MS:MSR NF:NFK NZ:NZL PN:PCN SH:SHN TC:TCA TT:TTO US:USA VC:VCT VG:VGB VI:VIR",
    "es": "AR:ARG BO:BOL CL:CHL CO:COL CR:CRI CU:CUB DO:DOM EC:ECU ES:ESP GT:GTM HN:HND MX:MEX NI:NIC PA:PAN PE:PER"
    " PR:PRI PY:PRY SV:SLV UY:URY VE:VEN",
    "fr": "BL:BLM FR:FRA GF:GUF GP:GLP HT:HTI MC:MCO MF:MAF MQ:MTQ PM:SPM RE:REU",
    "it": "IT:ITA SM:SMR VA:VAT",
    "ko": "KP:PRK KR:KOR",
    "no": "NO:NOR SJ:SJM",
    "pt": "AO:AGO BR:BRA CV:CPV MZ:MOZ PT:PRT ST:STP",
    "ro": "MD:MDA RO:ROU",
    "sq": "AL:ALB XK:XKX",
    "sr": "ME:MNE RS:SRB",
    "sv": "AX:ALA SE:SWE",
    "zh": "CN:CHN HK:HKG MO:MAC TW:TWN",
} | dict(entry.split(":", 1) for entry in _ONE_COUNTRY_EACH.split())
COUNTRIES = {
    code: language
    for language, countries in _COUNTRIES.items()
    for codes in countries.split()
    for code in codes.split(":")
}
"""Code of a country → the language that most names of its people are of.

A country whose people bear names of several languages (CH, BE, CA, IN, ZA …), or mostly of one that ISO 639-1 has no
code for, is missing.
"""
