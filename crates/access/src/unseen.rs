//! Unseen: characters that do not show, or that turn what stands around them. What people type for others to read has none:
//! two names that look alike are the same, and a line is one line.

/// Whether a character is a control or a format character (Unicode's general categories Cc, Cf, Zl and Zp), or one of those
/// that are as invisible.
#[must_use]
pub fn is_unseen(letter: char) -> bool {
    let code = u32::from(letter);
    letter.is_control()
        || UNSEEN
            .iter()
            .any(|(first, last)| (*first..=*last).contains(&code))
}

/// Cf, Zl and Zp of Unicode 17, but for the signs before numbers of Arabic, Syriac and Kaithi, which show; then the fillers,
/// blanks and selectors that take no place, which are of other categories.
const UNSEEN: [(u32, u32); 20] = [
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x2028, 0x202E),
    (0x2060, 0x206F),
    (0x2800, 0x2800),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF9, 0xFFFB),
    (0x13430, 0x1343F),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
    (0x16FE4, 0x16FE4),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_show_is_told_from_what_does() {
        for letter in [
            '\0',
            '\n',
            '\t',
            '\u{1b}',
            '\u{7f}',
            '\u{85}',
            '\u{ad}',
            '\u{200b}',
            '\u{200e}',
            '\u{2028}',
            '\u{202e}',
            '\u{2066}',
            '\u{feff}',
            '\u{e0041}',
            '\u{3164}',
        ] {
            assert!(is_unseen(letter), "{:04x}", u32::from(letter));
        }
        for letter in "Kåre O'Brien-Ødegård (3. etg.) 東京 ש א ﷺ 🔑 \u{a0}«»–€".chars()
        {
            assert!(!is_unseen(letter), "{:04x}", u32::from(letter));
        }
    }
}
