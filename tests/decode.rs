//! Decoding: the right text, and always the way back to the very bytes.

use descrape::decode::{Decoded, EncodeError, Encoding, KnownBy, LineEnd, LineEnds, NotText, Source, decode, detect};
use proptest::prelude::*;

/// A page of each script, long enough to be told apart.
const ZH_HANS: &str = "清晨，山谷里的雾还没有散去，村口的老槐树下已经坐着几位老人。他们一边喝茶，一边谈论今年的收成，说起邻村新修的公路，脸上都带着笑容。";
const ZH_HANT: &str = "清晨，山谷裡的霧還沒有散去，村口的老槐樹下已經坐著幾位老人。他們一邊喝茶，一邊談論今年的收成，說起鄰村新修的公路，臉上都帶著笑容。";
const JA: &str = "朝早く、谷にはまだ霧がかかっていた。村の入り口にある古い木の下では、もう何人かの老人がお茶を飲みながら、今年の収穫について話していた。";
const KO: &str = "이른 아침, 골짜기에는 아직 안개가 걷히지 않았다. 마을 어귀의 오래된 나무 아래에는 벌써 노인 몇 분이 앉아 차를 마시며 올해 농사 이야기를 나누고 있었다.";
const RU: &str = "Рано утром в долине ещё лежал туман. Под старым деревом у входа в деревню уже сидели несколько стариков, пили чай и говорили об урожае.";
const FR: &str = "Tôt le matin, la vallée était encore voilée de brume. Sous le vieil arbre, à l'entrée du village, quelques vieillards buvaient déjà leur thé et parlaient de la récolte de cette année.";

const ALL: &[&str] = &[
    "utf-8",
    "utf-16le",
    "utf-16be",
    "utf-32le",
    "utf-32be",
    "gb18030",
    "hz",
    "big5",
    "shift_jis",
    "euc-jp",
    "iso-2022-jp",
    "euc-kr",
    "iso-2022-kr",
    "ibm866",
    "iso-8859-2",
    "iso-8859-3",
    "iso-8859-4",
    "iso-8859-5",
    "iso-8859-6",
    "iso-8859-7",
    "iso-8859-8",
    "iso-8859-8-i",
    "iso-8859-10",
    "iso-8859-13",
    "iso-8859-14",
    "iso-8859-15",
    "iso-8859-16",
    "koi8-r",
    "koi8-u",
    "macintosh",
    "windows-874",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "windows-1253",
    "windows-1254",
    "windows-1255",
    "windows-1256",
    "windows-1257",
    "windows-1258",
    "x-mac-cyrillic",
    "x-user-defined",
];

fn encoding(label: &str) -> Encoding {
    Encoding::for_label(label).unwrap_or_else(|| panic!("{label} is an encoding"))
}

/// The bytes of a text, by way of the record a clean file would have.
fn bytes(text: &str, label: &str) -> Vec<u8> {
    let mut source = decode(&b""[..], None).unwrap().source;
    source.encoding = encoding(label);
    source.encode(text).unwrap()
}

/// Decodes, checks the way back (through the log's form as well), and gives the result.
fn there_and_back(bytes: &[u8], encoding: Option<Encoding>) -> Decoded {
    let decoded = decode(bytes, encoding).unwrap();
    assert!(!decoded.text.contains('\r'), "a carriage return is left in {:?}", decoded.text);
    let logged = serde_json::to_string(&decoded.source).unwrap();
    let source: Source = serde_json::from_str(&logged).unwrap();
    assert_eq!(source, decoded.source, "{logged}");
    let again = source.encode(&decoded.text).unwrap();
    assert!(again == bytes, "{logged}\n{:?}\n{bytes:02x?}\n{again:02x?}", decoded.text);
    decoded
}

