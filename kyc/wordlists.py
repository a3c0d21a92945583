"""The words that names are read by: legal forms, particles, titles, what every firm is called."""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Written forms of one legal form, as words after normalisation -> its short name.
FORMS = {
    "ag": "ag aktiengesellschaft",
    "gmbh": "gmbh|gesellschaft mit beschrankter haftung|gesellschaft mit beschraenkter haftung",
    "ltd": "ltd limited|limited company|co ltd|company limited|private limited|pvt ltd|pte ltd",
    "plc": "plc|public limited company",
    "llc": "llc ooo tov srl sarl|limited liability company|s r l"
    "|obshchestvo s ogranichennoy otvetstvennostyu|societatea cu raspundere limitata"
    "|sociedad de responsabilidad limitada|societa a responsabilita limitata",
    "inc": "inc incorporated corp corporation co company",
    "jsc": "jsc ojsc oao ao pao pjsc zao cjsc|joint stock company|open joint stock company"
    "|public joint stock company|closed joint stock company|aktsionernoye obshchestvo",
    "sa": "sa spa|sociedad anonima|societe anonyme|s a de c v|sa de cv|sapi de cv|sas",
    "nv": "nv bv|naamloze vennootschap|besloten vennootschap",
    "as": "as a/s aps asa oy oyj ab publ|aktieselskab|anpartsselskab|aktiebolag",
    "kg": "kg kgaa ohg|co kg|gmbh co kg",
    "kft": "kft zrt doo dd ad sro|sp z oo|spolka z oo|spolka z ograniczona odpowiedzialnoscia",
}
# What little of a name's beginning means "servant of", and the articles that follow it.
ARTICLES = _set("al el ul ar as ad an at az ur us")
SERVANT = _set("abdul abdel abdal abdol abdoul abdoel abdil")
# Words that say little about who somebody is.
PARTICLES = _set(
    """
    al el ul as ad an ar at bin ben ibn bint abu abou abd abdul de da do dos di del della la le
    van von der den ter zu y e the of and und et og i
    """
)
TITLES = _set(
    """
    mr mrs ms dr prof sir dame sheikh shaikh sheik shaykh haji hajji hadji mullah mulla maulavi
    mawlawi ayatollah imam sayyid general gen col colonel capt captain
    """
)
GENERIC = _set(
    """
    bank banco banque group gruppe holding holdings international company companies co
    corporation corp trading general services service industries industry industrial enterprise
    enterprises organization organisation foundation fund national state management global
    investment investments development import export institute academy university ministry
    center centre association union for in
    """
)
_ONES = "one two three four five six seven eight nine"
_TO_NINETEEN = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
_TO_NINETY = "twenty thirty forty fifty sixty seventy eighty ninety"
UNITS = {word: number for number, word in enumerate(_ONES.split(), 1)}
TEENS = {word: number for number, word in enumerate(_TO_NINETEEN.split(), 10)}
TENS = {word: 10 * number for number, word in enumerate(_TO_NINETY.split(), 2)} | {"fourty": 40}
