use super::*;

fn text(sentences: usize) -> Vec<u8> {
    (0..sentences)
        .map(|n| format!("第{n}天，船在{}点离岸，带走了{}个人。\n", n * 7 % 24, n * n % 91))
        .collect::<String>()
        .into_bytes()
}

fn gzip(document: &[u8], level: u32) -> Vec<u8> {
    let mut encoder =
        flate2::GzBuilder::new().filename("a.txt").mtime(7).write(Vec::new(), flate2::Compression::new(level));
    encoder.write_all(document).unwrap();
    encoder.finish().unwrap()
}

fn zst(document: &[u8], level: i32, checksum: bool, sized: bool) -> Vec<u8> {
    let mut encoder = zstd::encoder(Vec::new(), level, checksum, sized.then_some(document.len() as u64)).unwrap();
    encoder.write_all(document).unwrap();
    encoder.finish().unwrap()
}

/// Packed data of every kind, with its document.
fn samples() -> Vec<(Vec<u8>, Vec<u8>)> {
    let (short, long) = (text(3), text(20_000));
    let noise: Vec<u8> = (0..60_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let mut samples = Vec::new();
    for document in [&b""[..], b"a", &short, &long, &noise] {
        samples.extend([0, 1, 6, 9].map(|level| (gzip(document, level), document.to_owned())));
        for (level, checksum, sized) in [(3, true, true), (3, false, false), (1, true, false), (9, false, true)] {
            samples.push((zst(document, level, checksum, sized), document.to_owned()));
        }
    }
    let twice = [&short[..], &short].concat();
    samples.push(([gzip(&short, 6), gzip(&short, 1)].concat(), twice.clone()));
    samples.push(([gzip(&short, 6), vec![0; 512]].concat(), short.clone()));
    let skipped = [&[0x5a, 0x2a, 0x4d, 0x18, 2, 0, 0, 0, 9, 9][..], &zst(&short, 3, true, true)].concat();
    samples.push((skipped, short.clone()));
    samples.push(([zst(&short, 3, true, true), zst(&short, 1, true, true)].concat(), twice));
    samples
}

fn all(packed: &[u8], limit: u64) -> Result<Vec<u8>, PackError> {
    unpack(packed, Format::of(packed).unwrap(), limit, |_| true)
}

#[test]
fn every_recipe_gives_the_very_file() {
    for (packed, document) in samples() {
        let format = Format::of(&packed).unwrap();
        assert_eq!(all(&packed, 1 << 30).unwrap(), document);
        for thorough in [true, false] {
            let recipe =
                Recipe::of(&packed, format, &document, thorough).unwrap_or_else(|| panic!("{format} {}", packed.len()));
            let json = serde_json::to_string(&recipe).unwrap();
            let recipe: Recipe = serde_json::from_str(&json).unwrap();
            let mut again = Vec::new();
            recipe.follow(&mut &document[..], &mut again).unwrap();
            assert!(again == packed, "{format} of {} bytes", document.len());
        }
    }
}

#[test]
fn a_recipe_does_not_depend_on_how_the_bytes_come() {
    for (packed, document) in samples().into_iter().filter(|(packed, _)| Format::of(packed) == Some(Format::Gzip)) {
        let whole = Recipe::of(&packed, Format::Gzip, &document, false);
        let mut recorder = Recorder::new(false);
        packed.chunks(1 << 12).for_each(|part| recorder.feed(part));
        let recipe = recorder.finish().unwrap();
        let mut again = Vec::new();
        recipe.follow(&mut &document[..], &mut again).unwrap();
        assert!(again == packed && whole.is_some());
    }
}

#[test]
fn the_manner_is_kept() {
    let document = text(30);
    let packed = Manner::of(&gzip(b"other", 9), Format::Gzip).pack(&document).unwrap();
    assert_eq!(packed, gzip(&document, 9));
    for checksum in [true, false] {
        let manner = Manner::of(&zst(b"other", 3, checksum, true), Format::Zstd);
        assert_eq!(manner.pack(&document).unwrap(), zst(&document, 3, checksum, true));
    }
}

#[test]
fn what_is_damaged_cut_or_too_large_is_no_document() {
    let document = text(3000);
    for packed in [gzip(&document, 6), zst(&document, 3, true, true)] {
        assert!(matches!(all(&packed, document.len() as u64), Ok(whole) if whole == document));
        assert!(matches!(all(&packed, document.len() as u64 - 1), Err(PackError::TooLarge(_))));
        for len in (SIGNATURE..packed.len()).step_by(97).chain([packed.len() - 1]) {
            assert!(matches!(all(&packed[..len], 1 << 30), Err(PackError::Cut(_))), "{len}");
        }
        let mut wrong = packed.clone();
        wrong[packed.len() / 2] ^= 0x40;
        assert!(all(&wrong, 1 << 30).is_err());
        let more = [&packed[..], b"more"].concat();
        assert!(all(&more, 1 << 30).is_err());
    }
}

#[test]
fn what_is_not_wanted_is_not_unpacked() {
    let bomb = zst(&vec![0; 50_000_000], 3, true, true);
    assert!(bomb.len() < 10_000);
    let beginning = unpack(&bomb, Format::Zstd, 1 << 30, |document| document.first() != Some(&0)).unwrap();
    assert_eq!(beginning.len() as u64, BEGINNING);
}

#[test]
fn heads_are_read_whole_or_not_at_all() {
    let full = b"\x1f\x8b\x08\x1e\x01\0\0\0\x02\x03\x02\0ABname\0comment\0CC";
    let (head, len) = Head::read(full).unwrap();
    assert_eq!((head, len), (Head::read(&[full, &b"more"[..]].concat()).unwrap().0, full.len()));
    (0..full.len()).for_each(|len| assert_eq!(Head::read(&full[..len]), None));
}