#[test]
fn texts_come_out_as_they_were_written() {
    let cases = [
        (ZH_HANS, "utf-8"),
        (ZH_HANS, "gb18030"),
        (ZH_HANT, "big5"),
        (ZH_HANT, "gb18030"),
        (JA, "shift_jis"),
        (JA, "euc-jp"),
        (JA, "iso-2022-jp"),
        (KO, "euc-kr"),
        (RU, "windows-1251"),
        (RU, "koi8-r"),
        (FR, "windows-1252"),
        (FR, "utf-16le"),
        (RU, "utf-16be"),
        (FR, "utf-32le"),
        (ZH_HANS, "utf-32be"),
    ];
    for (text, label) in cases {
        let file = bytes(&format!("{text}\n{text}\n"), label);
        let decoded = there_and_back(&file, None);
        assert_eq!(decoded.text, format!("{text}\n{text}\n"), "{label}");
        assert_eq!(decoded.source.encoding, encoding(label));
        assert!(decoded.source.raw.is_empty(), "{label}");
        assert_eq!(there_and_back(&file, Some(encoding(label))).text, decoded.text, "{label}");
    }
}

#[test]
fn byte_order_marks_leave_the_text_and_come_back() {
    for label in ["utf-8", "utf-16le", "utf-16be", "utf-32le", "utf-32be", "gb18030"] {
        let file = bytes(&format!("\u{feff}{ZH_HANS}\n"), label);
        let decoded = there_and_back(&file, None);
        assert_eq!(decoded.text, format!("{ZH_HANS}\n"), "{label}");
        assert_eq!((decoded.source.bom, decoded.source.known_by), (true, KnownBy::Bom), "{label}");
    }
}

#[test]
fn line_ends_become_lf_and_come_back() {
    use LineEnd::{Cr, Crcrlf, Crlf, Lf};
    let cases = [
        ("a\nb\n", LineEnds::All(Lf)),
        ("a\r\nb\r\n", LineEnds::All(Crlf)),
        ("a\rb", LineEnds::All(Cr)),
        ("a\r\r\nb\r\r\n", LineEnds::All(Crcrlf)),
        ("a\r\nb\r\nc\nd\re", LineEnds::Mixed(vec![(2, Crlf), (1, Lf), (1, Cr)])),
        ("\r\r\r\n\n\r", LineEnds::Mixed(vec![(1, Cr), (1, Crcrlf), (1, Lf), (1, Cr)])),
    ];
    for (text, line_ends) in cases {
        for label in ["utf-8", "utf-16be", "gb18030", "iso-2022-jp"] {
            let file = bytes(text, label);
            let decoded = there_and_back(&file, Some(encoding(label)));
            assert_eq!(decoded.source.line_ends, line_ends, "{text:?}");
        }
    }
}

