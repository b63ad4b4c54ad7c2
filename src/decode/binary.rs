//! Telling files that are no text at all, so that they are left alone.
//!
//! Invariant: text is never called binary for the letters in it; only a signature at the very start or control
//! characters that no writer types say so.

/// What a file starts with, and what it then is. Signatures of three bytes or more, from the table of the `file`
/// program; shorter ones, such as those of BMP and MZ, also start texts.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"\x1f\x8b\x08", "gzip data"),
    (b"\x28\xb5\x2f\xfd", "Zstandard data"),
    (b"\xfd7zXZ\0", "XZ data"),
    (b"BZh91AY&SY", "bzip2 data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"\x7fELF", "a program"),
    (b"\xcf\xfa\xed\xfe", "a program"),
    (b"\xca\xfe\xba\xbe", "a Java class"),
    (b"SQLite format 3\0", "a SQLite database"),
    (b"ID3\x02", "an MP3 sound"),
    (b"ID3\x03", "an MP3 sound"),
    (b"ID3\x04", "an MP3 sound"),
    (b"OggS\0", "an Ogg sound"),
    (b"fLaC\0", "a FLAC sound"),
    (b"\x1aE\xdf\xa3", "a Matroska film"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"\0\x01\0\0\0", "a font"),
    (b"\0asm", "a WebAssembly module"),
    (b"BPLT", "a MOBI book"),
];

/// Signatures that stand after a length or a header.
const LATER: &[(usize, &[u8], &str)] = &[
    (4, b"ftyp", "an MP4 film"),
    (8, b"WEBP", "a WebP picture"),
    (8, b"WAVE", "a WAV sound"),
    (8, b"AVI ", "an AVI film"),
    (60, b"BOOKMOBI", "a MOBI book"),
    (257, b"ustar", "a tar archive"),
];

/// What kind of binary file starts like this, if any does.
pub(super) fn signature(bytes: &[u8]) -> Option<&'static str> {
    let first = SIGNATURES.iter().find(|(signature, _)| bytes.starts_with(signature)).map(|(_, what)| *what);
    first.or_else(|| {
        let later = |(at, signature, _): &&(usize, &[u8], &str)| {
            bytes.get(*at..).is_some_and(|rest| rest.starts_with(signature))
        };
        // A four-letter word at a fixed place could stand in a text; the bytes before it could not.
        LATER.iter().find(later).filter(|_| bytes[..bytes.len().min(264)].contains(&0)).map(|(.., what)| *what)
    })
}

/// Of this many characters one may be a control character (a stray NUL, a page break code) in a text.
const TEXT_PER_CONTROL: usize = 32;

/// So many are damage, however short the text is.
const DAMAGE: usize = 3;

/// The same for a few lines of which most bytes are those of UTF-8 beyond ASCII, and all are valid: by chance they never
/// are.
const UTF_8_PER_CONTROL: usize = 8;

/// So many bytes are more than the block that a crash leaves; a larger file of which more than half is NULs was made to
/// take up room.
const BLOCK: usize = 1 << 20;

/// A large file is looked at in so many places first: what is denser than one in `TEXT_PER_CONTROL` over the whole of
/// it cannot hide between them.
const PLACES: usize = 32;
/// How many bytes each place has.
const PLACE: usize = 1024;

/// Whether there are more control characters than a damaged text has. Tab, the line ends, form feed, backspace and
/// escape are common in text; so is Ctrl-Z, with which DOS ended files, and a crash can leave a block of NULs.
pub(super) fn is_binary(bytes: &[u8], is_utf_8: bool) -> bool {
    let apart = (bytes.len() / PLACES).max(PLACE);
    // Nearly every text has none at all, which is quickly seen.
    if !bytes.chunks(apart).any(|part| has_control(&part[..part.len().min(PLACE)])) {
        return false;
    }
    let high = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    let per_control =
        if is_utf_8 && bytes.len() <= PLACE && high * 2 > bytes.len() { UTF_8_PER_CONTROL } else { TEXT_PER_CONTROL };
    let (mut count, mut all) = (0, 0);
    let mut before = None;
    for &byte in bytes {
        if byte != 0 || before != Some(0) {
            all += 1;
            count += usize::from(is_control(byte));
            if count > DAMAGE && count * per_control > bytes.len() {
                return true;
            }
        }
        before = Some(byte);
    }
    let is_hollow = bytes.len() > BLOCK && all < bytes.len() / 2;
    is_hollow || count > DAMAGE && count * per_control > all || count == all && all > 0
}

fn is_control(byte: u8) -> bool {
    matches!(byte, 0..=7 | 0x0e..=0x19 | 0x1c..=0x1f | 0x7f)
}

fn has_control(bytes: &[u8]) -> bool {
    // Without a branch, many bytes are looked at at once.
    bytes.chunks(64).any(|chunk| chunk.iter().fold(false, |found, byte| found | is_control(*byte)))
}
