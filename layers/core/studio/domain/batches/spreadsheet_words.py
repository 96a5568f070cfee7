"""Words of spreadsheets in the languages that they speak: errors of formulas, true and false."""

import re
import unicodedata

# By language. Excel, LibreOffice and Google Sheets share most of them.
_WRITTEN = """
#NULL! #DIV/0! #VALUE! #REF! #NAME? #NUM! #N/A #GETTING_DATA #SPILL! #CALC! #FIELD! #BLOCKED!
#CONNECT! #UNKNOWN! #BUSY! #EXTERNAL! #PYTHON! #TIMEOUT! #ERROR!
#WERT! #BEZUG! #ZAHL! #NV #ÜBERLAUF! #KALK! #FELD! #BLOCKIERT! #VERBINDEN! #UNBEKANNT!
#DATEN_ABRUFEN #BESCHÄFTIGT!
#NUL! #VALEUR! #NOM? #NOMBRE! #PROPAGATION! #EPARS! #CHAMP! #BLOQUE! #BLOQUÉ! #CONNEXION! #INCONNU!
#¡NULO! #¡DIV/0! #¡VALOR! #¡REF! #¿NOMBRE? #¡NUM! #N/D #¡DESBORDAMIENTO! #¡CALC! #¡CAMPO!
#¡BLOQUEADO! #¡CONECTAR! #¡DESCONOCIDO!
#NULO! #VALOR! #NOME? #NÚM! #DESPEJAR! #DESPEJO! #CAMPO! #BLOQUEADO! #CONECTAR! #DESCONHECIDO!
#NULLO! #VALORE! #RIF! #ESPANSIONE! #EXPANSION!
#LEEG! #DEEL/0! #WAARDE! #VERW! #NAAM? #GETAL! #N/B #OVERLOOP! #BEREKENEN!
#SKÄRNING! #DIVISION/0! #VÄRDEFEL! #REFERENS! #NAMN? #OGILTIGT! #SAKNAS! #SPILL! #BERÄKNA!
#VÆRDI! #REFERENCE! #NAVN? #I/T #OVERLØB! #BEREGN!
#VERDI! #OVERFLYT! #KALKULER!
#TYHJÄ! #JAKO/0! #ARVO! #VIITTAUS! #NIMI? #LUKU! #PUUTTUU! #PUUTTUU #LEVIÄMINEN! #LASKE!
#ZERO! #DZIEL/0! #ARG! #ADR! #NAZWA? #LICZBA! #N/D! #ROZLANIE! #OBL!
#DĚLENÍ_NULOU! #HODNOTA! #ODKAZ! #NÁZEV? #ČÍSLO! #NENÍ_K_DISPOZICI #PŘESAH! #VÝPOČET!
#NULLA! #ZÉRÓOSZTÓ! #ÉRTÉK! #HIV! #NÉV? #SZÁM! #HIÁNYZIK #KITÖLTÉS! #SZÁMÍTÁS!
#ПУСТО! #ДЕЛ/0! #ЗНАЧ! #ССЫЛКА! #ИМЯ? #ЧИСЛО! #Н/Д #ПЕРЕНОС! #ВЫЧИСЛ! #ПОЛЕ!
#DELENIENULOU! #NÁZOV? #NEDOSTUPNÝ #ΚΕΝΟ! #ΔΙΑΙΡ/0! #ΤΙΜΗ! #ΑΝΑΦ! #ΟΝΟΜΑ? #ΑΡΙΘ! #Δ/Υ
#BOŞ! #SAYI/0! #DEĞER! #BAŞV! #AD? #SAYI! #YOK #TAŞMA! #HESAPLA!
"""  # noqa: RUF001
# Databases, terminals of exchanges and tables in a browser have some of their own.
_OF_PROGRAMS = """
#Error|#Deleted|#ERROR|#Func!|#Size!|#Type!|#CIRC!|#CYCLE!|#ASYNC!|#SYNTAX!|#CIRCULAR!|Loading...
#N/A N/A|#N/A Requesting Data...|#N/A Invalid Security|#N/A Field Not Applicable
"""
_ERRORS = frozenset([*_WRITTEN.split(), *re.split("[|\n]", _OF_PROGRAMS.strip())])
_LONGEST = 40
# LibreOffice numbers its errors. A column that is too narrow shows signs instead of a number.
_OTHERS = re.compile(r"Err:[0-9]{3}|#{3,}")

_YES = """
true yes y t on 1 -1 x wahr ja vrai oui verdadero sí si vero waar verdadeiro sim sant tosi sand
prawda tak pravda igaz истина да doğru evet 真 ✓ ✔ ☑ ☒
"""
_NO = """
false no n f off 0 falsch nein faux non falso onwaar nee nej falskt epätosi falsk usann
fałsz nie nepravda hamis ложь нет yanlış hayır não nao 偽 假 ✗ ✘ ☐
"""  # noqa: RUF001
TRUE = frozenset(_YES.split())
"""Words for yes, in small letters."""
FALSE = frozenset(_NO.split())
"""Words for no, in small letters."""


def is_spreadsheet_error(text: str) -> bool:
    """Tell whether the text of a cell, without blanks around it, is an error and no content."""
    # A formula is sometimes shown instead of its value, and full-width signs instead of ASCII.
    text = unicodedata.normalize("NFKC", text).lstrip("='") if len(text) < _LONGEST else text
    if text in _ERRORS or _OTHERS.fullmatch(text):
        return True
    # In small letters it is an error by its signs only: #nv is a tag.
    return not text.isupper() and any(sign in text for sign in "!?/") and text.upper() in _ERRORS