#[test]
fn a_plain_file_has_a_short_record() {
    let decoded = there_and_back(ZH_HANS.as_bytes(), None);
    assert_eq!(serde_json::to_string(&decoded.source).unwrap(), r#"{"encoding":"utf-8"}"#);
}

#[test]
fn bad_bytes_are_counted_and_kept() {
    let cases: &[(&str, &[u8], &str, usize)] = &[
        ("utf-8", b"ab\xffcd\xe4\xb8", "ab\u{fffd}cd\u{fffd}", 3),
        ("gb18030", b"\xc4\xe3\xff,\xba\xc3\xc4", "你\u{fffd},好\u{fffd}", 2),
        ("big5", b"\xa7\x41\x80a", "你\u{fffd}a", 1),
        ("utf-16le", b"\x00\xd8a\x00b", "\u{fffd}a\u{fffd}", 3),
        ("utf-32be", b"\0\0\0a\0\x11\0\0\0", "a\u{fffd}\u{fffd}", 5),
        ("hz", b"~{Dc\x80:C~}\n", "你\u{fffd}好\n", 1),
        ("windows-1253", b"\xd2a", "\u{fffd}a", 1),
    ];
    for (label, file, text, bad) in cases {
        let decoded = there_and_back(file, Some(encoding(label)));
        assert_eq!((decoded.text.as_str(), decoded.source.bad_bytes()), (*text, *bad), "{label}");
    }
}

#[test]
fn doubles_come_back_as_they_were() {
    let cases: &[(&str, &[u8], &str)] = &[
        ("gb18030", b"\x80\xa3\xa0\xa1\xa1", "€\u{3000}\u{3000}"),
        ("gb18030", b"\x82\x35\x90\x37\x84\x31\x82\x36", "\u{9fb4}\u{fe10}"),
        ("big5", b"\xa1\xc3\xf9\xf9\xa4\xa4\x88\x62", "￣═中Ê̄"),
        ("shift_jis", b"\x87\x90\xfa\x54\xed\x40\xf0\x40", "≒￢纊\u{e000}"),
        ("euc-jp", b"\xad\xf0\x8f\xb0\xa1\xa4\xa2", "≒丂あ"),
        ("iso-2022-jp", b"\x1b(I1\x1b$@0!\x1b(Jx\x1b(B\n\x1b$B0!\x1b(B\n", "ｱ亜x\n亜\n"),
        ("iso-2022-kr", b"\x1b$)C\x0eGQ\x0fa\x0e\x0f\n\x0eGQ\x0f", "한a\n한"),
        ("hz", b"~{VPND~}~~~{~}~\n~{VP~}\n", "中文~中\n"),
    ];
    for (label, file, text) in cases {
        let decoded = there_and_back(file, Some(encoding(label)));
        assert_eq!((decoded.text.as_str(), decoded.source.bad_bytes()), (*text, 0), "{label}");
        assert!(!decoded.source.raw.is_empty(), "{label}");
    }
}

#[test]
fn every_one_byte_and_two_byte_sequence_comes_back() {
    for label in ALL {
        let mut file: Vec<u8> = (0..=255).flat_map(|byte| [byte, b'\n']).collect();
        file.extend((0..=0xffff_u16).flat_map(|pair| [(pair >> 8) as u8, pair as u8, b'\n']));
        there_and_back(&file, Some(encoding(label)));
    }
}

#[test]
fn damaged_utf_8_stays_utf_8() {
    let text = ZH_HANS.as_bytes();
    let mut stray = text.to_vec();
    stray[30] = 0xff;
    for file in [&text[1..], &text[2..], &text[..text.len() - 1], &text[1..text.len() - 2], &stray] {
        let decoded = there_and_back(file, None);
        assert_eq!(decoded.source.encoding, Encoding::Utf8);
        assert!(decoded.source.bad_bytes() > 0);
    }
}

#[test]
fn a_lost_byte_costs_one_character() {
    for (text, label) in [(ZH_HANS, "gb18030"), (ZH_HANT, "big5"), (JA, "euc-jp"), (KO, "euc-kr")] {
        let file = bytes(text, label);
        for lost in [0, 1, 30, 31, 40, 41].into_iter().filter(|lost| !file[*lost].is_ascii()) {
            let mut damaged = file.clone();
            damaged.remove(lost);
            let decoded = there_and_back(&damaged, None);
            assert_eq!(decoded.source.encoding, encoding(label));
            let common = decoded.text.chars().rev().zip(text.chars().rev()).take_while(|(ours, theirs)| ours == theirs);
            let before = decoded.text.chars().zip(text.chars()).take_while(|(ours, theirs)| ours == theirs).count();
            let wrong = text.chars().count().saturating_sub(before + common.count());
            assert!(wrong <= 3, "{label} without byte {lost}: {}", decoded.text);
        }
    }
}

#[test]
fn short_cut_and_damaged_texts_are_told_apart() {
    let cases = [
        (ZH_HANS, "gb18030"),
        (ZH_HANT, "big5"),
        (JA, "shift_jis"),
        (JA, "euc-jp"),
        (KO, "euc-kr"),
        (RU, "windows-1251"),
    ];
    for (text, label) in cases {
        let short: String = text.chars().take(12).collect();
        let file = bytes(&short, label);
        assert_eq!(there_and_back(&file, None).text, short, "{label}");
        let long = bytes(text, label);
        for cut in [&long[1..], &long[..long.len() - 1], &long[1..long.len() - 1]] {
            assert_eq!(there_and_back(cut, None).source.encoding, encoding(label), "{label}");
        }
        let mut damaged = long.clone();
        (damaged[20], damaged[50], damaged[80]) = (0xff, 0x80, b' ');
        assert_eq!(there_and_back(&damaged, None).source.encoding, encoding(label), "{label}");
    }
}

#[test]
fn utf_16_needs_no_mark() {
    for text in [ZH_HANS, ZH_HANT, JA, KO, RU, FR] {
        for label in ["utf-16le", "utf-16be"] {
            let decoded = there_and_back(&bytes(text, label), None);
            assert_eq!((decoded.text.as_str(), decoded.source.encoding), (text, encoding(label)));
        }
    }
}

#[test]
fn escapes_tell_seven_bit_encodings() {
    for (text, label) in [(JA, "iso-2022-jp"), (ZH_HANS, "hz")] {
        let decoded = there_and_back(&bytes(text, label), None);
        assert_eq!((decoded.text.as_str(), decoded.source.known_by), (text, KnownBy::Escapes), "{label}");
    }
    let korean = [b"\x1b$)C\n", &bytes(KO, "iso-2022-kr")[..]].concat();
    assert_eq!(there_and_back(&korean, None).text, format!("\n{KO}"));
}

#[test]
fn a_declared_encoding_is_a_hint_only() {
    let page =
        |declared: &str| format!("<html><head><meta charset=\"{declared}\"></head><body>{ZH_HANS}</body></html>");
    for declared in ["gb2312", "utf-8", "big5", "windows-1252"] {
        let decoded = there_and_back(&bytes(&page(declared), "gb18030"), None);
        assert_eq!(decoded.text, page(declared));
    }
}

#[test]
fn lines_in_several_encodings_are_read_each_in_its_own() {
    let cases = [
        (vec![(ZH_HANS, "utf-8"), (ZH_HANS, "utf-8"), (ZH_HANS, "gb18030"), (ZH_HANS, "utf-8")], "utf-8"),
        (
            vec![
                (ZH_HANS, "gb18030"),
                (ZH_HANS, "gb18030"),
                (ZH_HANT, "big5"),
                ("ascii", "utf-8"),
                (ZH_HANS, "gb18030"),
            ],
            "gb18030",
        ),
        (vec![(JA, "shift_jis"), (JA, "utf-8"), (JA, "shift_jis")], "shift_jis"),
        (vec![(RU, "utf-8"), (RU, "utf-8"), (RU, "windows-1251")], "utf-8"),
    ];
    for (lines, main) in cases {
        let file: Vec<u8> = lines.iter().flat_map(|(text, label)| bytes(&format!("{text}\r\n"), label)).collect();
        let decoded = there_and_back(&file, None);
        let text: String = lines.iter().map(|(text, _)| format!("{text}\n")).collect();
        assert_eq!(decoded.text, text);
        assert_eq!((decoded.source.encoding, decoded.source.bad_bytes()), (encoding(main), 0));
        assert!(decoded.source.runs.len() > 1);
    }
}

#[test]
fn unusual_lines_stay_in_the_encoding_of_their_file() {
    let rare = "龘靐齉爩鱻麤龗灪吁龖厵滟爨癵籱饢驫鲡鹂鸾";
    let file = bytes(&format!("{ZH_HANS}\n{rare}\n★☆★☆★☆★☆\n{ZH_HANS}\n"), "gb18030");
    assert!(there_and_back(&file, None).source.runs.is_empty());
    let file = bytes(&format!("{KO}\n아무도그런거에신경안써\n브루펭\n앙큼냥이。\n{KO}\n"), "euc-kr");
    assert!(there_and_back(&file, None).source.runs.is_empty());
}

#[test]
fn a_close_guess_is_unsure_and_says_what_else() {
    let guess = detect(b"\xd6\xd0").unwrap();
    assert!(guess.runner_up.is_some() && guess.margin.is_some());
    assert!(detect(&bytes(ZH_HANS, "gb18030")).unwrap().sure);
}

#[test]
fn a_few_signs_of_utf_8_are_enough() {
    for text in
        ["© 2024", "£5, £6 and £7", "© © ©", "20 °C", "§ 1, § 2", "naïve café", "“yes”", "·", "你", "你好", "ок", "ﬁ"]
    {
        assert_eq!(there_and_back(text.as_bytes(), None).text, text);
    }
}

#[test]
fn a_named_encoding_wins_over_all_but_its_own_mark() {
    let file = bytes(ZH_HANS, "gb18030");
    let decoded = there_and_back(&file, Some(Encoding::Big5));
    assert_eq!((decoded.source.encoding, decoded.source.known_by), (Encoding::Big5, KnownBy::User));
    let marked = bytes(&format!("\u{feff}{FR}"), "utf-16be");
    let decoded = there_and_back(&marked, encoding("utf-16").into());
    assert_eq!((decoded.text.as_str(), decoded.source.encoding), (FR, Encoding::Utf16Be));
}

#[test]
fn binary_files_are_not_text() {
    let noise: Vec<u8> = (0..4000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let files: &[&[u8]] =
        &[b"\x89PNG\r\n\x1a\n....", b"%PDF-1.4\n%....", b"PK\x03\x04....", b"\0\x01\x02\x03\0\0\0", &noise];
    for file in files {
        assert!(matches!(detect(file), Err(NotText::Binary { .. })), "{file:02x?}");
    }
    assert_eq!(detect(b"%PDF-1.4\n").unwrap_err().to_string(), "not a text: a PDF document; left as it is");
}

#[test]
fn a_few_controls_do_not_make_a_text_binary() {
    let file = format!("{FR}\0\n\u{1a}");
    assert_eq!(there_and_back(file.as_bytes(), None).text, file);
    let file = "价格\0为39元\u{7}，限购两件\u{7f}。";
    assert_eq!(there_and_back(file.as_bytes(), None).text, file);
    assert_eq!(there_and_back(b"", None).text, "");
}

#[test]
fn a_record_of_another_text_is_an_error() {
    let source = there_and_back(b"a\xff\r\nb\nc\xfe", Some(Encoding::Utf8)).source;
    assert_eq!(source.encode("a\nb"), Err(EncodeError::LineEnds { want: 2, have: 1 }));
    assert!(matches!(source.encode("\n\n"), Err(EncodeError::Piece { .. })));
    assert!(matches!(source.encode("中中中中\n\n"), Err(EncodeError::Piece { .. })));
    let source = there_and_back(&bytes(ZH_HANS, "gb18030"), None).source;
    assert!(matches!(source.encode("\u{e5e5}"), Err(EncodeError::Char { char: '\u{e5e5}', .. })));
}

#[test]
fn labels_of_every_kind_are_known() {
    for label in ALL {
        assert_eq!(Encoding::for_label(&encoding(label).to_string()), Some(encoding(label)), "{label}");
    }
    for (label, name) in [("GBK", "gb18030"), ("gb2312", "gb18030"), ("latin1", "windows-1252"), (" Big5 ", "big5")] {
        assert_eq!(encoding(label).to_string(), name);
    }
    assert_eq!(Encoding::for_label("replacement"), None);
    assert_eq!(Encoding::for_label("klingon"), None);
}

/// Any bytes, with those that start and end sequences more often than chance would have them.
fn nasty() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        4 => any::<u8>(),
        2 => prop::sample::select(b"\r\n\n\r\0\x1b\x0e\x0f~{}$(BJI@)C0123AaZz\x80\x8e\x8f\xa1\xa3\xe4\xff\xfe\xef\xbb\xbf\xd8\xdc".to_vec()),
        1 => 0xa1..=0xfe_u8,
    ];
    prop::collection::vec(byte, 0..200)
}

/// Real text in some encoding, with bytes changed, dropped and put in.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let text = prop::collection::vec(
        prop::sample::select(vec![ZH_HANS, ZH_HANT, JA, KO, RU, FR, "\r\n", "\n", "\r", "ｱｲｳ"]),
        1..8,
    );
    let wounds = prop::collection::vec((any::<prop::sample::Index>(), 0..3, any::<u8>()), 0..6);
    (text, prop::sample::select(ALL), wounds).prop_map(|(text, label, wounds)| {
        let mut file: Vec<u8> = text
            .concat()
            .chars()
            .flat_map(|char| {
                let mut source = decode(&b""[..], None).unwrap().source;
                source.encoding = encoding(label);
                source.encode(&char.to_string()).unwrap_or_default()
            })
            .collect();
        for (at, kind, byte) in wounds {
            let at = at.index(file.len() + 1);
            match kind {
                0 => file.insert(at, byte),
                1 if at < file.len() => drop(file.remove(at)),
                _ if at < file.len() => file[at] = byte,
                _ => {}
            }
        }
        file
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_come_back(file in nasty()) {
        if decode(&file[..], None).is_ok() {
            there_and_back(&file, None);
        }
    }

    #[test]
    fn any_bytes_come_back_from_any_encoding(file in nasty(), label in prop::sample::select(ALL)) {
        if decode(&file[..], Some(encoding(label))).is_ok() {
            there_and_back(&file, Some(encoding(label)));
        }
    }

    #[test]
    fn damaged_text_comes_back(file in damaged(), label in prop::sample::select(ALL)) {
        if decode(&file[..], None).is_ok() {
            there_and_back(&file, None);
        }
        if decode(&file[..], Some(encoding(label))).is_ok() {
            there_and_back(&file, Some(encoding(label)));
        }
    }

    #[test]
    fn lines_of_any_encodings_come_back(lines in prop::collection::vec(damaged(), 1..6)) {
        let file = lines.join(&b'\n');
        if decode(&file[..], None).is_ok() {
            there_and_back(&file, None);
        }
    }

    #[test]
    fn a_damaged_record_never_panics(file in damaged(), other in ".{0,40}", at in 0usize..500, len in 0usize..500) {
        if let Ok(Decoded { text, mut source }) = decode(&file[..], None) {
            let _ = source.encode(&other);
            for piece in &mut source.raw {
                (piece.at, piece.len) = (piece.at ^ at, if len == 0 { usize::MAX } else { piece.len ^ len });
            }
            let _ = source.encode(&text);
        }
    }
}

#[test]
fn nothing_but_nul_is_no_text() {
    for len in [1, 2, 4, 7, 4096, 100_000] {
        assert!(decode(vec![0; len], None).is_err(), "{len}");
        assert!(detect(&vec![0; len]).is_err(), "{len}");
    }
    // A crash leaves a block of them behind a text.
    let crashed = [ZH_HANS.as_bytes(), &[0; 5000]].concat();
    assert_eq!(there_and_back(&crashed, None).source.encoding, Encoding::Utf8);
}

#[test]
fn controls_between_the_places_looked_at_are_seen() {
    // A fourteenth of a large file, wherever it is, makes it binary if it is all control characters.
    let text = ZH_HANS.repeat(3000).into_bytes();
    for place in 1..31 {
        let mut file = text.clone();
        let from = file.len() / 31 * place;
        let len = file.len() / 28;
        file.splice(from..from, std::iter::repeat_n([1, 2], len).flatten());
        assert!(decode(file, None).is_err(), "{place}");
    }
}
